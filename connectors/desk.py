"""The Rasa channel between the front door and the assistant: authenticated, idempotent by message id, never cancelled by a disconnect.

Loaded by Rasa from credentials.yml (`connectors.desk.DeskInput`). The front door's side of it is connectors/assistant.py.
"""

from __future__ import annotations

import asyncio
import hmac
import inspect
import re
from collections import OrderedDict
from typing import Any, Awaitable, Callable, Dict, List, Optional

import structlog
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from connectors.action_calls import quicken, watch

log = structlog.get_logger()
REMEMBERED = 2000
REPEATED = re.compile(r"\b(\w+)(?:[\s,.!?]+\1\b){4,}", re.IGNORECASE)
"""A word five times or more in a row: a cat on the keyboard, or a cry; its meaning is that of the word."""
OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class DeskOutput(OutputChannel):
    """Collects what the assistant says in one turn. Nothing here raises: an exception would leave the turn unsaved."""

    def __init__(self) -> None:
        self.messages: List[Dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """The name by which responses can have variations for this channel."""
        return "desk"

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        """Keeps a whole response as it is, so that its text, buttons and cards stay one message."""
        self.messages.append(_reply(message))

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keeps a plain text."""
        self.messages.append({"text": text})


def _reply(message: Dict[str, Any]) -> Dict[str, Any]:
    custom = message.get("custom") or {}
    reply = {"text": message.get("text") or "", "buttons": message.get("buttons") or None, "custom": custom or None}
    return {name: value for name, value in reply.items() if value}


def typed(text: str) -> str:
    """Typed text as it is understood: without leading slashes, so that Rasa can't take it for an intent payload, and without a word typed over and over."""
    return REPEATED.sub(r"\1", re.sub(r"^[\s/]+", "", text)) or "?"


class DeskInput(InputChannel):
    """`POST /webhooks/desk/webhook` with a bearer token: `{sender, message_id, attempt, text | payload, metadata}`."""

    def __init__(self, token: str) -> None:
        self.token = token
        self._running: Dict[str, "asyncio.Task[Dict[str, Any]]"] = {}
        self._answered: "OrderedDict[str, Dict[str, Any]]" = OrderedDict()

    @classmethod
    def name(cls) -> str:
        """Part of the address."""
        return "desk"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> "DeskInput":
        """Needs `token`, at least 32 characters, in credentials.yml."""
        token = (credentials or {}).get("token") or ""
        if len(token) < 32 or token.startswith("${"):
            raise ValueError("credentials.yml: connectors.desk.DeskInput needs a `token` of 32 characters or more (SAVOIR_RASA_TOKEN)")
        return cls(token)

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The channel's routes."""
        blueprint = Blueprint("desk_channel", inspect.getmodule(self).__name__)  # type: ignore[union-attr]
        is_warm = False

        async def warm(agent: Any) -> None:
            nonlocal is_warm
            if not is_warm:
                quicken(agent)
                await agent.parse_message("bonjour")  # the first message would else wait for the encoder
                is_warm = True

        @blueprint.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            if agent is None or not agent.is_ready():
                return response.json({"status": "no model is loaded"}, status=503)
            await warm(agent)
            store = type(_tracker_store(agent)).__name__
            return response.json({"status": "ok", "tracker_store": store, "model": agent.processor.model_filename})

        @blueprint.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            given = request.headers.get("authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {self.token}".encode()):
                return response.json({"error": "the bearer token is missing or wrong"}, status=401)
            turn = request.json or {}
            if not turn.get("sender") or not turn.get("message_id"):
                return response.json({"error": "sender and message_id are needed"}, status=400)
            try:
                await warm(request.app.ctx.agent)
                return response.json(await self._answer(request.app.ctx.agent, on_new_message, turn))
            except Exception as error:
                log.error("desk.turn_failed", conversation=turn["sender"], error=type(error).__name__)
                return response.json({"error": type(error).__name__}, status=500)

        return blueprint

    async def _answer(self, agent: Any, on_new_message: OnNewMessage, turn: Dict[str, Any]) -> Dict[str, Any]:
        """The replies to a turn: those given already when it is a repeated one, else by running it to its end."""
        message_id = turn["message_id"]
        if message_id in self._answered:
            return self._answered[message_id]
        task = self._running.get(message_id)
        if task is None:
            task = asyncio.get_event_loop().create_task(self._run(agent, on_new_message, turn))
            self._running[message_id] = task
            task.add_done_callback(lambda _: self._running.pop(message_id, None))
        return await asyncio.shield(task)  # a disconnect cancels the waiting, not the turn

    async def _run(self, agent: Any, on_new_message: OnNewMessage, turn: Dict[str, Any]) -> Dict[str, Any]:
        message_id, sender = turn["message_id"], turn["sender"]
        if int(turn.get("attempt", 1)) > 1:
            saved = await _saved_replies(agent, sender, message_id)
            if saved is not None:
                return {"messages": saved, "language": await _language(agent, sender)}
        output, faults = DeskOutput(), watch()
        text = turn.get("payload") or typed(turn.get("text") or "")
        await on_new_message(
            UserMessage(text, output, sender, input_channel=self.name(), message_id=message_id, metadata=turn.get("metadata") or {})
        )
        if faults:
            raise RuntimeError(f"an action failed, and the turn was not saved: {faults[0]}")
        if sender in getattr(_tracker_store(agent), "failed", ()):
            raise RuntimeError("the tracker store failed: the turn was not saved")  # the front door tries again
        self._answered[message_id] = {"messages": output.messages, "language": await _language(agent, sender)}
        while len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)
        return self._answered[message_id]


def _tracker_store(agent: Any) -> Any:
    return getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)  # inside Rasa's fail-safe wrapper


async def _language(agent: Any, sender: str) -> Optional[str]:
    """The language that the conversation is now in."""
    store = _tracker_store(agent)
    return store.live_slot(sender, "language") if hasattr(store, "live_slot") else None


async def _saved_replies(agent: Any, sender: str, message_id: str) -> Optional[List[Dict[str, Any]]]:
    """What the tracker says was answered to that message in a turn that was saved whole; None if there was none."""
    tracker = await agent.tracker_store.retrieve(sender)
    if tracker is None:
        return None
    replies: Optional[List[Dict[str, Any]]] = None
    is_whole = False
    for event in tracker.events:
        if isinstance(event, UserUttered):
            if replies is not None:
                break
            if event.message_id == message_id:
                replies = []
        elif replies is not None and isinstance(event, BotUttered):
            replies.append(_reply({"text": event.text, "buttons": event.data.get("buttons"), "custom": event.data.get("custom")}))
        elif replies is not None and isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME:
            is_whole = True
    return replies if is_whole else None
