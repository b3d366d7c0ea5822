"""A stage for the chat component: the real routers with a scripted assistant, on a free port."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, AsyncIterator, Callable, Optional

import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from savoir.conversations import routes as conversation_routes
from savoir.conversations import service as conversations
from savoir.conversations.live import Live
from savoir.conversations.service import Reply
from savoir.conversations.tables import Conversation, Message, Rating
from savoir.conversations.turn_runner import TurnRunner
from savoir.conversations.turns import Answer, Job
from savoir.core.clock import now
from savoir.core.context import Context
from savoir.core.database import Base
from savoir.core.routes import install_problems
from savoir.core.security import sign_chat_token
from savoir.core.settings import PROJECT, Settings
from savoir.handoff import routes as handoff_routes
from savoir.handoff import service as handoff
from savoir.handoff.accounts import add_agent
from savoir.handoff.service import Queue
from web.headers import SecurityHeaders

STATIC = PROJECT / "web" / "static"
ALWAYS_OPEN = "mo-su 00:00-23:59:59"


def opens_in_days(days: int) -> str:
    """Opening hours under which people are away now and come back at nine, so many days later."""
    day = (datetime.now(timezone.utc) + timedelta(days=days)).strftime("%a").lower()[:2]
    return f"{day} 09:00-10:00"


ORDER_CARD = {
    "title": "Commande TV-24817", "lines": ["Nova 6, bleu nuit", "Livraison prévue vendredi 13 mars"],
    "url": "https://example.org/suivi/24817", "link_label": "Suivre le colis",
}


class ScriptedAssistant:
    """Echoes; some first words do something special. `slow` waits until the test calls `go_on`."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self._go_on: Optional[asyncio.Event] = None
        self.loop: Optional[asyncio.AbstractEventLoop] = None
        self.replies: dict[str, list[Reply]] = {}

    def go_on(self) -> None:
        """Lets the slow answers be given."""
        assert self.loop and self._go_on
        self.loop.call_soon_threadsafe(self._go_on.set)

    async def answer(self, job: Job) -> Answer:
        """The answer to one message."""
        self.jobs.append(job)
        self.loop = asyncio.get_running_loop()
        if (job.payload or "").startswith("/switch_language"):
            language = "en" if '"en"' in (job.payload or "") else "fr"
            return Answer([Reply("Let's speak English." if language == "en" else "Parlons français.")], language=language)
        if job.payload:
            return Answer([Reply(f"Choisi : {job.payload}")])
        if job.text in self.replies:
            return Answer(self.replies[job.text])
        if job.photos and not job.text:
            return Answer([Reply("J'ai bien reçu votre photo.")])
        if job.text.startswith("slow"):
            self._go_on = self._go_on or asyncio.Event()
            await self._go_on.wait()
            return Answer([Reply(f"Enfin : {job.text}")])
        if job.text == "english":
            return Answer([Reply("Of course, I can help you in English.")], language="en")
        if job.text == "buttons":
            buttons = [{"title": "Oui, c'est ça", "payload": "/affirm"}, {"title": "Non, autre chose", "payload": "/deny"}]
            return Answer([Reply("Est-ce bien votre Nova 6 ?", buttons)])
        if job.text == "card":
            return Answer([Reply("Voici votre commande.", None, [ORDER_CARD])])
        return Answer([Reply(f"Vous avez dit : {job.text}")])


PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Boutique</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"></head>
<body><main><h1>Boutique</h1><p><a href="#suite">Un lien de la page</a></p></main>
<savoir-chat {attributes}></savoir-chat><script type="module" src="/static/chat/savoir-chat.js"></script></body></html>"""


class ChatServer:
    """The application on a loopback port, run by uvicorn in a thread of its own. Restartable on the same port and database."""

    def __init__(self, folder: Path, opening_hours: str = ALWAYS_OPEN, **settings: Any) -> None:
        self.settings = Settings(
            var=folder, secret="stage", opening_hours=opening_hours, holidays="", time_zone="UTC", default_language="fr", **settings
        )
        self.clock = now
        self.assistant = ScriptedAssistant()
        self.context = Context(self.settings)
        Base.metadata.create_all(self.context.database.engine)
        self.port = 0
        self.requests: list[str] = []
        self._server: Optional[uvicorn.Server] = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serves; returns once it does."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(128)  # whoever comes before uvicorn is ready waits
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(self._app(), log_level="warning", timeout_graceful_shutdown=1, ws_ping_interval=None)
        self._server = uvicorn.Server(config)
        self._server.install_signal_handlers = lambda: None  # type: ignore[method-assign]
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]}, daemon=True)
        self._thread.start()
        self._started.wait(10)

    def stop(self) -> None:
        """Ends serving; the database stays."""
        assert self._server
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)

    def _app(self) -> FastAPI:
        live = Live()
        queue = Queue(self.context.hours)
        self.runner = TurnRunner(self.context, assistant=self.assistant, live=live, effects={"hand_over": queue.hand_over})
        self._started = threading.Event()

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            self._loop = asyncio.get_running_loop()
            await self.runner.start()
            self._started.set()
            yield
            await self.runner.stop()

        app = FastAPI(lifespan=lifespan)
        app.state.context, app.state.live, app.state.runner = self.context, live, self.runner
        app.state.chat_limits = self.limits = conversation_routes.ChatLimits(self.context)
        install_problems(app)
        app.add_middleware(SecurityHeaders)
        if self.settings.allowed_origins:
            app.add_middleware(
                CORSMiddleware, allow_origins=self.settings.allowed_origins.split(), allow_methods=["GET", "POST"],
                allow_headers=["authorization", "content-type"],
            )

        @app.middleware("http")
        async def note(request: Request, call_next: Callable[[Request], Any]) -> Any:
            self.requests.append(f"{request.method} {request.url.path}")
            return await call_next(request)

        @app.get("/page", response_class=HTMLResponse)
        async def page(attributes: str = 'language="fr" firm="Talvène"', language: str = "fr") -> str:
            return PAGE.format(attributes=attributes, language=language)

        @app.get("/elsewhere", response_class=HTMLResponse)
        async def elsewhere(desk: str) -> HTMLResponse:
            """Another firm's site, with its own policy, that has the chat by one script tag."""
            policy = f"default-src 'none'; script-src {desk}; style-src {desk}; img-src {desk} blob:; connect-src {desk} {desk.replace('http', 'ws')}"
            tag = f'<script type="module" src="{desk}/static/chat/savoir-chat.js" data-language="en" data-firm="Talvène"></script>'
            return HTMLResponse(f"<!doctype html><html lang='en'><title>Shop</title><body>{tag}</body></html>", headers={"Content-Security-Policy": policy})

        app.include_router(conversation_routes.router)
        app.include_router(handoff_routes.router)
        app.mount("/static", StaticFiles(directory=STATIC), name="static")
        self._live = live
        return app

    # what happens on the other side

    def the_conversation(self) -> str:
        """The newest conversation's id."""
        with self.context.database.reading() as session:
            row = session.execute(sa.select(Conversation).order_by(Conversation.created_at.desc())).scalars().first()
            assert row
            return str(row.id)

    def conversations(self) -> int:
        """How many there are."""
        with self.context.database.reading() as session:
            return int(session.execute(sa.select(sa.func.count()).select_from(Conversation)).scalar_one())

    def said_by(self, author: str = "customer") -> list[str]:
        """What stands in the log of all conversations, in order."""
        with self.context.database.reading() as session:
            query = sa.select(Message.text).where(Message.author == author).order_by(Message.id)
            return list(session.execute(query).scalars())

    def rating(self) -> Optional[Rating]:
        """The rating of the newest conversation."""
        with self.context.database.reading() as session:
            return session.get(Rating, self.the_conversation())

    def expired_token(self) -> str:
        """A token of the newest conversation that was valid until yesterday."""
        return sign_chat_token(self.the_conversation(), self.settings.key("chat"), now() - timedelta(days=31), 30)

    def assistant_says(self, *texts: str) -> None:
        """Messages without a question before them."""
        self._change(lambda s, row: [conversations.speak(s, row, author="assistant", at=self.clock(), text=text) for text in texts])

    def agent_takes(self, name: str = "Claire") -> None:
        """An agent takes the newest conversation."""
        with self.context.database.writing() as session:
            self._agent = add_agent(
                session, email=f"{name.lower()}@talvene.example", name=name, password="a long password", at=self.clock()
            )
        self._change(lambda s, row: handoff.take(s, conversation=row.id, agent=self._agent, at=self.clock()))

    def agent_says(self, text: str, client_id: str) -> None:
        """The agent answers."""
        self._change(
            lambda s, row: handoff.reply(s, conversation=row.id, agent=self._agent, client_id=client_id, text=text, at=self.clock())
        )

    def agent_resolves(self) -> None:
        """The agent ends the conversation."""
        self._change(lambda s, row: handoff.resolve(s, conversation=row.id, agent=self._agent, at=self.clock()))

    def bar_rating(self) -> None:
        """Nobody may ask for a rating in the newest conversation."""
        self._change(lambda s, row: conversations.bar_rating(s, row.id))

    def agent_types(self) -> None:
        """The agent is writing."""
        self._soon(self._live.publish, self.the_conversation(), "typing", author="agent", on=True)

    def _change(self, work: Callable[..., Any]) -> None:
        conversation = self.the_conversation()
        with self.context.database.writing() as session:
            work(session, conversations.lock(session, conversation))
        self._soon(self._live.changed, conversation)

    def _soon(self, work: Callable[..., None], *args: Any, **kwargs: Any) -> None:
        done = threading.Event()

        def run() -> None:
            work(*args, **kwargs)
            done.set()

        self._loop.call_soon_threadsafe(run)
        assert done.wait(5)
