"""A stage for the desk: the real routers on a free port, agents, customers with orders, conversations in every state."""

from __future__ import annotations

import asyncio
import io
import socket
import threading
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, AsyncIterator, Optional

import httpx
import uvicorn
from fastapi import FastAPI
from PIL import Image
from starlette.staticfiles import StaticFiles

from savoir.conversations import routes as conversation_routes
from savoir.conversations import service as conversations
from savoir.conversations.live import Live
from savoir.conversations.service import Reply
from savoir.conversations.turn_runner import TurnRunner
from savoir.conversations.turns import Answer, Job
from savoir.core.clock import Clock, now
from savoir.core.context import Context
from savoir.core.database import Base
from savoir.core.routes import install_problems
from savoir.core.settings import PROJECT, Settings
from savoir.customers.tables import Customer, Order, OwnedProduct, Product
from savoir.handoff import routes as handoff_routes
from savoir.handoff.accounts import add_agent
from savoir.handoff.package import with_facts
from savoir.handoff.service import Queue
from savoir.tickets.service import NewTicket, open_ticket
from web import desk, vendor
from web.headers import SecurityHeaders

PASSWORD = "a long password"
CLAIRE, KARIM, SOFIA = "claire@talvene.example", "karim@talvene.example", "sofia@talvene.example"


class ScriptedAssistant:
    """Says one of two things; hands over when asked for a person."""

    async def answer(self, job: Job) -> Answer:
        """The answer to one message."""
        if "conseiller" in job.text or "person" in job.text:
            return Answer([Reply("Je vous passe un conseiller.")], [{"effect": "hand_over", "reason": "asked"}])
        buttons = [{"title": "Suivre ma commande", "payload": "/track_order"}, {"title": "Parler à un conseiller", "payload": "/human"}]
        return Answer([Reply("Bonjour ! **Que puis-je faire** pour vous ?", buttons)])


