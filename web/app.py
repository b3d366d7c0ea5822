"""The desk process: chat, help centre, agents' desk and API in one application, and what runs turns and sends the outbox."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import AsyncIterator, Optional

import aiohttp
import sqlalchemy as sa
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from connectors.assistant import RasaAssistant
from connectors.mail import Mailer
from savoir.conversations import routes as conversation_routes
from savoir.conversations.live import Live
from savoir.conversations.silence import SilenceKeeper
from savoir.conversations.turn_runner import TurnRunner
from savoir.conversations.turns import Assistant
from savoir.core.context import Context
from savoir.core.log import logger
from savoir.core.outbox_runner import OutboxRunner
from savoir.core.routes import Check, install_problems, operations
from savoir.core.settings import Settings
from savoir.handoff import routes as handoff_routes
from savoir.handoff.keeper import PeopleKeeper
from savoir.handoff.package import with_facts
from savoir.handoff.service import Queue
from savoir.knowledge import routes as knowledge_routes
from savoir.knowledge import service as knowledge
from savoir.privacy import routes as privacy_routes
from savoir.privacy.service import PrivacyWork
from savoir.tickets import routes as ticket_routes
from web import desk, help
from web.headers import SecurityHeaders

HERE = Path(__file__).parent
log = logger(__name__)


def create_app(settings: Settings, assistant: Optional[Assistant] = None, context: Optional[Context] = None) -> FastAPI:
    """The application; `assistant` answers instead of Rasa where given (tests)."""
    the = context or Context(settings)
    live = Live(settings.redis_url)
    rasa = RasaAssistant(settings)
    queue = Queue.of(settings, the.hours)
    the.waiting_facts = queue.facts
    privacy = PrivacyWork(the)
    outbox = OutboxRunner(
        the, handlers={"mail": Mailer(settings, the.clock).send, "privacy_export": privacy.export, "privacy_erasure": privacy.erase}
    )
    silence = SilenceKeeper(the, live)
    people = PeopleKeeper(the, live, queue)
    runner = TurnRunner(the, assistant=assistant or rasa, live=live, effects={"hand_over": with_facts(queue.hand_over)})

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await live.start()
        warming = asyncio.get_running_loop().run_in_executor(the.pool, _prepare, the)
        await runner.start()
        await outbox.start()
        await silence.start()
        await people.start()
        yield
        await people.stop()
        await silence.stop()
        await runner.stop()
        await outbox.stop()
        await warming
        await live.stop()
        await rasa.close()
        if context is None:
            the.close()

    app = FastAPI(
        title="Savoir", version="1", openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None, lifespan=lifespan
    )
    app.state.context, app.state.live, app.state.runner = the, live, runner
    app.state.outbox, app.state.queue = outbox, queue
    app.state.chat_limits = conversation_routes.ChatLimits(the)
    install_problems(app)
    app.add_middleware(SecurityHeaders)
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=settings.allowed_origins.split(), allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type"],
        )
    app.include_router(operations(_checks(the, rasa)))
    for router in (
        conversation_routes.router, handoff_routes.router, knowledge_routes.router, ticket_routes.router, privacy_routes.router, help.router, desk.router
    ):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    return app


def _prepare(the: Context) -> None:
    try:
        knowledge.prepare(the.database)
    except Exception as error:  # the search tries again at the first question
        log.warning("knowledge.not_ready", error=repr(error))


def _checks(the: Context, rasa: RasaAssistant) -> dict[str, Check]:
    async def database() -> None:
        await the.read(lambda session: session.execute(sa.text("select 1 from conversation limit 1")))

    async def actions() -> None:
        url = f"http://127.0.0.1:{the.settings.actions_port}/health"
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as http, http.get(url) as response:
            response.raise_for_status()

    return {"database": database, "assistant": rasa.check, "actions": actions}
