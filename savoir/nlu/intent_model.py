"""From a text to intents with true confidences and a measure of strangeness: knows nothing of Rasa.

Two looks. The first compares a message with the training phrases by the quick encoder and by spelling, in a few milliseconds.
Where it is not sure, the second adds the finer and slower encoder. Both are ridge regressions on those likenesses.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from savoir.core.encoder import SmallE5, UniversalSentenceEncoder, encoder
from savoir.nlu.confidence import calibrate, chances, line
from savoir.nlu.kernel_head import balanced, one_hot, solve
from savoir.nlu.mending import Mender
from savoir.nlu.text_features import TextFeatures
from savoir.nlu.vectors import encode_many

Numbers = NDArray[np.float32]


@dataclass
class Reading:
    """What one text was taken for."""

    ranking: list[tuple[str, float]]
    familiarity: float  # mean cosine to the nearest training phrases
    nearest: str  # the nearest training phrase
    nearest_intent: str
    score: float  # how little of a stranger; below the line the message is refused
    refused: bool
    looks: int  # 1: the quick look was sure


@dataclass
class Look:
    """One regression: the weight of each kind of likeness, and what was learnt."""

    shares: dict[str, float]  # quick, fine, letters, words
    phrases: Numbers = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))  # phrases x classes
    spelling: Numbers = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))  # features x classes
    temperature: float = 1.0


class IntentModel:
    """See the settings in `defaults`; train with `fit`, ask with `read`, keep with `save` and `load`."""

    def __init__(self, settings: Optional[dict[str, Any]] = None, cache: Optional[Path] = None) -> None:
        self.settings = {**self.defaults(), **(settings or {})}
        self.cache = cache
        self.classes: list[str] = []
        self.features = TextFeatures(tuple(self.settings["letters"]), tuple(self.settings["words"]), self.settings["seen_in"])
        self.mender = Mender()
        self.looks: list[Look] = []
        self.line = -np.inf
        self.phrases: list[str] = []
        self.phrase_intents: list[str] = []
        self.quick = self.fine = np.zeros((0, 0), dtype=np.float32)
        self.centre = np.zeros(0, dtype=np.float32)
        self.unseen = np.zeros((0, 0), dtype=np.float32)  # after fit: probabilities of the sample, each as if it had not been seen

    @staticmethod
    def defaults() -> dict[str, Any]:
        """Every setting with its default. Found by cross-validation on this project's training phrases only."""
        return {
            "encoder": UniversalSentenceEncoder.name,
            "second_encoder": SmallE5.name,  # None: one look only
            "second_below": 0.9,  # confidence of the first look under which the second is taken
            "first_look": {"quick": 6.0, "letters": 1.5, "words": 0.5},
            "second_look": {"quick": 3.0, "fine": 6.0, "letters": 1.5, "words": 0.5},
            "quick_sharpness": 3.0,
            "fine_sharpness": 2.0,
            "ridge": 0.3,
            "balance": 1.5,
            "letters": [2, 4],
            "words": [1, 2],
            "seen_in": 2,
            "mend": True,  # slips and missing accents, by the words of the training phrases
            "neighbours": 5,
            "stranger_intent": "out_of_scope",  # trained like the others when there is one
            "refused_share": 0.04,  # of messages of known intents; those taken for the stranger intent come on top
            "most_phrases": 20_000,
            "sample": 1_500,  # phrases on which confidence and line are calibrated
            "seed": 42,
        }

    @property
    def trained(self) -> bool:
        """Whether there is anything to classify with."""
        return bool(self.looks)

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> IntentModel:
        """Learn from phrases and their intents; confidence is calibrated on phrases as if each had not been seen."""
        chance = np.random.RandomState(self.settings["seed"])
        if len(texts) > self.settings["most_phrases"]:
            kept = np.sort(chance.permutation(len(texts))[: self.settings["most_phrases"]])
            texts, labels = [texts[i] for i in kept], [labels[i] for i in kept]
        self.phrases, self.phrase_intents = list(texts), list(labels)
        self.mender = Mender.learn(texts)
        self.classes, answers = one_hot(labels)
        sample = np.sort(chance.permutation(len(texts))[: self.settings["sample"]])
        self._encode_phrases()
        spelt = self.features.fit(texts)
        likenesses = {"quick": self._close(self.quick, self.quick, "quick_sharpness"), **self._spelt_alike(spelt)}
        ridge = balanced(labels, self.settings["ridge"], self.settings["balance"], self.settings["stranger_intent"])
        self.looks, unseen = [], []
        for shares in self._plans():
            if "fine" in shares:
                likenesses["fine"] = self._close(self.fine, self.fine, "fine_sharpness")
            total = sum(np.float32(share) * likenesses[kind] for kind, share in shares.items())
            weights, outputs = solve(np.asarray(total, dtype=np.float32), answers, ridge, sample)
            self.looks.append(Look(shares, weights, self._spelling(spelt, weights, shares)))
            unseen.append(outputs)
        self._calibrate(unseen, answers[sample].argmax(axis=1), sample)
        self.unseen = chances(unseen[-1], self.looks[-1].temperature)
        return self

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """One reading a text. An untrained model raises ValueError."""
        if not self.trained:
            raise ValueError("The intent model is not trained; expected fit() or load() first.")
        if not texts:
            return []
        written, mean = self._writings(texts)
        cosines = encode_many(self.settings["encoder"], written, None) @ self.quick.T
        close = mean @ np.exp(np.float32(self.settings["quick_sharpness"]) * (cosines - 1))
        cosines, spelt = mean @ cosines, mean @ self.features.transform(written)
        outputs = self._outputs(self.looks[0], {"quick": close}, spelt)
        chance = chances(outputs, self.looks[0].temperature)
        looks = np.ones(len(texts), dtype=np.int64)
        unsure = np.flatnonzero(chance.max(axis=1) < self.settings["second_below"])
        if len(self.looks) > 1 and len(unsure):
            needed = np.flatnonzero(mean[unsure].getnnz(axis=0))
            fine = self._centred(encode_many(self.settings["second_encoder"], [written[i] for i in needed], None)) @ self.fine.T
            part = mean[unsure][:, needed]
            fine_close = part @ np.exp(np.float32(self.settings["fine_sharpness"]) * (fine - 1))
            outputs[unsure] = self._outputs(self.looks[1], {"quick": close[unsure], "fine": fine_close}, spelt[unsure])
            chance[unsure] = chances(outputs[unsure], self.looks[1].temperature)
            looks[unsure] = 2
            cosines[unsure] = (cosines[unsure] + part @ fine) / 2
        familiar = self._familiarity(cosines)
        scores = self._scores(outputs, familiar, chance, looks)
        nearest = cosines.argmax(axis=1)
        return [
            self._reading(chance[i], float(familiar[i]), int(nearest[i]), float(scores[i]), int(looks[i]))
            for i in range(len(texts))
        ]

    def _writings(self, texts: Sequence[str]) -> tuple[list[str], sparse.csr_matrix]:
        """The texts, then those that mending changes as mended; and the matrix that takes the mean of a text's writings."""
        mended = [self.mender.mend(text) if self.settings["mend"] else text for text in texts]
        changed = [i for i, (text, other) in enumerate(zip(texts, mended, strict=True)) if text != other]
        share = np.ones(len(texts), dtype=np.float32)
        share[changed] = 0.5
        rows = [*range(len(texts)), *changed]
        shape = (len(texts), len(rows))
        mean = sparse.csr_matrix((np.concatenate([share, share[changed]]), (rows, range(len(rows)))), shape=shape, dtype=np.float32)
        return [*texts, *(mended[i] for i in changed)], mean

    def _reading(self, chance: Numbers, familiar: float, nearest: int, score: float, looks: int) -> Reading:
        ranking = [(self.classes[i], float(chance[i])) for i in np.argsort(-chance)]
        refused = score < self.line
        return Reading(ranking, familiar, self.phrases[nearest], self.phrase_intents[nearest], score, refused, looks)

    def _plans(self) -> list[dict[str, float]]:
        plans = [self.settings["first_look"]]
        return [*plans, self.settings["second_look"]] if self.settings["second_encoder"] else plans

    def _encode_phrases(self) -> None:
        self.quick = encode_many(self.settings["encoder"], self.phrases, self.cache)
        if self.settings["second_encoder"]:
            vectors = encode_many(self.settings["second_encoder"], self.phrases, self.cache)
            self.centre = vectors.mean(axis=0)
            self.fine = self._centred(vectors)

    def _centred(self, vectors: Numbers) -> Numbers:
        """E5's vectors all point one way: without their mean they tell more."""
        moved = vectors - self.centre
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6), dtype=np.float32)

    def _close(self, left: Numbers, right: Numbers, sharpness: str) -> Numbers:
        close = left @ right.T
        close -= 1
        close *= np.float32(self.settings[sharpness])
        return np.exp(close, out=close)

    def _spelt_alike(self, spelt: sparse.csr_matrix) -> dict[str, Numbers]:
        edge = self.features.letters_size
        return {name: (part @ part.T).toarray() for name, part in (("letters", spelt[:, :edge]), ("words", spelt[:, edge:]))}

    def _spelling(self, spelt: sparse.csr_matrix, weights: Numbers, shares: dict[str, float]) -> Numbers:
        """The spelling part of a look as weights of features: a message then needs no comparison with every phrase."""
        edge = self.features.letters_size
        scale = np.full(spelt.shape[1], shares["words"], dtype=np.float32)
        scale[:edge] = shares["letters"]
        return np.asarray((spelt.T @ weights) * scale[:, None], dtype=np.float32)

    def _outputs(self, look: Look, close: dict[str, Numbers], spelt: sparse.csr_matrix) -> Numbers:
        total = sum(np.float32(look.shares[kind]) * likeness for kind, likeness in close.items())
        return np.asarray(total @ look.phrases + spelt @ look.spelling, dtype=np.float32)

    def _familiarity(self, cosines: Numbers, own: Optional[NDArray[np.int64]] = None) -> Numbers:
        """Mean cosine to the nearest phrases of known intents; `own` is the column of each row's own phrase, left out."""
        known = cosines[:, self._of_known_intents()].copy() if own is None else cosines.copy()
        if own is not None:
            known[np.arange(len(own)), own] = -1
            known = known[:, self._of_known_intents()]
        many = min(self.settings["neighbours"], known.shape[1])
        return np.asarray(np.partition(known, -many, axis=1)[:, -many:].mean(axis=1), dtype=np.float32)

    def _of_known_intents(self) -> NDArray[np.bool_]:
        if not hasattr(self, "_known"):
            self._known = np.array([name != self.settings["stranger_intent"] for name in self.phrase_intents])
        return self._known

    def _scores(self, outputs: Numbers, familiar: Numbers, chance: Numbers, looks: NDArray[np.int64]) -> Numbers:
        """How little of a stranger: highest when sure at the first look, lowest when it is taken for a stranger anyway."""
        stranger = self.settings["stranger_intent"]
        if stranger in self.classes:
            column = self.classes.index(stranger)
            scores = 0.3 * familiar - outputs[:, column]
            of_stranger = chance.argmax(axis=1) == column
        else:
            scores = outputs.max(axis=1) + 2 * familiar
            of_stranger = np.zeros(len(outputs), dtype=np.bool_)
        if len(self.looks) > 1:
            scores[(looks == 1) & ~of_stranger] = np.inf
        scores[of_stranger] = -np.inf
        return np.asarray(scores, dtype=np.float32)

    def _calibrate(self, unseen: list[Numbers], answer: NDArray[np.int64], sample: NDArray[np.int64]) -> None:
        for look, outputs in zip(self.looks, unseen, strict=True):
            look.temperature = calibrate(outputs, answer)
        chance = chances(unseen[0], self.looks[0].temperature)
        outputs, looks = unseen[0].copy(), np.ones(len(sample), dtype=np.int64)
        cosines = self.quick[sample] @ self.quick.T
        if len(self.looks) > 1:
            unsure = chance.max(axis=1) < self.settings["second_below"]
            outputs[unsure], looks[unsure] = unseen[1][unsure], 2
            chance[unsure] = chances(unseen[1][unsure], self.looks[1].temperature)
            cosines[unsure] = (cosines[unsure] + self.fine[sample[unsure]] @ self.fine.T) / 2
        self._known = np.array([name != self.settings["stranger_intent"] for name in self.phrase_intents])
        scores = self._scores(outputs, self._familiarity(cosines, sample), chance, looks)
        self.line = line(scores[self._known[sample] & (scores > -np.inf)], self.settings["refused_share"])

    def save(self, folder: Path) -> None:
        """Write the model into the folder: JSON and numpy arrays only."""
        self.features.save(folder)
        arrays: dict[str, Any] = {
            "quick": self.quick.astype(np.float16),
            "fine": self.fine.astype(np.float16),
            "centre": self.centre,
        }
        for number, look in enumerate(self.looks):
            arrays[f"phrases{number}"], arrays[f"spelling{number}"] = look.phrases, look.spelling
        np.savez(folder / "model.npz", **arrays)
        kept = {
            "settings": self.settings,
            "classes": self.classes,
            "temperatures": [look.temperature for look in self.looks],
            "line": self.line,
            "phrases": self.phrases,
            "intents": self.phrase_intents,
        }
        (folder / "model.json").write_text(json.dumps(kept, ensure_ascii=False))

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what `save` wrote."""
        kept = json.loads((folder / "model.json").read_text())
        model = cls(kept["settings"])
        model.classes, model.line = kept["classes"], kept["line"]
        model.phrases, model.phrase_intents = kept["phrases"], kept["intents"]
        model.mender = Mender.learn(model.phrases)
        model.features = TextFeatures.load(folder)
        with np.load(folder / "model.npz", allow_pickle=False) as arrays:
            model.quick, model.fine = arrays["quick"].astype(np.float32), arrays["fine"].astype(np.float32)
            model.centre = arrays["centre"]
            for number, (shares, temperature) in enumerate(zip(model._plans(), kept["temperatures"], strict=True)):
                model.looks.append(Look(shares, arrays[f"phrases{number}"], arrays[f"spelling{number}"], temperature))
        return model

    def likeness(self, rows: Any, columns: Any = slice(None)) -> Numbers:
        """Cosines between training phrases, the mean of both encoders."""
        cosines = self.quick[rows] @ self.quick[columns].T
        return np.asarray((cosines + self.fine[rows] @ self.fine[columns].T) / 2 if self.settings["second_encoder"] else cosines)

    def warm(self) -> None:
        """Load the encoders now rather than at the first message."""
        encoder(self.settings["encoder"]).encode(["."])
        if self.settings["second_encoder"]:
            encoder(self.settings["second_encoder"]).encode(["."])
