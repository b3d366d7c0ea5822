"""Vectors of training phrases, kept on disk between trainings: a changed phrase costs one encoding, not seven thousand."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from savoir.core.encoder import ENCODERS, encoder

Vectors = NDArray[np.float32]
FEW = 64
WORKERS = 2
MOST_KEPT = 60_000


def encode_many(name: str, texts: Sequence[str], cache: Path | None) -> Vectors:
    """One row a text. Few texts go through the process's own encoder; many use two, and the cache folder when given."""
    if len(texts) <= FEW:
        return encoder(name).encode(texts)
    keys = [_key(text) for text in texts]
    known = _read(cache, name)
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        fresh = sorted(missing, key=lambda key: len(missing[key]))
        shares = [fresh[start::WORKERS] for start in range(WORKERS)]
        with ThreadPoolExecutor(WORKERS) as pool:
            for share, vectors in zip(
                shares, pool.map(lambda s: ENCODERS[name]().encode([missing[key] for key in s]), shares), strict=True
            ):
                known.update(zip(share, vectors.astype(np.float16), strict=True))
        _write(cache, name, known, keep_last=set(keys))
    return np.stack([known[key] for key in keys]).astype(np.float32)


def _key(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _read(cache: Path | None, name: str) -> dict[str, NDArray[np.float16]]:
    path = cache / f"{name}.npz" if cache else None
    if path is None or not path.exists():
        return {}
    try:
        with np.load(path, allow_pickle=False) as kept:
            return dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))
    except (ValueError, OSError, KeyError):  # written half by a process that was ended: it can be made again
        return {}


def _write(cache: Path | None, name: str, known: dict[str, NDArray[np.float16]], keep_last: set[str]) -> None:
    if cache is None:
        return
    order = sorted(known, key=lambda key: key in keep_last)[-MOST_KEPT:]
    try:
        cache.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=cache, suffix=".npz")
        with os.fdopen(handle, "wb") as file:
            np.savez(file, keys=np.array(order, dtype=np.str_), vectors=np.stack([known[key] for key in order]))
        os.replace(temporary, cache / f"{name}.npz")
    except OSError:
        return  # a read-only disk only costs time at the next training
