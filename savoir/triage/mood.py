"""The mood of a message: angry, in distress, insulting, or somebody who depends on the device. Words and phrases, no model.

A fault is no mood: "mon écran est mort" and "it keeps crashing" are neutral. The phrases stand in mood_words_fr.py and mood_words_en.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import tanh
from typing import Iterator, Mapping

from savoir.core.text import fold

from . import mood_words_en, mood_words_fr

LONGEST = 700
"""Characters that are read at the beginning and at the end of a message: who is angry for pages is so there too."""
LOOK_BACK = 3
"""Words before a phrase among which a negation turns it round."""
MASKS = frozenset("*#@$%")
LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"}
FACES = {"furious": "😡🤬😠👿😤", "distress": "😭", "delighted": "😍🥰🤩"}
"""Faces count as a phrase of their kind, however many of them there are."""
POINTS = {"furious": 2.0, "annoyed": 1.0, "swearing": 2.0, "insult": 2.0, "distress": 1.0, "delighted": 1.5, "polite": 0.4}
"""What a phrase of a kind weighs."""
ANGRY_FROM = 2.0
_EXCLAIMED = re.compile(r"!\s*!|[?!]*(?:\?!|!\?)")
_CLAUSES = re.compile(r"[.,;:!?…()\n\"«»]+")
_WORDS = re.compile(r"[a-z0-9*#@$%]+")


@dataclass(frozen=True)
class Mood:
    """`score` from -1 (as bad as can be) to 1 (delighted). `vulnerable`: somebody's health, child, disability or income depends on it."""

    score: float
    anger: bool
    distress: bool
    vulnerable: bool
    insult: bool


@dataclass(frozen=True)
class _Phrase:
    kind: str
    pattern: "re.Pattern[str]"
    is_negatable: bool


@dataclass(frozen=True)
class _Words:
    """A language's phrases by their first word, its negations and its words that strengthen."""

    phrases: Mapping[str, tuple[_Phrase, ...]]
    negations: frozenset[str]
    strong: frozenset[str]
    swearwords: tuple[tuple[str, str], ...]


def mood_of(text: str, language: str) -> Mood:
    """The mood of what a customer wrote in that language (`fr` or `en`), well under a millisecond for a usual message."""
    words = _words("en" if language == "en" else "fr")
    text = text if len(text) <= 2 * LONGEST else f"{text[:LONGEST]}\n{text[-LONGEST:]}"
    points: dict[str, float] = {}
    for clause in _CLAUSES.split(fold(text).replace("'", " ").replace("-", " ")):
        for kind, weight in _found(clause, words):
            points[kind] = points.get(kind, 0.0) + weight
    for kind, faces in FACES.items():
        if any(face in text for face in faces):
            points[kind] = points.get(kind, 0.0) + POINTS[kind]
    is_emphatic = bool(_EXCLAIMED.search(text)) or _is_shouted(text)
    is_pleased = points.get("delighted", 0.0) > 0
    grievance = points.get("furious", 0.0) + points.get("annoyed", 0.0)
    swearing = 0.0 if is_pleased and not grievance else points.get("swearing", 0.0)  # "putain, c'est génial"
    insult = points.get("insult", 0.0)
    anger = grievance + swearing + insult
    anger += 1.0 if is_emphatic and anger else 0.0
    distress = points.get("distress", 0.0)
    bad = 0.35 * anger + 0.4 * distress
    good = 0.5 * points.get("delighted", 0.0) + 0.3 * min(points.get("polite", 0.0), 1.0)
    return Mood(
        score=round(tanh(good * (0.4 if anger >= ANGRY_FROM else 1.0) - bad), 2), anger=anger >= ANGRY_FROM, distress=distress > 0,
        vulnerable=points.get("vulnerable", 0.0) > 0, insult=insult > 0,
    )


def _found(clause: str, words: _Words) -> Iterator[tuple[str, float]]:
    """The kinds of the clause's phrases with what each weighs; a phrase within one found already does not count."""
    tokens = [re.sub(r"([a-z])\1{2,}", r"\1", token) for token in _WORDS.findall(clause)]
    line, taken = " ".join(tokens) + " ", -1
    position = 0
    for index, token in enumerate(tokens):
        if position >= taken:
            kind = _sworn(token, words)
            for phrase in () if kind else words.phrases.get(token, ()):
                match = phrase.pattern.match(line, position)
                if match and match.end() > taken:  # of several the longest, of equals the first
                    taken, kind = match.end(), _turned(phrase, tokens, index, words)
            if kind:
                strong = words.strong.intersection(tokens[max(0, index - 2): index])
                yield kind, POINTS.get(kind, 1.0) + (1.0 if strong and kind == "annoyed" else 0.0)
        position += len(token) + 1


def _turned(phrase: _Phrase, tokens: list[str], index: int, words: _Words) -> str:
    """The phrase's kind, or what it is under a negation: no delight is annoyance, no anger is nothing."""
    if not phrase.is_negatable or not words.negations.intersection(tokens[max(0, index - LOOK_BACK): index]):
        return phrase.kind
    return "annoyed" if phrase.kind == "delighted" else ""


def _sworn(token: str, words: _Words) -> str:
    """Whether a word is a swear word behind a mask: `m*rde`, `f**k`, `5h1t`."""
    if token.isalpha() or token.isdigit() or len(token) < 3:
        return ""
    for word, kind in words.swearwords:
        if len(word) == len(token) and all(c == w or c in MASKS or LEET.get(c) == w for c, w in zip(token, word, strict=True)):
            return kind
    return ""


def _is_shouted(text: str) -> bool:
    """Whether most longer words stand in capitals; a name of a model or an order's number does not."""
    longer = re.findall(r"[^\W\d_]{3,}", text)
    loud = [word for word in longer if word.isupper()]
    return len(loud) >= 3 and len(loud) * 2 > len(longer)


@lru_cache
def _words(language: str) -> _Words:
    source = mood_words_en if language == "en" else mood_words_fr
    index: dict[str, list[_Phrase]] = {}
    swearwords: list[tuple[str, str]] = []
    for kind, block in sorted(source.PHRASES.items(), key=lambda item: item[0] != "insult"):  # the worse of two that are as long
        for written in filter(None, (line.strip() for line in block.splitlines())):
            absolute, line = written.startswith("!"), written.lstrip("!")
            first, _, rest = line.partition(" ")
            for begin in first.split("|"):
                pattern = re.compile(" ".join(filter(None, (begin, _as_pattern(rest)))) + " ")
                index.setdefault(begin, []).append(_Phrase(kind, pattern, not absolute))
    for other in (mood_words_fr, mood_words_en):  # people swear in both
        for kind, block in other.SWEARWORDS.items():
            for word in block.split():
                swearwords.append((word, kind))
                index.setdefault(word, []).append(_Phrase(kind, re.compile(f"{word} "), False))
    return _Words({word: tuple(phrases) for word, phrases in index.items()}, frozenset(source.NEGATIONS.split()), frozenset(source.STRONG.split()), tuple(swearwords))


def _as_pattern(rest: str) -> str:
    """`a|b [c] ~ d` as a pattern over words with a blank after each: a or b, perhaps c, up to three of any, then d."""
    joined = ""
    for part in rest.split():
        joined += " " if joined and not joined.endswith((")?", "{0,3}")) else ""
        if part == "~":
            joined += "(?:[^ ]+ ){0,3}"
        elif part.startswith("["):
            joined += f"(?:(?:{part[1:-1]}) )?"
        else:
            joined += f"(?:{part})"
    return joined
