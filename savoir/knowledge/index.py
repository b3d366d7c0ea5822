"""The articles held in memory for search: lexical and dense parts together, changeable one article at a time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Optional, Sequence

import numpy as np

from savoir.core.encoder import Encoder, Vectors

from . import terms
from .dense import DenseIndex, Floats, standardised
from .lexical import LexicalIndex
from .passages import Piece

DENSE_WEIGHT = 1 / 20
"""What one standard deviation of cosine is worth beside the lexical mix, which goes from 0 to 1."""
QUESTION_WEIGHT = 0.25
"""What the words of the best sample question are worth beside those of the article."""
SAME_LANGUAGE = 0.03
"""Put on articles in the asker's language: where one exists in both, that one is shown anyway."""
SAME_PRODUCT = 0.05
"""Put on articles about the product that the conversation is about."""

Key = tuple[str, str]


@dataclass(frozen=True)
class Document:
    """An article as search holds it."""

    id: str
    language: str
    title: str
    body: str
    products: tuple[str, ...]
    pieces: tuple[Piece, ...]
    version: int = 0

    @property
    def key(self) -> Key:
        """Id and language."""
        return self.id, self.language


@dataclass(frozen=True)
class Found:
    """An article found: in `document` the version to show (the asker's language, where there is one), and why it was found.

    `score` ranks; `cosine` is the closeness in meaning of its best piece, `words` the share of the question's words that match.
    `piece` is the piece of the shown version that is closest to the question; `passage` its closest lines of body.
    """

    document: Document
    score: float
    cosine: float
    words: float
    piece: Piece
    passage: Piece
    passage_gain: float


@dataclass
class _Part:
    """One language's lexical index and which dense rows are whose sample question."""

    lexical: LexicalIndex
    slots: list[int] = field(default_factory=list)


class KnowledgeIndex:
    """Thread-safe: one search or change at a time (both take well under 10 ms)."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._lock = threading.RLock()
        self._parts: dict[str, _Part] = {}
        self._dense = DenseIndex(encoder.dimension)
        self._documents: list[Optional[Document]] = []
        self._rows: list[list[int]] = []
        self._slot_of: dict[Key, int] = {}
        self._free: list[int] = []

    def versions(self) -> dict[Key, int]:
        """The version of each article held."""
        with self._lock:
            return {key: self._documents[slot].version for key, slot in self._slot_of.items()}  # type: ignore[union-attr]

    def put(self, document: Document, vectors: Optional[Vectors] = None) -> None:
        """Adds an article or replaces it; `vectors` of its pieces, where they are known already."""
        if vectors is None:
            vectors = self.encoder.encode([piece.encoded for piece in document.pieces], as_passages=True)
        with self._lock:
            self.drop(document.key)
            slot = self._free.pop() if self._free else len(self._documents)
            if slot == len(self._documents):
                self._documents.append(None)
                self._rows.append([])
            part = self._parts.setdefault(document.language, _Part(LexicalIndex(document.language)))
            part.slots.append(slot)
            part.lexical.put(slot, document.title, document.body)
            rows = self._dense.put(slot, vectors)
            for row, piece in zip(rows, document.pieces):
                if piece.kind == "question":
                    part.lexical.put_question(row, piece.text)
            self._documents[slot], self._rows[slot], self._slot_of[document.key] = document, rows, slot

    def drop(self, key: Key) -> None:
        """Takes an article out, if it is there."""
        with self._lock:
            slot = self._slot_of.pop(key, None)
            if slot is None:
                return
            part = self._parts[key[1]]
            part.slots.remove(slot)
            part.lexical.drop(slot, self._rows[slot])
            self._dense.drop(slot)
            self._documents[slot], self._rows[slot] = None, []
            self._free.append(slot)

    def search(self, question: str, *, language: str, limit: int = 10, products: Sequence[str] = ()) -> list[Found]:
        """The articles that fit a question best, each once, best first. `products`: ids of models that it is about."""
        asked = terms.asked_words(question)
        vector = self.encoder.encode([question])[0]
        with self._lock:
            if not self._slot_of:
                return []
            size = len(self._documents)
            cosines = self._dense.cosines(vector)
            nearest = self._dense.best_by_slot(cosines, size)
            score, words = np.full(size, -np.inf, np.float32), np.zeros(size, np.float32)
            for spoken, part in self._parts.items():
                slots = np.array(part.slots, np.int64)
                if not len(slots):
                    continue
                lexical = part.lexical.scores(asked, size)[slots]
                sample = self._dense.best_by_slot(part.lexical.question_scores(asked, self._dense.size), size).cosine[slots]
                words[slots] = np.maximum(lexical, sample)
                score[slots] = lexical + QUESTION_WEIGHT * sample + DENSE_WEIGHT * standardised(nearest.cosine[slots])
                if spoken == language:
                    score[slots] += SAME_LANGUAGE
            if products:
                for slot, document in enumerate(self._documents):
                    if document and set(products) & set(document.products):
                        score[slot] += SAME_PRODUCT
            return self._best(score, words, nearest.cosine, cosines, language, limit)

    def _best(
        self, score: Floats, words: Floats, closest: Floats, cosines: Floats, language: str, limit: int
    ) -> list[Found]:
        found: dict[str, Found] = {}
        for slot in np.argsort(-score, kind="stable"):
            document = self._documents[slot]
            if document is None or document.id in found:
                continue
            shown = self._slot_of.get((document.id, language), int(slot))
            piece, passage, gain = self._closest_pieces(shown, cosines)
            found[document.id] = Found(
                document=self._documents[shown],  # type: ignore[arg-type]
                score=float(score[slot]), cosine=float(max(closest[slot], closest[shown])),
                words=float(max(words[slot], words[shown])), piece=piece, passage=passage, passage_gain=gain,
            )
            if len(found) == limit:
                break
        return list(found.values())

    def _closest_pieces(self, slot: int, cosines: Floats) -> tuple[Piece, Piece, float]:
        document, rows = self._documents[slot], self._rows[slot]
        assert document is not None
        ranked = sorted(zip((float(cosines[row]) for row in rows), document.pieces), key=lambda pair: -pair[0])
        passages = [(cosine, piece) for cosine, piece in ranked if piece.kind == "passage"]
        if not passages:
            return ranked[0][1], ranked[0][1], 0.0
        opening = next(cosines[row] for row, piece in zip(rows, document.pieces) if piece.kind == "passage")
        return ranked[0][1], passages[0][1], passages[0][0] - float(opening)
