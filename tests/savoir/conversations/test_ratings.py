"""The rating: asked for once, never after a fraud or an erasure."""

from __future__ import annotations

from typing import Any

from savoir.conversations import service
from savoir.conversations.view import state_json
from savoir.core.context import Context


def begin(context: Context, says: str = "bonjour") -> str:
    with context.database.writing() as session:
        row = service.start(session, channel="web", language="fr", at=context.clock())
        if says:
            service.receive(session, conversation=row.id, client_id="c", text=says, at=context.clock())
        return str(row.id)


def do(context: Context, work: Any) -> Any:
    with context.database.writing() as session:
        return work(session)


def offers(context: Context, conversation: str) -> bool:
    with context.database.reading() as session:
        return service.should_offer_rating(session, conversation)


def shown(context: Context, conversation: str) -> bool:
    with context.database.reading() as session:
        return "rating" in state_json(context, session, service.find(session, conversation))


def say_card(context: Context, conversation: str) -> None:
    do(context, lambda s: service.speak(
        s, service.lock(s, conversation), author="assistant", at=context.clock(), text="Un avis ?", cards=[service.RATING_CARD]
    ))


def test_who_never_spoke_is_not_asked(context: Context) -> None:
    assert not offers(context, begin(context, says=""))
    assert not offers(context, "no-such-conversation")


def test_a_message_that_asks_is_the_only_one_that_does(context: Context) -> None:
    conversation = begin(context)
    assert offers(context, conversation)
    assert not shown(context, conversation)
    say_card(context, conversation)
    assert not offers(context, conversation)
    assert shown(context, conversation)


def test_a_resolved_conversation_asks_and_a_rated_one_asks_no_more(context: Context) -> None:
    conversation = begin(context)
    do(context, lambda s: service.change_owner(s, service.lock(s, conversation), state="resolved", at=context.clock()))
    assert not offers(context, conversation)
    assert shown(context, conversation)
    do(context, lambda s: service.rate(s, conversation=conversation, score=4, effort=6, at=context.clock()))
    assert not shown(context, conversation)


def test_after_an_erasure_or_a_fraud_nobody_is_asked(context: Context) -> None:
    barred, fraud = begin(context), begin(context)
    do(context, lambda s: service.bar_rating(s, barred))
    do(context, lambda s: service.change_owner(s, service.lock(s, fraud), state="waiting", reason="fraud", at=context.clock()))
    for conversation in (barred, fraud):
        assert not offers(context, conversation)
        do(context, lambda s, c=conversation: service.change_owner(s, service.lock(s, c), state="resolved", at=context.clock()))
        assert not shown(context, conversation)
