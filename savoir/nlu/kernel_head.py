"""Ridge regression on likenesses between texts: solved at once, and what it would say of a phrase it had not seen comes for free."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, solve_triangular

Matrix = NDArray[np.float32]


def solve(likeness: Matrix, answers: Matrix, ridge: float | Matrix, sample: NDArray[np.int64]) -> tuple[Matrix, Matrix]:
    """Weights (phrases x classes), and for the sampled phrases the outputs of a model trained without that phrase.

    `likeness` (phrases x phrases) is overwritten; `answers` is 1 where a phrase is of a class; `ridge` may differ by phrase.
    """
    likeness[np.diag_indices(len(likeness))] += np.asarray(ridge, dtype=np.float32)
    factor = cho_factor(likeness, lower=True, overwrite_a=True, check_finite=False)
    weights = cho_solve(factor, answers, check_finite=False).astype(np.float32)
    units = np.zeros((len(answers), len(sample)), dtype=np.float32, order="F")
    units[sample, np.arange(len(sample))] = 1
    half = solve_triangular(factor[0], units, lower=True, overwrite_b=True, check_finite=False)
    inverse = np.einsum("ij,ij->j", half, half)  # the diagonal of the inverse, for half the work of its columns
    return weights, np.asarray(answers[sample] - weights[sample] / inverse[:, None], dtype=np.float32)


def balanced(labels: Sequence[str], ridge: float, power: float, apart: str = "") -> Matrix:
    """A ridge for each phrase: larger by a power of how many times its class is larger than the mean, so that it does not outvote the others.

    The class `apart` is left as it is: what is not for us is large by nature.
    """
    names, numbers, counts = np.unique(np.array(labels, dtype=np.str_), return_inverse=True, return_counts=True)
    excess = np.maximum(1.0, counts / counts.mean()) ** power
    excess[names == apart] = 1.0
    return np.asarray(ridge * excess[numbers], dtype=np.float32)


def one_hot(labels: Sequence[str]) -> tuple[list[str], Matrix]:
    """The classes in alphabetical order, and 1 where a label is that class."""
    classes, numbers = np.unique(np.array(labels, dtype=np.str_), return_inverse=True)
    return [str(name) for name in classes], np.eye(len(classes), dtype=np.float32)[numbers]
