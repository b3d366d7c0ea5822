"""The copy of a person's data: everything about them, nothing about anybody else, for programs and for people."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from savoir.conversations import service as conversations
from savoir.core.context import Context
from savoir.core.database import Base
from savoir.core.personal_data import Person
from savoir.privacy import service as privacy
from savoir.privacy import words
from tests.savoir.privacy.conftest import SECRETS, People

ABOUT_PEOPLE = {
    "customer", "customer_order", "shipment", "cancellation", "return_request", "delivery_claim", "contact_change", "payment_report", "owned_product",
    "identity_check", "one_time_code", "signed_identity", "repair", "appointment", "part_order", "part_notice", "ticket", "ticket_event", "callback",
    "handover_facts",
    "conversation", "message", "attachment", "rating", "asked_question",
}
"""Tables of which a person gets a copy, and which their erasure reaches."""
NOT_TOLD = {
    "turn": "when the assistant worked on a message; deleted with its conversation", "outbox_item": "unsent mail; deleted by outbox.forget",
    "privacy_request": "told as `requests`, kept as proof", "privacy_event": "the audit, without content", "privacy_copy": "copies; deleted",
    "reply_suggestion": "what was proposed to agents; deleted with its conversation", "correction": "what agents put right; deleted with its conversation",
    "handling": "how long which agent had a conversation; deleted with it", "agent_news": "what agents were told; deleted with its conversation",
    "watch": "which agents follow a conversation; deleted with it",
    "agent": "people of the firm", "agent_session": "people of the firm",
}


def test_every_table_about_people_is_told_and_erased_or_named_with_a_reason() -> None:
    """A new table with a customer, a conversation, an order or an address: add it to its room's personal_data.py, and here."""
    names = {"customer", "conversation", "email", "phone", "order_number", "repair", "ticket"}
    about = {table.name for table in Base.metadata.sorted_tables if names & {column.name for column in table.columns}}
    assert about - ABOUT_PEOPLE - NOT_TOLD.keys() == set()


def files(context: Context, person: Person, language: str = "fr") -> dict[str, bytes]:
    with context.database.reading() as session:
        content, _ = privacy.copy_of(session, context.settings, person, language=language, at=context.clock())
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_everything_about_her_is_in_the_copy_and_nothing_about_him(context: Context, people: People) -> None:
    found = files(context, people.person())
    data = found["donnees.json"].decode()
    for secret in SECRETS:
        assert secret in data, secret
    for other in ("James", "Porter", "james@example.org", "+33639980002", "22 rue du Port", "NV2204518838", people.james):
        assert other not in data, other
    sections = json.loads(data)
    assert all(sections[name] for name in sections if name not in ("signed_identities", "requests", "ticket_additions")), "each room told something"
    assert json.loads(found["assistant.json"]) == {people.camille: [{"event": "user", "text": "je vous ai écrit"}] * 2}


def test_photos_are_in_the_copy(context: Context, people: People) -> None:
    found = files(context, people.person())
    assert [content for name, content in found.items() if name.startswith("photos/")] == [b"JPEG1"]


@pytest.mark.parametrize(("language", "page", "title"), [("fr", "lisez-moi.html", "Vos données personnelles"), ("en", "read-me.html", "Your personal data")])
def test_the_page_is_in_the_persons_language(context: Context, people: People, language: str, page: str, title: str) -> None:
    text = files(context, people.person(), language)[page].decode()
    assert title in text
    assert f'lang="{language}"' in text
    assert ("549,00" if language == "fr" else "€549.00") in text
    assert "Nova" in text or "nova-6" in text
    assert "<script" not in text


def test_what_a_customer_wrote_is_no_markup_in_the_page(context: Context, people: People) -> None:
    with context.database.writing() as session:
        conversations.receive(session, conversation=people.camille, client_id="x", text="<script>alert(1)</script>", at=context.clock())
    assert "<script" not in files(context, people.person())["lisez-moi.html"].decode()


def test_everything_told_has_a_name_in_both_languages(context: Context, people: People) -> None:
    sections = json.loads(files(context, people.person())["donnees.json"])
    for section, records in sections.items():
        assert section in ("firm", "made_at") or section in words._LABELS, section
        assert isinstance(records, (str, list))


def test_without_an_account_the_copy_is_of_one_conversation(context: Context, people: People) -> None:
    found = json.loads(files(context, Person(conversations=(people.camille,)))["donnees.json"])
    assert [c["id"] for c in found["conversations"]] == [people.camille]
    assert found["tickets"], "opened in that conversation"
    assert found["orders"] == found["account"] == []


def test_no_digest_and_no_key_is_told(context: Context, people: People) -> None:
    data = files(context, people.person())["donnees.json"].decode()
    assert '"key"' not in data
    assert "digest" not in data
