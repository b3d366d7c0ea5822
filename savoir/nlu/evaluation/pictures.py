"""Pictures of an evaluation, as PNG files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

INK = "#1f3a5f"
ACCENT = "#d9622b"


def confusion(figures: Mapping[str, Any], path: Path) -> None:
    """Rows are what was meant, columns what it was taken for; the diagonal is left light so that mistakes stand out."""
    names, table = figures["confusion"]["intents"], np.array(figures["confusion"]["table"], dtype=float)
    share = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    shown = share.copy()
    shown[np.diag_indices(len(shown))] *= 0.35
    size = max(5.0, 0.26 * len(names) + 2.5)
    figure, axes = plt.subplots(figsize=(size, size))
    axes.imshow(shown, cmap="Blues", vmin=0, vmax=0.4)
    for row, column in zip(*np.nonzero(table), strict=True):
        colour = "#888888" if row == column else ACCENT
        axes.text(column, row, int(table[row, column]), ha="center", va="center", fontsize=6.5, color=colour)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set_xlabel("taken for")
    axes.set_ylabel("meant")
    _save(figure, path)


def calibration(by_file: Mapping[str, Mapping[str, Any]], path: Path) -> None:
    """Confidence against the share that is right; on the diagonal a confidence means what it says."""
    figure, axes = plt.subplots(figsize=(5, 4.4))
    axes.plot([0, 1], [0, 1], color="#bbbbbb", linestyle="--", linewidth=1)
    for (name, figures), colour in zip(by_file.items(), (INK, ACCENT, "#3c8d5a", "#7a4f9a"), strict=False):
        points = figures["calibration"]["points"]
        axes.plot([p["confidence"] for p in points], [p["right"] for p in points], marker="o", color=colour, label=name)
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1.02))
    axes.legend(frameon=False)
    _save(figure, path)


def writings(by_file: Mapping[str, Mapping[str, Any]], path: Path) -> None:
    """Accuracy as written and in each hurried writing."""
    with_noise = {name: figures for name, figures in by_file.items() if "writings" in figures}
    if not with_noise:
        return
    labels = ["as written", *next(iter(with_noise.values()))["writings"]]
    figure, axes = plt.subplots(figsize=(7, 0.55 * len(labels) + 1.2))
    height = 0.8 / len(with_noise)
    for place, (name, figures) in enumerate(with_noise.items()):
        values = [figures["accuracy"], *figures["writings"].values()]
        where = np.arange(len(labels)) + place * height
        axes.barh(where, values, height, label=name, color=(INK, ACCENT)[place % 2])
        for y, value in zip(where, values, strict=True):
            axes.text(value - 0.005, y, f"{value:.1%}", ha="right", va="center", fontsize=7, color="white")
    axes.set_yticks(np.arange(len(labels)) + 0.4 - height / 2, labels, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0.5, 1)
    axes.legend(frameon=False, fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncol=2)
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
