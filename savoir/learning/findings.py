"""What a check of the project found, and where."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """One thing to mend: `level` is error or warning; `message` says what is wrong, what was expected and what to do."""

    level: str
    file: str
    line: int
    message: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file of the project, counted from 1."""

    file: str
    line: int

    def error(self, message: str) -> Finding:
        """A customer would get a wrong answer, or none."""
        return Finding(ERROR, self.file, self.line, message)

    def warning(self, message: str) -> Finding:
        """Worth a look."""
        return Finding(WARNING, self.file, self.line, message)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def listed(names: object, most: int = 6) -> str:
    """Names in one line, the surplus counted: `a, b and 3 more`."""
    every = sorted(str(name) for name in names)  # type: ignore[attr-defined]
    more = len(every) - most
    return ", ".join(every) if more <= 0 else f"{', '.join(every[:most])} and {more} more"
