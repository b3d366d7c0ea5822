"""Answers in a language model's words, where the firm has connected one: said as such, with the articles that they were made from."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any, List, Optional

from sqlalchemy.orm import Session

from actions.base import Turn, context
from actions.copy import label
from connectors.llm import language_model
from savoir.customers import service as customers
from savoir.knowledge.rewriting import NotWritten, Rewritten, Source, Writer, rewritten, sources_for

SPARE_SECONDS = 0.5
"""For searching before the call and checking after it: the article's own words must still be told in time."""


@lru_cache
def writer() -> Optional[Writer]:
    """The action server's language model, or None."""
    return language_model(context().settings)


async def written_answer(
    turn: Turn, *, question: str, product: Optional[str] = None, customer: Optional[str] = None, article: Optional[str] = None
) -> Optional[Rewritten]:
    """An answer to the question from the articles found (or from one `article`), or None: then the article's own words are shown.
    `customer`: whose data must not leave, beside all that looks personal."""
    model = writer()
    if model is None or not question.strip():
        return None

    def work(session: Session) -> List[Source]:
        return sources_for(session, question=question, language=turn.language, product=product, article=article)

    async def ask() -> Rewritten:
        sources = await turn.read(work)
        known = await turn.read(lambda s: personal_values(s, customer)) if customer else []
        return await rewritten(question, sources, model, known=known)

    try:
        return await asyncio.wait_for(ask(), context().settings.llm_timeout + SPARE_SECONDS)
    except NotWritten as reason:
        turn.log.info("knowledge.not_written", reason=str(reason))
    except asyncio.TimeoutError:
        turn.log.info("knowledge.not_written", reason="slow")
    except Exception as error:  # the article's own words are always at hand
        turn.log.error("knowledge.not_written", error=type(error).__name__)
    return None


def say_written(turn: Turn, answer: Rewritten) -> None:
    """Speaks it: the text, that an AI wrote it, and a card for each article."""
    cards: List[Any] = [
        {"title": f"{number}. {source.title}", "lines": [], "url": source.path, "link_label": label("read_article", turn.language)}
        for number, source in enumerate(answer.articles, 1)
    ]
    turn.say_text(f"{answer.text}\n\n_{label('written_by_ai', turn.language)}_", cards=cards)


def personal_values(session: Session, customer: str) -> List[str]:
    """What is known of a customer and must not leave the house."""
    person = customers.customer_by_id(session, customer)
    columns = ("first_name", "last_name", "email", "phone", "street", "postal_code", "city")
    return [str(getattr(person, column)) for column in columns if person is not None and getattr(person, column)]
