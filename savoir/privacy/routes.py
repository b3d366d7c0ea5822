"""The copy of a person's data over HTTP, by the link that was mailed."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from savoir.core.routes import context

from . import service

router = APIRouter(prefix="/privacy", tags=["privacy"])


@router.get("/copies/{token}")
async def copy(token: str, request: Request) -> Response:
    """The ZIP behind a link; the link is the right to it, and runs out."""
    the = context(request)
    at = the.clock()
    content = await the.write(lambda s: service.fetch_copy(s, token=token, at=at))
    headers = {
        "Content-Disposition": 'attachment; filename="savoir.zip"', "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
    return Response(content, media_type="application/zip", headers=headers)
