"""Numbers that name something: orders, tickets, repairs, serial numbers and IMEI, however they are typed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from savoir.core.text import fold
from savoir.nlu.spans import Found, overlaps

_SIX = r"(\d{3}[ .\u00a0-]?\d{3})(?![\d]|[.,]\d)"
_JOIN = r"[\s\-_.:/#n°º]{0,4}"
_PREFIXED = re.compile(rf"(?<![a-z0-9])(cmd|cde|sav|rep){_JOIN}{_SIX}", re.IGNORECASE)
_HASH = re.compile(rf"#\s?{_SIX}")
_BARE = re.compile(r"(?<![\w#+.,@/-])(\d{6})(?![\w@/]|[.,-]\d)")
_NAMED = re.compile(
    rf"\b(commandes?|cmd|order|achat|ticket|dossier|case|reclamation|demande|reparation|repair)\b[^\d\n.!?]{{0,25}}?(?<![\d\w]){_SIX}",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"(?<![a-z0-9])([a-z]{2})[\s\-]?((?:\d[\s.\-]?){9}\d)(?![\da-z])", re.IGNORECASE)
_IMEI = re.compile(r"(?<![\d+])((?:\d[\s.\-/]?){14}\d)(?!\d)")
_TICKET_WORD = re.compile(r"\b(ticket|dossier|sav|case|reclamation|demande|incident|complaint|query|enquiry|request)s?\b")
_REPAIR_WORD = re.compile(r"\b(reparations?|repa|repairs?|rep|depot|bon de|fiche)\b")
_ORDER_WORD = re.compile(r"\b(commandes?|cmd|cde|orders?|achats?|purchase|livraison|colis|parcel)\b")
_MONEY = re.compile(r"\s?(€|eur|euros?|£|pounds?|chf|km|mah|go|gb|pas|steps|%)(?![a-z])", re.IGNORECASE)
_KINDS = {
    "cmd": ("order_number", "CMD"),
    "cde": ("order_number", "CMD"),
    "sav": ("ticket_number", "SAV"),
    "rep": ("repair_number", "REP"),
}


def marked_numbers(text: str) -> list[Found]:
    """Numbers that say themselves what they are: CMD-104233, SAV-000042, REP-000101, LX2204518837, 15 digits of an IMEI."""
    plain = fold_in_place(text)
    found = _serials(plain)
    for match in _PREFIXED.finditer(plain):
        entity, prefix = _KINDS[match[1].lower()]
        _add(found, entity, match.start(), match.end(), f"{prefix}-{_digits(match[2])}")
    return found


def loose_numbers(text: str, taken: Sequence[Found]) -> list[Found]:
    """Six digits not taken by another find: an order, unless a word near them says ticket or repair: then that."""
    plain = fold_in_place(text)
    found: list[Found] = []
    for pattern, confidence in ((_HASH, 0.9), (_NAMED, 0.9), (_BARE, 0.7)):
        for match in pattern.finditer(plain):
            start, end = match.start() if pattern is _HASH else match.start(pattern.groups), match.end()
            if not overlaps(start, end, taken) and not _MONEY.match(plain, end):
                entity, prefix = _kind_from_words(plain, start, end)
                _add(found, entity, start, end, f"{prefix}-{_digits(match[pattern.groups])}", confidence)
    return found


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if position % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def fold_in_place(text: str) -> str:
    """Folded letter by letter: as long as the text, so that offsets stay true."""
    return "".join(plain if len(plain := fold(letter)) == 1 else letter for letter in text)


def _serials(plain: str) -> list[Found]:
    found: list[Found] = []
    for match in _SERIAL.finditer(plain):
        if match[1].lower() not in ("le", "du", "au", "de", "to", "at", "is", "on", "in", "no", "my", "la", "et", "or", "tel"):
            _add(found, "serial_number", match.start(), match.end(), match[1].upper() + _digits(match[2]))
    for match in _IMEI.finditer(plain):
        if passes_luhn(_digits(match[1])):
            _add(found, "serial_number", match.start(), match.end(), _digits(match[1]))
    return found


def _kind_from_words(plain: str, start: int, end: int) -> tuple[str, str]:
    """By the nearest telling word before the number, else the nearest after it; an order when there is none."""
    words = ((_TICKET_WORD, "sav"), (_REPAIR_WORD, "rep"), (_ORDER_WORD, "cmd"))
    before = [(m.end(), kind) for pattern, kind in words for m in pattern.finditer(plain[max(0, start - 45) : start])]
    if before:
        return _KINDS[max(before)[1]]
    after = [(m.start(), kind) for pattern, kind in words for m in pattern.finditer(plain[end : end + 25])]
    return _KINDS[min(after)[1]] if after else _KINDS["cmd"]


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _add(found: list[Found], entity: str, start: int, end: int, value: str, confidence: float = 1.0) -> None:
    if not overlaps(start, end, found):
        found.append(Found(entity, start, end, value, confidence))
