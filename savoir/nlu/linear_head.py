"""Multinomial logistic regression over a dense and a sparse block at once: float32, seconds on thousands of phrases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import log_softmax

Matrix = NDArray[np.float32]


class LinearHead:
    """Weights for every class over both blocks. `strength` is the inverse of the penalty (C of scikit-learn)."""

    def __init__(self, strength: float = 10.0, steps: int = 100) -> None:
        self.strength, self.steps = strength, steps
        self.classes: list[str] = []
        self.dense = np.zeros((0, 0), dtype=np.float32)
        self.sparse = np.zeros((0, 0), dtype=np.float32)
        self.bias = np.zeros(0, dtype=np.float32)

    def fit(self, dense: Matrix, spelt: sparse.csr_matrix, labels: Sequence[str], weights: Matrix | None = None) -> LinearHead:
        """Fit on rows of both blocks, classes balanced; `weights` are per row."""
        self.classes, answer = _numbered(labels)
        rows, classes, width = dense.shape[0], len(self.classes), dense.shape[1]
        row_weights = np.ones(rows, dtype=np.float32) if weights is None else weights.astype(np.float32)
        per_class = np.bincount(answer, weights=row_weights, minlength=classes)
        row_weights = row_weights * (row_weights.sum() / (classes * per_class))[answer].astype(np.float32)
        columns = spelt.T.tocsr()
        total = width + spelt.shape[1] + 1
        rows_range = np.arange(rows)

        def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            theta = flat.astype(np.float32).reshape(total, classes)
            logits = dense @ theta[:width] + spelt @ theta[width:-1] + theta[-1]
            logs = log_softmax(logits, axis=1)
            cost = -float(np.dot(row_weights, logs[rows_range, answer]))
            error = np.exp(logs)
            error[rows_range, answer] -= 1
            error *= row_weights[:, None]
            gradient = np.empty_like(theta)
            gradient[:width] = dense.T @ error
            gradient[width:-1] = columns @ error
            gradient[-1] = error.sum(axis=0)
            gradient[:-1] += theta[:-1] / self.strength
            cost += 0.5 * float(np.vdot(theta[:-1], theta[:-1])) / self.strength
            return cost, gradient.ravel().astype(np.float64)

        start = np.zeros(total * classes)
        found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": self.steps, "ftol": 1e-5, "maxcor": 5})
        theta = found.x.astype(np.float32).reshape(total, classes)
        self.dense, self.sparse, self.bias = theta[:width].copy(), theta[width:-1].copy(), theta[-1].copy()
        return self

    def logits(self, dense: Matrix, spelt: sparse.csr_matrix) -> Matrix:
        """One row a text, one column a class."""
        return np.asarray(dense @ self.dense + spelt @ self.sparse + self.bias, dtype=np.float32)

    def arrays(self) -> dict[str, Matrix]:
        """What is to be kept, by name."""
        return {"dense": self.dense, "sparse": self.sparse, "bias": self.bias}

    def save(self, folder: Path) -> None:
        """Write `head.npz` into the folder."""
        np.savez(folder / "head.npz", classes=np.array(self.classes, dtype=np.str_), **self.arrays())

    @classmethod
    def load(cls, folder: Path) -> LinearHead:
        """Read what `save` wrote."""
        head = cls()
        with np.load(folder / "head.npz", allow_pickle=False) as arrays:
            head.classes = [str(name) for name in arrays["classes"]]
            head.dense, head.sparse, head.bias = arrays["dense"], arrays["sparse"], arrays["bias"]
        return head


def _numbered(labels: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    classes, numbers = np.unique(np.array(labels, dtype=np.str_), return_inverse=True)
    return [str(name) for name in classes], numbers.astype(np.int64)
