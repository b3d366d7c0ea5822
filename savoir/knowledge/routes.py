"""Search and articles over HTTP: public to read, at a bounded rate."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(prefix="/api/v1/knowledge", tags=["knowledge"])
