"""Plain text: folding, so that what customers type meets what we know."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " "})


def fold(text: str) -> str:
    """Lower case, without accents, œ as oe, typographic apostrophes plain."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES).lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The folded words of a text: runs of letters and digits."""
    return re.findall(r"[a-z0-9]+", fold(text))


def clean(text: str) -> str:
    """A customer's text without control characters, unpaired surrogates and outer blanks; line breaks kept."""
    kept = (c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip()
