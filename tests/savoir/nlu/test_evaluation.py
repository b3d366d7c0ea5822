"""The figures of an evaluation, on phrases small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from savoir.core.errors import Problem
from savoir.nlu.evaluation import figures, reporting, test_set
from savoir.nlu.evaluation.pipeline import Parsed
from savoir.nlu.evaluation.test_set import TestPhrase


def said(guess: str, confidence: float = 0.9, refused: bool = False, entities: tuple[tuple[str, str], ...] = ()) -> Parsed:
    listed = [{"entity": name, "value": value, "text": value, "start": 0} for name, value in entities]
    return Parsed("nlu_fallback" if refused else guess, guess, confidence, [(guess, confidence)], listed, 5.0)


PHRASES = [
    TestPhrase("greet", "a"),
    TestPhrase("greet", "b"),
    TestPhrase("bye", "c", (("email", "x@example.org"),)),
    TestPhrase("out_of_scope", "d"),
]
PARSED = [
    said("greet"),
    said("bye", 0.6),
    said("bye", entities=(("email", "x@example.org"), ("email", "y@example.org"))),
    said("greet", 0.2, True),
]


def test_accuracy_counts_best_guesses_and_acting_counts_refusals() -> None:
    assert figures.accuracy(PHRASES, PARSED) == 0.5
    assert figures.acted_upon(PHRASES, PARSED) == 0.75


def test_precision_and_recall_are_by_intent() -> None:
    assert figures.by_intent(PHRASES, PARSED)["bye"] == pytest.approx({"precision": 0.5, "recall": 1.0, "f1": 2 / 3, "phrases": 1})


def test_errors_come_surest_first_with_what_they_were_taken_for() -> None:
    assert [(error["expected"], error["taken_for"]) for error in figures.errors(PHRASES, PARSED)] == [
        ("greet", "bye"),
        ("out_of_scope", "greet"),
    ]


def test_strangers_are_counted_with_what_their_refusal_costs() -> None:
    assert figures.strangers(PHRASES, PARSED) == {"recall": 1.0, "in_scope_refused": 0.0, "recall_at_3%_refused": 1.0}


def test_entities_are_compared_by_canonical_value() -> None:
    assert figures.entities(PHRASES, PARSED)["kinds"]["email"] == pytest.approx(
        {"precision": 0.5, "recall": 1.0, "f1": 2 / 3, "values": 1}
    )


def test_a_line_without_a_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("intent\ttext\ngreet\n")
    with pytest.raises(Problem, match="Line 2"):
        test_set.read(path)


def test_the_report_has_pictures_and_says_what_was_confused(tmp_path: Path) -> None:
    names, table = figures.confusion(PHRASES, PARSED)
    file = {
        "phrases": 4, "accuracy": 0.5, "accuracy_in_scope": 2 / 3, "acted_upon": 0.75, "intents": figures.by_intent(PHRASES, PARSED),
        "confusion": {"intents": names, "table": table.tolist()}, "errors": figures.errors(PHRASES, PARSED),
        "strangers": figures.strangers(PHRASES, PARSED), "calibration": figures.calibration(PHRASES, PARSED),
        "entities": figures.entities(PHRASES, PARSED), "cpu_milliseconds": {"p50": 5.0, "p95": 5.0},
    }  # fmt: skip
    whole = {"when": "now", "config": "config.yml", "files": {"fr": file}}
    whole["aims"] = reporting.aims(whole)
    report = reporting.write(whole, tmp_path)
    assert "taken for" in report.read_text()
    assert (tmp_path / "confusion-fr.png").stat().st_size > 1000
    assert (tmp_path / "understanding.json").exists()
