"""Addresses of static files that change when their content does, so that browsers may keep them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

STATIC = Path(__file__).resolve().parent / "static"


def asset(path: str) -> str:
    """The address of web/static/`path`."""
    file = STATIC / path
    return f"/static/{path}?v={_digest(file, file.stat().st_mtime_ns)}" if file.exists() else f"/static/{path}"


@lru_cache
def _digest(file: Path, _: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]
