"""A message in its sentences and clauses, so that a second request is not lost behind the first."""

from __future__ import annotations

import re

_BREAK = re.compile(
    r"(?<=[.!?;\n])\s+|\n+"
    r"|\s*,?\s+(?:et aussi|et en plus|et sinon|et puis|par ailleurs|sinon|ensuite|d'autre part|and also|and then|also|another thing"
    r"|plus|besides|as well as)\b,?\s+|,?\s+(?:et|and)\s+(?=(?:je|j'|est-ce|ou|où|quand|comment|pouvez|pourriez|i|i'd|can|could|what|when|where|how|please|will|is)\b)",
    re.IGNORECASE,
)
SHORTEST = 2


def clauses(text: str, most: int = 8) -> list[str]:
    """The parts of a text that could each be a request: at least two words, at most eight parts."""
    parts = [part.strip(" ,;-") for part in _BREAK.split(text) if part]
    return [part for part in parts if len(part.split()) >= SHORTEST][:most]
