"""Understanding as trained on the project's own data does not get worse, and its test set stays apart."""

from __future__ import annotations

import json

import pytest

from savoir.core.settings import PROJECT
from savoir.nlu.evaluation import figures, test_set
from savoir.nlu.evaluation.measuring import model_of, standing_in_both, training_phrases
from savoir.nlu.evaluation.pipeline import Parsed

DATA = PROJECT / "data" / "nlu"
TESTS = PROJECT / "tests" / "understanding"
THRESHOLDS = json.loads((TESTS / "thresholds.json").read_text())["first_look"]
POINT = 0.01
SHORT = 20  # "merci beaucoup" is bound to be in both


@pytest.fixture(scope="module")
def parsed() -> dict[str, tuple[list[test_set.TestPhrase], list[Parsed]]]:
    """The quick look alone, trained once: what the second look adds takes minutes to encode and is measured by `make evaluate`."""
    texts, labels, _ = training_phrases(DATA)
    model = model_of(PROJECT / "config.yml", second_encoder=None).fit(texts, labels)
    result = {}
    for language in ("fr", "en"):
        phrases = test_set.read(TESTS / f"{language}.tsv")
        readings = model.read([phrase.text for phrase in phrases])
        result[language] = (
            phrases,
            [
                Parsed(
                    "nlu_fallback" if r.refused else r.ranking[0][0],
                    r.ranking[0][0],
                    r.ranking[0][1],
                    r.ranking,
                    [],
                    0.0,
                    {"score": r.score},
                )
                for r in readings
            ],
        )
    return result


@pytest.mark.parametrize("language", ["fr", "en"])
def test_accuracy_has_not_fallen_by_more_than_a_point(
    parsed: dict[str, tuple[list[test_set.TestPhrase], list[Parsed]]], language: str
) -> None:
    assert figures.accuracy(*parsed[language]) >= THRESHOLDS[language]["accuracy"] - POINT


@pytest.mark.parametrize("language", ["fr", "en"])
def test_strangers_are_refused_as_often_as_before(
    parsed: dict[str, tuple[list[test_set.TestPhrase], list[Parsed]]], language: str
) -> None:
    strangers = figures.strangers(*parsed[language])
    assert strangers["recall"] >= THRESHOLDS[language]["stranger_recall"] - 3 * POINT
    assert strangers["in_scope_refused"] <= THRESHOLDS[language]["in_scope_refused"] + POINT


@pytest.mark.parametrize("language", ["fr", "en"])
def test_confidences_mean_what_they_say(parsed: dict[str, tuple[list[test_set.TestPhrase], list[Parsed]]], language: str) -> None:
    assert figures.calibration(*parsed[language])["expected_error"] <= 0.06


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_test_phrase_is_nearly_a_training_phrase(language: str) -> None:
    tested = [phrase for phrase in test_set.read(TESTS / f"{language}.tsv") if len(phrase.text) > SHORT]
    assert standing_in_both(tested, training_phrases(DATA)[0], line=92) == []
