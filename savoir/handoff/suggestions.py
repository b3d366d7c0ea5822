"""Replies that are suggested to an agent: what the articles say, how the same was answered before, a canned reply. What became of each is counted.

An earlier reply is suggested only if it holds nothing of the customer it was written to: no number, no address, no name.
"""

from __future__ import annotations

import math
import re
from collections import Counter as Counts
from dataclasses import dataclass
from datetime import datetime
from typing import Optional, Sequence

import sqlalchemy as sa
from prometheus_client import Counter
from sqlalchemy.orm import Session, aliased

from savoir.conversations.tables import Conversation, Message
from savoir.core.log import logger
from savoir.core.text import fold, words
from savoir.customers import service as customers
from savoir.knowledge import service as knowledge
from savoir.knowledge.answer import Hit

from .canned import Filled
from .desk_tables import OUTCOMES, SOURCES, ReplySuggestion

log = logger(__name__)
SUGGESTIONS = Counter("savoir_suggestions_total", "Suggested replies, by where they come from and what agents did", ["source", "outcome"])
LOOKED_BACK = 600
"""Replies of agents that are looked through."""
LIKE_ENOUGH = 0.5
"""Cosine of weighted words from which two questions are the same."""
CANNED_ENOUGH = 0.34
_PERSONAL = re.compile(r"@|\d{4,}|\b(?:CMD|SAV|REP|PCE)-|\b\d{2}([ .]\d{2}){3,}|https?://(?!\S*/help/)", re.IGNORECASE)
_COMMON = frozenset(words(
    "le la les un une des de du d l et ou a au aux en dans sur pour par avec sans je j tu il elle nous vous ils mon ma mes votre vos ce cette ces est sont ai as avez "
    "ne pas que qui quoi plus c s n m y se me te the a an of to in on for by with and or i you he she we they my your our this that these is are am was has have do "
    "does not it its be can could please bonjour merci hello thanks"
))


@dataclass(frozen=True)
class Suggestion:
    """One reply. `source` is one of SOURCES; `title` says where it comes from; `path` leads there."""

    source: str
    reference: str
    title: str
    path: str
    text: str


@dataclass(frozen=True)
class Suggested:
    """What is suggested for the message at `seq`: replies, the best first, and the articles that fit."""

    seq: int
    replies: list[Suggestion]
    articles: list[Hit]


def suggest(
    session: Session, row: Conversation, *, question: str, seq: int, product: Optional[str], canned: Sequence[Filled], address: str
) -> Suggested:
    """What to answer to a question, in the customer's language. What was decided upon for that message is left out."""
    if not question.strip():
        return Suggested(seq, [], [])
    language = str(row.language)
    answer = _answer(session, question, language, product)
    hits = [] if answer is None else [answer.article] if answer.article is not None else list(answer.choices)
    replies: list[Suggestion] = []
    if answer is not None and answer.kind == "direct" and answer.article is not None:
        link = f"{address}{answer.url}"
        replies.append(Suggestion("article", answer.article.article, answer.title, answer.url, f"{_bare(answer.passage)}\n\n{link}"))
    earlier = answered_before(session, row, question)
    if earlier is not None:
        replies.append(earlier)
    fitting = _fitting(canned, question)
    if fitting is not None:
        replies.append(Suggestion("canned", fitting.id, fitting.title, "", fitting.text))
    query = sa.select(ReplySuggestion.source, ReplySuggestion.reference).where(ReplySuggestion.conversation == row.id, ReplySuggestion.seq == seq)
    decided = {(source, reference) for source, reference in session.execute(query)}
    return Suggested(seq, [r for r in replies if (r.source, r.reference) not in decided], hits)


def _answer(session: Session, question: str, language: str, product: Optional[str]) -> Optional[knowledge.Answer]:
    """What the articles say; None where they can't be searched now: an agent works without them."""
    try:
        return knowledge.answer_question(session, question=question, language=language, product=product)
    except sa.exc.SQLAlchemyError:
        raise
    except Exception as error:
        log.warning("suggestions.no_articles", error=repr(error))
        return None


