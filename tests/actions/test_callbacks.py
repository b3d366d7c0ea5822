"""Calls: a time that is typed, one that is taken, one that filled up meanwhile."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from typing import Any, Optional

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import callbacks, turn
from savoir.conversations import service as conversations
from savoir.core.context import Context
from savoir.handoff import service as handoff

TEN_TOMORROW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)  # 10:00 in Paris


@pytest.fixture
def here(context: Context, monkeypatch: pytest.MonkeyPatch) -> Context:
    """The action server works with the test's database and clock: Tuesday 24 November, 11:00."""
    monkeypatch.setattr(turn, "context", lambda: context)
    monkeypatch.setattr(callbacks, "context", lambda: context)
    return context


def tracker(text: str, day: Optional[str] = None, requested: Optional[str] = "callback_window", **slots: Any) -> Tracker:
    """The customer answers the form's question; `day` is what the message was found to say."""
    entities = [{"entity": "date", "value": day, "start": 0, "end": 0}] if day else []
    latest = {"text": text, "intent": {"name": "inform", "confidence": 0.9}, "entities": entities}
    events = [
        {"event": "active_loop", "name": "callback_form"}, {"event": "action", "name": "action_listen"},
        {"event": "user", "text": text, "metadata": {}, "message_id": "m1", "parse_data": latest}, {"event": "action", "name": "callback_form"},
    ]
    known = {"language": "fr", "requested_slot": requested, "misses": 0.0, "anger": 0.0, "callback_window": None, "phone": None, **slots}
    return Tracker("c", known, latest, events, False, None, {"name": "callback_form"}, "action_listen")


def asked(here: Context, text: str, day: Optional[str] = None) -> dict[str, Any]:
    """The slots that the form sets."""
    answered = tracker(text, day)
    answered.sender_id = new_conversation(here)
    events = asyncio.run(callbacks.ValidateCallbackForm().run(CollectingDispatcher(), answered, {}))
    return {event["name"]: event["value"] for event in events if event["event"] == "slot"}


def new_conversation(here: Context) -> str:
    with here.database.writing() as session:
        return str(conversations.start(session, channel="web", language="fr", at=here.clock()).id)


def fill(here: Context, starts_at: datetime) -> None:
    """All places of a window are promised to others."""
    with here.database.writing() as session:
        for number in range(here.settings.callbacks_per_window):
            other = str(conversations.start(session, channel="web", language="fr", at=here.clock()).id)
            handoff.book_callback(
                session, key=f"k{number}", conversation=other, starts_at=starts_at, phone="0612345678", reason="", at=here.clock(), hours=here.hours,
            )


@pytest.mark.parametrize(
    ("text", "day", "at"),
    [
        ("demain à 10h", "2026-11-25", TEN_TOMORROW), ("plutôt demain 10 h 30", "2026-11-25", TEN_TOMORROW + timedelta(minutes=30)),
        ("tomorrow at 2pm", "2026-11-25", datetime(2026, 11, 25, 13, 0, tzinfo=timezone.utc)), ("à 15h", None, datetime(2026, 11, 24, 14, 0, tzinfo=timezone.utc)),
        ("le plus tôt possible", None, datetime(2026, 11, 24, 10, 30, tzinfo=timezone.utc)),
        ("10h", None, TEN_TOMORROW),  # it is 11 already
        ("mercredi à 10h", "2026-11-18", TEN_TOMORROW),  # a weekday that was read as the last one
    ],
)
def test_a_time_that_is_typed_is_a_window(here: Context, text: str, day: Optional[str], at: datetime) -> None:
    slots = asked(here, text, day)
    assert datetime.fromisoformat(slots["callback_window"]) == at
    assert slots["requested_slot"] == "phone"


def test_a_part_of_a_day_offers_the_windows_from_then_on(here: Context) -> None:
    slots = asked(here, "demain après-midi", "2026-11-25")
    assert slots.get("callback_window") is None
    assert (slots["asked"], slots["requested_slot"]) == ("later", "callback_window")
    assert datetime.fromisoformat(slots["callback_after"]) == datetime(2026, 11, 25, 11, 30, tzinfo=timezone.utc)


def test_a_typed_time_that_is_taken_offers_the_next_ones(here: Context) -> None:
    fill(here, TEN_TOMORROW)
    slots = asked(here, "demain à 10h", "2026-11-25")
    assert slots.get("callback_window") is None
    assert slots["asked"] == "wrong"


def test_words_without_a_time_are_no_window(here: Context) -> None:
    slots = asked(here, "euh")
    assert slots.get("callback_window") is None
    assert slots["asked"] == "again"


def test_a_window_that_filled_up_meanwhile_is_told_and_another_one_offered(here: Context) -> None:
    fill(here, TEN_TOMORROW)
    said = CollectingDispatcher()
    known = tracker("0612345678", requested=None, callback_window=TEN_TOMORROW.isoformat(), phone="0612345678")
    known.sender_id = own = new_conversation(here)
    events = asyncio.run(callbacks.ActionBookCallback().run(said, known, {}))
    assert [message["response"] for message in said.messages] == ["utter_callback_taken"]
    assert said.messages[0]["buttons"][0]["payload"] == "/ask_callback"
    assert {"event": "slot", "timestamp": None, "name": "callback_window", "value": None} in events
    with here.database.reading() as session:
        assert handoff.callback_of(session, own) is None
