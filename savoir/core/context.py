"""What a process of ours holds open: settings, database, a pool of threads for the database's work, the clock."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any, Callable, Optional, TypeVar

from sqlalchemy.orm import Session

from .clock import Clock, OpeningHours, now
from .database import Database
from .settings import Settings

T = TypeVar("T")


class Context:
    """One per process, passed on; closes what it opened."""

    def __init__(self, settings: Settings, database: Optional[Database] = None, clock: Clock = now, threads: int = 8) -> None:
        self.settings = settings
        self.database = database or Database(settings.database)
        self.clock = clock
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="database")
        self.hours = OpeningHours.parse(settings.opening_hours, settings.time_zone, settings.holidays)
        self.waiting_facts: Optional[Callable[[Session, Any, datetime], dict[str, Any]]] = None
        """What customers' programs are told of a conversation that waits, by queues and calendars, where there are any."""

    def today(self) -> date:
        """The firm's present day."""
        return self.clock().astimezone(self.hours.zone).date()

    async def read(self, work: Callable[[Session], T]) -> T:
        """Runs `work` in a reading transaction, off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, self._read, work)

    async def write(self, work: Callable[[Session], T]) -> T:
        """Runs `work` in a writing transaction, off the event loop; its result comes after the commit."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, self._write, work)

    def close(self) -> None:
        """Ends threads and connections."""
        self.pool.shutdown(wait=False)
        self.database.close()

    def _read(self, work: Callable[[Session], T]) -> T:
        with self.database.reading() as session:
            return work(session)

    def _write(self, work: Callable[[Session], T]) -> T:
        with self.database.writing() as session:
            return work(session)