def answered_before(session: Session, row: Conversation, question: str) -> Optional[Suggestion]:
    """How an agent answered the most similar question of another customer, in a conversation that was resolved."""
    reply, asked = aliased(Message), aliased(Message)
    pairs = session.execute(
        sa.select(reply.conversation, reply.text, asked.text, Conversation.customer)
        .join(Conversation, Conversation.id == reply.conversation)
        .join(asked, sa.and_(asked.conversation == reply.conversation, asked.author == "customer", asked.seq < reply.seq, asked.payload.is_(None)))
        .where(
            reply.author == "agent", reply.private.is_(False), Conversation.id != row.id, Conversation.state == "resolved",
            Conversation.language == row.language, sa.func.length(reply.text) > 40, sa.func.length(asked.text) > 15,
        )
        .order_by(reply.id.desc(), asked.seq.desc()).limit(LOOKED_BACK)
    ).all()
    wanted = _terms(question)
    if len(wanted) < 2 or not pairs:
        return None
    spread = Counts(term for _, _, text, _ in pairs for term in _terms(text))
    weigh = {term: math.log((len(pairs) + 1) / (count + 0.5)) + 0.1 for term, count in spread.items()}
    best, likeness = None, LIKE_ENOUGH
    for pair in pairs:
        found = _cosine(wanted, _terms(pair[2]), weigh, math.log(len(pairs) + 1) + 0.8)
        if found > likeness and _is_general(session, pair[1], pair[3]):
            best, likeness = pair, found
    if best is None:
        return None
    return Suggestion("before", str(best[0]), _one_line(str(best[2])), f"/desk/conversations/{best[0]}", _without_greeting(str(best[1])))


def decide(
    session: Session, *, conversation: str, seq: int, source: str, reference: str, outcome: str, agent: str, at: datetime
) -> None:
    """Notes what an agent did with a suggestion; the first word on it counts. What is not one of ours is passed over."""
    if source not in SOURCES or outcome not in OUTCOMES or not reference:
        return
    known = session.execute(
        sa.select(ReplySuggestion.id).where(
            ReplySuggestion.conversation == conversation, ReplySuggestion.seq == seq, ReplySuggestion.source == source, ReplySuggestion.reference == reference[:120],
        )
    ).scalar()
    if known:
        return
    session.add(
        ReplySuggestion(conversation=conversation, seq=seq, source=source, reference=reference[:120], outcome=outcome, agent=agent, at=at)
    )
    session.flush()
    SUGGESTIONS.labels(source, outcome).inc()


def outcomes(session: Session) -> dict[tuple[str, str], int]:
    """How many suggestions of each source came out how."""
    query = sa.select(ReplySuggestion.source, ReplySuggestion.outcome, sa.func.count()).group_by(ReplySuggestion.source, ReplySuggestion.outcome)
    return {(source, outcome): int(count) for source, outcome, count in session.execute(query)}


def is_unchanged(sent: str, suggested: str) -> bool:
    """Whether a reply went out as it was suggested."""
    return " ".join(sent.split()) == " ".join(suggested.split())


def _terms(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in words(text) if word not in _COMMON and len(word) > 1)


def _stem(word: str) -> str:
    return word[:6] if len(word) > 6 else word.rstrip("s") or word


def _cosine(one: frozenset[str], other: frozenset[str], weigh: dict[str, float], unseen: float) -> float:
    def norm(terms: frozenset[str]) -> float:
        return math.sqrt(sum(weigh.get(term, unseen) ** 2 for term in terms))

    shared = one & other
    if len(shared) < 2:
        return 0.0
    return sum(weigh.get(term, unseen) ** 2 for term in shared) / (norm(one) * norm(other) or 1.0)


def _is_general(session: Session, text: str, customer: Optional[str]) -> bool:
    """Whether a reply tells nothing of the customer it was written to."""
    body = _without_greeting(text)
    if _PERSONAL.search(body):
        return False
    known = customers.customer_by_id(session, customer) if customer else None
    names = [fold(str(n)) for n in (known.first_name, known.last_name, known.street, known.city) if n] if known else []
    said = f" {' '.join(words(body))} "
    return not any(f" {' '.join(words(name))} " in said for name in names)


def _without_greeting(text: str) -> str:
    """The text without `Bonjour Marie,` at its head: the name is somebody else's."""
    return re.sub(r"^\s*(?:bonjour|bonsoir|hello|hi|dear|chère?)\b[^\n,!.]{0,40}[,!.]\s*", "", text, flags=re.IGNORECASE).strip()


def _fitting(canned: Sequence[Filled], question: str) -> Optional[Filled]:
    asked = _terms(question)
    best, most = None, CANNED_ENOUGH
    for one in canned:
        named = _terms(f"{one.title} {one.shortcut.replace('-', ' ')}")
        share = len(asked & named) / math.sqrt(len(asked) * len(named)) if asked and named else 0.0
        if share > most:
            best, most = one, share
    return best


def _bare(passage: str) -> str:
    """A passage as a reply: our Markdown stays, links to other articles become their words."""
    return re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]*\)", r"\1", passage).strip()


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 90 else line[:89].rstrip() + "…"
