"""Which product of the catalogue a request names: by its name or an alias, misspelt or not, or by the only one of its kind."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Iterable, Optional

from rapidfuzz import fuzz, process

from savoir.core.settings import PROJECT
from savoir.core.text import fold

CATALOGUE = PROJECT / "data" / "demo" / "products.csv"
ALIKE = 88.0
"""Of 100: letters in order of a misspelt name."""
LEAST_LETTERS = 6
"""Shorter names must be written as they are."""
_TOKENS = re.compile(r"[a-z]+|\d+")


@dataclass(frozen=True)
class Named:
    """A product with its type, where it is first named and how sure that is."""

    product: str
    type: str
    confidence: float
    words: str


@dataclass(frozen=True)
class Catalogue:
    """`names` are tokens joined by blanks, each with its product; `types` each product's type."""

    names: dict[str, str]
    types: dict[str, str]
    longest: int

    def find(self, text: str) -> Optional[Named]:
        """The product that the text names; of several the longest name, then the first. None when there is none."""
        tokens = _TOKENS.findall(fold(text))
        spans: list[tuple[int, int, str]] = []
        for size in range(min(self.longest, len(tokens)), 0, -1):
            for start in range(len(tokens) - size + 1):
                name = " ".join(tokens[start:start + size])
                if name in self.names and not any(a < start + size and start < b for a, b, _ in spans):
                    spans.append((start, start + size, name))
        if spans:
            whole = [span for span in spans if self.types[self.names[span[2]]] != "accessory"] or spans
            first = min(spans if len(whole) == len(spans) else whole)
            return self._named(first[2], first[2], 1.0)
        return self._misspelt(tokens)

    def _misspelt(self, tokens: list[str]) -> Optional[Named]:
        candidates = [name for name in self.names if len(name.replace(" ", "")) >= LEAST_LETTERS]
        firsts = {name[0] for name in candidates}
        best: Optional[tuple[float, str, str]] = None
        for size in range(2, min(self.longest, len(tokens)) + 1):
            for start in range(len(tokens) - size + 1):
                said = " ".join(tokens[start:start + size])
                if said[0] not in firsts:
                    continue
                found = process.extractOne(said, candidates, scorer=fuzz.ratio, score_cutoff=ALIKE)
                if found and _digits(said) == _digits(found[0]) and (best is None or found[1] > best[0]):
                    best = (found[1], found[0], said)
        return self._named(best[1], best[2], best[0] / 100) if best else None

    def _named(self, name: str, said: str, confidence: float) -> Named:
        product = self.names[name]
        return Named(product, self.types[product], round(confidence, 2), said)


def _digits(name: str) -> list[str]:
    return [token for token in name.split() if token.isdigit()]


def catalogue_of(rows: Iterable[tuple[str, str, str, Iterable[str]]]) -> Catalogue:
    """A catalogue of (id, name, type, aliases). An alias of several products stands for none of them."""
    names: dict[str, str] = {}
    doubtful: set[str] = set()
    types: dict[str, str] = {}
    for product, name, kind, aliases in rows:
        types[product] = kind
        for written in (name, *aliases):
            key = " ".join(_TOKENS.findall(fold(written)))
            if names.setdefault(key, product) != product:
                doubtful.add(key)
    kept = {name: product for name, product in names.items() if name and name not in doubtful}
    return Catalogue(kept, types, max((len(name.split()) for name in kept), default=0))


@lru_cache(maxsize=4)
def catalogue(path: Path = CATALOGUE) -> Catalogue:
    """The catalogue of a products file (columns `id`, `name`, `type`, `aliases` separated by `|`)."""
    with path.open(encoding="utf-8", newline="") as file:
        return catalogue_of([(row["id"], row["name"], row["type"], row["aliases"].split("|")) for row in csv.DictReader(file)])
