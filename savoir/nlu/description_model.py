"""A value told in a description ("it's a hot water bottle": overheating) rather than in words of a list.

Ridge regression on likeness to annotated phrases, one output for each value and one for "none of them". How much a message has to
look like a description depends on what the intent classifier took it for: nearly every report of a fault names one.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from savoir.core.encoder import UniversalSentenceEncoder
from savoir.core.text import fold
from savoir.core.text import words as split
from savoir.nlu.kernel_head import solve
from savoir.nlu.spans import Found
from savoir.nlu.text_features import TextFeatures, likeness
from savoir.nlu.vectors import encode_many
from savoir.nlu.word_lookup import WordLookup

Numbers = NDArray[np.float32]
Annotation = tuple[str, str, str]  # kind, the words annotated, the value
SHARPNESS, CLOSENESS, LETTERS, WORDS, RIDGE = 3.0, 8.0, 1.5, 1.0, 0.3
NAMED = 0.1
"""What a word of the value's list adds to its output."""
NONE = 0.25
"""How much of the output for none is taken from the best value's before it is compared with the line."""
EXPECTED, UNEXPECTED, FURTHER = 0.0, 0.5, 0.55
"""Lines: where a description is sure to be told, where none is expected, and for each value beside the best. All by cross-validation on training phrases."""
OTHERS, OFTEN = 1_000, 0.05
"""Phrases of intents in which such a value is told less often than this are the easy ones: some of them are enough."""
PART = 0.4
"""A description that is at most this part of its phrase is learnt by itself too."""
FEW = 50
SAID_ONCE, VALUES = 0.5, 0.1
"""Of the annotations of a described kind: how many are of words that no other one has, and how many values there are at most."""


