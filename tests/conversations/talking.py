"""One customer at the front door of the house, over HTTP: what they send, what comes back, and what no turn may ever be."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Optional

import aiohttp
import jwt
import sqlalchemy as sa
from PIL import Image, ImageDraw

from savoir.conversations.tables import Turn as TurnRow
from savoir.core.clock import now
from savoir.handoff import service as handoff
from tests.conversations import circumstances
from tests.conversations.stage import IDENTITY_SECRET, Stage

MOST_MESSAGES = 2
"""What the assistant may say to one message of the customer."""
SLOW_SECONDS = 3.0
PATIENCE_SECONDS = 30.0
"""After that a turn is not waited for any more, and the conversation ends with it."""
LOOKS_SECONDS = 0.03
UNTRANSLATED = re.compile(r"\butter_\w+|\{[a-z_]+\}|\bNone\b(?! of)|\bnull\b")
"""The name of a response, a variable without a value, or Python's nothing."""
OURS = ("assistant", "system")


class Unanswered(Exception):
    """The assistant does not answer any more: to go on would only wait again."""


@dataclass
class Exchange:
    """What the customer sent and what was said to it; `seconds` from the one in the log to the other."""

    sent: str
    seq: int
    replies: list[dict[str, Any]] = field(default_factory=list)
    seconds: Optional[float] = None

    @property
    def said(self) -> str:
        """The whole reply as it is read, with its cards."""
        return "\n".join(text for reply in self.replies for text in _readable(reply))

    @property
    def buttons(self) -> list[dict[str, str]]:
        """All quick replies of it."""
        return [button for reply in self.replies for button in reply.get("buttons") or ()]


