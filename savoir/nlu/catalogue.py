"""Models of the catalogue, as customers misspell them, to the catalogue's id."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz.distance import DamerauLevenshtein

from savoir.nlu.reference_numbers import fold_in_place
from savoir.nlu.spans import Found

_TOKEN = re.compile(r"[a-z]+|\d+")
_NUMBERS = {
    "deux": "2", "trois": "3", "cinq": "5", "six": "6", "dix": "10", "douze": "12", "treize": "13", "quatorze": "14", "quinze": "15",
    "two": "2", "three": "3", "five": "5", "ten": "10", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
}  # fmt: skip
_FILLING = {"le", "la", "les", "l", "de", "des", "du", "d", "the", "a", "of", "s"}

MODEL = "product_model"


@dataclass
class Catalogue:
    """Names and aliases by catalogue id. `ordinary` are words that are never taken for a misspelt name."""

    names: list[tuple[str, str]] = field(default_factory=list)  # (name or alias, id)
    ordinary: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        known = {tuple(_pieces(name)): number for name, number in self.names}
        self._known = sorted(((list(pieces), number) for pieces, number in known.items() if pieces), key=lambda kept: -len(kept[0]))
        self._exact = {piece for pieces, _ in self._known for piece in pieces}

    @classmethod
    def read(cls, path: Path, ordinary: Iterable[str] = ()) -> Catalogue:
        """From a CSV file with the columns `id`, `name` and `aliases` (separated by |)."""
        with path.open(encoding="utf-8", newline="") as file:
            names = [
                (name, row["id"]) for row in csv.DictReader(file) for name in (row["name"], *row["aliases"].split("|")) if name
            ]
        return cls(names, set(ordinary))

    @classmethod
    def learn(cls, path: Path, texts: Sequence[str], annotated: Sequence[Sequence[tuple[str, str]]]) -> Catalogue:
        """From the file; the training texts with their annotations (kind, words) say which words are ordinary, and which aliases are:
        one that is seldom annotated as a model where it stands ("stylet", "télécommande") names a kind of product, not a model."""
        named = {
            word for pairs in annotated for kind, words in pairs if kind == MODEL for word in _TOKEN.findall(fold_in_place(words))
        }
        counted = Counter(word for text in texts for word in set(_TOKEN.findall(fold_in_place(text))))
        catalogue = cls.read(path, {word for word, times in counted.items() if times >= 2} - named)
        seen: Counter[str] = Counter()
        meant: Counter[str] = Counter()
        for text, pairs in zip(texts, annotated, strict=True):
            models = [" ".join(_pieces(words)) for kind, words in pairs if kind == MODEL]
            for find in catalogue.find(text):
                alias = " ".join(_pieces(text[find.start : find.end]))
                seen[alias] += 1
                meant[alias] += any(alias in model or model in alias for model in models)
        ordinary = {alias for alias, times in seen.items() if times >= 3 and meant[alias] < times / 2}
        kept = [(name, number) for name, number in catalogue.names if " ".join(_pieces(name)) not in ordinary]
        return cls(kept, catalogue.ordinary)

    def find(self, text: str) -> list[Found]:
        """Models named in the text, the longest names first, none inside another."""
        plain = fold_in_place(text)
        words = [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(plain)]
        found, at = [], 0
        while at < len(words):
            best = self._best([word[0] for word in words[at:]])
            if best:
                length, number, slips = best
                found.append(Found(MODEL, words[at][1], words[at + length - 1][2], number, 1.0 if not slips else 0.8))
                at += length
            else:
                at += 1
        return found

    def _best(self, words: Sequence[str]) -> tuple[int, str, int] | None:
        """The longest name that the words begin with, then the one with the fewest slips: (words, id, slips)."""
        best: tuple[int, int, int, str] | None = None
        for pieces, number in self._known:
            matched = self._begins(words, pieces)
            if matched and (best is None or (-len(pieces), matched[1]) < best[:2]):
                best = (-len(pieces), matched[1], matched[0], number)
        return (best[2], best[3], best[1]) if best else None

    def _begins(self, words: Sequence[str], pieces: Sequence[str]) -> tuple[int, int] | None:
        at = slips = 0
        if words[0] in _FILLING:
            return None
        for piece in pieces:
            if at < len(words) and at and words[at] in _FILLING and words[at] != piece:
                at += 1
            if at >= len(words):
                return None
            wrong = self._slips(words[at], piece)
            if wrong is None:
                return None
            slips += wrong
            at += 1
        return at, slips

    def _slips(self, word: str, piece: str) -> int | None:
        if word == piece or _NUMBERS.get(word) == piece or _NUMBERS.get(piece) == word:
            return 0
        if piece.isdigit() or len(piece) < 4 or word in self.ordinary or word in self._exact or word[0] != piece[0]:
            return None
        allowed = 1 if len(piece) < 7 else 2
        distance = DamerauLevenshtein.distance(word, piece, score_cutoff=allowed)
        return distance if distance <= allowed else None


def _pieces(name: str) -> list[str]:
    return _TOKEN.findall(fold_in_place(name))
