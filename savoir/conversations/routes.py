"""The customer's side of a conversation over HTTP and WebSocket. Public: every call but the first carries the conversation's token."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Optional

from fastapi import APIRouter, Request, Response, WebSocket
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocketDisconnect

from savoir.core.context import Context
from savoir.core.errors import Problem, invalid
from savoir.core.routes import RateLimit, client_address, context, json_body, text_of
from savoir.core.security import check_chat_token, check_identity, sign_chat_token
from savoir.customers import service as customers

from . import service
from .live import Live, Subscription
from .photos import Photo, clean_photo
from .tables import Conversation
from .turn_runner import TurnRunner
from .turns import Job
from .view import message_json, state_json

router = APIRouter(prefix="/chat", tags=["chat"])
HEARTBEAT_SECONDS = 15.0
SUBPROTOCOL = "savoir"


class ChatLimits:
    """The rate limits of the customer's chat, as the settings say."""

    def __init__(self, context: Context) -> None:
        self.conversations = RateLimit(f"{context.settings.conversations_per_hour}/hour")
        self.messages = RateLimit(f"{context.settings.messages_per_minute}/minute")


def _live(connection: HTTPConnection) -> Live:
    return connection.app.state.live  # type: ignore[no-any-return]


def _runner(connection: HTTPConnection) -> TurnRunner:
    return connection.app.state.runner  # type: ignore[no-any-return]


def _limits(connection: HTTPConnection) -> ChatLimits:
    return connection.app.state.chat_limits  # type: ignore[no-any-return]


def token_of(connection: HTTPConnection) -> str:
    """The bearer token: of the header or, where a browser can't set one (WebSocket, image), a subprotocol or `token=`."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    protocols = [p.strip() for p in connection.headers.get("sec-websocket-protocol", "").split(",")]
    if len(protocols) > 1 and protocols[0] == SUBPROTOCOL:
        return protocols[1]
    return connection.query_params.get("token", "")


def authorise(connection: HTTPConnection, conversation: str) -> Context:
    """The context, once the token has been found to be this conversation's."""
    the = context(connection)
    check_chat_token(token_of(connection), the.settings.key("chat"), conversation, the.clock())
    return the


@router.post("/conversations", status_code=201)
async def start(request: Request) -> JSONResponse:
    """Begins a conversation: `{language?, page_url?, identity?}` to `{conversation, token, state, identified?}`."""
    the = context(request)
    _limits(request).conversations.check(client_address(request))
    body = await json_body(request)
    language = text_of(body, "language") or the.settings.default_language
    if language not in ("fr", "en"):
        raise invalid("unknown-language", f"The language {language[:20]!r} is not spoken here; expected fr or en.")
    at = the.clock()
    identity = text_of(body, "identity")
    if identity and not the.settings.identity_secret:
        raise invalid("identity-not-set-up", "Signed identities are not set up on this installation; leave `identity` out.")
    signed = check_identity(identity, the.settings.identity_secret or "", at) if identity else None

    def work(session: Session) -> Conversation:
        row = service.start(session, channel="web", language=language, page_url=text_of(body, "page_url") or None, at=at)
        if signed is not None:
            row.customer = customers.sign_in(session, conversation=row.id, customer=signed.customer, email=signed.email, at=at)
        return row

    row = await the.write(work)
    token = sign_chat_token(row.id, the.settings.key("chat"), at, the.settings.chat_token_days)
    begun = {"conversation": row.id, "token": token, "state": row.state, "language": row.language}
    return JSONResponse(begun if signed is None else {**begun, "identified": row.customer is not None}, 201)


@router.post("/conversations/{conversation}/messages", status_code=202)
async def send(conversation: str, request: Request) -> JSONResponse:
    """Stores a message `{id, text}`, `{id, payload}` or a form with `id` and a photo `file`; 202 the first time, 200 after."""
    the = authorise(request, conversation)
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        client_id, text, photo = await _form(request, the.settings.photo_bytes)
        payload: Optional[str] = None
    else:
        body = await json_body(request)
        client_id, text, photo = text_of(body, "id"), text_of(body, "text"), None
        payload = text_of(body, "payload") or None
    _limits(request).messages.check(conversation)
    at = the.clock()

    runner = _runner(request)

    def work(session: Session) -> tuple[service.Received, Optional[Job]]:
        row = service.lock(session, conversation)
        attachments = []
        if photo and service.known_seq(session, row.id, client_id) is None:
            attachments.append(
                service.add_attachment(
                    session, conversation=row.id, content_type=photo.content_type, width=photo.width, height=photo.height,
                    content=photo.content, at=at,
                )
            )
        received = service.receive(
            session, conversation=conversation, client_id=client_id, text=text, payload=payload, attachments=attachments, at=at,
            longest=the.settings.message_characters,
        )
        return received, None if received.is_duplicate else runner.claim_if_free(session, conversation, at)

    received, job = await the.write(work)
    if not received.is_duplicate:
        runner.run(job) if job else runner.wake(conversation)
        _live(request).changed(conversation, [message_json(received.message)] if received.message else None)
    return JSONResponse({"seq": received.seq}, 200 if received.is_duplicate else 202)


