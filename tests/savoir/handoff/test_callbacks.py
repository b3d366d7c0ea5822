"""Call-backs: windows in opening hours, so many calls in each, promised once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from savoir.conversations import service as conversations
from savoir.core.clock import OpeningHours
from savoir.core.context import Context
from savoir.core.errors import Problem
from savoir.handoff import accounts, callbacks
from savoir.handoff.tables import Callback

PARIS = ZoneInfo("Europe/Paris")
HOURS = OpeningHours.parse("mo-fr 09:00-12:15,14:00-18:00; sa 10:00-17:00", "Europe/Paris", "FR")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def offered(context: Context, moment: str, **more: Any) -> list[str]:
    with context.database.reading() as session:
        return [f"{w.starts_at:%a %H:%M}" for w in callbacks.offer_callbacks(session, at=at(moment), hours=HOURS, **more)]


def begin(context: Context) -> str:
    with context.database.writing() as session:
        return str(conversations.start(session, channel="web", language="fr", at=context.clock()).id)


def book(context: Context, key: str = "k", conversation: str = "", **more: Any) -> Callback:
    values: dict[str, Any] = {"starts_at": at("2026-11-24T14:00"), "phone": "06 12 34 56 78", "reason": "écran noir", "at": at("2026-11-24T11:00"), **more}
    conversation = conversation or begin(context)
    with context.database.writing() as session:
        return callbacks.book_callback(session, key=key, conversation=conversation, hours=HOURS, **values)


def test_windows_are_whole_half_hours_while_people_are_there(context: Context) -> None:
    assert offered(context, "2026-11-24T11:05") == ["Tue 11:30", "Tue 14:00", "Tue 14:30"]  # 12:00 would end after 12:15
    assert offered(context, "2026-11-24T11:25") == ["Tue 14:00", "Tue 14:30", "Tue 15:00"]  # too soon
    assert offered(context, "2026-11-28T22:00", limit=2) == ["Mon 09:00", "Mon 09:30"]
    assert offered(context, "2026-12-24T17:45", limit=1) == ["Sat 10:00"]


def test_later_windows_can_be_asked_for(context: Context) -> None:
    assert offered(context, "2026-11-24T11:05", after=at("2026-11-24T17:00"), limit=2) == ["Tue 17:30", "Wed 09:00"]


def test_a_full_window_is_not_offered_and_not_booked(context: Context) -> None:
    for number in range(3):
        book(context, f"k{number}")
    assert "Tue 14:00" not in offered(context, "2026-11-24T11:05")
    with pytest.raises(Problem) as caught:
        book(context, "k3")
    assert caught.value.code == "window-full"
    assert book(context, "k4", per_window=4).place == 3


def test_the_last_place_goes_to_one_of_many_who_want_it_at_once(context: Context) -> None:
    conversations_, outcomes = [begin(context) for _ in range(6)], []

    def want(number: int) -> None:
        try:
            book(context, f"k{number}", conversations_[number])
            outcomes.append("booked")
        except Problem as problem:
            outcomes.append(problem.code)

    threads = [threading.Thread(target=want, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["booked"] * 3 + ["window-full"] * 3


def test_the_same_key_books_once(context: Context) -> None:
    conversation = begin(context)
    assert book(context, "k", conversation).id == book(context, "k", conversation, starts_at=at("2026-11-24T15:00")).id


def test_a_conversation_has_one_call_to_come(context: Context) -> None:
    conversation = begin(context)
    book(context, "a", conversation)
    later = book(context, "b", conversation, starts_at=at("2026-11-25T09:00"))
    with context.database.reading() as session:
        assert [c.id for c in callbacks.callbacks_to_make(session)] == [later.id]
        assert callbacks.callback_of(session, conversation).id == later.id  # type: ignore[union-attr]
    assert offered(context, "2026-11-24T11:45", limit=1, per_window=1) == ["Tue 14:00"]  # the earlier one's place is free again


def test_a_call_can_be_taken_back(context: Context) -> None:
    conversation = begin(context)
    assert book(context, "a", conversation)
    with context.database.writing() as session:
        assert callbacks.cancel_callback(session, conversation=conversation)
        assert not callbacks.cancel_callback(session, conversation=conversation)


@pytest.mark.parametrize("moment", ["2026-11-24T14:10", "2026-11-24T12:00", "2026-11-29T10:00", "2026-11-24T10:30"])
def test_a_moment_that_is_no_window_to_come_is_refused(context: Context, moment: str) -> None:
    with pytest.raises(Problem) as caught:
        book(context, starts_at=at(moment))
    assert caught.value.code == "bad-window"


@pytest.mark.parametrize(
    ("written", "number"),
    [("06 12 34 56 78", "+33612345678"), ("0612345678", "+33612345678"), ("+33 (0)6 12 34 56 78", "+33612345678"), ("+44 7911 123456", "+447911123456")],
)
def test_numbers_are_french_unless_they_say_otherwise(written: str, number: str) -> None:
    assert callbacks.phone_number(written) == number


@pytest.mark.parametrize("written", ["", "12345", "mon numéro", "0899 70 00 00", "06 12 34 56"])
def test_what_is_no_number_or_a_dear_one_is_refused(written: str) -> None:
    with pytest.raises(Problem) as caught:
        callbacks.phone_number(written)
    assert caught.value.code == "bad-phone"


def test_numbers_are_shown_as_people_write_them() -> None:
    assert callbacks.phone_words("+33612345678") == "06 12 34 56 78"
    assert callbacks.phone_words("+447911123456") == "+44 7911 123456"


def test_a_window_is_said_in_both_languages() -> None:
    window = callbacks.Window(at("2026-11-24T14:00"), at("2026-11-24T14:30"))
    assert window.words(HOURS, "fr") == "mardi 24 novembre, entre 14 h et 14 h 30"
    assert window.words(HOURS, "en") == "Tuesday 24 November, between 14:00 and 14:30"


def test_a_call_that_was_made_is_done_once_and_leaves_the_list(context: Context) -> None:
    call = book(context)
    with context.database.writing() as session:
        agent = accounts.add_agent(session, email="marie@example.org", name="Marie", password="a long password", at=context.clock())
        for minutes in (0, 5):
            callbacks.finish_callback(session, callback=call.id, agent=agent, at=context.clock() + timedelta(minutes=minutes))
        with pytest.raises(Problem):
            callbacks.finish_callback(session, callback=999, agent=agent, at=context.clock())
    with context.database.reading() as session:
        assert callbacks.callbacks_to_make(session) == []
        assert [(c.id, c.done_at) for c in callbacks.callbacks_made(session)] == [(call.id, context.clock())]


def test_numbers_kept_for_invented_people_can_be_promised_a_call() -> None:
    assert callbacks.phone_number("06 39 98 12 34") == "+33639981234"
    assert callbacks.phone_words("+33639981234") == "06 39 98 12 34"
