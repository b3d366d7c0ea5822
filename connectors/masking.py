"""Personal data hidden behind marks such as <EMAIL_1> before a text leaves the house, and put back afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from savoir.nlu.contact_details import emails, phones, postal_codes
from savoir.nlu.reference_numbers import fold_in_place, loose_numbers, marked_numbers
from savoir.nlu.spans import Found

_MARK = re.compile(r"<([A-Z]+_\d+)>")
_NAME = r"[^\W\d_a-zß-öø-ÿ][\w'’-]*"
_WAYS = (
    r"rue|avenue|av\.?|boulevard|bd|blvd|place|quai|impasse|all[ée]es?|chemin|route|cours|passage|faubourg|square|lotissement|hameau|"
    r"street|st\.?|road|rd\.?|lane|drive|close|court|way"
)
_PATTERNS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("url", re.compile(r"\bhttps?://\S+[?@#]\S+")),
    ("iban", re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?\b")),
    ("device", re.compile(r"\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b", re.IGNORECASE)),
    ("secret", re.compile(
        r"\b(?:mots? de passe|mdp|code(?: pin| secret| wi-?fi| de s[ée]curit[ée])?|pin|password|passcode|passphrase|cl[ée] wi-?fi)\s*"
        r"(?:est|is|:|=)\s*[«\"']?\s*(?=\S*[\d\W_])([^\s«»\"',]{4,})", re.IGNORECASE)),
    ("address", re.compile(
        rf"(?<![\w-])(\d{{1,4}}\s?(?:bis|ter|quater)?,?\s+(?:{_WAYS})\b[^,;.\n!?]{{2,40}}?)(?=[,;.\n!?]|$|\s+(?:à|a|in|at)\s|\s+\d{{5}})", re.IGNORECASE)),
    ("address", re.compile(r"(?<![\w-])(\d{1,4}[a-d]?\s+(?:[A-Z][\w'’-]+\s+){1,3}(?:Street|Road|Lane|Avenue|Drive|Close|Court|Way))\b")),
    ("postcode", re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})\b")),
    ("city", re.compile(rf"(?<!\d)\d{{5}}\s+({_NAME}(?:[ -]{_NAME}){{0,3}})")),
    ("name", re.compile(rf"(?<!\w)(?:M\.|Mr\.?|Mme\.?|Mlle|Mrs\.?|Ms\.?|Monsieur|Madame|Mademoiselle|Dr\.?)\s+({_NAME}(?:\s+{_NAME}){{0,2}})")),
    ("name", re.compile(
        rf"(?i:\bje m['’]appelle|\bmon nom est|\bmon nom(?: de famille)? c['’]est|\bau nom de|\bde la part de|\bmy (?:full )?name is|\bmy name['’]s|"
        rf"\bin the name of|\bon behalf of)\s+((?i:[^\W\d_][\w'’-]+)(?:\s+(?!(?i:et|and|de|from|pour|for|mais|but|je|i)\b)(?i:[^\W\d_][\w'’-]+)){{0,1}}(?:\s+{_NAME})?)")),
    ("name", re.compile(rf"(?i:\bje suis|\bi am|\bi['’]m|\bici|\bthis is)\s+({_NAME}\s+{_NAME})")),
    ("name", re.compile(rf"(?i:cordialement|bien à vous|salutations|merci|regards|sincerely|thanks|thank you|yours)[\s,.!-]*\n?\s*({_NAME}(?:\s+{_NAME}){{1,2}})\s*$")),
    ("number", re.compile(r"(?<![\w.,])(\d(?:[ .\-/\u00a0\u202f]?\d){5,})(?!\w)")),
)
_TOO_SHORT = 3


class Mask:
    """Hides what is personal in one exchange; the same value has the same mark throughout.

    `known` are values of the customer's (names, street, town…), hidden wherever they stand.
    """

    def __init__(self, known: Sequence[str] = ()) -> None:
        self._known = sorted({value.strip() for value in known if len(value.strip()) >= _TOO_SHORT}, key=len, reverse=True)
        self._mark_of: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def hide(self, text: str) -> str:
        """The text with marks. What already looks like a mark is taken apart first."""
        text = _MARK.sub(r"(\1)", text)
        parts, end = [], 0
        for found in _joined(self._finds(text)):
            parts += [text[end : found.start], self._mark(found.entity, text[found.start : found.end])]
            end = found.end
        return "".join([*parts, text[end:]])

    def show(self, text: str) -> str:
        """The text with the values put back. Raises ValueError for a mark that stands for nothing."""
        values = {mark: value for value, mark in self._mark_of.items()}
        unknown = {match[0] for match in _MARK.finditer(text)} - values.keys()
        if unknown:
            raise ValueError(f"{len(unknown)} marks stand for nothing")
        return _MARK.sub(lambda match: values[match[0]], text)

    def _mark(self, kind: str, value: str) -> str:
        if value not in self._mark_of:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._mark_of[value] = f"<{kind.upper()}_{self._counts[kind]}>"
        return self._mark_of[value]

    def _finds(self, text: str) -> Iterator[Found]:
        """Everything that is hidden, what is surest first."""
        contacts = emails(text)
        contacts += phones(text, contacts)
        yield from contacts
        marked = marked_numbers(text)
        for find in [*marked, *loose_numbers(text, [*contacts, *marked])]:
            yield Found("number", find.start, find.end, find.value)
        plain = fold_in_place(text)
        for value in self._known:
            for match in re.finditer(rf"(?<!\w){re.escape(fold_in_place(value))}(?!\w)", plain):
                yield Found("customer", match.start(), match.end(), value)
        for kind, pattern in _PATTERNS:
            for match in pattern.finditer(text):
                group = pattern.groups
                yield Found(kind, match.start(group), match.end(group), match[group])
        for find in postal_codes(text, contacts):
            yield Found("postcode", find.start, find.end, find.value)


def _joined(finds: Iterable[Found]) -> list[Found]:
    """In the order of the text; finds that touch one another are one, so that no part of either is left over."""
    joined: list[Found] = []
    for find in sorted(finds, key=lambda one: (one.start, -one.end)):
        if joined and find.start < joined[-1].end:
            last = joined[-1]
            joined[-1] = Found(last.entity, last.start, max(last.end, find.end), last.value)
        else:
            joined.append(find)
    return joined
