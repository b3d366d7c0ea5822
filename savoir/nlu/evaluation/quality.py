"""What is wrong with the training phrases themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from savoir.nlu.intent_model import IntentModel

MOST = 60


def findings(model: IntentModel, unseen: NDArray[np.float32], languages: Sequence[str | None]) -> dict[str, Any]:
    """Findings on the phrases of a model; `unseen` are its probabilities for each phrase as if it had not been trained on it."""
    labels = np.array(model.phrase_intents)
    guesses = np.array(model.classes)[unseen.argmax(axis=1)]
    return {
        "accuracy_in_cross_validation": float((guesses == labels).mean()),
        "near_duplicates": _near_duplicates(model, labels),
        "close_intents": _close_intents(labels, guesses),
        "disagreements": _disagreements(model, labels, guesses, unseen),
        "untranslated": _untranslated(model, labels, languages),
    }


def _near_duplicates(model: IntentModel, labels: NDArray[np.str_], line: float = 0.93) -> list[dict[str, Any]]:
    """Pairs of phrases of different intents that say nearly the same."""
    pairs: list[dict[str, Any]] = []
    for start in range(0, len(labels), 1000):
        block = model.likeness(slice(start, start + 1000))
        for row, column in zip(*np.nonzero(block > line), strict=True):
            i, j = start + int(row), int(column)
            if i < j and labels[i] != labels[j]:
                pairs.append(
                    {
                        "likeness": round(float(block[row, column]), 3),
                        "one": [str(labels[i]), model.phrases[i]],
                        "other": [str(labels[j]), model.phrases[j]],
                    }
                )
    return sorted(pairs, key=lambda pair: -float(pair["likeness"]))[:MOST]


def _close_intents(labels: NDArray[np.str_], guesses: NDArray[np.str_], line: float = 0.04) -> list[dict[str, Any]]:
    """Pairs of intents that are taken for each other: share of both intents' phrases."""
    sizes, mixed = Counter(labels.tolist()), Counter[tuple[str, str]]()
    for label, guess in zip(labels.tolist(), guesses.tolist(), strict=True):
        if label != guess:
            mixed[(min(label, guess), max(label, guess))] += 1
    close: list[dict[str, Any]] = [
        {"intents": list(pair), "mixed_up": times / (sizes[pair[0]] + sizes[pair[1]])} for pair, times in mixed.items()
    ]
    return sorted((c for c in close if c["mixed_up"] >= line), key=lambda c: -c["mixed_up"])


def _disagreements(
    model: IntentModel, labels: NDArray[np.str_], guesses: NDArray[np.str_], unseen: NDArray[np.float32], line: float = 0.8
) -> list[dict[str, Any]]:
    """Phrases that the model, not having seen them, is sure are of another intent."""
    sure = unseen.max(axis=1)
    found = [i for i in np.argsort(-sure) if labels[i] != guesses[i] and sure[i] >= line]
    return [
        {"text": model.phrases[i], "intent": str(labels[i]), "model_says": str(guesses[i]), "confidence": round(float(sure[i]), 3)}
        for i in found[:MOST]
    ]


def _untranslated(
    model: IntentModel, labels: NDArray[np.str_], languages: Sequence[str | None], line: float = 0.45
) -> list[dict[str, Any]]:
    """Phrases for which the other language has nothing alike in the same intent: topics that one language lacks."""
    named = np.array([language or "" for language in languages])
    known = sorted(set(named) - {""})
    lonely = []
    for intent in sorted(set(labels.tolist())):
        for language in known:
            own = np.flatnonzero((labels == intent) & (named == language))
            others = np.flatnonzero((labels == intent) & (named != language) & (named != ""))
            if len(known) < 2 or not len(own) or not len(others):
                continue
            best = model.likeness(own, others).max(axis=1)
            lonely += [
                {"text": model.phrases[i], "intent": intent, "language": language, "likeness": round(float(b), 3)}
                for i, b in zip(own, best, strict=True)
                if b < line
            ]
    return sorted(lonely, key=lambda entry: entry["likeness"])[:MOST]
