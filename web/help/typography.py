"""Typography of French and English copy: curly apostrophes, and the blanks of French punctuation that must not break."""

from __future__ import annotations

import re

_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_BEFORE = re.compile(r"[ \u00a0](?=[?!:;»%€])")
_AFTER = re.compile(r"«[ \u00a0]")
_NUMBER = re.compile(r"(?<=\d) (?=(?:€|%|h|W|mAh|min|cm|mm|Go|jours?|mois|ans?|heures?|minutes?|secondes?|pouces)\b|\d{3}\b)")


def typeset(text: str, language: str) -> str:
    """The text as a printer would set it."""
    text = _APOSTROPHE.sub("’", text)
    if language != "fr":
        return text
    return _NUMBER.sub("\u00a0", _AFTER.sub("«\u00a0", _BEFORE.sub("\u00a0", text)))
