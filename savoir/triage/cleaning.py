"""What a mail says newly: without quoted mail, signatures and disclaimers; what is forwarded with a word of introduction stays."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailparser_reply.parser import EmailMessage

from savoir.core.text import clean

LONGEST = 6000
"""Characters of a mail that are read."""
INTRODUCTION_WORDS = 40
"""A newest text of fewer words before a forwarded mail is its introduction."""
SHORT_WORDS = 6
"""A newest text of fewer words says nothing without the mail that it answers."""
_FORWARDED = re.compile(r"-{2,}\s*(?:forwarded message|message transf[ée]r[ée]|d[ée]but du message|begin forwarded)|\b(?:je (?:vous )?(?:fais suivre|transf[èe]re)|forward(?:ing|ed)?|transfert)\b", re.I)
_SEPARATORS = re.compile(r"^\s*(?:-{2,}.*-{2,}|-{2,}|_{5,})\s*$", re.M)
_QUOTES = re.compile(r"^[> ]+", re.M)


@dataclass(frozen=True)
class Newest:
    """`text` is what the sender wants now; `cut` what was taken off it, in characters."""

    text: str
    cut: int


def newest(body: str, channel: str = "mail") -> Newest:
    """The newest text of a mail's body. A form has nothing to cut off; never empty when the body is not."""
    whole = clean(body)[:LONGEST]
    if channel == "form" or not whole:
        return Newest(whole, 0)
    parts = EmailMessage(text=whole, languages=["fr", "en"], keep_hyphen_lists=True).read().replies
    first = _plain(parts[0].body or "") if parts else ""
    rest = "\n".join(_plain(part.body or "") for part in parts[1:])
    words = len(first.split())
    is_forward = len(parts) > 1 and words < INTRODUCTION_WORDS and _FORWARDED.search(whole)
    if rest.strip() and (words < SHORT_WORDS or is_forward):
        first = f"{first}\n{rest}".strip()
    if len(first.split()) < 3:
        first = _plain(whole)  # a signature that begins the mail is none
    return Newest(first or whole, max(0, len(whole) - len(first)))


def _plain(text: str) -> str:
    return _QUOTES.sub("", _SEPARATORS.sub("", text)).strip()
