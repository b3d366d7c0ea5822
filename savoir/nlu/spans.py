"""A value found in a text, and how overlapping finds are settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Found:
    """An entity: its kind, where it stands (character offsets), its canonical value, and how sure the find is."""

    entity: str
    start: int
    end: int
    value: str
    confidence: float = 1.0

    def as_entity(self, text: str, extractor: str) -> dict[str, Any]:
        """In Rasa's form, with the text as the customer wrote it."""
        return {
            "entity": self.entity,
            "start": self.start,
            "end": self.end,
            "value": self.value,
            "text": text[self.start : self.end],
            "confidence_entity": self.confidence,
            "extractor": extractor,
        }


def overlaps(start: int, end: int, taken: Iterable[Found]) -> bool:
    """Whether the stretch touches one that is taken."""
    return any(start < other.end and other.start < end for other in taken)


def without_overlaps(finds: Iterable[Found]) -> list[Found]:
    """In order of the text; of finds that overlap, the earlier in the list stays."""
    kept: list[Found] = []
    for find in finds:
        if not overlaps(find.start, find.end, kept):
            kept.append(find)
    return sorted(kept, key=lambda find: find.start)
