"""The articles held in memory for search: lexical and dense parts together, changeable one article at a time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from savoir.core.encoder import Vectors

from . import terms
from .dense import DenseIndex, Floats, standardised
from .encoding import Encoders, encoded_texts
from .kinds import KIND_BITS, Kinds, kinds_in
from .lexical import LexicalIndex
from .passages import Piece

DENSE_WEIGHT = 1 / 20
"""What one standard deviation of cosine (of titles and sample questions, and of passages) is worth beside the lexical mix, which goes from 0 to 1."""
OTHER_LANGUAGE_WEIGHT = 1.5 * DENSE_WEIGHT
"""The same for an article that the asker's language lacks: its words can't match, so its meaning counts more."""
TRANSLATION_SHARE = 0.35
"""The share that an article's translation has in its closeness in meaning: its sample questions were asked in other ways."""
QUESTION_WEIGHT = 0.3
"""What the words of the best sample question are worth beside those of the article."""
SAME_LANGUAGE = 0.03
"""Put on articles in the asker's language."""
SAME_PRODUCT = 0.05
"""Put on articles about the product that the conversation is about."""
SAME_KIND = 0.08
"""Put on articles about a kind of device that the question names (`my laptop`)."""
OTHER_KIND = -0.08
"""Put on articles about other kinds only."""

CLEARLY_CLOSER = 0.05
"""By how much (cosine) a section must be closer to the question than the article's opening to be shown in its place."""
LONE_LEAD = 0.1
"""How far an article is taken to lead when there is no other."""

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

    `score` ranks; `lead` is how far it is above the best of the others (below 0 for all but the first); `cosine` is the closeness
    in meaning of its title or best sample question, `passage_cosine` that of its best passage. `passage` are the lines of the shown version that answer: its opening, which says
    what matters most, or the section that the question names.
    """

    document: Document
    score: float
    lead: float
    cosine: float
    passage_cosine: float
    passage: Piece


@dataclass(frozen=True)
class _Rows:
    """Where an article's vectors are: rows of titles and sample questions, and rows of passages."""

    short: tuple[int, ...] = ()
    long: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Closeness:
    """Cosines with a question: of the best short piece and the best passage by slot, and of each passage by row."""

    short: Floats
    long: Floats
    passages: Floats


@dataclass
class _Part:
    """One language's lexical index and which dense rows are whose sample question."""

    lexical: LexicalIndex
    slots: list[int] = field(default_factory=list)