class DeskServer:
    """The application on a loopback port, in a thread of its own. Stops and starts again on the same port and database."""

    def __init__(self, folder: Path, clock: Clock = now, **settings: Any) -> None:
        if not (PROJECT / "web" / "static" / "vendor" / "htmx.min.js").exists():
            vendor.copy()
        self.settings = Settings(
            _env_file=None, var=folder, secret="stage", opening_hours="mo-su 00:00-23:59:59", holidays="", time_zone="Europe/Paris",
            conversations_per_hour=10_000, messages_per_minute=1000, **settings,
        )
        self.clock = clock
        self.context = Context(self.settings, clock=clock)
        Base.metadata.create_all(self.context.database.engine)
        with self.context.database.writing() as session:
            self.claire = add_agent(session, email=CLAIRE, name="Claire Morvan", password=PASSWORD, at=clock(), language="fr")
            self.karim = add_agent(session, email=KARIM, name="Karim Bel", password=PASSWORD, at=clock(), language="en")
            self.sofia = add_agent(session, email=SOFIA, name="Sofia Nunes", password=PASSWORD, at=clock(), language="fr", role="supervisor")
        self.port = 0
        self._server: Optional[uvicorn.Server] = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "DeskServer":
        """Serves; returns once it does."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(self.application(), log_level="warning", timeout_graceful_shutdown=1, ws_ping_interval=None)
        self._server = uvicorn.Server(config)
        self._server.install_signal_handlers = lambda: None  # type: ignore[method-assign, attr-defined]
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]}, daemon=True)
        self._thread.start()
        assert self._started.wait(10)
        return self

    def stop(self) -> None:
        """Ends serving, as if the network was cut; the database stays."""
        assert self._server
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(10)

    def application(self) -> FastAPI:
        """The routers that the desk and the customers' side need."""
        live, queue = Live(), Queue(self.context.hours)
        runner = TurnRunner(self.context, assistant=ScriptedAssistant(), live=live, effects={"hand_over": with_facts(queue.hand_over)})
        self._started = threading.Event()

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            self._loop = asyncio.get_running_loop()
            await runner.start()
            self._started.set()
            yield
            await runner.stop()

        app = FastAPI(lifespan=lifespan)
        app.state.context, app.state.live, app.state.runner = self.context, live, runner
        app.state.chat_limits = conversation_routes.ChatLimits(self.context)
        self.live = live
        install_problems(app)
        app.add_middleware(SecurityHeaders)
        for router in (conversation_routes.router, handoff_routes.router, desk.router):
            app.include_router(router)
        app.mount("/static", StaticFiles(directory=PROJECT / "web" / "static"), name="static")
        return app

    # what happens on the other side

    def waiting(self, text: str, *, minutes: float = 3, language: str = "fr", reason: str = "asked", customer: Optional[str] = None) -> str:
        """A conversation that waits for people since so many minutes; its id."""
        at = self.clock() - timedelta(minutes=minutes)
        with self.context.database.writing() as session:
            row = conversations.start(
                session, channel="web", language=language, at=at, customer=customer, page_url="https://talvene.example/aide/nova-6?ref=panier"
            )
            conversations.receive(session, conversation=row.id, client_id="c1", text="Bonjour" if language == "fr" else "Hello", at=at)
            buttons = [{"title": "Suivre ma commande", "payload": "/track_order"}, {"title": "Parler à un conseiller", "payload": "/human"}]
            conversations.speak(
                session, row, author="assistant", at=at, buttons=buttons if language == "fr" else None,
                text="Bonjour ! **Que puis-je faire** pour vous ?" if language == "fr" else "Hello! **What can I do** for you?",
            )
            conversations.receive(session, conversation=row.id, client_id="c2", text=text, at=at)
            Queue(self.context.hours).hand_over(session, row, {"reason": reason}, at)
            conversation = str(row.id)
        self.changed(conversation)
        return conversation

    def with_assistant(self, text: str) -> str:
        """A conversation that the assistant has."""
        with self.context.database.writing() as session:
            row = conversations.start(session, channel="web", language="fr", at=self.clock())
            conversations.speak(session, row, author="assistant", at=self.clock(), text=text)
            return str(row.id)

    def customer_writes(self, conversation: str, text: str) -> None:
        """One more message of the customer."""
        with self.context.database.writing() as session:
            row = conversations.find(session, conversation)
            conversations.receive(session, conversation=conversation, client_id=f"n{row.last_seq}", text=text, at=self.clock())
        self.changed(conversation)

    def customer_sends_photo(self, conversation: str) -> str:
        """A photo; the attachment's id."""
        content = io.BytesIO()
        image = Image.new("RGB", (640, 420), (58, 74, 82))
        image.paste((150, 178, 170), (60, 60, 580, 360))
        image.paste((40, 44, 48), (90, 90, 550, 330))
        image.save(content, "JPEG")
        with self.context.database.writing() as session:
            attachment = conversations.add_attachment(
                session, conversation=conversation, content_type="image/jpeg", width=640, height=420, content=content.getvalue(), at=self.clock()
            )
            conversations.receive(
                session, conversation=conversation, client_id=f"photo-{attachment}", attachments=[attachment], at=self.clock()
            )
        self.changed(conversation)
        return attachment

    def add_customer(self, conversation: Optional[str] = None) -> str:
        """Marie Dupont with orders and devices; of that conversation, where given. Her id."""
        at = self.clock()
        with self.context.database.writing() as session:
            session.add_all([
                Product(id="nova-6", name="Nova 6", type="smartphone", warranty_months=24, price_cents=59900),
                Product(id="murmure", name="Murmure", type="headphones", warranty_months=24, price_cents=12900),
                Customer(
                    id="C-1", first_name="Marie", last_name="Dupont", email="marie.dupont@example.org", phone="+33 6 39 98 12 34", language="fr",
                    postal_code="44000", city="Nantes", created_at=at,
                ),
            ])
            session.flush()
            session.add_all([
                Order(
                    number="CMD-104512", customer="C-1", placed_at=at - timedelta(days=9), status="delivered", carrier="Colivia",
                    tracking_number="CV424499991FR", total_cents=59900, lines=[{"product": "nova-6", "quantity": 1}],
                ),
                Order(
                    number="CMD-104733", customer="C-1", placed_at=at - timedelta(days=2), status="delayed", total_cents=25800,
                    lines=[{"product": "murmure", "quantity": 2}],
                ),
                OwnedProduct(
                    serial_number="NV2605694669", customer="C-1", product="nova-6", order_number="CMD-104512",
                    purchased_at=at - timedelta(days=9), has_extension=True,
                ),
            ])
            if conversation:
                conversations.set_customer(session, conversation, "C-1")
                open_ticket(
                    session,
                    NewTicket(channel="web", language="fr", subject="Écran noir après la mise à jour", body="…", category="hardware.screen",
                              urgency="p2", customer="C-1", conversation=conversation),
                    key="t1", at=at,
                )
        return "C-1"

    def log_of(self, conversation: str) -> list[tuple[str, str, bool]]:
        """Author, text and whether private, of every message."""
        with self.context.database.reading() as session:
            return [(m.author, m.text, m.private) for m in conversations.read(session, conversation, private=True)]

    def state_of(self, conversation: str) -> str:
        """Who has it."""
        with self.context.database.reading() as session:
            return str(conversations.find(session, conversation).state)

    def changed(self, conversation: str) -> None:
        """Wakes whoever looks, if it serves."""
        if self._server is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self.live.changed, conversation)

    def publish(self, conversation: str, kind: str, **event: Any) -> None:
        """An event of the conversation's topic."""
        self._loop.call_soon_threadsafe(lambda: self.live.publish(conversation, kind, **event))

    # the customer's own program

    def start_chat(self) -> tuple[str, dict[str, str]]:
        """A conversation through the public door: its id, and the headers that let the customer read it."""
        begun = httpx.post(f"{self.address}/chat/conversations", json={"language": "fr"}).json()
        return begun["conversation"], {"Authorization": f"Bearer {begun['token']}"}

    def customer_reads(self, conversation: str, headers: dict[str, str]) -> list[dict[str, Any]]:
        """What the customer's program gets."""
        answer = httpx.get(f"{self.address}/chat/conversations/{conversation}/messages", headers=headers)
        return answer.json()["messages"]  # type: ignore[no-any-return]

