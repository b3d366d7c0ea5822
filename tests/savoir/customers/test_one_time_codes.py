"""One-time codes: right once, for one purpose in one conversation and a short time, and telling nobody whether an address is known."""

from __future__ import annotations

import re
from typing import Any, Optional

import jwt
import pytest

from savoir.core import outbox
from savoir.core.database import Database
from savoir.core.errors import Problem
from savoir.core.security import check_identity
from savoir.core.settings import Settings
from savoir.core.tables import OutboxItem
from savoir.customers import service
from savoir.customers.service import CodeChecked, CodeRequested, TooManyCodes
from savoir.customers.tables import Customer, OneTimeCode, Order
from tests.conftest import Clock


@pytest.fixture(autouse=True)
def people(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        for id, email in (("C-1", "camille@example.org"), ("C-2", "james@example.org")):
            session.add(Customer(id=id, first_name="x", last_name="y", email=email, language="fr"))
        session.flush()
        session.add(Order(number="CMD-100001", customer="C-1", placed_at=clock(), status="shipped", lines=[]))


class Desk:
    """Asks for codes and tries them, as an action would."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self.database, self.settings, self.clock, self.turn = database, settings, clock, 0

    def ask(self, *, key: Optional[str] = None, conversation: str = "c", purpose: str = "export", **who: Any) -> Any:
        self.turn += 1
        with self.database.writing() as session:
            return service.request_code(
                session, self.settings, conversation=conversation, purpose=purpose, language="fr", key=key or f"ask-{self.turn}", at=self.clock(), **who
            )

    def check(self, code: str, *, key: Optional[str] = None, conversation: str = "c", purpose: str = "export") -> CodeChecked:
        self.turn += 1
        with self.database.writing() as session:
            return service.check_code(
                session, self.settings, conversation=conversation, purpose=purpose, code=code, key=key or f"check-{self.turn}", at=self.clock()
            )

    def mails(self) -> list[OutboxItem]:
        with self.database.reading() as session:
            return session.query(OutboxItem).order_by(OutboxItem.id).all()

    def code(self) -> str:
        return re.search(r"\d{6}", self.mails()[-1].payload["text"])[0]  # type: ignore[index]

    def wrong(self) -> str:
        return f"{(int(self.code()) + 1) % 10**6:06d}"

    def verified(self, purpose: str = "export", conversation: str = "c") -> Optional[str]:
        with self.database.reading() as session:
            return service.verified_customer(session, conversation=conversation, purpose=purpose, at=self.clock())


@pytest.fixture
def desk(database: Database, settings: Settings, clock: Clock) -> Desk:
    return Desk(database, settings, clock)


def test_the_right_code_verifies_the_customer_once(desk: Desk) -> None:
    assert desk.ask(customer="C-1") == CodeRequested("c•••@example.org", desk.clock.at.replace(minute=10))
    code = desk.code()
    assert desk.check(f" {code[:3]} {code[3:]}") == CodeChecked("right", 0, "C-1")
    assert desk.verified() == "C-1"
    assert desk.check(code).outcome == "none", "a code is used up by being right"


def test_the_code_goes_to_the_address_on_file_in_the_same_transaction(desk: Desk, database: Database, clock: Clock) -> None:
    desk.ask(customer="C-1")
    (mail,) = desk.mails()
    assert (mail.payload["to"], mail.conversation, mail.until) == ("camille@example.org", "c", clock.at.replace(minute=10))
    with database.reading() as session:
        (row,) = session.query(OneTimeCode).all()
    assert desk.code() not in (row.code_digest, row.sent_to, row.address_digest)
    assert "camille" not in f"{row.sent_to} {row.address_digest}"


def test_a_known_and_an_unknown_address_get_the_same_answers(desk: Desk) -> None:
    known = desk.ask(conversation="known", email="James@example.org")
    unknown = desk.ask(conversation="unknown", email="Jules@example.org")
    assert known == unknown
    assert len(desk.mails()) == 1
    for _ in range(5):
        assert desk.check(desk.wrong(), conversation="known") == desk.check("000000", conversation="unknown")
    for conversation, address in (("known", "James@example.org"), ("unknown", "Jules@example.org")):
        desk.ask(conversation=conversation, email=address)
        desk.ask(conversation=conversation, email=address)
    assert isinstance(desk.ask(conversation="x", email="james@example.org"), TooManyCodes)
    assert isinstance(desk.ask(conversation="y", email="jules@example.org"), TooManyCodes)


def test_a_code_is_bound_to_its_purpose_and_conversation(desk: Desk) -> None:
    desk.ask(customer="C-1")
    code = desk.code()
    assert desk.check(code, purpose="erasure").outcome == "none"
    assert desk.check(code, conversation="another").outcome == "none"
    desk.ask(customer="C-1", purpose="erasure")
    assert desk.check(desk.code(), purpose="erasure").outcome == "right"
    assert desk.verified("export") is None


def test_five_wrong_codes_use_it_up(desk: Desk) -> None:
    desk.ask(customer="C-1")
    tries = [desk.check(desk.wrong()) for _ in range(5)]
    assert [(t.outcome, t.attempts_left) for t in tries] == [("wrong", 4), ("wrong", 3), ("wrong", 2), ("wrong", 1), ("used_up", 0)]
    assert desk.check(desk.code()).outcome == "used_up"


def test_a_code_expires_after_ten_minutes(desk: Desk, clock: Clock) -> None:
    desk.ask(customer="C-1")
    clock.forward(minutes=10)
    assert desk.check(desk.code()).outcome == "expired"


def test_a_newer_code_takes_the_place_of_the_earlier_one(desk: Desk) -> None:
    desk.ask(customer="C-1")
    first = desk.code()
    desk.ask(customer="C-1")
    if desk.code() != first:
        assert desk.check(first).outcome == "wrong"
    assert desk.check(desk.code()).outcome == "right"


def test_three_codes_an_hour_for_a_conversation_and_for_an_address(desk: Desk, clock: Clock) -> None:
    for _ in range(3):
        desk.ask(customer="C-1")
        clock.forward(minutes=5)
    again_at = clock.at.replace(hour=11, minute=0)
    assert desk.ask(customer="C-2") == TooManyCodes(again_at), "the conversation's are used up"
    assert desk.ask(customer="C-1", conversation="another") == TooManyCodes(again_at), "the address's are"
    clock.at = again_at
    assert isinstance(desk.ask(customer="C-1"), CodeRequested)


def test_a_repeated_turn_sends_one_code_and_makes_one_attempt(desk: Desk) -> None:
    assert desk.ask(customer="C-1", key="t1") == desk.ask(customer="C-1", key="t1")
    assert len(desk.mails()) == 1
    assert [desk.check(desk.wrong(), key="t2").attempts_left for _ in range(3)] == [4, 4, 4]
    assert [desk.check(desk.code(), key="t3").outcome for _ in range(2)] == ["right", "right"]


def test_a_verification_ends_after_half_an_hour(desk: Desk, clock: Clock) -> None:
    desk.ask(customer="C-1")
    desk.check(desk.code())
    clock.forward(minutes=31)
    assert desk.verified() is None


def test_a_signed_identity_needs_no_code_for_half_a_day(desk: Desk, database: Database, clock: Clock) -> None:
    with database.writing() as session:
        assert service.sign_in(session, conversation="c", email="CAMILLE@example.org", at=clock()) == "C-1"
        assert service.sign_in(session, conversation="d", customer="C-9", at=clock()) is None
    assert [desk.verified(p) for p in ("export", "erasure")] == ["C-1", "C-1"]
    with database.reading() as session:
        assert service.is_verified(session, conversation="c", at=clock())
        assert not service.is_verified(session, conversation="d", at=clock())
        assert service.identified_in(session, conversation="c", order_number="CMD-100001") is not None
    clock.forward(hours=13)
    assert desk.verified() is None


def test_who_gave_a_right_code_may_see_their_orders_and_nobody_elses(desk: Desk, database: Database) -> None:
    with database.reading() as session:
        assert service.identified_in(session, conversation="c", order_number="CMD-100001") is None
    desk.ask(email="camille@example.org")
    desk.check(desk.code())
    with database.reading() as session:
        assert service.identified_in(session, conversation="c", order_number="CMD-100001") is not None


def test_a_code_that_could_not_be_mailed_in_time_is_not_mailed_at_all(desk: Desk, database: Database, clock: Clock) -> None:
    desk.ask(customer="C-1")
    clock.forward(minutes=11)
    with database.writing() as session:
        assert outbox.claim(session, kinds=["mail"], by="desk-1", at=clock(), limit=1) == []


@pytest.mark.parametrize("who", [{}, {"email": "nonsense"}, {"customer": "C-1", "purpose": "anything"}])
def test_a_request_that_makes_no_sense_is_refused(desk: Desk, who: dict[str, Any]) -> None:
    with pytest.raises(Problem):
        desk.ask(**who)
    assert desk.mails() == []


def link(database: Database, settings: Settings, clock: Clock, email: str, key: str = "k") -> Any:
    with database.writing() as session:
        return service.send_password_link(session, settings, conversation="c", email=email, language="fr", key=key, at=clock())


def test_a_link_to_a_new_password_goes_to_a_customer_and_the_answer_is_the_same_for_a_stranger(
    database: Database, settings: Settings, clock: Clock, desk: Desk
) -> None:
    known, unknown = link(database, settings, clock, "Camille@example.org"), link(database, settings, clock, "nobody@example.org", key="k2")
    assert isinstance(known, CodeRequested)
    assert isinstance(unknown, CodeRequested)
    assert known.expires_at == unknown.expires_at
    assert [mail.payload["to"] for mail in desk.mails()] == ["camille@example.org"]
    assert settings.account_url in desk.mails()[0].payload["text"]
    assert link(database, settings, clock, "camille@example.org") == known
    assert len(desk.mails()) == 1


def test_links_count_among_the_codes_of_the_hour(database: Database, settings: Settings, clock: Clock) -> None:
    for turn in range(3):
        assert isinstance(link(database, settings, clock, "camille@example.org", key=f"k{turn}"), CodeRequested)
    assert isinstance(link(database, settings, clock, "camille@example.org", key="k4"), TooManyCodes)


def test_the_link_carries_a_token_that_is_no_identity(database: Database, settings: Settings, clock: Clock, desk: Desk) -> None:
    secret = "x" * 40
    link(database, settings.copy(update={"identity_secret": secret}), clock, "camille@example.org")
    token = re.search(r"token=(\S+)", desk.mails()[0].payload["text"])[1]  # type: ignore[index]
    claims = jwt.decode(token, secret, algorithms=["HS256"], options={"verify_exp": False})
    assert claims["password_for"] == "C-1"
    with pytest.raises(Problem, match="names nobody"):
        check_identity(token, secret, clock())
