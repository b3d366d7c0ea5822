"""Questions that ask the same, put together: agglomerative clustering of sentence vectors with average linkage (scipy)."""

from __future__ import annotations

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from savoir.core.encoder import SmallE5, UniversalSentenceEncoder, Vectors

FARTHEST = {UniversalSentenceEncoder.name: 0.5, SmallE5.name: 0.1}
"""By encoder, the mean cosine distance up to which groups are joined. Fitted on the 496 questions of the demo firm's articles and of tests/knowledge:
nine in ten of those put together are answered by the same article."""


def clusters(vectors: Vectors, encoder: str) -> list[list[int]]:
    """The rows of unit vectors in groups, the largest first; in each, the row closest to all others of its group first."""
    if len(vectors) < 2:
        return [[row] for row in range(len(vectors))]
    names = fcluster(linkage(vectors.astype(np.float64), "average", metric="cosine"), FARTHEST[encoder], "distance")
    groups: dict[int, list[int]] = {}
    for row, name in enumerate(names):
        groups.setdefault(int(name), []).append(row)
    ordered = []
    for rows in groups.values():
        closeness = (vectors[rows] @ vectors[rows].T).sum(axis=1)
        middle = rows[int(closeness.argmax())]
        ordered.append([middle, *(row for row in rows if row != middle)])
    return sorted(ordered, key=lambda rows: (-len(rows), min(rows)))
