"""Checks of the guided diagnosis: every tree of data/diagnosis, with what it names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from savoir.diagnosis import service as diagnosis
from savoir.learning.findings import Finding, Place


def check_diagnosis(root: Path) -> Iterator[Finding]:
    """Every finding about the trees of the project in that folder."""
    for fault in diagnosis.check(folder=root / "data" / "diagnosis", root=root):
        place = Place(f"data/diagnosis/{fault.file}", fault.line)
        message = fault.message[:1].upper() + fault.message[1:]
        yield place.error(message) if fault.is_error else place.warning(message)
