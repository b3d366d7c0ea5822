"""The log: every message once, in order, and never more than one owner."""

from __future__ import annotations

import threading

import pytest

from savoir.conversations import service
from savoir.conversations.tables import Turn
from savoir.core.context import Context
from savoir.core.errors import Problem


def start(context: Context) -> str:
    with context.database.writing() as session:
        return str(service.start(session, channel="web", language="fr", at=context.clock()).id)


def receive(context: Context, conversation: str, client_id: str, text: str = "bonjour", **more: object) -> service.Received:
    with context.database.writing() as session:
        return service.receive(session, conversation=conversation, client_id=client_id, text=text, at=context.clock(), **more)  # type: ignore[arg-type]


def turns(context: Context, conversation: str) -> list[Turn]:
    with context.database.reading() as session:
        return session.query(Turn).filter_by(conversation=conversation).order_by(Turn.seq).all()


def test_the_same_id_twice_is_one_message_and_one_turn(context: Context) -> None:
    conversation = start(context)
    first = receive(context, conversation, "a")
    again = receive(context, conversation, "a", "something else")
    assert (first.seq, first.is_duplicate) == (1, False)
    assert (again.seq, again.is_duplicate) == (1, True)
    assert len(turns(context, conversation)) == 1


def test_messages_sent_at_once_get_one_sequence_without_gaps(context: Context) -> None:
    conversation = start(context)
    threads = [threading.Thread(target=receive, args=(context, conversation, f"m{n}")) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with context.database.reading() as session:
        assert [m.seq for m in service.read(session, conversation)] == list(range(1, 25))


def test_the_same_id_sent_at_once_by_two_is_stored_once(context: Context) -> None:
    conversation = start(context)
    seqs: list[int] = []
    threads = [threading.Thread(target=lambda: seqs.append(receive(context, conversation, "same").seq)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seqs == [1] * 8


@pytest.mark.parametrize(("text", "code"), [("", "message-empty"), ("  \n\t ", "message-empty"), ("x" * 4001, "message-too-long")])
def test_what_cannot_be_taken_is_said_clearly_and_nothing_is_stored(context: Context, text: str, code: str) -> None:
    conversation = start(context)
    with pytest.raises(Problem) as caught:
        receive(context, conversation, "a", text)
    assert caught.value.code == code
    with context.database.reading() as session:
        assert service.read(session, conversation) == []


def test_exactly_the_longest_message_is_taken(context: Context) -> None:
    assert receive(context, start(context), "a", "é" * 4000).seq == 1


def test_a_payload_is_only_taken_from_a_button_that_we_sent(context: Context) -> None:
    conversation = start(context)
    with pytest.raises(Problem, match="not offered"):
        receive(context, conversation, "a", payload="/speak_to_human")
    with context.database.writing() as session:
        row = service.lock(session, conversation)
        service.speak(session, row, author="assistant", at=context.clock(), text="?", buttons=[{"title": "Oui", "payload": "/affirm"}])
    receive(context, conversation, "b", payload="/affirm")
    with context.database.reading() as session:
        last = service.read(session, conversation)[-1]
    assert (last.text, last.payload) == ("Oui", "/affirm")


def test_nobody_answers_by_machine_while_people_have_the_conversation(context: Context) -> None:
    conversation = start(context)
    with context.database.writing() as session:
        service.change_owner(session, service.lock(session, conversation), state="waiting", at=context.clock())
    receive(context, conversation, "a")
    assert turns(context, conversation) == []


def test_a_change_of_owner_voids_the_turns_that_wait(context: Context) -> None:
    conversation = start(context)
    receive(context, conversation, "a")
    with context.database.writing() as session:
        service.change_owner(session, service.lock(session, conversation), state="agent", agent="x", at=context.clock())
    assert [t.state for t in turns(context, conversation)] == ["dropped"]


def test_a_message_to_a_resolved_conversation_opens_it_again_for_the_assistant(context: Context) -> None:
    conversation = start(context)
    with context.database.writing() as session:
        service.change_owner(session, service.lock(session, conversation), state="resolved", at=context.clock())
    receive(context, conversation, "a")
    with context.database.reading() as session:
        row = service.find(session, conversation)
    assert (row.state, row.epoch, len(turns(context, conversation))) == ("bot", 3, 1)


def test_private_notes_are_not_in_what_customers_read(context: Context) -> None:
    conversation = start(context)
    with context.database.writing() as session:
        row = service.lock(session, conversation)
        service.speak(session, row, author="agent", at=context.clock(), text="secret", private=True)
        service.speak(session, row, author="agent", at=context.clock(), text="bonjour")
    with context.database.reading() as session:
        assert [(m.seq, m.text) for m in service.read(session, conversation)] == [(2, "bonjour")]
        assert len(service.read(session, conversation, private=True)) == 2
