"""Thresholds chosen from a firm's own questions."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Iterator

import pytest

from savoir.core.database import Database
from savoir.core.errors import Problem
from savoir.core.settings import settings
from savoir.knowledge import calibration_report, service, thresholds
from savoir.knowledge.calibration import Sample, calibrate, left_out
from savoir.knowledge.encoding import encoders
from savoir.knowledge.thresholds import DEFAULTS, Thresholds

NAME = encoders().name
AT = datetime(2026, 5, 3, 8, 0, tzinfo=timezone.utc)


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Thresholds are kept in a folder of the test's own."""
    monkeypatch.setenv("SAVOIR_VAR", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def samples(right: int = 80, wrong: int = 40) -> list[Sample]:
    """Right articles have more evidence than most of the wrong ones; a few wrong ones are in between."""
    good = [Sample(1 + 4 * n / right, 5.0, True, True) for n in range(right)]
    return good + [Sample(-3 + 5 * n / wrong, 3.0 if n % 2 else 5.0, False, n % 4 == 0) for n in range(wrong)]


def test_the_threshold_gives_the_precision_that_was_asked_for_at_the_largest_coverage() -> None:
    done = calibrate(samples(), before=DEFAULTS[NAME], precision=0.95, at=AT)
    assert done.precision >= 0.95
    assert all(point.coverage <= done.coverage for point in done.curve if point.precision >= 0.95)
    stricter = calibrate(samples(), before=DEFAULTS[NAME], precision=0.99, at=AT)
    assert (stricter.chosen.sure, done.coverage) > (done.chosen.sure, stricter.coverage)


def test_a_confidence_becomes_a_probability_on_the_firms_questions() -> None:
    done = calibrate(samples(), before=DEFAULTS[NAME], precision=0.95, at=AT)
    expected = sum(done.chosen.scale * s.evidence + done.chosen.shift > 0 for s in samples())
    assert abs(expected - 80) <= 8


def test_sample_questions_alone_never_make_the_assistant_refuse_more() -> None:
    before = Thresholds(NAME, sure=0.8, on_subject=4.0)
    assert calibrate(samples(), before=before, precision=0.95, at=AT).chosen.on_subject == 5.0
    assert calibrate(samples(), before=before, precision=0.95, at=AT, may_refuse_more=False).chosen.on_subject == 4.0


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (samples(10, 10), "too-few-questions"), (samples(100, 0), "questions-tell-nothing"),
        ([Sample(-s.evidence, s.subject, s.is_right, s.is_near) for s in samples()], "questions-tell-nothing"),
        ([Sample(0.01 * (n % 2), 5.0, n % 3 == 0, True) for n in range(120)], "precision-not-reached"),
    ],
)
def test_questions_that_can_not_carry_a_threshold_are_refused_with_the_reason(asked: list[Sample], code: str) -> None:
    with pytest.raises(Problem) as refused:
        calibrate(asked, before=DEFAULTS[NAME], precision=0.95, at=AT)
    assert refused.value.code in (code, "questions-tell-nothing")


def test_a_calibration_is_in_force_at_once_and_can_be_taken_back(var: Path) -> None:
    assert thresholds.thresholds(NAME).origin == "default"
    first, second = Thresholds(NAME, 0.7, 4.0, origin="first"), Thresholds(NAME, 0.9, 4.0, origin="second")
    thresholds.keep(first)
    thresholds.keep(second)
    assert thresholds.thresholds(NAME) == second
    assert thresholds.undo(NAME) == first
    back = thresholds.undo(NAME)
    assert back is not None
    assert back.origin == "default"
    assert thresholds.undo(NAME) is None


def test_the_service_answers_by_the_threshold_in_force(var: Path, library: Database) -> None:
    question = "mon téléphone ne charge plus"
    with library.reading() as session:
        assert service.answer_question(session, question=question, language="fr").kind == "direct"
        thresholds.keep(Thresholds(NAME, sure=1.01, on_subject=0.0))
        assert service.answer_question(session, question=question, language="fr").kind == "choices"
        thresholds.keep(Thresholds(NAME, sure=1.01, on_subject=99.0))
        assert service.answer_question(session, question=question, language="fr").kind == "none"


def test_sample_questions_are_left_out_in_turn_and_the_index_is_as_before(library: Database) -> None:
    with library.reading() as session:
        index = service.index(session)
    before = [(f.document.key, round(f.score, 4)) for f in index.search("ma batterie", language="fr")]
    steps: list[tuple[int, int]] = []
    asked = left_out(index, lambda done, of: steps.append((done, of)))
    assert len(asked) == 2 * steps[-1][0]
    assert steps[-1][0] == steps[-1][1]
    assert not any(sample.is_right for sample in asked[len(asked) // 2 :])
    assert [(f.document.key, round(f.score, 4)) for f in index.search("ma batterie", language="fr")] == before


def test_the_report_says_what_was_chosen_and_what_else_could_be() -> None:
    done = calibrate(samples(), before=DEFAULTS[NAME], precision=0.95, at=AT)
    page = calibration_report.page(done, wanted=0.95, source="fichier <b>x</b>")
    assert f"{done.coverage:.1%} of the questions answered directly" in page
    assert "<polyline" in page
    assert "&lt;b&gt;" in page
