"""BM25 that can be changed one text at a time."""

from __future__ import annotations

import numpy as np
import pytest

from savoir.knowledge import terms
from savoir.knowledge.lexical import Postings

TEXTS = ["la prise du chargeur", "le chargeur de la montre", "la montre est sous garantie", "garantie garantie de deux ans"]


def filled(texts: list[str]) -> Postings:
    postings = Postings(0.75)
    for number, text in enumerate(texts):
        postings.put(number, terms.stems(text, "fr"))
    return postings


def test_the_text_with_the_rarer_word_is_first() -> None:
    scores = filled(TEXTS).scores(terms.stems("prise chargeur", "fr"), 4)
    assert list(np.argsort(-scores))[:2] == [0, 1]
    assert 0 < scores.max() <= 1


def test_changing_texts_gives_what_building_anew_gives() -> None:
    changed = filled(["autre chose", *TEXTS[1:], "en trop"])
    changed.put(0, terms.stems(TEXTS[0], "fr"))
    changed.drop(4)
    for question in ("prise", "chargeur montre", "garantie"):
        asked = terms.stems(question, "fr")
        np.testing.assert_allclose(changed.scores(asked, 4), filled(TEXTS).scores(asked, 4), rtol=1e-6)


def test_words_that_no_text_has_lower_the_score() -> None:
    postings = filled(TEXTS)
    assert postings.scores(terms.stems("chargeur", "fr"), 4)[0] > postings.scores(terms.stems("chargeur lave-vaisselle", "fr"), 4)[0] > 0


def test_nothing_matches_in_an_empty_index() -> None:
    assert filled([]).scores(["prise"], 3).tolist() == [0, 0, 0]


@pytest.mark.parametrize(("typed", "written"), [("reparer", "Réparer"), ("OEUVRE", "œuvre"), ("chargeurs", "chargeur"), ("l’écran", "l'écran")])
def test_what_customers_type_meets_what_articles_say(typed: str, written: str) -> None:
    assert terms.stems(typed, "fr") == terms.stems(written, "fr")


def test_small_words_are_left_out_unless_nothing_else_is_said() -> None:
    assert terms.asked_words("Comment est-ce que je change la pile ?") == "change pile"
    assert terms.asked_words("Où est-ce ?") == "ou est-ce ?"
    assert terms.asked_words("plus de son") == "son"


@pytest.mark.parametrize(("text", "language"), [("où est ma commande", "fr"), ("where is my order", "en"), ("telephone", ""), ("écran", "fr")])
def test_the_language_of_a_question_is_told_by_its_small_words(text: str, language: str) -> None:
    assert terms.language_of(text) == language
