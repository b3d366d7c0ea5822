"""Answers out of the knowledge base, each with its source."""

from __future__ import annotations

from typing import Any, Dict, List

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
            return _tell(turn, answer)
        if answer.kind == "choices":
            buttons = [{"title": c.title, "payload": f'/choose_article{{"article":"{c.article}"}}'} for c in answer.choices]
            buttons.append({"title": label("none_of_these", turn.language), "payload": "/did_not_help"})
            return turn.say("utter_choose_article", buttons=buttons)
        return turn.say("utter_no_article")


class ActionShowArticle(TopicAction):
    """Shows the article that the customer chose."""

    async def handle(self, turn: Turn) -> Events:
        """The passage that answers best, with its source."""
        article = turn.entity("article") or turn.slot("article")
        answer = article and await turn.read(lambda s: knowledge.article_answer(s, article=article, language=turn.language))
        return _tell(turn, answer) if answer else turn.say("utter_no_article")


def _tell(turn: Turn, answer: Any) -> Events:
    card: Dict[str, Any] = {
        "title": answer.title, "lines": [], "url": answer.url, "link_label": "Lire l'article" if turn.language == "fr" else "Read the article"
    }
    if answer.language != turn.language:
        turn.say("utter_article_in_other_language")
    turn.say_text(answer.passage, cards=[card])
    helped: List[Dict[str, str]] = [
        {"title": label("helped", turn.language), "payload": "/helped"},
        {"title": label("did_not_help", turn.language), "payload": "/did_not_help"},
    ]
    return turn.say("utter_did_it_help", buttons=helped)
