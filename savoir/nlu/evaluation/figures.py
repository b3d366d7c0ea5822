"""Figures of understanding: intents, doubt, calibration, entities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from savoir.nlu.evaluation.pipeline import FALLBACK, Parsed
from savoir.nlu.evaluation.test_set import TestPhrase

STRANGER = "out_of_scope"


def accuracy(phrases: Sequence[TestPhrase], parsed: Sequence[Parsed]) -> float:
    """Share of phrases whose best guess is right."""
    return float(np.mean([p.intent == found.guess for p, found in zip(phrases, parsed, strict=True)]))


def acted_upon(phrases: Sequence[TestPhrase], parsed: Sequence[Parsed]) -> float:
    """Share of phrases dealt with rightly: the right intent, not refused; a stranger refused in either way."""
    right = [
        found.intent == phrase.intent or (phrase.intent == STRANGER and found.intent == FALLBACK)
        for phrase, found in zip(phrases, parsed, strict=True)
    ]
    return float(np.mean(right))


def by_intent(phrases: Sequence[TestPhrase], parsed: Sequence[Parsed]) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and number of phrases of every intent."""
    right: Counter[str] = Counter(p.intent for p, f in zip(phrases, parsed, strict=True) if p.intent == f.guess)
    there, said = Counter(p.intent for p in phrases), Counter(f.guess for f in parsed)
    return {name: {**_prf(right[name], said[name], there[name]), "phrases": there[name]} for name in sorted(there)}


def confusion(phrases: Sequence[TestPhrase], parsed: Sequence[Parsed]) -> tuple[list[str], NDArray[np.int64]]:
    """Intents, and how many phrases of each (row) were taken for each (column)."""
    names = sorted({p.intent for p in phrases} | {f.guess for f in parsed})
    table = np.zeros((len(names), len(names)), dtype=np.int64)
    for phrase, found in zip(phrases, parsed, strict=True):
        table[names.index(phrase.intent), names.index(found.guess)] += 1
    return names, table


def errors(phrases: Sequence[TestPhrase], parsed: Sequence[Parsed]) -> list[dict[str, Any]]:
    """Every wrong guess, the surest first, with the training phrase it resembles."""
    wrong = [
        {
            "text": phrase.text,
            "expected": phrase.intent,
            "taken_for": found.guess,
            "confidence": round(found.confidence, 3),
            "refused": found.intent == FALLBACK,
            "expected_rank": next((i + 1 for i, (name, _) in enumerate(found.ranking) if name == phrase.intent), None),
            "nearest": found.doubt.get("nearest"),
            "nearest_intent": found.doubt.get("nearest_intent"),
        }
        for phrase, found in zip(phrases, parsed, strict=True)
        if phrase.intent != found.guess
    ]
    return sorted(wrong, key=lambda error: -error["confidence"])


def strangers(phrases: Sequence[TestPhrase], parsed: Sequence[Parsed], share: float = 0.03) -> dict[str, float]:
    """Out-of-scope recall as configured, and with exactly the given share of in-scope phrases refused."""
    is_stranger = np.array([p.intent == STRANGER for p in phrases])
    if not is_stranger.any() or is_stranger.all():
        return {}
    refused = np.array([f.intent in (FALLBACK, STRANGER) for f in parsed])
    scores = np.array([f.stranger_score() for f in parsed])
    known = np.sort(scores[~is_stranger])
    line = known[int(share * len(known))]
    return {
        "recall": float(refused[is_stranger].mean()),
        "in_scope_refused": float(refused[~is_stranger].mean()),
        f"recall_at_{share:.0%}_refused": float((scores[is_stranger] < line).mean()),
    }


def calibration(phrases: Sequence[TestPhrase], parsed: Sequence[Parsed], bins: int = 10) -> dict[str, Any]:
    """For each tenth of confidence: mean confidence, share right, phrases; and the expected calibration error."""
    sure = np.array([f.confidence for f in parsed])
    right = np.array([p.intent == f.guess for p, f in zip(phrases, parsed, strict=True)])
    place = np.minimum((sure * bins).astype(int), bins - 1)
    points = [
        {"confidence": float(sure[place == b].mean()), "right": float(right[place == b].mean()), "phrases": int((place == b).sum())}
        for b in range(bins)
        if (place == b).any()
    ]
    gap = sum(point["phrases"] * abs(point["confidence"] - point["right"]) for point in points) / len(sure)
    return {"points": points, "expected_error": float(gap)}


def entities(phrases: Sequence[TestPhrase], parsed: Sequence[Parsed]) -> dict[str, Any]:
    """Precision, recall and F1 of canonical values by kind, and what was missed or too much.

    The file's conventions: dates only when their year is written, languages only when asked for, each value once.
    """
    kinds = {name for phrase in phrases for name, _ in phrase.entities}
    right: Counter[str] = Counter()
    said: Counter[str] = Counter()
    there: Counter[str] = Counter()
    faults = []
    for phrase, found in zip(phrases, parsed, strict=True):
        expected = set(phrase.entities)
        got = {(e["entity"], str(e["value"])) for e in found.entities if e["entity"] in kinds and _listed(e, phrase)}
        right.update(name for name, _ in expected & got)
        said.update(name for name, _ in got)
        there.update(name for name, _ in expected)
        if expected != got:
            faults.append({"text": phrase.text, "missed": sorted(expected - got), "too_much": sorted(got - expected)})
    return {"kinds": {k: {**_prf(right[k], said[k], there[k]), "values": there[k]} for k in sorted(kinds)}, "faults": faults}


def _listed(entity: dict[str, Any], phrase: TestPhrase) -> bool:
    if entity["entity"] == "language":
        return phrase.intent == "switch_language" and (entity.get("text") != phrase.text or " " not in phrase.text)
    written = str(entity.get("text", ""))
    return entity["entity"] != "date" or any(len(run) == 4 for run in _runs(written)) or written.count("/") == 2


def _runs(text: str) -> list[str]:
    return "".join(c if c.isdigit() else " " for c in text).split()


def _prf(right: int, said: int, there: int) -> dict[str, float]:
    precision, recall = right / said if said else 0.0, right / there if there else 0.0
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall) if right else 0.0}