class KnowledgeIndex:
    """Thread-safe: one search or change at a time (both take well under 10 ms)."""

    def __init__(self, encoder: Encoders) -> None:
        self.encoder = encoder
        self._lock = threading.RLock()
        self._parts: dict[str, _Part] = {}
        self._short, self._long = DenseIndex(encoder.short.dimension), DenseIndex(encoder.long.dimension)
        self._documents: list[Optional[Document]] = []
        self._rows: list[_Rows] = []
        self._slot_of: dict[Key, int] = {}
        self._free: list[int] = []
        self._kinds = Kinds()
        self._derived: Optional[tuple[NDArray[np.int64], NDArray[np.int64]]] = None

    def versions(self) -> dict[Key, int]:
        """The version of each article held."""
        with self._lock:
            return {key: self._documents[slot].version for key, slot in self._slot_of.items()}  # type: ignore[union-attr]

    def put(self, document: Document, vectors: Optional[Sequence[Vectors]] = None) -> None:
        """Adds an article or replaces it; `vectors` of its pieces, where they are known already."""
        if vectors is None:
            vectors = self.encoder.encode(encoded_texts(document.pieces))
        with self._lock:
            self.drop(document.key)
            slot = self._free.pop() if self._free else len(self._documents)
            if slot == len(self._documents):
                self._documents.append(None)
                self._rows.append(_Rows())
            part = self._parts.setdefault(document.language, _Part(LexicalIndex(document.language)))
            part.slots.append(slot)
            part.lexical.put(slot, document.title, document.body)
            short = [(piece, vector) for piece, vector in zip(document.pieces, vectors, strict=True) if piece.kind != "passage"]
            long = [vector for piece, vector in zip(document.pieces, vectors, strict=True) if piece.kind == "passage"]
            rows = _Rows(tuple(self._short.put(slot, [vector for _, vector in short])), tuple(self._long.put(slot, long)))
            for row, (piece, _) in zip(rows.short, short, strict=True):
                if piece.kind == "question":
                    part.lexical.put_question(row, piece.text)
            self._documents[slot], self._rows[slot], self._slot_of[document.key] = document, rows, slot
            self._kinds.add(document.products, f"{document.title} {document.body}")
            self._derived = None

    def drop(self, key: Key) -> None:
        """Takes an article out, if it is there."""
        with self._lock:
            slot = self._slot_of.pop(key, None)
            if slot is None:
                return
            part = self._parts[key[1]]
            part.slots.remove(slot)
            document = self._documents[slot]
            assert document is not None
            self._kinds.add(document.products, f"{document.title} {document.body}", -1)
            self._derived = None
            part.lexical.drop(slot, self._rows[slot].short)
            self._short.drop(slot)
            self._long.drop(slot)
            self._documents[slot], self._rows[slot] = None, _Rows()
            self._free.append(slot)

    def document(self, key: Key) -> tuple[Document, list[Vectors]]:
        """An article held, and the vectors of its pieces. Raises KeyError."""
        with self._lock:
            slot = self._slot_of[key]
            document = self._documents[slot]
            assert document is not None
            short, long = iter(self._rows[slot].short), iter(self._rows[slot].long)
            kinds = [piece.kind for piece in document.pieces]
            return document, [self._long.vector(next(long)) if kind == "passage" else self._short.vector(next(short)) for kind in kinds]

    def search(self, question: str, *, language: str, limit: int = 10, products: Sequence[str] = ()) -> list[Found]:
        """The articles that fit a question best, each once, best first. `products`: ids of models that it is about."""
        asked = terms.asked_words(question)
        short, long = self.encoder.short.encode([question])[0], self.encoder.long.encode([question])[0]
        with self._lock:
            if not self._slot_of:
                return []
            size = len(self._documents)
            passages = self._long.cosines(long)
            close = _Closeness(
                self._short.best_by_slot(self._short.cosines(short), size), self._long.best_by_slot(passages, size), passages,
            )
            score = self._scores(asked, close, language) + self._kind_scores(question)
            if products:
                for slot, document in enumerate(self._documents):
                    if document and set(products) & set(document.products):
                        score[slot] += SAME_PRODUCT
            return self._best(score, close, asked, language, limit)

    def _scores(self, asked: str, close: _Closeness, language: str) -> Floats:
        """Lexical and dense parts together, by slot. Each language is measured by itself, because encoders and words prefer their own."""
        size = len(self._documents)
        score, meaning = np.full(size, -np.inf, np.float32), np.zeros(size, np.float32)
        parts = [(spoken, part, np.array(part.slots, np.int64)) for spoken, part in self._parts.items() if part.slots]
        for _, _, slots in parts:
            meaning[slots] = standardised(close.short[slots]) + standardised(close.long[slots])
        translations = self._kinds_and_translations()[1]
        meaning = np.where(translations >= 0, (1 - TRANSLATION_SHARE) * meaning + TRANSLATION_SHARE * meaning[translations], meaning)
        for spoken, part, slots in parts:
            sample = self._short.best_by_slot(part.lexical.question_scores(asked, self._short.size), size)[slots]
            words = part.lexical.scores(asked, size)[slots] + QUESTION_WEIGHT * sample
            if spoken == language:
                score[slots] = words + DENSE_WEIGHT * meaning[slots] + SAME_LANGUAGE
            else:
                weight = np.where(translations[slots] >= 0, DENSE_WEIGHT, OTHER_LANGUAGE_WEIGHT)
                score[slots] = words + weight * meaning[slots]
        return score

    def _kind_scores(self, question: str) -> Floats:
        """What naming a kind of device is worth, by slot."""
        asked = sum(KIND_BITS[kind] for kind in kinds_in(question))
        if not asked:
            return np.zeros(len(self._documents), np.float32)
        bits = self._kinds_and_translations()[0]
        return np.where(bits & asked, SAME_KIND, np.where(bits, OTHER_KIND, 0)).astype(np.float32)

    def _kinds_and_translations(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """By slot, the bits of the kinds of device that an article is about, and the slot of its translation (-1 without one)."""
        if self._derived is None:
            bits, translations = np.zeros(len(self._documents), np.int64), np.full(len(self._documents), -1, np.int64)
            for (id, spoken), slot in self._slot_of.items():
                document = self._documents[slot]
                bits[slot] = sum(KIND_BITS[kind] for kind in self._kinds.of(document.products)) if document else 0
                others = (self._slot_of.get((id, other)) for other in self._parts if other != spoken)
                translations[slot] = next((other for other in others if other is not None), -1)
            self._derived = bits, translations
        return self._derived

    def _best(self, score: Floats, close: _Closeness, asked: str, language: str, limit: int) -> list[Found]:
        best: dict[str, int] = {}
        for slot in np.argsort(-score, kind="stable"):
            document = self._documents[slot]
            if document is not None and document.id not in best:
                best[document.id] = int(slot)
                if len(best) > limit:
                    break
        ranked = list(best.values())
        found = []
        for place, slot in enumerate(ranked[:limit]):
            document = self._documents[slot]
            assert document is not None
            shown = self._slot_of.get((document.id, language), slot)
            rival = ranked[0] if place else ranked[1] if len(ranked) > 1 else None
            found.append(
                Found(
                    document=self._documents[shown] or document, score=float(score[slot]),
                    lead=float(score[slot] - score[rival]) if rival is not None else min(float(score[slot]), LONE_LEAD),
                    cosine=float(max(close.short[slot], close.short[shown])),
                    passage_cosine=float(max(close.long[slot], close.long[shown])), passage=self._passage(shown, close.passages, asked),
                )
            )
        return found

    def _passage(self, slot: int, cosines: Floats, asked: str) -> Piece:
        """The lines to show. A section is taken only if the question has most of its heading's words, for closeness in meaning
        alone picked the wrong section as often as the right one."""
        document, rows = self._documents[slot], self._rows[slot].long
        assert document is not None
        pieces = [piece for piece in document.pieces if piece.kind == "passage"]
        passages = [(float(cosines[row]), piece) for row, piece in zip(rows, pieces, strict=True)]
        opening, chosen = passages[0][0] + CLEARLY_CLOSER, passages[0][1]
        question = set(terms.stems(asked, document.language))
        for cosine, piece in sorted(passages[1:], key=lambda pair: -pair[0]):
            named = terms.stems(terms.asked_words(piece.heading), document.language) if piece.heading else []
            if cosine > opening and named and sum(stem in question for stem in named) >= 0.75 * len(named):
                return piece
        return chosen
