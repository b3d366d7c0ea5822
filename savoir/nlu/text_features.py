"""What a text is spelt with: TF-IDF of its letters and words, each of unit length, so that they stand beside sentence vectors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from savoir.core.text import fold

_WORD = r"[a-z0-9]+|[?!]"


class TextFeatures:
    """TF-IDF over runs of letters inside words, and over words and pairs of words, of the folded text.

    `letters` and `words` are the (shortest, longest) runs; a feature must stand in `seen_in` training texts.
    """

    def __init__(self, letters: tuple[int, int] = (2, 5), words: tuple[int, int] = (1, 2), seen_in: int = 2) -> None:
        self.settings: dict[str, Any] = {"letters": list(letters), "words": list(words), "seen_in": seen_in}
        self._counters: list[CountVectorizer] = []
        self._weights: list[NDArray[np.float32]] = []

    @property
    def size(self) -> int:
        """How many features there are; 0 before training."""
        return sum(len(weights) for weights in self._weights)

    @property
    def letters_size(self) -> int:
        """How many of the features, the first ones, are runs of letters."""
        return sum(len(w) for c, w in zip(self._counters, self._weights, strict=True) if c.analyzer == "char_wb")

    def fit(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Learn the features that stand in the texts, and return the texts' own."""
        folded = [fold(text) for text in texts]
        self._counters, self._weights = [], []
        blocks = []
        for counter in self._new_counters():
            try:
                counts = counter.fit_transform(folded)
            except ValueError:  # nothing stands in enough texts: a very small training set
                continue
            frequency = np.bincount(counts.indices, minlength=counts.shape[1])
            weights = (np.log((1 + counts.shape[0]) / (1 + frequency)) + 1).astype(np.float32)
            self._counters.append(counter)
            self._weights.append(weights)
            blocks.append(_weighted(counts, weights))
        return _joined(blocks, len(texts))

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """One row a text; each of the two halves has unit length, or is empty when nothing in it is known."""
        folded = [fold(text) for text in texts]
        blocks = [_weighted(c.transform(folded), w) for c, w in zip(self._counters, self._weights, strict=True)]
        return _joined(blocks, len(texts))

    def save(self, folder: Path) -> None:
        """Write `features.json` and the weights into the folder."""
        parts = [{"analyzer": c.analyzer, "vocabulary": sorted(c.vocabulary_, key=c.vocabulary_.get)} for c in self._counters]
        (folder / "features.json").write_text(json.dumps({"settings": self.settings, "parts": parts}, ensure_ascii=False))
        np.savez(folder / "features.npz", *self._weights)

    @classmethod
    def load(cls, folder: Path) -> TextFeatures:
        """Read what `save` wrote."""
        kept = json.loads((folder / "features.json").read_text())
        features = cls(tuple(kept["settings"]["letters"]), tuple(kept["settings"]["words"]), kept["settings"]["seen_in"])
        blank = {counter.analyzer: counter for counter in features._new_counters()}
        for part in kept["parts"]:
            counter = blank[part["analyzer"]]
            counter.vocabulary = {term: column for column, term in enumerate(part["vocabulary"])}
            counter._validate_vocabulary()
            features._counters.append(counter)
        with np.load(folder / "features.npz", allow_pickle=False) as arrays:
            features._weights = [arrays[name] for name in arrays.files]
        return features

    def _new_counters(self) -> list[CountVectorizer]:
        common = {"lowercase": False, "min_df": self.settings["seen_in"], "dtype": np.float32}
        return [
            CountVectorizer(analyzer="char_wb", ngram_range=tuple(self.settings["letters"]), **common),
            CountVectorizer(analyzer="word", ngram_range=tuple(self.settings["words"]), token_pattern=_WORD, **common),
        ]


def _weighted(counts: sparse.csr_matrix, weights: NDArray[np.float32]) -> sparse.csr_matrix:
    scaled = counts.tocsr().astype(np.float32)
    scaled.data = (1 + np.log(scaled.data)) * weights[scaled.indices]
    return normalize(scaled, copy=False)


def _joined(blocks: list[sparse.csr_matrix], rows: int) -> sparse.csr_matrix:
    return sparse.hstack(blocks, format="csr", dtype=np.float32) if blocks else sparse.csr_matrix((rows, 0), dtype=np.float32)
