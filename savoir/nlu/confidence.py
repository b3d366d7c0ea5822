"""Confidences that mean what they say: temperature by maximum likelihood, and the line under which strangers are refused."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

Numbers = NDArray[np.float32]


def chances(outputs: Numbers, temperature: float) -> Numbers:
    """Probabilities of the classes, a row a text."""
    return np.asarray(softmax(outputs / np.float32(temperature), axis=1), dtype=np.float32)


def calibrate(outputs: Numbers, answer: NDArray[np.int64]) -> float:
    """The temperature that makes the right answers (column numbers) of unseen texts most likely."""
    rows = np.arange(len(answer))

    def surprise(log_temperature: float) -> float:
        return -float(log_softmax(outputs.astype(np.float64) / np.exp(log_temperature), axis=1)[rows, answer].mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-6, 3), method="bounded").x))


def line(scores: Numbers, share: float) -> float:
    """The score under which this share of the scores fall; -inf when there are none, the largest finite when the place is beyond it."""
    finite = scores[np.isfinite(scores)]
    if not len(finite):
        return float("-inf")
    return float(min(np.sort(scores)[int(share * len(scores))], finite.max()))
