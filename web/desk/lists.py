"""The desk's lists: which conversations wait, whose they are, and what is shown of each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Optional, Sequence

from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.tables import Conversation, Message
from savoir.customers import service as customers
from savoir.handoff import accounts
from savoir.handoff.tables import Agent

LISTS = ("waiting", "mine", "team", "assistant", "closed")
SHOWN = 100
"""Conversations that a list shows."""
READ = 2000
"""Conversations that are read to count and order a list."""


@dataclass(frozen=True)
class Item:
    """A conversation as a list shows it."""

    row: Conversation
    name: Optional[str]
    last: Optional[Message]
    agent: Optional[str]
    since: datetime

    @property
    def short(self) -> str:
        """The end of the conversation's id: how people tell unnamed customers apart."""
        return short_id(str(self.row.id))


@dataclass(frozen=True)
class Lists:
    """The chosen list's items, every list's count, and who waits."""

    chosen: str
    items: list[Item]
    counts: dict[str, int]
    waiting: str
    """Who waits, longest first, as JSON `[[id, name or ""], …]`: what the page announces and counts."""


def read_lists(session: Session, agent: Agent, chosen: str) -> Lists:
    """The lists as an agent sees them."""
    with_agents = conversations.in_states(session, ["agent"], limit=READ)
    rows: dict[str, Sequence[Conversation]] = {
        "waiting": conversations.in_states(session, ["waiting"], limit=READ),
        "mine": _newest(row for row in with_agents if row.agent == agent.id),
        "team": _newest(row for row in with_agents if row.agent != agent.id),
        "assistant": _newest(row for row in conversations.in_states(session, ["bot"], limit=READ) if row.last_seq),
        "closed": _newest(conversations.in_states(session, ["resolved"], limit=READ)),
    }
    shown = rows[chosen][:SHOWN]
    last = _last_said(session, shown)
    agents = agent_names(session)
    items = [
        Item(
            row=row, name=customer_name(session, row), last=last.get(row.id), agent=agents.get(row.agent or ""),
            since=row.waiting_since if row.state == "waiting" and row.waiting_since else row.updated_at,
        )
        for row in shown
    ]
    waiting = json.dumps([[row.id, customer_name(session, row) or short_id(row.id)] for row in rows["waiting"][:SHOWN]], ensure_ascii=False)
    return Lists(chosen, items, {name: len(found) for name, found in rows.items()}, waiting)


def list_of(row: Conversation, agent: Agent) -> str:
    """The list in which an agent finds a conversation."""
    if row.state == "agent":
        return "mine" if row.agent == agent.id else "team"
    return {"waiting": "waiting", "bot": "assistant"}.get(str(row.state), "closed")


def customer_name(session: Session, row: Conversation) -> Optional[str]:
    """The customer's name, once they have shown who they are."""
    customer = customers.customer_by_id(session, str(row.customer)) if row.customer else None
    return f"{customer.first_name} {customer.last_name}" if customer else None


def agent_names(session: Session) -> dict[str, str]:
    """Every agent's name by id."""
    return {str(agent.id): str(agent.name) for agent in accounts.all_agents(session)}


def short_id(conversation: str) -> str:
    """Four characters by which people tell unnamed customers apart."""
    return conversation[-4:].upper()


def _last_said(session: Session, rows: Sequence[Conversation]) -> dict[str, Message]:
    """What was said last in each conversation, by a person or the assistant: what the desk says by itself tells agents nothing."""
    last = conversations.last_messages(session, [str(row.id) for row in rows]) if rows else {}
    for row in rows:
        if row.id in last and last[row.id].author == "system":
            recent = conversations.read(session, str(row.id), after=max(0, row.last_seq - 12))
            last[row.id] = next((m for m in reversed(recent) if m.author != "system"), last[row.id])
    return last


def _newest(rows: object) -> list[Conversation]:
    return sorted(rows, key=lambda row: row.updated_at, reverse=True)  # type: ignore[call-overload,no-any-return]
