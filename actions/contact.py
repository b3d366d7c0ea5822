"""How to reach the firm: opening hours from the settings, shops and addresses from the articles."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, Optional

from actions.base import Events, TopicAction, Turn, context
from actions.knowledge import tell
from savoir.core.clock import hours_words
from savoir.knowledge import service as knowledge

PLACES = re.compile(
    r"\b(?:boutiques?|magasins?|adresses?|locaux|bureaux|siege|parking|situes?|courrier|postale?|e-?mails?|mails?|courriels?|whatsapp|instagram|insta|twitter|"
    r"facebook|sourde?s?|malentendant\w*|surtaxe\w*|gratuit|shops?|stores?|branch(?:es)?|address(?:es)?|located|based|directions?|letter|post|write|writing|deaf|"
    r"social media|free|premium|nantes|lyon|lille|bordeaux|london)\b"
)
CATEGORY = "general.contact"
"""The category of articles about it."""
"""Words of questions that an article answers rather than the opening hours, in folded text."""


class ActionContact(TopicAction):
    """Opening hours and telephone, and whether somebody is there now; an article where the question is about shops or addresses."""

    async def handle(self, turn: Turn) -> Events:
        """A day that was named is looked up on the calendar, with its public holidays."""
        the, at = context(), context().clock()
        if PLACES.search(turn.typed):
            answer = await turn.read(lambda s: _from_articles(s, turn.text, turn.language))
            if answer is not None:
                return tell(turn, answer)
        today = at.astimezone(the.hours.zone).date()
        day = coming_day(turn.entity("date"), today)
        if day is not None and day != today:
            slots = the.hours.slots_on(day)
            if not slots:
                return turn.say("utter_contact_day_closed", day=turn.day(day))
            return turn.say("utter_contact_day", day=turn.day(day), hours=hours_words(slots, turn.language))
        if the.hours.is_open(at):
            closing = the.hours.closing(at)
            return turn.say("utter_contact_open", until=turn.hour(closing)) if closing else turn.say("utter_contact")
        opening = the.hours.next_opening(at)
        return turn.say("utter_contact_closed", day=turn.day(opening), hour=turn.hour(opening)) if opening else turn.say("utter_contact")


def _from_articles(session: Any, question: str, language: str) -> Optional[knowledge.Answer]:
    """The answer that is sure, else the passage of an article on contacts that fits best."""
    answer = knowledge.answer_question(session, question=question, language=language)
    if answer.kind == "direct":
        return answer
    about = {article.id for article in knowledge.articles(session, category=CATEGORY)}
    hit = next((hit for hit in knowledge.search(session, question=question, language=language).hits if hit.article in about and hit.language == language), None)
    return knowledge.Answer("direct", hit, hit.passage, (), hit.language, hit.score) if hit else None


def coming_day(value: Any, today: date) -> Optional[date]:
    """The day of an entity `date` as one to come: a weekday that was read as the last one is the next, a day of the year next year's."""
    try:
        day = date.fromisoformat(str(value or ""))
    except ValueError:
        return None
    if day >= today:
        return day
    if today - day <= timedelta(days=7):
        return day + timedelta(days=7)
    try:
        return day.replace(year=today.year + (day.replace(year=today.year) < today))
    except ValueError:  # 29 February
        return None
