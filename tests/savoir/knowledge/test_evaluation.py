"""The figures of search."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from savoir.core.importing import FaultyFile
from savoir.knowledge.evaluation import Outcome, Question, evaluate, measure, read_questions

from .library import ARTICLES, write


def test_the_figures_are_those_of_their_definitions() -> None:
    questions = [
        Question("1", frozenset({"a"}), "fr"), Question("2", frozenset({"b"}), "fr"), Question("3", frozenset({"c", "d"}), "fr"),
        Question("4", frozenset(), "fr"), Question("5", frozenset(), "fr"),
    ]
    outcomes = [
        Outcome(["a", "x"], 0.9), Outcome(["x", "b"], 0.4), Outcome(["x", "y", "z", "c"], 0.3), Outcome(["x"], 0.5), Outcome(["y"], 0.1, "none"),
    ]
    figures = measure(questions, outcomes)
    assert figures["recall_at_1"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["recall_at_3"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["recall_at_10"] == 1
    assert figures["mrr_at_10"] == pytest.approx((1 + 1 / 2 + 1 / 4) / 3, abs=1e-4)
    ideal = 1 + 1 / math.log2(3)
    assert figures["ndcg_at_10"] == pytest.approx((1 + 1 / math.log2(3) + (1 / math.log2(5)) / ideal) / 3, abs=1e-4)
    assert figures["coverage_at_95_precision"] == 0.2
    assert figures["refused_unanswerable"] == 0.5


def test_our_search_and_the_baselines_are_measured_on_the_same_questions(tmp_path: Path) -> None:
    for (id, language), (title, body, _, _, questions) in ARTICLES.items():
        write(tmp_path / language, id, body=body, language=language, title=f"'{title.replace(chr(39), chr(39) * 2)}'", questions=str(questions))
    (tmp_path / "questions.tsv").write_text(
        "mon téléphone ne charge plus\tphone-not-charging\nI want to send it back\treturn-product\nécris un poème sur la mer\t-\n"
    )
    figures = evaluate(tmp_path, tmp_path / "questions.tsv", with_framework=False)
    assert (figures["articles"], figures["questions"], figures["recall_at_1"], figures["refused_unanswerable"]) == (8, 3, 1.0, 1.0)
    assert set(figures["baselines"]) == {"sqlite_fts5", "bm25s", "haystack"}
    assert figures["baselines"]["bm25s"]["recall_at_3"] >= 0.5
    assert "skipped" in figures["baselines"]["haystack"]


def test_every_bad_line_of_a_file_of_questions_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.tsv"
    path.write_text("bonne\ta\nsans tabulation\n\tx\ninconnu\tb,zzz\nsans article\t-\n")
    with pytest.raises(FaultyFile) as refused:
        read_questions(path, {"a", "b"})
    assert [fault.line for fault in refused.value.faults] == [2, 3, 4]
    assert "zzz" in refused.value.faults[2].message
