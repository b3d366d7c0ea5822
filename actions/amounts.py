"""Sums of money as customers type them: `549 euros`, `1 299,90 €`, `€49.90`, `549€90`."""

from __future__ import annotations

import re
from typing import Optional

_NUMBER = r"(\d{1,3}(?:[ .\u00a0]\d{3})+|\d{1,6})(?:[.,](\d{1,2})(?!\d))?"
_AFTER = re.compile(_NUMBER + r"\s?(?:€|eur(?:os?)?\b|balles\b|e\b)(\d{2}(?!\d))?")
_BEFORE = re.compile(r"(?:€|eur)\s?" + _NUMBER)
_BARE = re.compile(r"(?<![\w\-#])" + _NUMBER + r"(?![\w\-])")
_DECIMAL = re.compile(r"(?<![\w\-#])(\d{1,3}(?:[ .\u00a0]\d{3})+|\d{1,6})[.,](\d{2})(?![\d\w])")


def amount_of(typed: str, *, is_asked: bool = False) -> Optional[int]:
    """The first sum in a folded text, in cents; a number without a currency only where a sum was asked for. None when there is none."""
    for pattern in (_AFTER, _BEFORE, _DECIMAL) + ((_BARE,) if is_asked else ()):
        match = pattern.search(typed)
        if match:
            whole, part, *behind = match.groups()
            cents = (part or (behind[0] if behind else None) or "0").ljust(2, "0")
            return int(re.sub(r"\D", "", whole)) * 100 + int(cents)
    return None
