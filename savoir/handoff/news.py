"""What agents are told: a colleague asks in a note, a conversation was given to them or taken from them, one that they watch goes on."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Iterable

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from savoir.conversations.tables import Conversation, Message
from savoir.core.text import fold

from .tables import Agent, AgentNews, Watch

KINDS = ("asked", "given", "passed", "missed", "moved", "watched", "due")
"""`asked` by a colleague, `given` by the queue, `passed` on by a colleague, `missed` and given to others, `moved` away by a
supervisor, `watched` and gone on, `due` again after it was put off."""


def tell(session: Session, *, agent: str, kind: str, conversation: str, seq: int, by: str, at: datetime) -> None:
    """Tells an agent something, once. Whoever commits wakes their desk: see `told`."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"agent": agent, "kind": kind, "conversation": conversation, "seq": seq, "by": by[:80], "at": at}
    session.execute(insert(AgentNews.__table__).values(**values).on_conflict_do_nothing())
    session.info.setdefault("told agents", set()).add(agent)


def told(session: Session) -> set[str]:
    """The agents who were told something in this transaction."""
    return set(session.info.pop("told agents", ()))


def mentioned(text: str, agents: Iterable[Agent]) -> list[Agent]:
    """Whom a note names by `@`: their whole name, or their first name where only one has it."""
    folded = fold(text)
    everybody = list(agents)
    first: dict[str, int] = {}
    for agent in everybody:
        first[_first(agent)] = first.get(_first(agent), 0) + 1
    return [
        agent for agent in everybody
        if re.search(rf"@{re.escape(fold(str(agent.name)))}\b", folded) or (first[_first(agent)] == 1 and re.search(rf"@{re.escape(_first(agent))}\b", folded))
    ]


def _first(agent: Agent) -> str:
    return fold(str(agent.name)).split(" ")[0]


def tell_mentioned(session: Session, message: Message, author: Agent, at: datetime) -> list[Agent]:
    """Tells whom a private note names; they watch the conversation from then on."""
    others = session.execute(sa.select(Agent).where(Agent.is_active.is_(True), Agent.id != author.id)).scalars()
    named = mentioned(str(message.text), others)
    for agent in named:
        tell(session, agent=str(agent.id), kind="asked", conversation=message.conversation, seq=message.seq, by=str(author.name), at=at)
        watch(session, conversation=message.conversation, agent=str(agent.id), at=at)
    return named


def watch(session: Session, *, conversation: str, agent: str, at: datetime) -> None:
    """The agent is told when the customer or a colleague writes; twice is once."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    last = sa.select(Conversation.last_seq).where(Conversation.id == conversation).scalar_subquery()
    session.flush()
    session.execute(insert(Watch.__table__).values(conversation=conversation, agent=agent, seen_seq=last, at=at).on_conflict_do_nothing())


def unwatch(session: Session, *, conversation: str, agent: str) -> None:
    """No more of this."""
    session.execute(
        sa.delete(Watch).where(Watch.conversation == conversation, Watch.agent == agent).execution_options(synchronize_session=False)
    )


def watchers(session: Session, conversation: str) -> list[Agent]:
    """Who watches a conversation, by name."""
    query = sa.select(Agent).join(Watch, Watch.agent == Agent.id).where(Watch.conversation == conversation).order_by(Agent.name)
    return list(session.execute(query).scalars())


def has_watched(session: Session) -> bool:
    """Whether a conversation that somebody watches went on since."""
    query = sa.select(Watch.agent).join(Conversation, Conversation.id == Watch.conversation).where(Conversation.last_seq > Watch.seen_seq).limit(1)
    return session.execute(query).first() is not None


def tell_watchers(session: Session, at: datetime, limit: int = 200) -> None:
    """Tells those who watch a conversation that went on since they saw it; of one that they have not read yet, nothing more."""
    query = (
        sa.select(Watch, Conversation.last_seq).join(Conversation, Conversation.id == Watch.conversation)
        .where(Conversation.last_seq > Watch.seen_seq).limit(limit)
    )
    for row, last in session.execute(query).all():
        new = session.execute(
            sa.select(Message).where(Message.conversation == row.conversation, Message.seq > row.seen_seq, Message.author.in_(("customer", "agent")))
            .order_by(Message.seq.desc())
        ).scalars().all()
        row.seen_seq = last
        unread = session.execute(
            sa.select(AgentNews.id).where(AgentNews.agent == row.agent, AgentNews.conversation == row.conversation, AgentNews.read_at.is_(None))
        ).first()
        others = [message for message in new if message.agent != row.agent]
        if others and unread is None:
            by = str(others[0].agent_name or "")
            tell(session, agent=row.agent, kind="watched", conversation=row.conversation, seq=others[0].seq, by=by, at=at)
    session.flush()


def news_of(session: Session, agent: str, *, limit: int = 30) -> list[AgentNews]:
    """What an agent was told, the unread first, then the newest."""
    query = sa.select(AgentNews).where(AgentNews.agent == agent).order_by(AgentNews.read_at.isnot(None), AgentNews.id.desc()).limit(limit)
    return list(session.execute(query).scalars())


def count_unread(session: Session, agent: str) -> int:
    """How much of it they have not read."""
    return int(session.execute(sa.select(sa.func.count()).where(AgentNews.agent == agent, AgentNews.read_at.is_(None))).scalar_one())


def mark_read(session: Session, *, agent: str, at: datetime, conversation: str = "") -> int:
    """They have read it: all, or what is about one conversation; how much that was."""
    change = sa.update(AgentNews).where(AgentNews.agent == agent, AgentNews.read_at.is_(None)).values(read_at=at)
    if conversation:
        change = change.where(AgentNews.conversation == conversation)
    return int(session.execute(change.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def is_unread(session: Session, agent: str, conversation: str) -> bool:
    """Whether they were told something of a conversation that they have not read."""
    query = sa.select(AgentNews.id).where(AgentNews.agent == agent, AgentNews.conversation == conversation, AgentNews.read_at.is_(None))
    return session.execute(query.limit(1)).first() is not None
