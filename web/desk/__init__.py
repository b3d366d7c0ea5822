"""The agents' desk: a live place where people take over conversations."""

from fastapi import APIRouter

from . import (
    actions,
    administration,
    articles,
    assist,
    callbacks,
    corrections,
    gaps,
    pages,
    photos,
    presence,
    replies,
    sign_in,
    stream,
    tickets,
    transcript,
    transfer,
)

router = APIRouter(include_in_schema=False)
for part in (sign_in, pages, tickets, callbacks, replies, actions, photos, assist, corrections, gaps, articles, transcript, presence, transfer, administration, stream):
    router.include_router(part.router)
