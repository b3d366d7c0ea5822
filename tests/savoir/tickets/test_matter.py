"""A ticket's subject and body: all that was said, so that nobody has to ask again."""

from __future__ import annotations

from typing import Any

import pytest

from savoir.conversations import service as conversations
from savoir.core.context import Context
from savoir.tickets.service import body_of, subject_of


@pytest.mark.parametrize(
    ("given", "subject"),
    [
        ({"matter": "mon écran reste noir. J'ai tout essayé.", "product": "Nova 6"}, "Nova 6 – mon écran reste noir."),
        ({"matter": "mon nova 6 ne charge plus", "product": "Nova 6"}, "mon nova 6 ne charge plus"),
        ({"matter": "", "product": "Nova 6"}, "Nova 6 – Écran"),
        ({"matter": "aide"}, "Écran"),
        ({"matter": "the screen is black", "language": "en"}, "the screen is black"),
        ({"matter": "?", "language": "en"}, "Screen"),
    ],
)
def test_the_subject_is_the_product_and_the_first_sentence(given: dict[str, Any], subject: str) -> None:
    assert subject_of(**{"category": "hardware.screen", "language": "fr", **given}) == subject


def test_a_long_subject_ends_at_a_word() -> None:
    subject = subject_of(matter="mot " * 80, category="hardware.screen", language="fr")
    assert len(subject) <= 121
    assert subject.endswith("mot…")


def test_the_body_holds_all_that_the_customer_said_and_short_answers_with_their_question(context: Context) -> None:
    at = context.clock()
    with context.database.writing() as session:
        row = conversations.start(session, channel="web", language="fr", at=at)

        def say(text: str, **more: Any) -> None:
            conversations.receive(session, conversation=row.id, client_id=f"c{row.last_seq}", text=text, at=at, **more)

        def ask(text: str, **more: Any) -> None:
            conversations.speak(session, row, author="assistant", text=text, at=at, **more)

        say("bonjour, mon casque grésille depuis hier")
        ask("Je comprends. **Quel modèle** avez-vous ?", buttons=[{"title": "Murmure", "payload": '/inform{"product_model":"murmure"}'}])
        say("", payload='/inform{"product_model":"murmure"}')
        conversations.speak(session, row, author="agent", text="une note", at=at, private=True)
        say("", payload='/switch_language{"language":"fr"}')
        ask("Des deux côtés ?")
        say("non")
        ask("Merci.")
        say("surtout à gauche, quand je monte le son")
        body = body_of(session, row.id)
        later = body_of(session, row.id, after=7)
    assert body.splitlines() == [
        "bonjour, mon casque grésille depuis hier", "Quel modèle avez-vous ? → Murmure", "Des deux côtés ? → non",
        "surtout à gauche, quand je monte le son",
    ]
    assert later == "surtout à gauche, quand je monte le son"
