"""Chooses from a firm's own questions from which confidence on an answer is given as such, and what it costs in answers not given.

Without a file of questions, the sample questions of the articles are asked, each left out of the index in its turn (and the translation of its
article with it, which has much the same question); then once more with its article left out altogether, as a question that nothing answers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Callable, Iterable, Iterator, Optional, Sequence

import numpy as np

from savoir.core.errors import invalid

from .evaluation import Question
from .index import Document, Found, KnowledgeIndex
from .thresholds import Thresholds, evidence, subject_of

LEAST_SAMPLES = 50
LEAST_ANSWERS = 20
"""Direct answers that a threshold must rest on."""
MOST_SAMPLES = 2000
MOST_REFUSED = 0.02
"""The share of the questions with their article among the first three that may be refused."""
UNANSWERABLE = 0.1
"""The share of questions without an article that is assumed where the articles' own sample questions are asked."""
CHOICES = 3

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Sample:
    """What search found for a question: the evidence for its first article, how much on the subject it is, whether that article is right,
    whether a right one is among the first three, and how much the question counts."""

    evidence: float
    subject: float
    is_right: bool
    is_near: bool
    weight: float = 1.0


@dataclass(frozen=True)
class Point:
    """At a confidence of at least `confidence`: the share of questions that are answered, and the share of those answers that are right."""

    confidence: float
    coverage: float
    precision: float


@dataclass(frozen=True)
class Calibration:
    """Thresholds and what they buy on the questions asked: shares, by weight. `before` is what the thresholds in force until now give."""

    chosen: Thresholds
    samples: int
    precision: float
    coverage: float
    refused: float
    curve: tuple[Point, ...]
    before: Point


def calibrate(
    samples: Sequence[Sample], *, before: Thresholds, precision: float, at: datetime, may_refuse_more: bool = True
) -> Calibration:
    """The thresholds that answer as many questions as they can with `precision` of the answers right. Raises a problem when the questions
    are too few, tell nothing, or no threshold reaches that. Sample questions say what articles say, so that they can't tell how far from them
    a customer's may be: without `may_refuse_more` no more is refused than until now."""
    if len(samples) < LEAST_SAMPLES:
        raise invalid("too-few-questions", f"There are {len(samples)} questions to calibrate with; at least {LEAST_SAMPLES} are needed.")
    if len({sample.is_right for sample in samples}) < 2:
        raise invalid("questions-tell-nothing", "All first articles are right, or all are wrong: there is nothing to draw a line between.")
    scale, shift = _as_probability(samples)
    if scale <= 0:
        raise invalid("questions-tell-nothing", "On these questions right articles do not stand out from wrong ones; look at the file.")
    fitted = replace(before, scale=round(scale, 4), shift=round(shift, 4))
    curve = curve_of(samples, fitted)
    weights = np.array([sample.weight for sample in samples])
    answers = weights.sum() / weights.mean()
    good = [point for point in curve if point.precision >= precision and point.coverage * answers >= LEAST_ANSWERS]
    if not good:
        best = max((point for point in curve if point.coverage * answers >= LEAST_ANSWERS), key=lambda point: point.precision)
        raise invalid(
            "precision-not-reached",
            f"No threshold gives {precision:.0%} of right answers on these questions; the best is {best.precision:.1%}, answering {best.coverage:.0%}. "
            "Ask for less with --precision, or give more questions.",
        )
    point = max(good, key=lambda each: each.coverage)
    near = sorted(sample.subject for sample in samples if sample.is_near)
    on_subject = near[int(MOST_REFUSED * len(near))] if near else before.on_subject
    on_subject = on_subject if may_refuse_more else min(on_subject, before.on_subject)
    chosen = replace(fitted, sure=round(point.confidence, 4), on_subject=round(on_subject, 4), origin=f"calibrated {at:%Y-%m-%d %H:%M} UTC")
    refused = sum(sample.weight for sample in samples if sample.subject < on_subject) / weights.sum()
    return Calibration(chosen, len(samples), point.precision, point.coverage, float(refused), tuple(curve), at_threshold(samples, before))


