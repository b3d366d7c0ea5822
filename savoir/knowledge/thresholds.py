"""From which confidence on an article is the answer, and from where on a question is about the firm's subjects: defaults, and a firm's own."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Optional

from savoir.core.encoder import SmallE5, UniversalSentenceEncoder
from savoir.core.settings import settings

from .index import Found

_FINE_AND_QUICK = f"{SmallE5.name}+{UniversalSentenceEncoder.name}"
_RIGHT = {_FINE_AND_QUICK: (8.75, 1.13, 1.23, 3.42, -3.08)}
"""By encoders, the logistic regression of "the first article is right": slopes of its lead, score, cosine and passage's cosine, and a constant.
Fitted on data/tuning and on the sample questions of the demo articles, each left out in its turn."""
_ON_SUBJECT = {_FINE_AND_QUICK: (1.0, 4.0, 2.0)}
"""By encoders, what score, cosine and passage's cosine count for a question being about the firm's subjects."""


@dataclass(frozen=True)
class Thresholds:
    """`scale` and `shift` make the evidence a probability on a firm's own questions; from `sure` on an answer is given as such; what cosine
    and score together must reach for a question to be about the firm's subjects at all is `on_subject`. `origin`: `default`, or when it was calibrated."""

    encoder: str
    sure: float
    on_subject: float
    scale: float = 1.0
    shift: float = 0.0
    origin: str = "default"

    def confidence(self, found: Found) -> float:
        """How probable it is that this article answers, 0 to 1."""
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, self.scale * evidence(found, self.encoder) + self.shift))))


DEFAULTS = {_FINE_AND_QUICK: Thresholds(_FINE_AND_QUICK, sure=0.81, on_subject=4.1)}
_read: dict[Path, tuple[tuple[int, int], dict[str, Thresholds]]] = {}


def evidence(found: Found, encoder: str) -> float:
    """For and against this article being the answer, as a logit on the questions that the defaults were fitted on."""
    by_lead, by_score, by_cosine, by_passage, constant = _RIGHT[encoder]
    return by_lead * found.lead + by_score * found.score + by_cosine * found.cosine + by_passage * found.passage_cosine + constant


def subject_of(found: Found, encoder: str) -> float:
    """How much a question is about the subject of the best article: its words and its meaning together."""
    by_score, by_cosine, by_passage = _ON_SUBJECT[encoder]
    return by_score * found.score + by_cosine * found.cosine + by_passage * found.passage_cosine


def thresholds(encoder: str) -> Thresholds:
    """Those in force: the firm's own (`savoir knowledge calibrate`), else the defaults. Running processes see a change at their next question."""
    path = _file()
    try:
        stat = path.stat()
    except OSError:
        return DEFAULTS[encoder]
    stamp = (stat.st_mtime_ns, stat.st_size)
    held = _read.get(path)
    if held is None or held[0] != stamp:
        held = stamp, {name: Thresholds(**each[-1]) for name, each in _history(path).items() if each}
        _read[path] = held
    return held[1].get(encoder, DEFAULTS[encoder])


def keep(chosen: Thresholds) -> None:
    """Puts thresholds in force; the ones before come back with `undo`."""
    history = _history(_file())
    history.setdefault(chosen.encoder, []).append(asdict(chosen))
    _write(history)


def undo(encoder: str) -> Optional[Thresholds]:
    """Takes the newest calibration back; returns what is in force now, or None if there was nothing to take back."""
    history = _history(_file())
    if not history.get(encoder):
        return None
    history[encoder].pop()
    _write(history)
    return thresholds(encoder)


def _file() -> Path:
    return settings().var / "knowledge-thresholds.json"


def _history(path: Path) -> dict[str, list[dict[str, Any]]]:
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def _write(history: dict[str, list[dict[str, Any]]]) -> None:
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(history, indent=1), "utf-8")
    fresh.replace(path)
