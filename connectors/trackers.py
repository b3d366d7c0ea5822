"""Rasa's trackers in SQL, with the live ones kept in memory: a turn reads one number instead of replaying a conversation.

Named in endpoints.yml (`tracker_store.type: connectors.trackers.LiveTrackerStore`). A tracker in memory is used only while
the database holds exactly what it holds, so several Rasa processes may share one database.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import Any, Dict, List, Optional, Tuple

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import QueuePool

from connectors.action_calls import has_failed

MOST_LIVE = 2000


class LiveTrackerStore(SQLTrackerStore):
    """An SQLTrackerStore (`url`: an SQLAlchemy URL) that hands the tracker it saved to the next turn.

    `failed` names the conversations whose last reading or saving failed: Rasa itself goes on then as if they were new.
    """

    def __init__(self, domain: Optional[Domain] = None, host: str = "", event_broker: Optional[EventBroker] = None, **kwargs: Any) -> None:
        if "://" not in host:
            raise ValueError("endpoints.yml: tracker_store needs a `url` such as sqlite:///var/rasa.db (SAVOIR_TRACKER_URL)")
        super().__init__(domain, host=host, event_broker=event_broker, **kwargs)
        self.failed: set[str] = set()
        self._live: "OrderedDict[str, Tuple[DialogueStateTracker, int, int]]" = OrderedDict()
        if self.engine.dialect.name == "sqlite":  # Rasa's own opens a connection for every query
            self.engine.dispose()
            self.engine: Any = sa.create_engine(host, poolclass=QueuePool, pool_size=4, connect_args={"check_same_thread": False, "timeout": 15})
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
            self.sessionmaker = sessionmaker(bind=self.engine)

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The tracker of the latest session. Whoever gets a live one owns it: a turn that fails leaves nothing of it."""
        try:
            live = self._live.pop(sender_id, None)
            if live is not None and live[0].slots.keys() == {slot.name for slot in self.domain.slots}:
                tracker, last_id, saved = live
                if self._last_id(sender_id) == last_id:
                    tracker.saved_events = saved  # type: ignore[attr-defined]
                    return tracker
            tracker_of_database = await super().retrieve(sender_id)
            if tracker_of_database is not None:
                tracker_of_database.saved_events = len(tracker_of_database.events)  # type: ignore[attr-defined]
            self.failed.discard(sender_id)
            return tracker_of_database
        except Exception:
            self.failed.add(sender_id)
            raise

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Appends the events that are new, in one transaction. Raises RuntimeError when an action of this turn failed: it is not to be saved."""
        try:
            if has_failed():
                raise RuntimeError("an action failed: the turn is not saved")
            await self.stream_events(tracker)
            new = list(tracker.events)[getattr(tracker, "saved_events", 0):]
            last_id = self._append(tracker.sender_id, new)
            self.failed.discard(tracker.sender_id)
        except Exception:
            self.failed.add(tracker.sender_id)
            raise
        if any(isinstance(event, SessionStarted) for event in new) and len(tracker.events) > len(new):
            return  # the next turn loads the new session only
        tracker.saved_events = len(tracker.events)  # type: ignore[attr-defined]
        if not any(isinstance(event, UserUttered) for event in new):
            return  # a conversation that begins: its first turn goes on with this object, and may fail
        self._live[tracker.sender_id] = (tracker, last_id, len(tracker.events))
        self._live.move_to_end(tracker.sender_id)
        while len(self._live) > MOST_LIVE:
            self._live.popitem(last=False)

    def live_slot(self, sender_id: str, slot: str) -> Any:
        """The value of a slot of a conversation whose tracker is in memory, else None."""
        live = self._live.get(sender_id)
        return live[0].get_slot(slot) if live else None

    def _append(self, sender_id: str, events: List[Event]) -> int:
        rows = [_row(sender_id, event) for event in events]
        with self.engine.begin() as connection:
            if rows:
                connection.execute(sa.insert(self.SQLEvent.__table__), rows)
            return self._last_id(sender_id, connection)

    def _last_id(self, sender_id: str, connection: Any = None) -> int:
        query = sa.select([sa.func.max(self.SQLEvent.id)]).where(self.SQLEvent.sender_id == sender_id)
        if connection is not None:
            return connection.execute(query).scalar() or 0
        with self.engine.connect() as own:
            return own.execute(query).scalar() or 0


def _prepare_sqlite(connection: Any, _: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _row(sender_id: str, event: Event) -> Dict[str, Any]:
    data = event.as_dict()
    return {
        "sender_id": sender_id, "type_name": event.type_name, "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"), "action_name": data.get("name"), "data": json.dumps(data),
    }
