"""The desk's lists: which conversations wait, whose they are, and what is shown of each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Optional

from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.tables import Conversation, Message
from savoir.customers import service as customers
from savoir.handoff import accounts
from savoir.handoff.tables import Agent

LISTS = ("waiting", "mine", "team", "assistant", "closed")
SHOWN = 100
"""Conversations that a list shows."""


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
    counted = conversations.count_states(session, str(agent.id))
    counts = {
        "waiting": counted["waiting"], "mine": counted["mine"], "team": counted["agent"] - counted["mine"], "assistant": counted["bot"],
        "closed": counted["resolved"] + counted["abandoned"],
    }
    shown = _rows(session, agent, chosen)
    last = conversations.last_messages(session, [str(row.id) for row in shown])
    agents = agent_names(session)
    items = [
        Item(
            row=row, name=customer_name(session, row), last=last.get(row.id), agent=agents.get(row.agent or ""),
            since=row.waiting_since if row.state == "waiting" and row.waiting_since else row.updated_at,
        )
        for row in shown
    ]
    waiting = json.dumps([[row.id, customer_name(session, row) or short_id(row.id)] for row in _rows(session, agent, "waiting")], ensure_ascii=False)
    return Lists(chosen, items, counts, waiting)


def _rows(session: Session, agent: Agent, chosen: str) -> list[Conversation]:
    if chosen == "mine":
        return conversations.in_state(session, "agent", agent=str(agent.id), limit=SHOWN)
    if chosen == "team":
        return conversations.in_state(session, "agent", not_agent=str(agent.id), limit=SHOWN)
    return conversations.in_state(session, {"assistant": ("bot",), "closed": ("resolved", "abandoned")}.get(chosen, chosen), limit=SHOWN)


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
