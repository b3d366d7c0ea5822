"""The trees of the demo firm: every way through each of them ends, and a tree finds what it was asked for."""

from __future__ import annotations

import pytest

from savoir.diagnosis import service
from savoir.diagnosis.checking import MOST_TURNS
from savoir.diagnosis.service import Tree, Walk

TREES = service.trees()
PROMISED = [
    *(("smartphone", symptom) for symptom in ("charging", "power", "battery", "screen", "connectivity", "overheating", "sound", "microphone")),
    *(("smartphone", symptom) for symptom in ("performance", "storage", "software", "camera")),
    *(("tablet", symptom) for symptom in ("power", "charging", "battery", "screen")),
    *(("headphones", symptom) for symptom in ("sound", "connectivity", "charging", "battery", "power")),
    *(("speaker", symptom) for symptom in ("sound", "connectivity")),
]  # fmt: skip


@pytest.mark.parametrize(("product", "symptom"), PROMISED)
def test_what_customers_ask_most_has_a_tree(product: str, symptom: str) -> None:
    assert service.tree_for(product_type=product, symptom=symptom) is not None


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.id)
def test_every_way_through_a_tree_ends(tree: Tree) -> None:
    ends: set[str] = set()

    def walk_all(walk: Walk, turns: int) -> None:
        here = service.now(walk, language="fr")
        if here.kind == "end":
            ends.add(here.place)
            return
        assert turns < MOST_TURNS
        for button in here.buttons:
            next_ = service.answer(walk, said=button.value).walk
            if next_.place == walk.place:  # the help was said
                next_ = service.answer(next_, said=button.value).walk
            assert next_.place != walk.place
            walk_all(next_, turns + 1)

    walk_all(service.begin(tree=tree), 0)
    assert ends == set(tree.ends)


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.id)
def test_a_tree_can_be_summed_up_and_shown_in_both_languages(tree: Tree) -> None:
    walk = service.begin(tree=tree)
    while service.now(walk, language="en").kind != "end":
        walk = service.answer(walk, said=service.UNKNOWN).walk
    for language in ("fr", "en"):
        assert tree.title.of(language) in service.summary(walk, language=language)
        assert tree.title.of(language) in service.show(id=tree.id, language=language)