async def _form(request: Request, most_bytes: int) -> tuple[str, str, Photo]:
    """Reads `id`, `text` and the photo of a form."""
    if int(request.headers.get("content-length", "0") or 0) > most_bytes + 65_536:
        raise Problem("photo-too-large", 413, f"The photo is larger than the {most_bytes:,} bytes that are taken.", limit=most_bytes)
    async with request.form(max_files=1, max_fields=5) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise invalid("photo-missing", "The form has no `file`; expected a photo.")
        content = await file.read(most_bytes + 1)
        client_id, text = str(form.get("id") or ""), str(form.get("text") or "")
    photo = await asyncio.get_running_loop().run_in_executor(None, clean_photo, content, most_bytes)
    return client_id, text, photo


@router.get("/conversations/{conversation}/messages")
async def read(conversation: str, request: Request, after: int = 0) -> dict[str, Any]:
    """The state and the messages after `after`; `more` says that there are further ones, after the last of these."""
    the = authorise(request, conversation)
    has_left: list[bool] = []

    def work(session: Session) -> dict[str, Any]:
        row = service.find(session, conversation)
        messages = service.read(session, conversation, after=after)
        has_left.append(row.customer_left_at is not None)
        return {
            **state_json(the, session, row), "messages": [message_json(m) for m in messages], "more": len(messages) == service.PAGE
        }

    shown = await the.read(work)
    if has_left[0]:  # their network lets no stream through, say: they ask again and again instead
        await the.write(lambda s: service.customer_is_here(s, conversation))
    return shown


@router.get("/conversations/{conversation}/attachments/{attachment}")
async def attachment(conversation: str, attachment: str, request: Request) -> Response:
    """A photo of the conversation."""
    the = authorise(request, conversation)
    row = await the.read(lambda s: service.attachment(s, conversation=conversation, attachment_id=attachment))
    headers = {"Cache-Control": "private, max-age=3600", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(row.content, media_type=row.content_type, headers=headers)


@router.post("/conversations/{conversation}/ratings", status_code=201)
async def rate(conversation: str, request: Request) -> dict[str, str]:
    """Stores `{score 1..5, comment?, effort? 1..7, recommend? 0..10}`."""
    the = authorise(request, conversation)
    body = await json_body(request)
    numbers = {name: body.get(name) for name in ("score", "effort", "recommend")}
    for name, value in numbers.items():
        if (value is not None and (not isinstance(value, int) or isinstance(value, bool))) or (name == "score" and value is None):
            raise invalid("bad-rating", f"`{name}` is {value!r}; expected a whole number.")
    comment, at = text_of(body, "comment"), the.clock()

    def work(session: Session) -> None:
        service.rate(session, conversation=conversation, comment=comment, at=at, **numbers)  # type: ignore[arg-type]

    await the.write(work)
    return {"status": "stored"}


@router.websocket("/conversations/{conversation}/stream")
async def stream(socket: WebSocket, conversation: str, after: int = 0) -> None:
    """Sends the log after `after`, then each new message, typing and state; takes `{"type": "typing"}` from the customer."""
    offered = socket.headers.get("sec-websocket-protocol", "")
    await socket.accept(subprotocol=SUBPROTOCOL if offered.split(",")[0].strip() == SUBPROTOCOL else None)
    try:
        the = authorise(socket, conversation)
        found = await the.read(lambda s: service.find(s, conversation))
    except Problem as problem:
        await socket.send_json({"type": "problem", "code": problem.code, "status": problem.status, "detail": problem.detail})
        await socket.close(4000 + problem.status)
        return
    live = _live(socket)
    async with live.subscription(conversation) as events, live.subscription(f"customer:{conversation}"):
        if found.customer_left_at is not None:
            await the.write(lambda s: service.customer_is_here(s, conversation))
        listening = asyncio.create_task(_hear(socket, conversation))
        sending = asyncio.create_task(_tell(socket, the, conversation, after, events))
        try:
            await asyncio.wait((listening, sending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (listening, sending):
                task.cancel()
                with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                    await task
            with suppress(RuntimeError):
                await socket.close()
    if not live.audience(f"customer:{conversation}"):
        at = the.clock()
        await the.write(lambda s: service.customer_has_left(s, conversation, at))


async def _hear(socket: WebSocket, conversation: str) -> None:
    """Passes the customer's typing on; ends when the socket does."""
    while True:
        try:
            event = await socket.receive_json()
        except (ValueError, KeyError):
            continue
        if isinstance(event, dict) and event.get("type") == "typing":
            _live(socket).publish(conversation, "typing", author="customer", on=bool(event.get("on", True)))


async def _tell(socket: WebSocket, the: Context, conversation: str, after: int, events: Subscription) -> None:
    """Sends what is new in the log whenever something woke us, and a heartbeat when nothing did."""
    known_state: dict[str, Any] = {}

    def news(session: Session) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        row = service.find(session, conversation)
        return state_json(the, session, row), [message_json(m) for m in service.read(session, conversation, after=after)]

    while True:
        state, messages = await the.read(news)
        for message in messages:
            await socket.send_json({"type": "message", "message": message})
            after = message["seq"]
        if state != known_state:
            known_state = state
            await socket.send_json({"type": "state", **state})
        while True:
            try:
                event = await events.get(HEARTBEAT_SECONDS)
            except asyncio.TimeoutError:
                await socket.send_json({"type": "heartbeat"})
                continue
            if event.get("messages") and event["messages"][-1]["seq"] <= after:
                continue
            if event.get("messages") and event["messages"][0]["seq"] == after + 1:
                for message in event["messages"]:
                    await socket.send_json({"type": "message", "message": message})
                after = event["messages"][-1]["seq"]
                continue
            if event["kind"] == "typing":
                if event["author"] != "customer":
                    await socket.send_json({"type": "typing", "author": event["author"], "on": event["on"]})
                continue
            break
