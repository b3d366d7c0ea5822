"""A stage for people at work: the desk's stage with a third agent, who is an administrator, and with the keeper of those who wait."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI

from savoir.core.clock import Clock, now
from savoir.handoff.accounts import add_agent
from savoir.handoff.keeper import PeopleKeeper
from savoir.handoff.routing import Rules, change_rules
from savoir.handoff.service import Queue
from tests.web.desk_stage import PASSWORD, DeskServer

NADIA = "nadia@talvene.example"


class PeopleServer(DeskServer):
    """Claire and Karim answer, Nadia administers; `look` does what the keeper would do by and by."""

    def __init__(self, folder: Path, clock: Clock = now, **settings: Any) -> None:
        super().__init__(folder, clock, **settings)
        with self.context.database.writing() as session:
            self.nadia = add_agent(session, email=NADIA, name="Nadia Roy", password=PASSWORD, at=clock(), role="administrator", language="fr")

    def application(self) -> FastAPI:
        """The desk's, with the queue and its keeper."""
        app = super().application()
        self.queue = Queue.of(self.settings, self.context.hours)
        self.context.waiting_facts = self.queue.facts
        app.state.queue = self.queue
        self.keeper = PeopleKeeper(self.context, self.live, self.queue)
        return app

    def look(self) -> None:
        """What the keeper does once."""
        import asyncio

        asyncio.run_coroutine_threadsafe(self.keeper.look(), self._loop).result(20)

    def give_by_load(self, queue: str = "care") -> None:
        """The queue gives its conversations itself."""
        with self.context.database.writing() as session:
            change_rules(session, Rules(queue, "Service client", "Customer care", "least_loaded"))
