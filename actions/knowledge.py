"""Answers out of the knowledge base, each with its source."""

from __future__ import annotations

from typing import Any, Dict

from actions.base import Events, TopicAction, Turn
from actions.copy import label
from savoir.knowledge import service as knowledge


class ActionAnswerQuestion(TopicAction):
    """Answers from the article that is surely right, offers up to three where it is not sure, and says so where there is none."""

    async def handle(self, turn: Turn) -> Events:
        """The passage with its source; or titles to choose from; or a person."""
        question, product = turn.text, turn.slot("product_model")
        answer = await turn.read(lambda s: knowledge.answer_question(s, question=question, language=turn.language, product=product))
        if answer.kind == "direct":
            return tell(turn, answer)
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
        answer = article and await turn.read(lambda s: knowledge.article_answer(s, article=article, language=turn.language))
        return tell(turn, answer) if answer else turn.say("utter_no_article")


def tell(turn: Turn, answer: Any) -> Events:
    """An article's passage with its source, and the question whether it helped, where nothing else is being asked."""
    card: Dict[str, Any] = {
        "title": answer.title, "lines": [], "url": answer.url, "link_label": "Lire l'article" if turn.language == "fr" else "Read the article"
    }
    lead = "" if answer.language == turn.language else label("article_in_other_language", turn.language) + "\n\n"
    turn.say_text(f"{lead}{answer.passage}", cards=[card])
    if turn.form:  # whose question follows
        return []
    return turn.say("utter_did_it_help", buttons=[turn.button("helped", means="affirm"), turn.button("did_not_help", means="deny")])


class ActionHelped(TopicAction):
    """The article helped."""

    ends = True

    async def handle(self, turn: Turn) -> Events:
        """A word of it, and what else there was."""
        return turn.say("utter_glad_it_helped")
