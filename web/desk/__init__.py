"""The agents' desk: a live place where people take over conversations."""

from fastapi import APIRouter

from . import actions, assist, callbacks, corrections, gaps, pages, photos, replies, sign_in, stream, tickets, transcript

router = APIRouter(include_in_schema=False)
for part in (sign_in, pages, tickets, callbacks, replies, actions, photos, assist, corrections, gaps, transcript, stream):
    router.include_router(part.router)
