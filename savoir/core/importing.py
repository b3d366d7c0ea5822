"""Files of rows (CSV with header, or JSON lines): all rows are checked first, and of a file with a bad one nothing is taken."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Callable, Iterator, Optional


class RowFault(ValueError):
    """What is wrong with a row: said in a sentence."""


@dataclass(frozen=True)
class Fault:
    """A bad line of a file."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


class FaultyFile(Exception):
    """A file that can't be imported; `faults` says why, line by line."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        super().__init__(f"{path}: {len(faults)} bad line(s); nothing was imported")
        self.path, self.faults = path, faults


class Row:
    """One row of a file, read field by field; each reader raises RowFault with the column and what was expected."""

    def __init__(self, fields: dict[str, Any], shift: timedelta = timedelta(0)) -> None:
        self._fields, self._shift = fields, shift

    def text(self, name: str, default: Optional[str] = None) -> str:
        """A text that must not be empty, unless a default is given."""
        value = self._fields.get(name)
        value = "" if value is None else str(value).strip()
        if value:
            return value
        if default is None:
            raise RowFault(f"`{name}` is empty; a text was expected")
        return default

    def optional(self, name: str) -> Optional[str]:
        """A text, or None when empty."""
        return self.text(name, "") or None

    def choice(self, name: str, known: tuple[str, ...]) -> str:
        """One of the known words."""
        value = self.text(name)
        if value not in known:
            raise RowFault(f"`{name}` is {value!r}; expected one of {', '.join(known)}")
        return value

    def number(self, name: str) -> Optional[int]:
        """A whole number, or None when empty."""
        value = self.text(name, "")
        if not value:
            return None
        try:
            return int(value)
        except ValueError:
            raise RowFault(f"`{name}` is {value!r}; expected a whole number") from None

    def time(self, name: str) -> Optional[datetime]:
        """An ISO 8601 time with offset, or None when empty."""
        value = self.text(name, "")
        if not value:
            return None
        try:
            at = datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            raise RowFault(f"`{name}` is {value!r}; expected a time such as 2026-05-03T14:00:00+02:00") from None
        if at.tzinfo is None:
            raise RowFault(f"`{name}` is {value!r}: it has no offset; expected e.g. {value}+01:00")
        return at + self._shift

    def day(self, name: str) -> Optional[date]:
        """An ISO 8601 date, or None when empty."""
        value = self.text(name, "")
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise RowFault(f"`{name}` is {value!r}; expected a date such as 2026-05-03") from None


def read_rows(path: Path, make: Callable[[Row], Any], *, shift: timedelta = timedelta(0)) -> list[Any]:
    """`make` applied to every row of a CSV or JSON-lines file. Raises FaultyFile naming every bad line; `shift` moves all times."""
    made: list[Any] = []
    faults: list[Fault] = []
    for line, fields in _lines(path, faults):
        try:
            made.append(make(Row(fields, shift)))
        except RowFault as fault:
            faults.append(Fault(line, str(fault)))
    if faults:
        raise FaultyFile(path, sorted(faults, key=lambda f: f.line))
    return made


def _lines(path: Path, faults: list[Fault]) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        faults.append(Fault(line, "this is not UTF-8; save the file as UTF-8"))
        return
    if path.suffix in (".jsonl", ".ndjson", ".json"):
        for number, content in enumerate(text.splitlines(), 1):
            if content.strip():
                try:
                    fields = json.loads(content)
                    if not isinstance(fields, dict):
                        raise ValueError
                except ValueError:
                    faults.append(Fault(number, "this is not a JSON object"))
                    continue
                yield number, fields
        return
    reader = csv.DictReader(text.splitlines(keepends=True), strict=True)
    if not reader.fieldnames:
        faults.append(Fault(1, "the file is empty; a header line was expected"))
        return
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(Fault(reader.line_num, f"this is not CSV: {error}"))
            return
        if None in fields or None in fields.values():
            faults.append(Fault(reader.line_num, f"{len(reader.fieldnames)} fields were expected, as in the header"))
            continue
        yield reader.line_num, fields
