"""What a sentence tells, taken apart: its words, deeds, numbers with their units, names, negations and conditions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Iterable, Iterator, Optional, Sequence

from savoir.core.text import fold

from . import faithful_words as lists
from .terms import STOP_WORDS, stem

SAME_BEGINNING = 5
"""Letters that two forms of one word have in common at least (`redémarrez`, `redémarrage`)."""
ITEM = re.compile(r"^\s*(?:[-*•]|(\d{1,3})[.)])\s+")

_TOKEN = re.compile(r"\d{1,3}(?: \d{3})+(?!\d)|\d+(?:[.,]\d+)?|[a-z]+|[%€£°]")
_SENTENCE = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][\"”)*_])|(?<=[.!?…] »))\s+(?=\S)")
_CLAUSE = re.compile(
    r"[,;:.!?()]+(?!\d)| (?:et|mais|puis|ou|and|but|then|or) |(?= (?:you|we|they|which|that|who|qui|que|dont) )", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_QUOTED = re.compile(r"«\s*([^»]+?)\s*»|“([^”]+)”|\"([^\"]+)\"|\*\*([^*]+)\*\*")
_UNIT_OF = {name: unit for unit, names in lists.UNITS.items() for name in names.split()}


@dataclass(frozen=True)
class Number:
    """A number as it is told: its value, what it counts, and the stems before and after it."""

    value: str
    unit: str
    near: frozenset[str]


def sentences(line: str) -> list[str]:
    """The sentences of one line."""
    return [part.strip() for part in _SENTENCE.split(line) if part.strip()]


def content(text: str, language: str) -> frozenset[str]:
    """The stems of the words that tell something; numbers are looked at apart."""
    return frozenset(
        stem(word, language)
        for word in tokens_of(text)
        if word.isalpha() and len(word) > 1 and word not in STOP_WORDS[language] and word not in _generic(language)
        and word not in _number_words(language)
    )


def numbers(text: str, language: str) -> list[Number]:
    """Every number of a text, in figures or in words, with what it counts."""
    tokens = tokens_of(text)
    found: list[Number] = []
    for place, token in enumerate(tokens):
        after, unit = tokens[place + 1 : place + 4], ""
        if after and after[0] in ("a", "et", "ou", "to", "and", "or") and len(after) > 2 and after[1][0].isdigit():
            unit = _unit(after[2:])  # `24 à 72 heures`
        else:
            unit = _unit(tokens[place + 1 : place + 3])
        value = _value(token, language, is_counted=bool(unit))
        if value is not None:
            near = {stem(word, language) for word in [*tokens[max(0, place - 2) : place], *after] if _tells(word, language)}
            found.append(Number(value, unit, frozenset(near)))
    return found


def deeds(sentence: str, language: str) -> Iterator[str]:
    """What a sentence asks somebody to do."""
    if language == "fr":
        for word in tokens_of(sentence):
            if word.endswith("ez") and word not in lists.NOT_DEEDS["fr"].split() and word not in _generic("fr"):
                yield word
        return
    for clause in clauses(sentence):
        words = [word for word in tokens_of(clause) if word.isalpha()]
        while words and (words[0] in lists.LEADS_TO_DEEDS.split() or words[0] in _generic("en")):
            words = words[1:]
        if words and _tells(words[0], "en"):
            yield words[0]


def is_limited(text: str, language: str) -> bool:
    """Whether a text tells under which condition something holds."""
    return bool(re.search(lists.CONDITIONS[language], _spaced(text)))


def negations(clause: str, language: str) -> int:
    """How many words of a clause deny; the two halves of `ne … pas` are one."""
    return len(re.findall(lists.NEGATIONS[language], _spaced(clause)))


def promises(text: str, language: str) -> frozenset[str]:
    """The stems of what commits the firm: what is free, refunded, guaranteed, immediate, always or only so."""
    return all_stems(text, language) & _promises(language)


def names(text: str) -> set[str]:
    """The folded parts of names: what is written with a capital inside a sentence, in capitals, with letters and figures, or in quotes."""
    found: set[str] = set()
    quoted = " ".join(part for match in _QUOTED.findall(text) for part in match if part)
    for match in _WORD.finditer(text):
        before = text[: match.start()].rstrip(" «“\"*(>")
        begins = not before or before[-1] in ".!?:…"
        word = match[0]
        odd = any(c.isupper() for c in word[1:]) or (any(c.isdigit() for c in word) and any(c.isalpha() for c in word))
        if odd or (word[0].isupper() and not begins and len(word) > 1):
            found.update(token for token in tokens_of(word) if token.isalpha() and len(token) > 1)
    found.update(token for token in tokens_of(quoted) if token.isalpha() and len(token) > 2)
    return {name for name in found if name not in STOP_WORDS["fr"] and name not in STOP_WORDS["en"]}


def has(word: str, among: Iterable[str], language: str) -> bool:
    """Whether a stem, another form of it, or a word that may stand for it is among the others."""
    group = _synonyms(language).get(word, frozenset()) | {word}
    return any(other in group or _same_beginning(word, other) for other in among)


def shared(words: Iterable[str], among: frozenset[str], language: str) -> list[str]:
    return [word for word in words if has(word, among, language)]


def _same_beginning(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= SAME_BEGINNING and longer.startswith(shorter) and len(longer) - len(shorter) <= 5


def clauses(text: str) -> list[str]:
    return [part for part in _CLAUSE.split(f" {text} ") if part and part.strip()]


def tokens_of(text: str) -> list[str]:
    return _TOKEN.findall(fold(text))


def _spaced(text: str) -> str:
    return " ".join(tokens_of(text))


def all_stems(text: str, language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in tokens_of(text) if word.isalpha())


def _tells(word: str, language: str) -> bool:
    return word.isalpha() and len(word) > 1 and word not in STOP_WORDS[language] and word not in _generic(language) and word not in _UNIT_OF


def _value(token: str, language: str, *, is_counted: bool) -> Optional[str]:
    if token[0].isdigit():
        return f"{float(token.replace(' ', '').replace(',', '.')):g}"
    if token in lists.ONES[language]:
        return "1" if is_counted else None
    found = _number_words(language).get(token)
    return None if found is None else f"{found:g}"


def _unit(after: Sequence[str]) -> str:
    if not after:
        return ""
    if after[0] in ("pour", "per") and len(after) > 1 and after[1] == "cent":
        return "%"
    unit = _UNIT_OF.get(after[0], "")
    if not unit and after[0] in ("working", "business") and len(after) > 1:
        return f"working {_UNIT_OF.get(after[1], '')}"
    return f"working {unit}" if unit and len(after) > 1 and after[1].startswith("ouvr") else unit


@cache
def _generic(language: str) -> frozenset[str]:
    return frozenset(lists.GENERIC[language].split())


@cache
def _promises(language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in lists.PROMISES[language].split())


@cache
def _number_words(language: str) -> dict[str, int]:
    return {word: value for value, word in enumerate(lists.NUMBER_WORDS[language].split()) if word != "_"} | lists.TENS[language]


@cache
def _synonyms(language: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group in lists.SYNONYMS[language]:
        members = frozenset(stem(word, language) for word in group.split())
        for member in members:
            found[member] = found.get(member, frozenset()) | members
    return found


@cache
def opposites(language: str) -> tuple[tuple[str, str], ...]:
    return tuple((stem(one, language), stem(other, language)) for one, other in lists.OPPOSITES[language])


def is_courtesy(sentence: str, language: str) -> bool:
    """Whether a sentence is a greeting or the like, which no article holds."""
    return bool(re.match(lists.COURTESY[language], _spaced(sentence)))
