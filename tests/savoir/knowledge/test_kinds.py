"""Which kind of device a question and an article are about."""

from __future__ import annotations

import pytest

from savoir.knowledge.kinds import Kinds, kinds_in


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("mon ordi rame", {"laptop"}), ("la Télé !!", {"television"}), ("my watch and my phone", {"smartwatch", "smartphone"}),
        ("la barre de son", {"speaker"}), ("rien à voir", set()), ("", set()),
    ],
)
def test_a_kind_is_heard_in_the_words_people_have_for_it(text: str, kinds: set[str]) -> None:
    assert set(kinds_in(text)) == kinds


def test_what_a_product_is_is_learnt_from_its_articles_and_unlearnt_with_them() -> None:
    kinds = Kinds()
    kinds.add(["brume-13"], "Votre ordinateur portable chauffe. Un ordinateur, un téléphone.")
    assert kinds.of(["brume-13", "unknown"]) == {"laptop"}
    kinds.add(["brume-13"], "Votre ordinateur portable chauffe. Un ordinateur, un téléphone.", -1)
    assert kinds.of(["brume-13"]) == frozenset()
