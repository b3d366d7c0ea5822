"""What Rasa remembers of conversations: the rows of `events` in the trackers' database."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, make_url

EVENTS = sa.table("events", sa.column("id"), sa.column("sender_id"), sa.column("data"))
AT_ONCE = 500


def export_of(url: str, conversations: Sequence[str]) -> dict[str, list[Any]]:
    """Rasa's events of each conversation, oldest first. `url` is the trackers' database."""
    found: dict[str, list[Any]] = {}
    with _connected(url) as connection:
        for part in _parts(conversations) if connection is not None else ():
            query = sa.select(EVENTS.c.sender_id, EVENTS.c.data).where(EVENTS.c.sender_id.in_(part)).order_by(EVENTS.c.id)
            for sender, data in connection.execute(query):  # type: ignore[union-attr]
                found.setdefault(sender, []).append(json.loads(data))
    return found


def erase(url: str, conversations: Sequence[str]) -> int:
    """Erases Rasa's events of the conversations; returns how many. A running Rasa notices: it rereads what has changed."""
    erased = 0
    with _connected(url) as connection:
        for part in _parts(conversations) if connection is not None else ():
            erased += connection.execute(sa.delete(EVENTS).where(EVENTS.c.sender_id.in_(part))).rowcount  # type: ignore[union-attr]
    return erased


def _parts(conversations: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(conversations), AT_ONCE):
        yield conversations[start : start + AT_ONCE]


@contextmanager
def _connected(url: str) -> Iterator[Optional[Connection]]:
    """A transaction there; None where Rasa has never kept anything."""
    is_sqlite = url.startswith("sqlite")
    if is_sqlite and not Path(make_url(url).database or "").exists():
        yield None
        return
    engine = sa.create_engine(url, future=True, connect_args={"timeout": 15} if is_sqlite else {})
    try:
        with engine.begin() as connection:
            yield connection if sa.inspect(connection).has_table("events") else None
    finally:
        engine.dispose()