def described_kinds(annotated: Iterable[Sequence[Annotation]]) -> list[str]:
    """The kinds of few values that nearly every customer tells in words of their own, so that no list could have them all."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    values: dict[str, set[str]] = defaultdict(set)
    for kind, word, value in (span for spans in annotated for span in spans):
        said[kind][fold(word)] += 1
        values[kind].add(value)
    found = []
    for kind, times in said.items():
        every = sum(times.values())
        if every >= FEW and len(values[kind]) <= VALUES * every and sum(n == 1 for n in times.values()) >= SAID_ONCE * every:
            found.append(kind)
    return sorted(found)


@dataclass
class DescriptionModel:
    """One kind of value. `shares`: by intent, how many of its training phrases tell such a value."""

    kind: str = ""
    encoder: str = UniversalSentenceEncoder.name
    values: list[str] = field(default_factory=list)
    shares: dict[str, float] = field(default_factory=dict)
    features: TextFeatures = field(default_factory=lambda: TextFeatures((2, 4), (1, 2), 2))
    vectors: Numbers = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    weights: Numbers = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    spelling: Numbers = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))

    def fit(
        self,
        texts: Sequence[str],
        intents: Sequence[str],
        annotated: Sequence[Sequence[Annotation]],
        words: WordLookup,
        cache: Optional[Path],
        seed: int = 42,
    ) -> DescriptionModel:
        """Learn from texts with their intents and annotations, and from the list's own terms."""
        terms = [(term, value) for term, (kind, value) in words.terms.items() if kind == self.kind]
        self.values = sorted({value for _, value in terms})
        told = [self._told(spans, words) for spans in annotated]
        self.shares = _shares(intents, [bool(spans) for spans in told])
        near = [i for i, spans in enumerate(told) if spans or self.shares.get(intents[i], 0) >= OFTEN]
        far = sorted(set(range(len(texts))) - set(near))
        drawn = [far[i] for i in np.random.RandomState(seed).permutation(len(far))[:OTHERS]]
        rows = [(texts[i], {value for _, value in told[i]}) for i in [*near, *drawn]]
        known = {term for term, _ in terms}
        rows += [(word, {value}) for i in near for word, value in told[i] if len(word) <= PART * len(texts[i]) and word not in known]
        said = {" ".join(split(text)) for text, _ in rows}
        rows += [(term, {value}) for term, value in terms if term not in said]
        answers = np.zeros((len(rows), len(self.values) + 1), dtype=np.float32)
        for row, (_, meant) in enumerate(rows):
            answers[row, [self.values.index(value) for value in meant] or [len(self.values)]] = 1
        self._solve([text for text, _ in rows], answers, cache)
        return self

    def find(self, text: str, found: Sequence[Found], expected: Mapping[str, float]) -> list[Found]:
        """The values that the text tells. `found` are the finds of this kind by word, `expected` the intent's probabilities."""
        outputs = self._outputs(text)
        named = {find.value: find for find in reversed(found)}
        scores = outputs[:-1] + np.array([NAMED * (named[v].confidence if v in named else 0) for v in self.values])
        chance = min(1.0, sum(share * expected.get(intent, 0.0) for intent, share in self.shares.items()))
        best = int(scores.argmax())
        if scores[best] - NONE * outputs[-1] < UNEXPECTED + (EXPECTED - UNEXPECTED) * chance:
            return []
        told = [column for column in np.argsort(-scores) if column == best or scores[column] >= FURTHER]
        return [
            named.get(self.values[i]) or Found(self.kind, 0, len(text), self.values[i], float(np.clip(scores[i], 0, 1))) for i in told
        ]

    def _told(self, spans: Sequence[Annotation], words: WordLookup) -> list[tuple[str, str]]:
        """The words and values of this kind; a word without a value has that of the list, if it is there."""
        pairs: list[tuple[str, str]] = []
        for kind, word, value in spans:
            if kind != self.kind:
                continue
            looked_up = [find.value for find in words.find(word) if find.entity == kind]
            if chosen := [value] if value in self.values else looked_up:
                pairs.append((word, chosen[0]))
        return pairs

    def _solve(self, texts: Sequence[str], answers: Numbers, cache: Optional[Path]) -> None:
        self.vectors = encode_many(self.encoder, texts, cache)
        spelt = self.features.fit(texts)
        scale = np.full((1, self.features.size), WORDS, dtype=np.float32)
        scale[:, : self.features.letters_size] = LETTERS
        scaled = sparse.csr_matrix(spelt.multiply(scale))
        close = self._close(self.vectors)
        close += likeness(scaled, spelt)
        self.weights, _ = solve(close, answers, RIDGE, np.zeros(1, dtype=np.int64))
        self.spelling = np.asarray(scaled.T @ self.weights, dtype=np.float32)

    def _close(self, vectors: Numbers) -> Numbers:
        close = vectors @ self.vectors.T
        close -= 1
        close *= np.float32(SHARPNESS)
        np.exp(close, out=close)
        close *= np.float32(CLOSENESS)
        return np.asarray(close, dtype=np.float32)

    def _outputs(self, text: str) -> Numbers:
        close = self._close(encode_many(self.encoder, [text], None))
        return np.asarray((close @ self.weights + self.features.transform([text]) @ self.spelling)[0], dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write into a folder of its own: JSON and numpy arrays only."""
        folder.mkdir(parents=True, exist_ok=True)
        self.features.save(folder)
        np.savez(folder / "descriptions.npz", vectors=self.vectors.astype(np.float16), weights=self.weights, spelling=self.spelling)
        kept: dict[str, Any] = {"kind": self.kind, "encoder": self.encoder, "values": self.values, "shares": self.shares}
        (folder / "descriptions.json").write_text(json.dumps(kept, ensure_ascii=False))

    @classmethod
    def load(cls, folder: Path) -> DescriptionModel:
        """Read what `save` wrote."""
        kept = json.loads((folder / "descriptions.json").read_text())
        with np.load(folder / "descriptions.npz", allow_pickle=False) as arrays:
            vectors, weights, spelling = arrays["vectors"].astype(np.float32), arrays["weights"], arrays["spelling"]
        return cls(kept["kind"], kept["encoder"], kept["values"], kept["shares"], TextFeatures.load(folder), vectors, weights, spelling)


def _shares(intents: Sequence[str], told: Sequence[bool]) -> dict[str, float]:
    every, telling = Counter(intents), Counter(intent for intent, tells in zip(intents, told, strict=True) if tells)
    return {intent: round(times / every[intent], 3) for intent, times in sorted(telling.items()) if times > 1}
