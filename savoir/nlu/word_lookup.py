"""Everyday words for a value ("télé" for television, "s'allume plus" for power), found in spite of typos and missing accents."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from savoir.core.text import fold
from savoir.nlu.reference_numbers import fold_in_place
from savoir.nlu.spans import Found

TOKEN = re.compile(r"[a-z0-9]+")
LONGEST = 10
LONGEST_TERM = 6
"""Words; what is longer is a description, which `ValueModel` learns from, not a term to look up."""
GAP = 2


@dataclass
class WordLookup:
    """Terms by kind and value. `ordinary` are words that are never taken for a misspelt term."""

    terms: dict[str, tuple[str, str]] = field(default_factory=dict)  # folded tokens joined by blanks -> (kind, value)
    ordinary: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._first: dict[str, int] = {}
        for term in self.terms:
            first, length = term.split(" ")[0], term.count(" ") + 1
            self._first[first] = max(self._first.get(first, 0), length)
        self._loose: dict[str, list[list[str]]] = defaultdict(list)
        for term in sorted(self.terms, key=len, reverse=True):
            pieces = term.split(" ")
            if len(pieces) > 1 and sum(len(piece) > 3 for piece in pieces) > 1:
                self._loose[pieces[0]].append(pieces)
        self._single = [term for term in self.terms if " " not in term and len(term) >= 5]

    @classmethod
    def learn(cls, synonyms: Mapping[str, str], annotated: Iterable[tuple[str, str, str]], texts: Iterable[str]) -> WordLookup:
        """From Rasa's synonyms (word -> value), annotations (kind, word, value) and the training texts.

        A synonym doesn't say of which kind it is: the annotations of its value do, and where kinds share a value,
        those of the word itself or of the words most like it.
        """
        seen: dict[str, Counter[str]] = defaultdict(Counter)
        kinds: dict[str, set[str]] = defaultdict(set)
        for kind, word, value in annotated:
            seen[_tokens(word)][kind] += 1
            if value in synonyms.values() or word in synonyms:
                kinds[synonyms.get(word, value)].add(kind)
        terms: dict[str, tuple[str, str]] = {}
        for word, value in synonyms.items():
            term = _tokens(word)
            if term and kinds[value] and term.count(" ") < LONGEST_TERM:
                terms[term] = (_kind(term, kinds[value], seen), value)
        counted = Counter(token for text in texts for token in TOKEN.findall(fold(text)))
        ordinary = {token for token, times in counted.items() if times >= 2} - set(terms)
        return cls(terms, ordinary)

    def find(self, text: str) -> list[Found]:
        """The longest terms of the text, none inside another."""
        plain = fold_in_place(text)
        tokens = [(m[0], m.start(), m.end()) for m in TOKEN.finditer(plain)]
        found, at = [], 0
        while at < len(tokens):
            length, kind, value, confidence = self._longest([t[0] for t in tokens[at : at + LONGEST]])
            if length:
                found.append(Found(kind, tokens[at][1], tokens[at + length - 1][2], value, confidence))
            at += max(1, length)
        return found

    def _longest(self, tokens: list[str]) -> tuple[int, str, str, float]:
        for length in range(min(self._first.get(tokens[0], 0), len(tokens)), 0, -1):
            if term := self.terms.get(" ".join(tokens[:length])):
                return length, *term, 1.0
        for pieces in self._loose.get(tokens[0], ()):
            if length := _spread(pieces, tokens):
                return length, *self.terms[" ".join(pieces)], 0.9
        word = tokens[0]
        if len(word) >= 5 and word not in self.ordinary and self._single:
            slips = 1 if len(word) < 9 else 2
            near = process.extractOne(word, self._single, scorer=DamerauLevenshtein.distance, score_cutoff=slips)
            if near and near[0][0] == word[0]:
                return 1, *self.terms[near[0]], 0.8
        return 0, "", "", 0.0


def _spread(pieces: Sequence[str], tokens: Sequence[str]) -> int:
    """How many tokens a term takes when up to two other words stand between each two of its own; 0 when it isn't there."""
    at = 0
    for piece in pieces[1:]:
        step = next((step for step in range(1, GAP + 2) if at + step < len(tokens) and tokens[at + step] == piece), 0)
        if not step:
            return 0
        at += step
    return at + 1


def _tokens(text: str) -> str:
    return " ".join(TOKEN.findall(fold(text)))


def _kind(term: str, possible: set[str], seen: Mapping[str, Counter[str]]) -> str:
    if len(possible) == 1:
        return next(iter(possible))
    if term in seen:
        return seen[term].most_common(1)[0][0]
    likeness: dict[str, float] = defaultdict(float)
    for other, counts in seen.items():
        for kind in counts:
            if kind in possible:
                likeness[kind] = max(likeness[kind], fuzz.ratio(term, other))
    return max(sorted(possible), key=lambda kind: likeness[kind])
