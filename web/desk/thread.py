"""What the desk shows of one conversation: its log in groups and days, what can be done with it, and who the customer is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Optional
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.tables import Conversation, Message
from savoir.customers import service as customers
from savoir.handoff.tables import Agent
from savoir.repairs import service as repairs
from savoir.tickets import service as tickets

from .lists import agent_names, customer_name, list_of, short_id

PAGE = 200
"""Messages shown at once; earlier ones on request."""
GROUP = timedelta(minutes=5)
"""Messages of one author that stand closer than this show the author once."""


@dataclass(frozen=True)
class Line:
    """A message in the log: the day that begins with it, and whether its author is named anew."""

    message: Message
    kind: str
    day: Optional[date]
    is_first: bool


@dataclass(frozen=True)
class Log:
    """A part of a conversation's log; `earlier` is the place before which there is more, or 0."""

    lines: list[Line]
    earlier: int


@dataclass(frozen=True)
class Head:
    """Whose a conversation is, and so what this agent can do."""

    row: Conversation
    name: Optional[str]
    short: str
    owner: Optional[str]
    is_mine: bool
    home: str

    @property
    def can_take(self) -> bool:
        """Not while an agent has it."""
        return bool(self.row.state != "agent")

    @property
    def can_resolve(self) -> bool:
        """Unless it is closed, or a colleague's."""
        return bool(self.row.state != "resolved" and (self.row.state != "agent" or self.is_mine))


@dataclass(frozen=True)
class Card:
    """What is known of the customer and of what this conversation led to."""

    row: Conversation
    customer: Any = None
    orders: list[tuple[Any, list[str]]] = field(default_factory=list)
    products: list[tuple[Any, Any, Any]] = field(default_factory=list)
    repairs: list[Any] = field(default_factory=list)
    opened_here: list[Any] = field(default_factory=list)
    other_tickets: list[Any] = field(default_factory=list)
    earlier: list[Conversation] = field(default_factory=list)


def read_log(session: Session, row: Conversation, zone: ZoneInfo, *, after: int, limit: int = PAGE) -> Log:
    """The log after `after` (exclusive). It begins a new day or group as the message before it says."""
    found = conversations.read(session, str(row.id), after=max(0, after - 1), private=True, limit=limit + 1)
    before = found[0] if found and found[0].seq <= after else None
    lines = []
    for message in (m for m in found if m.seq > after):
        day = message.at.astimezone(zone).date()
        is_new_day = before is None or before.at.astimezone(zone).date() != day
        is_first = is_new_day or before is None or _author(before) != _author(message) or message.at - before.at > GROUP
        lines.append(Line(message, kind_of(message), day if is_new_day else None, is_first))
        before = message
    return Log(lines[:limit], lines[0].message.seq if lines and lines[0].message.seq > 1 else 0)


def read_newest(session: Session, row: Conversation, zone: ZoneInfo) -> Log:
    """The end of the log."""
    return _from_the_top(read_log(session, row, zone, after=max(0, row.last_seq - PAGE)), zone)


def read_earlier(session: Session, row: Conversation, zone: ZoneInfo, *, before: int) -> Log:
    """The part of the log that ends before `before` (exclusive)."""
    after = max(0, before - 1 - PAGE)
    return _from_the_top(read_log(session, row, zone, after=after, limit=max(0, before - 1 - after)), zone)


def read_head(session: Session, row: Conversation, agent: Agent) -> Head:
    """Whose it is."""
    return Head(
        row=row, name=customer_name(session, row), short=short_id(str(row.id)),
        owner=agent_names(session).get(row.agent or "") if row.state == "agent" else None,
        is_mine=bool(row.state == "agent" and row.agent == agent.id), home=list_of(row, agent),
    )


def read_card(session: Session, row: Conversation, at: datetime) -> Card:
    """The customer, their orders, devices with their warranty, repairs, tickets and earlier conversations.

    Nothing of that is there before the conversation's identity check, or the firm's own site, has shown who they are.
    """
    opened = tickets.of_conversation(session, str(row.id))
    customer = customers.customer_by_id(session, str(row.customer)) if row.customer else None
    if customer is None:
        return Card(row, opened_here=opened)
    ids = {ticket.id for ticket in opened}
    return Card(
        row, customer,
        orders=[(order, customers.names_of(session, order)) for order in customers.orders_of(session, customer.id)[:10]],
        products=[
            (owned, product, customers.warranty_of(session, device=owned, at=at)) for owned, product in customers.products_of(session, customer.id)[:10]
        ],
        repairs=repairs.of_customer(session, str(customer.id))[:5],
        opened_here=opened,
        other_tickets=[ticket for ticket in tickets.of_customer(session, customer.id) if ticket.id not in ids][:10],
        earlier=[conversations.find(session, one) for one in _others(session, row, str(customer.id))],
    )


def _others(session: Session, row: Conversation, customer: str) -> list[str]:
    """The customer's other conversations, newest first."""
    found = conversations.personal_data.of_customer(session, customer)
    return [one for one in reversed(found) if one != row.id][:5]


def kind_of(message: Message) -> str:
    """How a message looks: by its author, or as a note."""
    return "note" if message.private else str(message.author)


def _from_the_top(log: Log, zone: ZoneInfo) -> Log:
    """The log with its first line saying its day and author, whatever stands before."""
    if not log.lines:
        return log
    first = log.lines[0]
    return replace(log, lines=[replace(first, day=first.message.at.astimezone(zone).date(), is_first=True), *log.lines[1:]])


def _author(message: Message) -> tuple[str, Optional[str]]:
    return kind_of(message), message.agent


def today(at: datetime, zone: ZoneInfo) -> date:
    """The date on the desk's wall."""
    return at.astimezone(zone).date()
