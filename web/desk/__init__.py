"""The agents' desk: a live place where people take over conversations."""

from fastapi import APIRouter

from . import actions, callbacks, pages, sign_in, stream, tickets

router = APIRouter(include_in_schema=False)
for part in (sign_in, pages, tickets, callbacks, actions, stream):
    router.include_router(part.router)
