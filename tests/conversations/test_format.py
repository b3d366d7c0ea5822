"""What designers may write is understood, and what can't be understood is said with its line."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from savoir.core.database import Database
from savoir.customers.tables import Customer, Order, OwnedProduct, Product
from savoir.tickets.tables import Ticket
from tests.conftest import Clock
from tests.conversations import checks, given, table
from tests.conversations.playing import is_said
from tests.conversations.reached import Way, _walks, read_ways
from tests.conversations.script import Script, Unreadable, all_files, read_script

AT = datetime(2026, 11, 24, 10, tzinfo=timezone.utc)


def written(folder: Path, text: str) -> Script:
    path = folder / "somebody_says_something.yml"
    path.write_text(text, encoding="utf-8")
    return read_script(path)


@pytest.mark.parametrize("path", all_files(), ids=lambda path: path.stem)
def test_every_file_can_be_read(path: Path) -> None:
    assert read_script(path).steps


def test_a_conversation_has_steps_with_their_lines(tmp_path: Path) -> None:
    script = written(tmp_path, 'language: en\nshows: greet\nsteps:\n  - customer: hello\n  - assistant: [hello, hi]\n    buttons: [Track my order]\n  - nothing\n')
    assert (script.language, script.shows) == ("en", ["greet"])
    assert [(step.kind, step.value, step.line) for step in script.steps] == [
        ("customer", "hello", 4), ("assistant", {"says": ["hello", "hi"], "buttons": ["Track my order"]}, 5), ("nothing", True, 7),
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("steps:\n  - custommer: x\n", 2, "`custommer` is unknown"),
        ("language: de\nsteps: [{customer: x}]\n", 1, "expected fr or en"),
        ("stepps: []\n", 1, "`stepps` is unknown"),
        ("language: fr\n", 1, "`steps` is empty"),
        ("given: {ordre: {}}\nsteps: [{customer: x}]\n", 1, "`given` has `ordre`"),
        ("given: {opening: never}\nsteps: [{customer: x}]\n", 1, "expected open or closed"),
        ("steps:\n  - customer: x\n  - state: gone\n", 3, "expected bot, waiting, agent or resolved"),
        ("steps:\n  - customer: x\n  - assistant: {say: x}\n", 3, "`assistant` has 'say'"),
        ("steps:\n  - customer: x\n    buttons: [y]\n", 2, "`buttons` belongs to no `customer`"),
        ("steps:\n  - agent: sings\n  - agent: {leaves: true}\n", 3, "`agent` has 'leaves'"),
        ("steps: [\n", 2, "not YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(Unreadable) as fault:
        written(tmp_path, text)
    assert f":{line}: " in str(fault.value)
    assert said in str(fault.value)


@pytest.mark.parametrize(
    ("wanted", "said", "holds"),
    [
        ("est en route", "Votre commande **EST en route**", True), ("a ete livree", "a été\u00a0livrée lundi", True), ("perdue", "en route", False),
        (r"/SAV-\d{6}/", "dossier SAV-000042", True), ("/^bonjour/", "eh bonjour", False),
    ],
)  # fmt: skip
def test_words_are_compared_without_capitals_accents_or_bold(wanted: str, said: str, holds: bool) -> None:
    assert is_said(wanted, said) is holds


@pytest.mark.parametrize(("value", "hours"), [("3 days ago", -72), ("in 2 hours", 2), ("today", 0), ("1 week ago", -168), ("2026-11-24T12:00", 2)])
def test_times_are_written_as_people_say_them(value: str, hours: int) -> None:
    assert given.time_of(value, AT) == AT + timedelta(hours=hours)


def test_an_unreadable_time_is_refused() -> None:
    with pytest.raises(ValueError, match="3 days ago"):
        given.time_of("yesterday", AT)


@pytest.fixture
def firm(database: Database, clock: Clock) -> Database:
    with database.writing() as session:
        session.add(Product(id="nova-6", name="Nova 6", type="smartphone", price_cents=54900))
        session.add(Customer(id="C-0042", first_name="Ada", last_name="Roy", email="ada@example.org", language="fr", postal_code="75011"))
    return database


def prepared(database: Database, wanted: dict[str, Any], clock: Clock) -> dict[str, str]:
    with database.writing() as session:
        return given.prepare(session, wanted, "fr", clock())


def test_rows_of_a_conversation_are_its_own_and_named(firm: Database, clock: Clock) -> None:
    first = prepared(firm, {"order": [{"status": "paid"}, {"status": "delivered", "delivered_at": "2 days ago"}], "owned": {}}, clock)
    second = prepared(firm, {"order": {}}, clock)
    assert first["order"] != first["order_2"] != second["order"]
    assert first["email"] != second["email"]
    with firm.reading() as session:
        order = session.get(Order, first["order_2"])
        assert (order.customer, order.status, order.total_cents) == (first["customer"], "delivered", 54900)
        assert order.delivered_at == clock() - timedelta(days=2)
        assert session.get(OwnedProduct, first["serial_number"]).customer == first["customer"]


def test_a_customer_of_the_demo_firm_can_be_named(firm: Database, clock: Clock) -> None:
    words = prepared(firm, {"order": {"customer": "C-0042"}, "ticket": {"state": "open"}}, clock)
    assert (words["customer"], words["email"], words["postal_code"]) == ("C-0042", "ada@example.org", "75011")
    with firm.reading() as session:
        assert session.query(Ticket).one().number == words["ticket"]


@pytest.mark.parametrize("wanted", [{"order": {"state": "paid"}}, {"order": {"status": "eaten"}}, {"order": "paid"}, {"order": {"lines": ["nova-99"]}}])
def test_a_row_that_can_not_be_is_refused_with_what_could(firm: Database, clock: Clock, wanted: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        prepared(firm, wanted, clock)


def test_a_check_says_what_is_missing_and_what_is_there_instead(firm: Database, clock: Clock) -> None:
    number = prepared(firm, {"order": {"status": "paid"}}, clock)["order"]
    with firm.reading() as session:
        assert checks.misses(session, "order", "", {"number": number, "status": "paid", "carrier": "none", "lines": "nova-6"}) == ""
        assert checks.misses(session, "order", "", {"number": number, "status": "cancelled"}) == "expected order with status 'cancelled'; the nearest has status 'paid'"
        assert checks.misses(session, "order", "", {"number": "CMD-1"}) == "expected a order; there is none"
        with pytest.raises(ValueError, match="customer_order has no `colour`"):
            checks.misses(session, "order", "", {"number": number, "colour": "red"})


def test_a_rule_is_reached_by_its_steps_and_not_by_others() -> None:
    way = Way("rule", "end", "", "form", [{("action", "form")}, {("loop", None)}, {("action", "say")}])
    start = [("intent", "x"), ("action", "form"), ("loop", "form"), ("intent", "inform")]
    assert _walks(way, [*start, ("action", "form"), ("loop", None), ("action", "say")])
    assert not _walks(way, [*start, ("action", "form"), ("action", "say")])
    assert not _walks(way, [("action", "form"), ("loop", None), ("action", "say")]), "the form was never open"


def test_every_rule_and_story_of_the_project_has_steps() -> None:
    assert [way.place for way in read_ways() if not way.steps] == []


def test_the_table_of_endings_is_up_to_date() -> None:
    assert table.TABLE.read_text(encoding="utf-8") == table.table(), "run `python -m tests.conversations.table`"


def test_every_intent_says_how_it_ends() -> None:
    assert "not written yet" not in table.table(), f"add the intent to {table.ENDINGS}"
    assert table.unknown_endings() == []
