"""From a text to intents with true confidences and a measure of strangeness: knows nothing of Rasa."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from savoir.core.encoder import UniversalSentenceEncoder, encoder
from savoir.nlu import noise
from savoir.nlu.linear_head import LinearHead
from savoir.nlu.text_features import TextFeatures

Numbers = NDArray[np.float32]


@dataclass
class Reading:
    """What one text was taken for."""

    ranking: list[tuple[str, float]]
    familiarity: float  # mean cosine to the nearest training phrases, 0 to 1
    nearest: str  # the nearest training phrase
    nearest_intent: str
    score: float  # what is compared with the refusal line
    refused: bool


@dataclass
class IntentModel:
    """A linear classifier on sentence vectors and spelling, calibrated on phrases that it had not seen.

    `refused_share` is the share of messages of known intents that may be refused as strangers.
    """

    settings: dict[str, Any] = field(default_factory=dict)
    features: TextFeatures = field(default_factory=TextFeatures)
    head: LinearHead = field(default_factory=LinearHead)
    temperature: float = 1.0
    line: float = 0.0
    phrases: list[str] = field(default_factory=list)
    phrase_intents: list[str] = field(default_factory=list)
    phrase_vectors: NDArray[np.float16] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float16))

    @staticmethod
    def defaults() -> dict[str, Any]:
        """Every setting with its default."""
        return {
            "encoder": UniversalSentenceEncoder.name,
            "strength": 1.0,
            "dense_scale": 3.0,
            "spelling_scale": 1.5,
            "letters": [2, 5],
            "words": [1, 2],
            "seen_in": 2,
            "noisy_copies": 1,
            "steps": 60,
            "neighbours": 5,
            "familiarity_weight": 1.0,
            "refused_share": 0.03,
            "seed": 42,
        }

    def __post_init__(self) -> None:
        self.settings = {**self.defaults(), **self.settings}

    @property
    def trained(self) -> bool:
        """Whether there is anything to classify with."""
        return bool(self.head.classes)

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> IntentModel:
        """Learn from phrases and their intents; the calibration holds a fifth of them out, the model then learns from all."""
        vectors = self._encode(texts)
        held = held_out(labels, self.settings["seed"])
        if held.any() and not held.all():
            self._learn(_pick(texts, ~held), _pick(labels, ~held), vectors[~held])
            self._calibrate(_pick(texts, held), _pick(labels, held), vectors[held])
        self._learn(texts, labels, vectors)
        return self

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """One reading a text. An untrained model raises ValueError."""
        if not self.trained:
            raise ValueError("The intent model is not trained; expected fit() or load() first.")
        if not texts:
            return []
        vectors = self._encode(texts)
        logits = self._logits(texts, vectors)
        chances = softmax(logits / self.temperature, axis=1)
        familiar, closest = self._familiarity(vectors)
        scores = self._scores(logits, familiar)
        return [
            self._reading(chances[row], float(familiar[row]), int(closest[row]), float(scores[row])) for row in range(len(texts))
        ]

    def _reading(self, chances: Numbers, familiar: float, closest: int, score: float) -> Reading:
        order = np.argsort(-chances)
        ranking = [(self.head.classes[i], float(chances[i])) for i in order]
        return Reading(ranking, familiar, self.phrases[closest], self.phrase_intents[closest], score, score < self.line)

    def _encode(self, texts: Sequence[str]) -> Numbers:
        return encoder(self.settings["encoder"]).encode(texts)

    def _learn(self, texts: Sequence[str], labels: Sequence[str], vectors: Numbers) -> None:
        chance = random.Random(self.settings["seed"])
        copies, copied = [], []
        for copy in range(self.settings["noisy_copies"]):
            for text, label in zip(texts, labels, strict=True):
                changed = noise.bare(text) if copy == 0 else noise.texted(noise.typed_badly(text, chance, 0.15), chance)
                if changed and changed != text:
                    copies.append(changed)
                    copied.append(label)
        every = [*texts, *copies]
        dense = np.vstack([vectors, self._encode(copies)]) if copies else vectors
        self.features = TextFeatures(tuple(self.settings["letters"]), tuple(self.settings["words"]), self.settings["seen_in"])
        spelt = self.features.fit(every) * np.float32(self.settings["spelling_scale"])
        self.head = LinearHead(self.settings["strength"], self.settings["steps"])
        self.head.fit(dense * np.float32(self.settings["dense_scale"]), spelt.tocsr(), [*labels, *copied])
        self.phrases, self.phrase_intents = list(texts), list(labels)
        self.phrase_vectors = vectors.astype(np.float16)

    def _calibrate(self, texts: Sequence[str], labels: Sequence[str], vectors: Numbers) -> None:
        known = np.array([label in self.head.classes for label in labels])
        answer = np.array([self.head.classes.index(label) for label in _pick(labels, known)])
        logits = self._logits(texts, vectors)
        rows = np.arange(len(answer))

        def surprise(log_temperature: float) -> float:
            return -float(log_softmax(logits[known] / np.exp(log_temperature), axis=1)[rows, answer].mean())

        self.temperature = float(np.exp(minimize_scalar(surprise, bounds=(-3, 3), method="bounded").x))
        scores = self._scores(logits, self._familiarity(vectors)[0])
        self.line = float(np.quantile(scores, self.settings["refused_share"]))

    def _logits(self, texts: Sequence[str], vectors: Numbers) -> Numbers:
        spelt = self.features.transform(texts) * np.float32(self.settings["spelling_scale"])
        return self.head.logits(vectors * np.float32(self.settings["dense_scale"]), sparse.csr_matrix(spelt))

    def _familiarity(self, vectors: Numbers) -> tuple[Numbers, NDArray[np.int64]]:
        """Mean cosine to the nearest phrases, and which phrase is the nearest."""
        likeness = vectors @ self.phrase_vectors.astype(np.float32).T
        many = min(self.settings["neighbours"], likeness.shape[1])
        best = np.partition(likeness, -many, axis=1)[:, -many:]
        return best.mean(axis=1), likeness.argmax(axis=1)

    def _scores(self, logits: Numbers, familiar: Numbers) -> Numbers:
        centred = logits - logits.mean(axis=1, keepdims=True)
        return np.asarray(centred.max(axis=1) / 10 + self.settings["familiarity_weight"] * familiar, dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write the model into the folder: JSON and numpy arrays only."""
        self.features.save(folder)
        self.head.save(folder)
        np.savez(folder / "phrases.npz", vectors=self.phrase_vectors)
        kept = {"temperature": self.temperature, "line": self.line, "phrases": self.phrases, "intents": self.phrase_intents}
        (folder / "model.json").write_text(json.dumps({"settings": self.settings, **kept}, ensure_ascii=False))

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what `save` wrote."""
        kept = json.loads((folder / "model.json").read_text())
        model = cls(kept["settings"], TextFeatures.load(folder), LinearHead.load(folder), kept["temperature"], kept["line"])
        model.phrases, model.phrase_intents = kept["phrases"], kept["intents"]
        with np.load(folder / "phrases.npz", allow_pickle=False) as arrays:
            model.phrase_vectors = arrays["vectors"]
        return model


def held_out(labels: Sequence[str], seed: int, share: float = 0.2) -> NDArray[np.bool_]:
    """A fifth of each intent's phrases, drawn with the seed; none of an intent with fewer than five."""
    chance = np.random.RandomState(seed)
    named = np.array(labels, dtype=np.str_)
    held = np.zeros(len(named), dtype=np.bool_)
    for label in np.unique(named):
        rows = np.flatnonzero(named == label)
        held[chance.permutation(rows)[: int(len(rows) * share)]] = True
    return held


def _pick(items: Sequence[str], chosen: NDArray[np.bool_]) -> list[str]:
    return [item for item, keep in zip(items, chosen, strict=True) if keep]
