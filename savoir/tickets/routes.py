"""Tickets over HTTP come with the public API; none of them is public yet."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(prefix="/api/v1", tags=["tickets"])
