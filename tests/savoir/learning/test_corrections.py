"""What agents put right becomes training material, once a field, and goes with its conversation."""

from __future__ import annotations

import json

import pytest

from savoir.conversations import service as conversations
from savoir.core.database import Database
from savoir.core.errors import Problem
from savoir.core.personal_data import Person
from savoir.learning import corrections
from tests.conftest import Clock


@pytest.fixture
def conversation(database: Database, clock: Clock) -> str:
    with database.writing() as session:
        row = conversations.start(session, channel="web", language="fr", at=clock())
        conversations.receive(session, conversation=row.id, client_id="1", text="ma box clignote en rouge", at=clock())
        conversations.speak(session, row, author="assistant", text="Voici nos horaires.", at=clock())
        conversations.receive(session, conversation=row.id, client_id="2", text="non, la box !", at=clock())
        return str(row.id)


def correct(database: Database, clock: Clock, conversation: str, field: str, value: str, **more: object) -> None:
    with database.writing() as session:
        corrections.correct(session, conversation=conversation, field=field, corrected=value, agent="a", at=clock(), **more)  # type: ignore[arg-type]


def lines(database: Database) -> list[dict[str, str]]:
    with database.reading() as session:
        return [json.loads(line) for line in corrections.as_lines(session)]


def test_a_corrected_category_is_kept_with_what_the_customer_wrote(database: Database, clock: Clock, conversation: str) -> None:
    correct(database, clock, conversation, "category", "hardware.other", assumed="general.other")
    correct(database, clock, conversation, "category", "hardware.connectivity", assumed="hardware.other")
    found = lines(database)
    assert [(x["field"], x["assumed"], x["corrected"], x["language"]) for x in found] == [("category", "general.other", "hardware.connectivity", "fr")]
    assert found[0]["text"] == "ma box clignote en rouge\nnon, la box !"


def test_put_back_to_what_was_assumed_nothing_is_kept(database: Database, clock: Clock, conversation: str) -> None:
    correct(database, clock, conversation, "urgency", "p1", assumed="p3")
    correct(database, clock, conversation, "urgency", "p3", assumed="p1")
    assert lines(database) == []


def test_a_wrong_answer_is_kept_with_its_question_and_the_right_one(database: Database, clock: Clock, conversation: str) -> None:
    correct(database, clock, conversation, "answer", "Redémarrez la box.", seq=2)
    found = lines(database)[0]
    assert (found["text"], found["assumed"], found["corrected"]) == ("ma box clignote en rouge", "Voici nos horaires.", "Redémarrez la box.")


def test_a_corrected_language_is_the_conversations_from_then_on(database: Database, clock: Clock, conversation: str) -> None:
    correct(database, clock, conversation, "language", "en", assumed="fr")
    with database.reading() as session:
        assert conversations.find(session, conversation).language == "en"
    correct(database, clock, conversation, "language", "fr")
    with database.reading() as session:
        assert conversations.find(session, conversation).language == "fr"


@pytest.mark.parametrize(
    ("field", "value", "seq", "code"),
    [("colour", "red", 0, "unknown-field"), ("urgency", "p9", 0, "unknown-value"), ("answer", " ", 2, "correction-empty"), ("answer", "x", 1, "not-found")],
)
def test_what_can_not_be_right_is_refused(database: Database, clock: Clock, conversation: str, field: str, value: str, seq: int, code: str) -> None:
    with pytest.raises(Problem) as refused:
        correct(database, clock, conversation, field, value, seq=seq)
    assert refused.value.code == code


def test_corrections_go_with_an_erased_conversation(database: Database, clock: Clock, conversation: str) -> None:
    correct(database, clock, conversation, "category", "hardware.other", assumed="general.other")
    with database.writing() as session:
        conversations.personal_data.erase(session, Person(conversations=(conversation,)), clock())
    assert lines(database) == []
