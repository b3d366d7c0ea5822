"""How to reach somebody: e-mail addresses, telephone numbers, French postal codes."""

from __future__ import annotations

import re
from collections.abc import Sequence

import phonenumbers

from savoir.nlu.spans import Found, overlaps

_EMAIL = re.compile(
    r"[a-z0-9](?:[a-z0-9._%+\-]*[a-z0-9_])?\s?@\s?[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?(?:\.[a-z0-9\-]+)*\.[a-z]{2,}", re.IGNORECASE
)
_SPOKEN = re.compile(
    r"([a-z0-9]+(?:(?:[._+\-]| (?:point|dot|tiret|dash|underscore) )[a-z0-9]+)*)"
    r"\s*(?:\(at\)|\[at\]|\barobase\b|\barobas\b|\bat\b)\s*"
    r"([a-z0-9\-]+(?:\s*(?:\.|\(dot\)|\bpoint\b|\bdot\b)\s*[a-z0-9\-]+)*\s*(?:\.|\(dot\)|\bpoint\b|\bdot\b)\s*(?:com|org|net|fr|be|ch|eu|uk|io|ie|ca))\b",
    re.IGNORECASE,
)
_SIGNS = {"point": ".", "dot": ".", "(dot)": ".", "tiret": "-", "dash": "-", "underscore": "_"}
_PHONE = re.compile(r"(?<![\w#@])(?:\+|00)?\(?\d[\d\s.\-()/\u00a0]{6,20}\d(?![\w@])")
_NATIONAL = re.compile(r"(?<![\w#@+.])0[1-9](?:[\s.\-/]?\d\d){4}(?![\w@]|[\s.\-]\d)")
_SHAPES = {"FR": re.compile(r"0[1-9]\d{8}"), "GB": re.compile(r"0[1-9]\d{9}")}
_POSTAL = re.compile(
    r"(?<![\w+#@/.,-])((?:0[1-9]|[1-8]\d|9[0-58]|97)\d{3})(?![\w@]|[.,/-]\d|\s?(?:€|eur|mah|km|go|gb|mo|pas|steps|%|x\d))",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<![\w+#@/.,-])((?:0[1-9]|[1-8]\d|9[0-58])[ .]\d{3})(?=\s+[A-ZÉÈ][a-zé])(?![\w@])")
_SPACED_NAMED = re.compile(r"(?:code postal|\bcp\b|postal code|post ?code|zip)\D{0,12}(\d{2}[ .]\d{3})(?!\d)", re.IGNORECASE)
_AMOUNT_BEFORE = re.compile(r"(?:€|£|\bbatterie(?: de secours)?|power ?bank|\bmodele?|\bcode|\bpin)\s?$", re.IGNORECASE)


def emails(text: str) -> list[Found]:
    """Addresses in small letters, written or spelt out (`nadia arobase example point org`)."""
    found = [Found("email", m.start(), m.end(), re.sub(r"\s", "", m[0]).lower()) for m in _EMAIL.finditer(text)]
    for match in _SPOKEN.finditer(text):
        if not overlaps(match.start(), match.end(), found):
            name, domain = (re.sub(r"\s+", "", _written(part)) for part in (match[1], match[2]))
            found.append(Found("email", match.start(), match.end(), f"{name}@{domain}", 0.9))
    return found


def phones(text: str, taken: Sequence[Found] = (), regions: Sequence[str] = ("FR", "GB")) -> list[Found]:
    """Numbers in E.164; without a country code they are read as of the first region in which they are possible."""
    found: list[Found] = []
    for match in [*_NATIONAL.finditer(text), *_PHONE.finditer(text)]:
        written = match[0].rstrip(" (-./")
        end = match.start() + len(written)
        value = _international(written, regions)
        if value and not overlaps(match.start(), end, [*taken, *found]):
            found.append(Found("phone", match.start(), end, value))
    return found


def postal_codes(text: str, taken: Sequence[Found] = ()) -> list[Found]:
    """Five digits that can be a French postal code and are not part of another number or an amount."""
    found: list[Found] = []
    for pattern in (_POSTAL, _SPACED, _SPACED_NAMED):
        for match in pattern.finditer(text):
            start, end = match.span(1)
            if not overlaps(start, end, [*taken, *found]) and not (pattern is _POSTAL and _AMOUNT_BEFORE.search(text[:start])):
                found.append(Found("postal_code", start, end, re.sub(r"\D", "", match[1])))
    return found


def _international(written: str, regions: Sequence[str]) -> str | None:
    digits = re.sub(r"\D", "", written)
    if not 9 <= len(digits) <= 15:
        return None
    international = written.lstrip("(").startswith(("+", "00"))
    for region in regions:
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        # numbers reserved for fiction are possible without being valid: the shape of a national number is enough
        shaped = not international and region in _SHAPES and _SHAPES[region].fullmatch(digits)
        if phonenumbers.is_valid_number(number) or shaped or (international and phonenumbers.is_possible_number(number)):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return None


def _written(spelt: str) -> str:
    return re.sub(r"\(dot\)|\b(?:point|dot|tiret|dash|underscore)\b", lambda m: _SIGNS[m[0].lower()], spelt.lower())