class Talk:
    """A conversation under way. Every exchange is looked at: `faults` are what no turn may be."""

    def __init__(self, http: aiohttp.ClientSession, stage: Stage, language: str) -> None:
        self.http, self.stage, self.language = http, stage, language
        self.conversation, self.state, self.seen = "", "bot", 0
        self.may_be_slow = False
        self.exchanges: list[Exchange] = []
        self.transcript: list[str] = []
        self.faults: list[str] = []
        self._headers: dict[str, str] = {}

    async def begin(self, holds: Optional[dict[str, Any]] = None, customer: Optional[str] = None) -> None:
        """Opens the conversation; `holds` are its circumstances, `customer` is who is signed in on the firm's own site."""
        claims = {"sub": customer, "exp": int(time.time()) + 300}
        signed = {"identity": jwt.encode(claims, IDENTITY_SECRET, algorithm="HS256")} if customer else {}
        begun = await self._ask("POST", "/chat/conversations", {"language": self.language, **signed})
        self.conversation, self._headers = begun["conversation"], {"Authorization": f"Bearer {begun['token']}"}
        if holds:
            circumstances.write(self.stage.folder, self.conversation, holds)
            self.may_be_slow = "hanging" in holds

    async def write(self, text: str) -> Exchange:
        """The customer types."""
        return await self._send(text, {"text": text})

    async def press(self, title: str, payload: str) -> Exchange:
        """The customer presses a button that was shown."""
        return await self._send(f"[{title}]", {"payload": payload})

    async def photograph(self, of: str, text: str = "") -> Exchange:
        """The customer sends a photo, with words or without."""
        form = aiohttp.FormData({"id": self._new_id(), **({"text": text} if text else {})})
        form.add_field("file", photo(of), filename=f"{of}.jpg", content_type="image/jpeg")
        return await self._send(f"(photo: {of}) {text}".strip(), form)

    async def ask_for_a_person(self) -> Exchange:
        """The chat's own button, which needs no assistant."""
        exchange = Exchange("(button of the chat: a person)", self.seen)
        self._note("customer", exchange.sent)
        self.exchanges.append(exchange)
        await self._ask("POST", f"{self._path}/handoff", {})
        await self.look()
        return exchange

    async def rate(self, score: Any) -> None:
        """The customer gives a mark."""
        self._note("customer", f"(rates {score})")
        await self._ask("POST", f"{self._path}/ratings", score if isinstance(score, dict) else {"score": score})

    async def pass_time(self, period: timedelta) -> None:
        """So much time goes by: what the assistant remembers of the conversation is as much older, and its session may have ended."""
        self._note("(later)", str(period).split(".")[0])

        def work() -> None:
            engine = sa.create_engine(self.stage.settings.trackers)
            events = sa.table("events", sa.column("id"), sa.column("sender_id"), sa.column("timestamp"), sa.column("data"))
            own = events.c.sender_id == self.conversation
            with engine.begin() as connection:
                rows = connection.execute(sa.select(events.c.id, events.c.data).where(own)).all()
                for row in rows:
                    data = json.loads(row.data)
                    data["timestamp"] -= period.total_seconds()
                    change = sa.update(events).where(events.c.id == row.id)
                    connection.execute(change.values(timestamp=data["timestamp"], data=json.dumps(data)))
                # another number for the latest event: the process that holds the conversation in memory reads it anew
                highest = connection.execute(sa.select(sa.func.max(events.c.id))).scalar_one()
                connection.execute(sa.update(events).where(events.c.id == max(row.id for row in rows)).values(id=highest + 1))
            engine.dispose()

        await asyncio.to_thread(work)

    async def agent(self, does: dict[str, Any]) -> None:
        """The agent at the desk takes the conversation, speaks, notes, hands back or resolves; in this order."""
        self._note("agent", ", ".join(k if v is True else f"{k} “{v}”" for k, v in does.items()))

        def work() -> None:
            key: dict[str, Any] = {"conversation": self.conversation, "agent": self.stage.agent, "at": now()}
            with self.stage.context.database.writing() as session:
                if does.get("takes"):
                    handoff.take(session, **key)
                for name, act in (("says", handoff.reply), ("notes", handoff.note)):
                    if does.get(name):
                        act(session, client_id=self._new_id(), text=str(does[name]), **key)
                if does.get("hands_back"):
                    handoff.hand_back(session, **key)
                if does.get("resolves"):
                    handoff.resolve(session, **key)

        await asyncio.to_thread(work)
        await self.look()

    async def look(self) -> None:
        """Reads what is new; it belongs to the latest exchange."""
        news = await self._ask("GET", f"{self._path}/messages?after={self.seen}")
        self.state, self.language = news["state"], news["language"]
        for message in news["messages"]:
            self.seen = message["seq"]
            if message["author"] == "customer":
                continue
            if message["author"] in OURS and self.exchanges:
                self.exchanges[-1].replies.append(message)
            for number, line in enumerate(_readable(message)):
                self._note(message["author"] if number == 0 else "", line)
            if message.get("buttons"):
                self._note("", " ".join(f"[{button['title']}]" for button in message["buttons"]))

    def note_fault(self, fault: str) -> None:
        """Writes a fault into the transcript, where it came up."""
        self.faults.append(fault)
        self.transcript.append(f"  ✗ {fault}")

    @property
    def _path(self) -> str:
        return f"/chat/conversations/{self.conversation}"

    def _new_id(self) -> str:
        return os.urandom(8).hex()

    def _note(self, author: str, text: str) -> None:
        for number, line in enumerate(text.splitlines() or [""]):
            self.transcript.append(f"  {author if number == 0 else '':10} {line}")

    async def _send(self, shown: str, body: Any) -> Exchange:
        self._note("customer", shown if len(shown) <= 400 else f"{shown[:400]}… ({len(shown)} characters)")
        if isinstance(body, dict):
            body = {"id": self._new_id(), **body}
        began = time.monotonic()
        exchange = Exchange(shown, int((await self._ask("POST", f"{self._path}/messages", body))["seq"]))
        self.exchanges.append(exchange)
        row = await self._answered(exchange.seq)
        exchange.seconds = (row.done_at - row.created_at).total_seconds() if row is not None and row.done_at else None
        await self.look()
        self._judge(exchange, row, time.monotonic() - began)
        return exchange

    async def _answered(self, seq: int) -> Optional[TurnRow]:
        """The turn of the assistant once it has ended; None when there is none because people have the conversation."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        query = sa.select(TurnRow).where(TurnRow.conversation == self.conversation, TurnRow.seq == seq)
        while True:
            with self.stage.context.database.reading() as session:
                row = session.execute(query).scalar_one_or_none()
            if row is None or row.done_at is not None or time.monotonic() > deadline:
                return row
            await asyncio.sleep(LOOKS_SECONDS)

    def _judge(self, exchange: Exchange, row: Optional[TurnRow], waited: float) -> None:
        if row is None:
            return
        if row.done_at is None:
            self.note_fault(f"not answered within {waited:.0f} s")
            raise Unanswered(self.faults[-1])
        elif not exchange.replies and self.state == "bot":
            self.note_fault("not answered")
        of_assistant = [reply for reply in exchange.replies if reply["author"] == "assistant"]
        if len(of_assistant) > MOST_MESSAGES:
            self.note_fault(f"{len(of_assistant)} messages to one of the customer's; at most {MOST_MESSAGES} are read")
        for reply in exchange.replies:
            shown = " ".join([*_readable(reply), *(button["title"] for button in reply.get("buttons") or ())])
            if (raw := UNTRANSLATED.search(shown)) is not None:
                self.note_fault(f"“{raw[0]}” is shown to the customer")
        if not self.may_be_slow and (exchange.seconds or 0) > slow_seconds():
            self.note_fault(f"answered after {exchange.seconds:.1f} s; at most {slow_seconds():.1f} s are waited for")

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        sent: dict[str, Any] = {"data": body} if isinstance(body, aiohttp.FormData) else {"json": body}
        async with self.http.request(method, self.stage.address + path, headers=self._headers, **sent) as response:
            if response.status >= 300:
                raise AssertionError(f"{method} {path}: {response.status} {await response.text()}")
            return await response.json()


def slow_seconds() -> float:
    """The longest answer: 3 s on a machine that has its processors to itself, more where others use them."""
    return SLOW_SECONDS * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def photo(of: str) -> bytes:
    """A small JPEG with that word on it."""
    picture = Image.new("RGB", (160, 120), "#556")
    ImageDraw.Draw(picture).text((8, 50), of, fill="white")
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def _readable(message: dict[str, Any]) -> list[str]:
    """The text of a message and of its cards."""
    cards = message.get("cards") or ()
    texts = [message.get("text") or "", *(" · ".join([card.get("title", ""), *card.get("lines", ())]) for card in cards)]
    return [text for text in texts if text]