def curve_of(samples: Sequence[Sample], limits: Thresholds) -> list[Point]:
    """Precision against coverage, surest first, at each confidence that occurs."""
    order = sorted(((probability(sample, limits), sample) for sample in samples), key=lambda pair: -pair[0])
    total = sum(sample.weight for sample in samples)
    points, covered, right = [], 0.0, 0.0
    for place, (confidence, sample) in enumerate(order):
        covered += sample.weight
        right += sample.weight * sample.is_right
        if place + 1 == len(order) or order[place + 1][0] < confidence:
            points.append(Point(confidence, covered / total, right / covered))
    return points


def at_threshold(samples: Sequence[Sample], limits: Thresholds) -> Point:
    """What thresholds give on samples."""
    answered = [sample for sample in samples if probability(sample, limits) >= limits.sure and sample.subject >= limits.on_subject]
    covered = sum(sample.weight for sample in answered)
    right = sum(sample.weight for sample in answered if sample.is_right)
    return Point(limits.sure, covered / sum(sample.weight for sample in samples), right / covered if covered else 1.0)


def probability(sample: Sample, limits: Thresholds) -> float:
    """The confidence of an answer."""
    return float(1 / (1 + np.exp(-np.clip(limits.scale * sample.evidence + limits.shift, -60, 60))))


def asked(index: KnowledgeIndex, questions: Sequence[Question], progress: Optional[Progress] = None) -> list[Sample]:
    """Samples of questions whose articles are known."""
    samples = []
    for place, question in enumerate(questions, 1):
        found = index.search(question.text, language=question.language, limit=CHOICES)
        samples.append(_sample(found, question.right, index))
        if progress:
            progress(place, len(questions))
    return samples


def left_out(index: KnowledgeIndex, progress: Optional[Progress] = None) -> list[Sample]:
    """Samples of the articles' own sample questions, each left out in its turn. `index` is changed meanwhile and restored: not one in use."""
    documents = [index.document(key) for key in sorted(index.versions())]
    chosen = list(_chosen(document for document, _ in documents))
    vectors = {document.key: made for document, made in documents}
    held = {document.key: document for document, _ in documents}
    answered: list[Sample] = []
    unanswered: list[Sample] = []
    for document, places in chosen:
        others = [key for key in held if key[0] == document.id and key != document.key]
        try:
            for key in others:
                index.drop(key)
            for place in places:
                text = document.pieces[place].text
                rest = [number for number in range(len(document.pieces)) if number != place]
                index.put(replace(document, pieces=tuple(document.pieces[number] for number in rest)), [vectors[document.key][number] for number in rest])
                answered.append(_sample(index.search(text, language=document.language, limit=CHOICES), frozenset([document.id]), index))
            index.drop(document.key)
            for place in places:
                unanswered.append(_sample(index.search(document.pieces[place].text, language=document.language, limit=CHOICES), frozenset(), index))
        finally:
            for key in [document.key, *others]:
                index.put(held[key], vectors[key])
        if progress:
            progress(len(answered), sum(len(each) for _, each in chosen))
    weight = UNANSWERABLE / (1 - UNANSWERABLE)
    return [*answered, *(replace(sample, weight=weight) for sample in unanswered)]


def _chosen(documents: Iterable[Document]) -> Iterator[tuple[Document, list[int]]]:
    """Documents with the places of their sample questions: all, or of many an even choice."""
    asked = [(document, place) for document in documents for place, piece in enumerate(document.pieces) if piece.kind == "question"]
    step = max(1, -(-len(asked) // MOST_SAMPLES))
    places: dict[tuple[str, str], tuple[Document, list[int]]] = {}
    for document, place in asked[::step]:
        places.setdefault(document.key, (document, []))[1].append(place)
    yield from places.values()


def _sample(found: Sequence[Found], right: frozenset[str], index: KnowledgeIndex) -> Sample:
    if not found:
        return Sample(-20.0, 0.0, False, False)
    return Sample(
        evidence(found[0], index.encoder.name), subject_of(found[0], index.encoder.name), found[0].document.id in right, any(one.document.id in right for one in found)
    )


def _as_probability(samples: Sequence[Sample]) -> tuple[float, float]:
    """Platt's scaling: slope and constant of the logistic regression of "is right" on the evidence."""
    from sklearn.linear_model import LogisticRegression  # slow to load, and of no use elsewhere here

    fitted = LogisticRegression(C=100.0).fit(
        np.array([[sample.evidence] for sample in samples]), [sample.is_right for sample in samples], [sample.weight for sample in samples]
    )
    return float(fitted.coef_[0][0]), float(fitted.intercept_[0])


