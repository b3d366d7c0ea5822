"""Test phrases in a file of tab-separated columns: intent, text, entities (`name=value;name=value`, canonical)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from savoir.core.errors import invalid


@dataclass(frozen=True)
class TestPhrase:
    """A phrase, its right intent, and the right values of its entities."""

    __test__ = False

    intent: str
    text: str
    entities: tuple[tuple[str, str], ...] = ()

    def written(self, text: str) -> TestPhrase:
        """The same phrase in another writing."""
        return replace(self, text=text)


def read(path: Path) -> list[TestPhrase]:
    """The phrases of a file; a first line that starts with `intent` is a heading. Raises Problem with the line's number."""
    phrases = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        cells = line.split("\t")
        if not line.strip() or line.startswith("#") or (number == 1 and cells[0] == "intent"):
            continue
        if len(cells) < 2 or not cells[0].strip() or not cells[1].strip():
            raise invalid(
                "test-line", f"Line {number} of {path.name} has no intent or no text; expected intent, tab, text, tab, entities."
            )
        phrases.append(TestPhrase(cells[0].strip(), cells[1].strip(), _entities(cells[2] if len(cells) > 2 else "", path, number)))
    if not phrases:
        raise invalid("test-empty", f"{path.name} has no phrases; expected lines of intent, tab, text.")
    return phrases


def _entities(cell: str, path: Path, number: int) -> tuple[tuple[str, str], ...]:
    pairs = [part.partition("=") for part in cell.split(";") if part.strip()]
    if wrong := [name for name, sign, _ in pairs if not sign]:
        raise invalid(
            "test-entity", f"Line {number} of {path.name} has the entity {wrong[0]!r} without a value; expected name=value."
        )
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)
