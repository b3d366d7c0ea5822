"""The agents' desk: a live place where people take over conversations."""

from fastapi import APIRouter

from . import actions, pages, sign_in, stream

router = APIRouter(include_in_schema=False)
for part in (sign_in, pages, actions, stream):
    router.include_router(part.router)
