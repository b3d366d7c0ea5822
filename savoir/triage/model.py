"""Category, urgency, sentiment and flags of a request: ridge regression on words, letters and sentence vectors; numbers in a file, no pickle."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from savoir.core.encoder import encoder
from savoir.core.settings import PROJECT, settings
from savoir.core.text import fold

from .cleaning import newest

DATA = PROJECT / "data" / "triage"
VERSION = 1
"""Counts up when what is stored or computed changes."""
URGENCIES, SENTIMENTS, FLAGS = ("p1", "p2", "p3", "p4"), ("negative", "neutral", "positive"), ("spam", "auto_reply", "vulnerable", "legal")
RIDGE, SENTENCES, FOLDS, SURE, FEW = 0.7, 2.0, 5, 0.94, 5
READ_BY_ENCODER = 800
"""Characters whose meaning is read as one sentence vector."""
Floats = NDArray[np.float32]


def text_of(subject: str, body: str, channel: str = "mail") -> str:
    """What the model reads of a request: subject and newest text."""
    return f"{subject}\n{newest(body, channel).text}".strip()


def _vectorizers(stored: Optional[Any] = None) -> list[Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    forms: list[dict[str, Any]] = [{"ngram_range": (1, 2), "token_pattern": r"[a-z0-9]+"}, {"analyzer": "char_wb", "ngram_range": (2, 5)}]
    made = []
    for number, form in enumerate(forms):
        words = {} if stored is None else {"vocabulary": stored[f"words_{number}"].tolist()}
        made.append(TfidfVectorizer(min_df=1 if words else 2, sublinear_tf=True, **form, **words))
        if stored is not None:
            made[-1].idf_ = stored[f"idf_{number}"]
    return made


@dataclass(frozen=True)
class Scores:
    """Of one request: chances of categories (sum 1), and outputs of urgencies, sentiments and flags (about 0 to 1)."""

    categories: dict[str, float]
    others: dict[str, float]
    words: list[tuple[str, float]]
    nearest: str


class Model:
    """A trained model: `stored` holds its arrays by name."""

    def __init__(self, stored: dict[str, Any]) -> None:
        self._stored = stored
        self.categories: list[str] = stored["categories"].tolist()
        self.lines: dict[str, float] = dict(zip(self.categories, stored["lines"].tolist(), strict=True))
        self.noise_lines: dict[str, float] = dict(zip(FLAGS[:2], stored["noise_lines"].tolist(), strict=True))
        self._vectorizers = _vectorizers(stored)
        self._names = stored["words_0"].tolist()

    def read(self, texts: Sequence[str]) -> list[Scores]:
        """The scores of texts (of `text_of`), in their order."""
        if not texts:
            return []
        folded = [fold(text) for text in texts]
        sparse = [vectorizer.transform(folded) for vectorizer in self._vectorizers]
        likeness = encoder().encode([text[:READ_BY_ENCODER] for text in texts]) @ self._stored["vectors"].T
        outputs = sum(matrix @ self._stored[f"weights_{number}"] for number, matrix in enumerate(sparse)) + SENTENCES * likeness**3 @ self._stored["dual"]
        count = len(self.categories)
        chances = _softmax(outputs[:, :count], float(self._stored["sharpness"]))
        found = []
        for row in range(len(texts)):
            best, line = int(chances[row].argmax()), sparse[0][row]
            weighed = sorted(((self._names[i], float(value * self._stored["weights_0"][i, best])) for i, value in zip(line.indices, line.data, strict=True)), key=lambda each: -each[1])
            found.append(Scores(
                dict(zip(self.categories, chances[row].tolist(), strict=True)),
                dict(zip((*URGENCIES, *SENTIMENTS, *FLAGS), outputs[row, count:].tolist(), strict=True)),
                [(word, round(weight, 3)) for word, weight in weighed[:3] if weight > 0], str(self._stored["titles"][int(likeness[row].argmax())]),
            ))
        return found


def _softmax(outputs: Any, sharpness: float) -> Any:
    powers = np.exp(sharpness * (outputs - outputs.max(axis=1, keepdims=True)))
    return powers / powers.sum(axis=1, keepdims=True)


def requests_of(folder: Path = DATA) -> list[dict[str, Any]]:
    """The training requests, each with `group`, the name of its file without the language: twins stand in both."""
    found = []
    for path in sorted(folder.glob("requests-*.jsonl")):
        group = re.sub(r"^requests-(fr|en)-", "", path.stem)
        found += [{**json.loads(line), "group": group} for line in path.read_text("utf-8").splitlines()]
    return found


def _folds(requests: Sequence[dict[str, Any]]) -> NDArray[np.int64]:
    """Twins at the same place of the same matter come into the same fold."""
    places: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number, request in enumerate(requests):
        places[request["group"], request["category"], request["language"]].append(number)
    folds = np.zeros(len(requests), np.int64)
    for (group, category, _), numbers in places.items():
        shift = sum(map(ord, group + category))
        for place, number in enumerate(numbers):
            folds[number] = FOLDS * place // len(numbers) if len(numbers) >= FEW else (shift + place) % FOLDS
    return folds


def train(requests: Sequence[dict[str, Any]]) -> Model:
    """A model of labelled requests, its confidence and lines calibrated on requests set aside with their twins."""
    from sklearn.kernel_ridge import KernelRidge

    texts = [text_of(request["subject"], request["text"], request["channel"]) for request in requests]
    vectorizers = _vectorizers()
    sparse = [vectorizer.fit_transform([fold(text) for text in texts]) for vectorizer in vectorizers]
    vectors = encoder().encode([text[:READ_BY_ENCODER] for text in texts])
    kernel = sum((matrix @ matrix.T).toarray() for matrix in sparse) + SENTENCES * (vectors @ vectors.T) ** 3
    is_noise = np.array([bool({"spam", "auto_reply"} & set(request["flags"])) for request in requests])
    categories = sorted({request["category"] for request, noise in zip(requests, is_noise, strict=True) if not noise})
    filed = np.array([[request["category"] == name for name in categories] for request in requests], np.float32)
    told = np.array([
        [*(request["urgency"] == name for name in URGENCIES), *(request["sentiment"] == name for name in SENTIMENTS), *(name in request["flags"] for name in FLAGS)]
        for request in requests
    ], np.float32)

    def solved(learn: NDArray[np.bool_]) -> Floats:
        dual = np.zeros((len(requests), len(categories) + told.shape[1]), np.float32)
        for rows, labels, columns in ((learn & ~is_noise, filed, slice(0, len(categories))), (learn, told, slice(len(categories), None))):
            dual[rows, columns] = KernelRidge(alpha=RIDGE, kernel="precomputed").fit(kernel[np.ix_(rows, rows)], labels[rows]).dual_coef_
        return dual

    folds, aside = _folds(requests), np.zeros((len(requests), len(categories) + told.shape[1]), np.float32)
    for part in range(FOLDS):
        if (folds == part).any():
            aside[folds == part] = kernel[folds == part] @ solved(folds != part)
    sharpness, lines = _calibrated(aside[~is_noise, : len(categories)], filed[~is_noise].argmax(axis=1))
    first = len(categories) + len(URGENCIES) + len(SENTIMENTS)
    dual = solved(np.ones(len(requests), bool))
    stored: dict[str, Any] = {
        "categories": np.array(categories), "vectors": vectors, "dual": dual, "sharpness": np.float32(sharpness), "lines": lines,
        "noise_lines": np.maximum(0.35, aside[~is_noise, first : first + 2].max(axis=0) + 0.02),  # no customer of the training data is lost
        "titles": np.array([(request["subject"] or request["text"])[:80] for request in requests]),
    }
    for number, (vectorizer, matrix) in enumerate(zip(vectorizers, sparse, strict=True)):
        stored |= {f"words_{number}": vectorizer.get_feature_names_out().astype(str), f"idf_{number}": vectorizer.idf_, f"weights_{number}": (matrix.T @ dual).astype(np.float32)}
    return Model(stored)


def _calibrated(outputs: Any, right: Any) -> tuple[float, Floats]:
    """How sharp chances are, by likelihood, and for each category the confidence from which it was right often enough (`SURE`)."""
    def loss(sharpness: float) -> float:
        return float(-np.log(_softmax(outputs, sharpness)[np.arange(len(right)), right] + 1e-9).mean())

    sharpness = min((float(each) for each in np.arange(2, 24, 0.5)), key=loss)
    chances = _softmax(outputs, sharpness)
    said, sure = chances.argmax(axis=1), chances.max(axis=1)

    def line(rows: Any) -> float:
        order = np.argsort(-sure[rows])
        precision = np.cumsum((said == right)[rows][order]) / np.arange(1, len(order) + 1)
        enough = np.flatnonzero(precision >= SURE)
        return float(sure[rows][order][enough[-1]]) if len(enough) else 1.01

    every = line(np.ones(len(said), bool))
    return sharpness, np.array([max(line(said == number), 0.8 * min(every, 1.0)) if (said == number).sum() >= 20 else every for number in range(outputs.shape[1])], np.float32)


_loaded: dict[str, Model] = {}


def model(folder: Path = DATA) -> Model:
    """The model of the training data: kept in `var/triage/` under their fingerprint, trained when it is not there."""
    digest = hashlib.sha256(f"{VERSION} {encoder().name}".encode())
    for path in sorted(folder.glob("requests-*.jsonl")):
        digest.update(path.read_bytes())
    path = settings().var / "triage" / f"{digest.hexdigest()[:16]}.npz"
    if str(path) not in _loaded:
        if not path.exists():
            made, written = train(requests_of(folder)), path.with_suffix(".part.npz")
            path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(written, **made._stored)
            written.replace(path)
        with np.load(path, allow_pickle=False) as kept:
            _loaded[str(path)] = Model(dict(kept))
    return _loaded[str(path)]
