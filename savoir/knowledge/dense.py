"""Search by meaning: the cosine of the question with each piece of each article, the best piece counting for its article."""

from __future__ import annotations

from typing import Optional, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class DenseIndex:
    """Unit vectors in the rows of one matrix, each owned by an article's slot; changeable one article at a time."""

    def __init__(self, dimension: int) -> None:
        self._vectors = np.zeros((64, dimension), np.float32)
        self._owner = np.full(64, -1, np.int64)
        self._free = list(range(63, -1, -1))
        self._rows_of: dict[int, list[int]] = {}
        self._grouped: Optional[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = None

    @property
    def size(self) -> int:
        """How many rows there are, free ones included."""
        return len(self._owner)

    def put(self, slot: int, vectors: Sequence[Floats]) -> list[int]:
        """Adds an article's vectors, or replaces them; returns the row of each."""
        self.drop(slot)
        while len(self._free) < len(vectors):
            self._grow()
        rows = [self._free.pop() for _ in range(len(vectors))]
        if rows:
            self._vectors[rows] = np.stack(vectors)
        self._owner[rows] = slot
        self._rows_of[slot] = rows
        self._grouped = None
        return rows

    def drop(self, slot: int) -> None:
        """Takes an article's vectors out, if there are any."""
        rows = self._rows_of.pop(slot, [])
        self._owner[rows] = -1
        self._free += rows
        self._grouped = None

    def vector(self, row: int) -> Floats:
        """The vector of a row; a copy."""
        return self._vectors[row].copy()

    def cosines(self, vector: Floats) -> Floats:
        """The cosine of every row with a unit vector."""
        return self._vectors @ vector

    def best_by_slot(self, values: Floats, slots: int) -> Floats:
        """For values by row, the highest of each slot; -1 for an empty slot."""
        best = np.full(slots, -1, np.float32)
        order, starts, owners = self._groups()
        if len(order):
            best[owners] = np.maximum.reduceat(values[order], starts)
        return best

    def _groups(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        if self._grouped is None:
            used = np.flatnonzero(self._owner >= 0)
            order = used[np.argsort(self._owner[used], kind="stable")]
            owners, starts = np.unique(self._owner[order], return_index=True)
            self._grouped = order, starts, owners
        return self._grouped

    def _grow(self) -> None:
        rows = len(self._owner)
        self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])
        self._owner = np.concatenate([self._owner, np.full(rows, -1, np.int64)])
        self._free = [*range(2 * rows - 1, rows - 1, -1), *self._free]


def standardised(values: Floats) -> Floats:
    """Values as deviations from their mean in units of their standard deviation; zeros when they are all the same."""
    spread = float(values.std()) if len(values) else 0.0
    return (values - values.mean()) / spread if spread > 1e-6 else np.zeros_like(values)
