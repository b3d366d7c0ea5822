"""Answers out of the knowledge base, each with its source; what was asked, chosen and said of it is kept for editors."""

from __future__ import annotations

import asyncio
from typing import Any, Callable, Dict, Optional

from sqlalchemy.orm import Session

from actions.base import Events, TopicAction, Turn, context
from actions.copy import label
from actions.identity import customer_of
from actions.written_answers import say_written, written_answer
from savoir.knowledge import feedback
from savoir.knowledge import service as knowledge
from savoir.knowledge.rewriting import Rewritten

KEEPING_SECONDS = 2.0
"""How long an answer waits until what was asked is written down."""
ASKERS = ("action_answer_question", "action_show_article")
"""Actions after whose answer the question whether it helped is about a question that was kept."""
OPINIONS = ("utter_did_it_help", "utter_choose_article")


class ActionAnswerQuestion(TopicAction):
    """Answers from the article that is surely right, offers up to three where it is not sure, and says so where there is none."""

    async def handle(self, turn: Turn) -> Events:
        """The passage with its source; or titles to choose from; or a person."""
        question, product = asked_by(turn), turn.slot("product_model")
        answer = await turn.read(lambda s: knowledge.answer_question(s, question=question, language=turn.language, product=product))
        at, customer = context().clock(), await customer_of(turn)
        await keep(turn, lambda s: feedback.asked(
            s, key=turn.key, question=question, language=turn.language, answer=answer, at=at, conversation=turn.conversation, product=product,
            customer=customer,
        ))
        if answer.kind == "direct":
            return tell(turn, answer, await written_answer(turn, question=question, product=product, customer=customer))
        if answer.kind == "choices":
            buttons = [{"title": c.title, "payload": f'/choose_article{{"article":"{c.article}"}}'} for c in answer.choices]
            buttons.append(turn.button("did_not_help", name="none_of_these", means="deny"))
            return turn.say("utter_choose_article", buttons=buttons)
        return turn.say("utter_no_article")


class ActionShowArticle(TopicAction):
    """Shows the article that the customer chose."""

    async def handle(self, turn: Turn) -> Events:
        """The passage that answers best, with its source."""
        article = turn.entity("article") or turn.slot("article")
        if article:
            await keep(turn, lambda s: feedback.chosen(s, conversation=turn.conversation, article=str(article)))
        answer = article and await turn.read(lambda s: knowledge.article_answer(s, article=article, language=turn.language))
        if not answer:
            return turn.say("utter_no_article")
        return tell(turn, answer, await written_answer(turn, question=asked_by(turn), article=str(article), customer=await customer_of(turn)))


def tell(turn: Turn, answer: Any, written: Optional[Rewritten] = None) -> Events:
    """An article's passage with its source, or what a language model wrote from it, and the question whether it helped, where nothing
    else is being asked."""
    pages = [f"Page {answer.article.page}"] if answer.article and answer.article.page else []
    card: Dict[str, Any] = {"title": answer.title, "lines": pages, "url": answer.url, "link_label": label("read_article", turn.language)}
    lead = "" if answer.language == turn.language else label("article_in_other_language", turn.language) + "\n\n"
    if written:
        say_written(turn, written)
    else:
        turn.say_text(f"{lead}{answer.passage}", cards=[card])
    if turn.form:  # whose question follows
        return []
    return turn.say("utter_did_it_help", buttons=[turn.button("helped", means="affirm"), turn.button("did_not_help", means="deny")])


class ActionHelped(TopicAction):
    """The article helped."""

    ends = True

    async def handle(self, turn: Turn) -> Events:
        """A word of it, and what else there was."""
        await keep_opinion(turn, helped=True)
        return turn.say("utter_glad_it_helped")


class ActionDidNotHelp(TopicAction):
    """The article, or the titles to choose from, did not help."""

    async def handle(self, turn: Turn) -> Events:
        """Other words, or a person."""
        await keep_opinion(turn, helped=False)
        return turn.say("utter_sorry_it_did_not_help")


def asked_by(turn: Turn) -> str:
    """The question: the message, or what was typed before a button said what it was meant as."""
    return turn.text if turn.typed else next(reversed(turn.customer_texts()), turn.text)


async def keep_opinion(turn: Turn, *, helped: bool) -> None:
    """Whether the answer helped, where a question that was kept is what the customer speaks of: articles that end a diagnosis are asked about too."""
    if asker(turn) in ASKERS:
        await keep(turn, lambda s: feedback.answered(s, conversation=turn.conversation, helped=helped))


def asker(turn: Turn) -> Optional[str]:
    """The action that last asked whether it helped, or which title looks right."""
    is_asked = False
    for event in reversed(turn.events):
        is_asked = is_asked or (event.get("event") == "bot" and (event.get("metadata") or {}).get("utter_action") in OPINIONS)
        if is_asked and event.get("event") == "action":
            return str(event.get("name"))
    return None


async def keep(turn: Turn, work: Callable[[Session], Any]) -> None:
    """Writes something down for editors. An answer is not lost, nor late, because that failed or is slow: then it is finished without us."""
    try:
        await asyncio.wait_for(asyncio.shield(turn.write(work)), KEEPING_SECONDS)
    except asyncio.TimeoutError:
        turn.log.info("knowledge.kept_late")
    except Exception as error:
        turn.log.error("knowledge.not_kept", error=f"{type(error).__name__}: {error}"[:300], exc_info=error)
