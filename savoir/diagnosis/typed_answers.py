"""A typed answer read by the labels and words of the answers on offer, in spite of slips, and with "not" understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

from rapidfuzz.distance import DamerauLevenshtein

from savoir.core.text import fold, words

from .trees import UNKNOWN

DOES_NOT_KNOW = (
    "je ne sais pas", "je sais pas", "sais pas", "je ne sais plus", "chais pas", "jsp", "aucune idee", "pas d idee", "je ne suis pas sur",
    "pas sur", "pas certain", "pas certaine", "je ne comprends pas", "pas verifie", "je ne vois pas", "comment savoir", "ca depend",
    "i don t know", "i dont know", "don t know", "dont know", "dunno", "idk", "no idea", "not sure", "unsure", "no clue", "can t tell",
    "cannot tell", "cant tell", "hard to say", "haven t checked", "how do i know", "it depends",
)  # fmt: skip
NEGATIONS = {"pas", "ni", "sans", "aucun", "aucune", "jamais", "ne", "n", "not", "no", "t", "cannot", "without", "never", "nor", "dont", "isnt"}
NEGATIVE = NEGATIONS | {"plus", "rien", "nothing", "none", "non"}
"""A phrase with one of these says no by itself: a "not" before it changes nothing."""
REACH = 3
"""How many words back a "not" reaches."""
FILLERS = {"de", "du", "des", "d", "le", "la", "les", "l", "un", "une", "the", "a", "an", "of", "any", "some"}


@dataclass(frozen=True)
class Offered:
    """One answer that could be meant: its value, every phrase that means it, and the numbers from least to most.

    `wins` over any other that is also meant: danger.
    """

    value: str
    phrases: tuple[str, ...]
    wins: bool = False
    between: Optional[tuple[float, float]] = None


def read_answer(text: str, offered: Sequence[Offered]) -> Optional[str]:
    """The value of the answer that a text means, UNKNOWN for "I don't know", or None where it means none or several."""
    numbered = re.fullmatch(r"\s*([1-9])\s*[.)]?\s*", text)
    if numbered and not any(one.between or numbered[1] in words(phrase) for one in offered for phrase in one.phrases):
        number = int(numbered[1])
        return offered[number - 1].value if number <= len(offered) else None
    folded = " ".join(words(text))
    exact = [one.value for one in offered if folded and folded in {" ".join(words(p)) for p in (one.value, *one.phrases)}]
    if len(exact) == 1:
        return exact[0]
    phrases = sorted(((words(p), one) for one in offered for p in one.phrases), key=lambda pair: (-len(pair[0]), not pair[1].wins))
    meant: dict[str, Offered] = {}
    doubtful = False
    for clause in re.split(r"[,.;:!?\n()]+|\b(?:mais|but|however|par contre)\b", fold(text)):
        tokens = words(clause)
        here = _meant(tokens, phrases)
        if _contains(tokens, DOES_NOT_KNOW):
            doubtful = True
            here = {value: one for value, one in here.items() if one.wins}
        meant |= here
    if len(meant) > 1:
        meant = {value: one for value, one in meant.items() if one.wins} or meant
    if len(meant) == 1:
        return next(iter(meant))
    return None if meant else _of_number(text, offered) or (UNKNOWN if doubtful else None)


def _of_number(text: str, offered: Sequence[Offered]) -> Optional[str]:
    """The answer whose range has the one number of a text."""
    numbers = [float(number.replace(",", ".")) for number in re.findall(r"\d+(?:[.,]\d+)?", text)]
    within = [one.value for one in offered if one.between and len(numbers) == 1 and one.between[0] <= numbers[0] <= one.between[1]]
    return within[0] if len(within) == 1 else None


def _meant(tokens: list[str], phrases: list[tuple[list[str], Offered]]) -> dict[str, Offered]:
    """The answers named in a clause; a word serves the longest phrase only."""
    matches: list[tuple[int, list[str], Offered]] = []
    taken = [False] * len(tokens)
    for phrase, one in phrases:
        for at in range(len(tokens) - len(phrase) + 1):
            span = range(at, at + len(phrase))
            if not phrase or any(taken[i] for i in span) or not all(_alike(tokens[i], word) for i, word in zip(span, phrase, strict=True)):
                continue
            for i in span:
                taken[i] = True
            matches.append((at, phrase, one))
    free = ["" if taken[i] else token for i, token in enumerate(tokens)]  # the "no" of "no sound" is no "not" of what follows
    return {one.value: one for at, phrase, one in matches if not _negated(free[:at], phrase)}


def _negated(before: list[str], phrase: list[str]) -> bool:
    """Whether a "not" stands before: "elle n'est pas gonflée", "no water"; but "ne charge que lentement" says that it is slow."""
    if NEGATIVE & set(phrase):
        return False
    near = {*[token for token in before if token not in FILLERS][-REACH:]}
    return bool(NEGATIONS & near) and not {"que", "qu", "only"} & near


def _alike(typed: str, word: str) -> bool:
    """The same word, its plural or feminine, or a slip of it."""
    if typed == word:
        return True
    shortest = min(len(typed), len(word))
    if shortest >= 4 and _stem(typed) == _stem(word):
        return True
    return shortest >= 5 and DamerauLevenshtein.distance(typed, word, score_cutoff=2) <= (2 if shortest >= 9 else 1)


def _stem(word: str) -> str:
    return word.rstrip("s").rstrip("e")


def _contains(tokens: list[str], phrases: Sequence[str]) -> bool:
    text = f" {' '.join(tokens)} "
    return any(f" {phrase} " in text for phrase in phrases)
