"""Personal data out of a customer's words: what names or reaches somebody becomes a mark that says what stood there."""

from __future__ import annotations

import re
from typing import Iterable

import phonenumbers

EMAIL, PHONE, NUMBER, ADDRESS, NAME = "[e-mail]", "[tel]", "[n°]", "[adresse]", "[nom]"
MARKS = (EMAIL, PHONE, NUMBER, ADDRESS, NAME)

_EMAIL = re.compile(r"[\w.+%-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
_SPOKEN_EMAIL = re.compile(r"\b[\w.+-]+\s*(?:\(at\)|\[at\]|\barobase?s?\b)\s*[\w-]+(?:\s*(?:\.|\bpoint\b|\bdot\b)\s*[\w-]+)+", re.IGNORECASE)
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,3})?\b")
_CARD = re.compile(r"(?<![\w.])(?:\d{4}[ -]?){3}\d{1,7}\b")
_NATIONAL = re.compile(r"(?<![\w#@+.])0[1-9](?:[\s.\-/]?\d\d){4}(?![\w@])|(?<![\w+.])0\d{3,4}\s?\d{6}(?!\w)|(?<!\w)\+\d[\d\s.()-]{7,17}\d")
_REFERENCE = re.compile(r"\b(?:CMD|CDE|SAV|REP)[\s\-_.:/#n°º]{0,4}\d{3}[ .-]?\d{3}\b", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"(?<![\w.,])[A-Za-z]{0,4}-?\d{6,}\w*|\b[A-Za-z]{2}[\s-]?(?:\d[\s.-]?){9}\d\b")
_STREET = re.compile(
    r"\b\d{1,4}\s?(?:bis|ter)?,?\s+(?:rue|avenue|av\.?|bd|boulevard|all[ée]e|chemin|place|impasse|route|quai|cours|square|r[ée]sidence)\s+"
    r"[^,.;:!?\n]{2,40}|\b\d{1,4}[a-z]?\s+(?:[A-Z][\w'-]+\s+){1,3}(?:street|road|lane|avenue|drive|close|st\.|rd\.)",
    re.IGNORECASE,
)
_TOWN = re.compile(r"(?<![\w+#@/.,-])(?:0[1-9]|[1-8]\d|9[0-58]|97)[ ]?\d{3}\s+[A-ZÉÈ][\w'-]+(?:[ -][A-ZÉÈ][\w'-]+)*")
_POSTAL = re.compile(r"(?:code postal|\bcp\b|post ?code|zip)\D{0,12}\d{2}[ .]?\d{3}\b", re.IGNORECASE)
_CAPITAL = r"[A-ZÀ-Ý][\w'’-]+"
_NAMED = re.compile(
    rf"((?i:\bje m['’]appelle|\bmon nom est|\bmy name is|\bI am called|\bje suis (?:m\.|mr|monsieur|mme|madame)|\bau nom de)\s+)({_CAPITAL}(?:\s+{_CAPITAL}){{0,2}})"
    rf"|(\b(?:M\.|Mr\.?|Mme|Mlle|Mrs\.?|Ms\.?|Dr\.?|Monsieur|Madame)\s+)({_CAPITAL}(?:\s+{_CAPITAL})?)"
)


def masked(text: str, known: Iterable[str] = ()) -> str:
    """The text with e-mail and postal addresses, telephone, account, order, serial and other long numbers, and names that are said to be names
    replaced by marks. `known`: what is known of the customer (names, street, …) is replaced too, wherever it stands as words of its own.

    Names that nothing announces stay: no list of names is complete, and a model is called Nova as a person may be.
    """
    for pattern, mark in ((_EMAIL, EMAIL), (_SPOKEN_EMAIL, EMAIL), (_ACCOUNT, NUMBER), (_REFERENCE, NUMBER)):
        text = pattern.sub(mark, text)
    for region in ("FR", "GB"):
        for found in reversed(list(phonenumbers.PhoneNumberMatcher(text, region, phonenumbers.Leniency.VALID))):
            text = text[: found.start] + PHONE + text[found.end :]
    for pattern, mark in ((_NATIONAL, PHONE), (_CARD, NUMBER), (_LONG_NUMBER, NUMBER), (_STREET, ADDRESS), (_TOWN, ADDRESS), (_POSTAL, ADDRESS)):
        text = pattern.sub(mark, text)
    text = _NAMED.sub(lambda m: f"{m[1] or m[3]}{NAME}", text)
    for value in sorted({v.strip() for v in known if len(v.strip()) > 1}, key=len, reverse=True):
        text = re.sub(rf"(?<![\w\[]){re.escape(value)}(?!\w)", NAME, text, flags=re.IGNORECASE)
    return text
