"""What a conversation has changed, looked up in the database. A new kind is one function with `@check`: it returns the rows to compare.

The step `- ticket: {category: hardware.screen, body: "noir"}` holds when one of the rows has all of that; `- ticket: none` when there is none.
Long texts contain what is written, short values equal it; `/…/` is a regular expression; `any` is whatever but nothing, `none` is nothing.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Callable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.conversations.tables import Conversation, Message, Rating
from savoir.core.text import fold
from savoir.customers.tables import Customer, DeliveryClaim, Order, OwnedProduct, ReturnRequest
from savoir.diagnosis.tables import PartNotice, PartOrder
from savoir.repairs.tables import Appointment, Repair
from savoir.tickets.tables import Ticket, TicketEvent

Check = Callable[[Session, str, dict[str, Any]], Sequence[Any]]
"""Session, conversation and what is wanted (`number`, say, which narrows the look-up) to the rows that come in question."""
CHECKS: dict[str, Check] = {}
LONG = 100
"""From so many characters a column holds a text rather than a value."""


def check(look: Check) -> Check:
    """Registers a kind of step under the function's name."""
    CHECKS[look.__name__] = look
    return look


@check
def ticket(session: Session, conversation: str, wanted: dict[str, Any]) -> Sequence[Any]:
    """Tickets opened in the conversation, or the one with a `number`."""
    if "number" in wanted:
        digits = re.sub(r"\D", "", str(wanted["number"]))
        return _all(session, Ticket, Ticket.id == int(digits or 0))
    return _all(session, Ticket, Ticket.conversation == conversation)


@check
def ticket_note(session: Session, conversation: str, wanted: dict[str, Any]) -> Sequence[Any]:
    """Lines of the history of tickets of the conversation's customer or of the conversation."""
    owner = session.get(Conversation, conversation).customer  # type: ignore[union-attr]
    its_own = sa.or_(Ticket.conversation == conversation, sa.and_(Ticket.customer == owner, Ticket.customer.isnot(None)))
    return _all(session, TicketEvent, TicketEvent.ticket.in_(sa.select(Ticket.id).where(its_own)))


@check
def order(session: Session, conversation: str, wanted: dict[str, Any]) -> Sequence[Any]:
    """The order with that `number`."""
    return _all(session, Order, Order.number == wanted.get("number"))


@check
def claim(session: Session, conversation: str, wanted: dict[str, Any]) -> Sequence[Any]:
    """Claims about the delivery of orders of the conversation's customer: `kind`, `remedy`, `products`, `note`."""
    return _all(session, DeliveryClaim, DeliveryClaim.order_number.in_(_orders(session, conversation)))


@check
def sent_back(session: Session, conversation: str, wanted: dict[str, Any]) -> Sequence[Any]:
    """Returns and exchanges of the conversation's customer: `kind`, `product`, `quantity`, `reason`, `wanted_product`, `label`."""
    return _all(session, ReturnRequest, ReturnRequest.order_number.in_(_orders(session, conversation)))


@check
def repair(session: Session, conversation: str, wanted: dict[str, Any]) -> Sequence[Any]:
    """The repair with that `number`, or all of the customer who was identified."""
    if "number" in wanted:
        return _all(session, Repair, Repair.number == wanted["number"])
    return _all(session, Repair, Repair.customer == session.get(Conversation, conversation).customer)  # type: ignore[union-attr]


@check
def visit(session: Session, conversation: str, wanted: dict[str, Any]) -> Sequence[Any]:
    """Visits of technicians for repairs of the conversation's customer: `state`, `starts_at`, `technician`."""
    mine = sa.select(Repair.number).where(Repair.customer == session.get(Conversation, conversation).customer)  # type: ignore[union-attr]
    return _all(session, Appointment, Appointment.repair.in_(mine))


@check
def part_order(session: Session, conversation: str, wanted: dict[str, Any]) -> Sequence[Any]:
    """Spare parts that the conversation's customer ordered: `part`, `quantity`, `total_cents`."""
    return _all(session, PartOrder, PartOrder.customer == session.get(Conversation, conversation).customer)  # type: ignore[union-attr]


@check
def part_notice(session: Session, conversation: str, wanted: dict[str, Any]) -> Sequence[Any]:
    """Parts of whose return the conversation's customer wants to hear: `part`."""
    return _all(session, PartNotice, PartNotice.customer == session.get(Conversation, conversation).customer)  # type: ignore[union-attr]


@check
def customer_is(session: Session, conversation: str, wanted: dict[str, Any]) -> Sequence[Any]:
    """The customer who was identified in the conversation; `none` when nobody was."""
    return _all(session, Customer, Customer.id == session.get(Conversation, conversation).customer)  # type: ignore[union-attr]


@check
def owned(session: Session, conversation: str, wanted: dict[str, Any]) -> Sequence[Any]:
    """The device with that `serial_number`."""
    return _all(session, OwnedProduct, OwnedProduct.serial_number == wanted.get("serial_number"))


@check
def conversation(session: Session, conversation: str, wanted: dict[str, Any]) -> Sequence[Any]:
    """The conversation itself: `queue`, `reason`, `state`, `language`."""
    return _all(session, Conversation, Conversation.id == conversation)


@check
def note(session: Session, conversation: str, wanted: dict[str, Any]) -> Sequence[Any]:
    """Notes in the conversation that only agents see."""
    return _all(session, Message, Message.conversation == conversation, Message.private.is_(True))


@check
def rating(session: Session, conversation: str, wanted: dict[str, Any]) -> Sequence[Any]:
    """What the customer thought of the conversation."""
    return _all(session, Rating, Rating.conversation == conversation)


@check
def mail(session: Session, conversation: str, wanted: dict[str, Any]) -> Sequence[Any]:
    """Mails that were sent `to` an address, the conversation's customer's when it is left out: `subject`, `text`, `files`."""
    found = session.info["stage"].mails(str(wanted.get("to") or session.info["address"]))
    return [
        {
            "to": str(one["to"]), "subject": str(one["subject"]), "text": text_of(one), "language": str(one["content-language"]),
            "files": [part.get_filename() for part in one.iter_attachments()],
        }
        for one in found
    ]


def text_of(mail: EmailMessage) -> str:
    """The words of a mail."""
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


# ------------------------------------------------------------------ comparing


def misses(session: Session, kind: str, conversation: str, wanted: Any) -> str:
    """What is wrong, in a sentence; empty when the step holds."""
    asked = {} if wanted in (True, None) or wanted == "none" else wanted
    if not isinstance(asked, dict):
        return f"`{kind}: {wanted}` can't be looked up; expected e.g. `{kind}: {{column: value}}` or `{kind}: none`"
    rows = CHECKS[kind](session, conversation, asked)
    if wanted == "none":
        return f"expected no {kind}; there is {_shown(rows[0], [])}" if rows else ""
    if not rows:
        return f"expected a {kind}; there is none"
    faults = [[(name, value) for name, value in asked.items() if not fits(row, name, value)] for row in rows]
    best = min(range(len(rows)), key=lambda n: len(faults[n]))
    if not faults[best]:
        return ""
    expected = ", ".join(f"{name} {value!r}" for name, value in faults[best])
    return f"expected {kind} with {expected}; the nearest has {_shown(rows[best], [name for name, _ in faults[best]])}"


def fits(row: Any, name: str, value: Any) -> bool:
    """Whether a value of a row (an attribute, or a key of a mapping) is the one that is wanted."""
    found = _value(row, name)
    if value in (None, "none"):
        return found in (None, "", [], {})
    if value == "any":
        return found not in (None, "", [], {})
    if isinstance(value, list):
        return any(fits(row, name, one) for one in value)
    if isinstance(value, str) and re.fullmatch(r"/.*/", value, re.DOTALL):
        return re.search(value[1:-1], str(found), re.IGNORECASE) is not None
    if isinstance(found, datetime):
        return found.isoformat().startswith(str(value)[:10])
    if isinstance(found, (dict, list)) or _is_text(row, name):
        return fold(str(value)) in fold(str(found))
    return str(found).lower() == str(value).lower() if isinstance(found, (str, bool)) else bool(found == value)


def _all(session: Session, table: Any, *where: Any) -> Sequence[Any]:
    return list(session.execute(sa.select(table).where(*where)).scalars())


def _orders(session: Session, conversation: str) -> Any:
    owner = session.get(Conversation, conversation).customer  # type: ignore[union-attr]
    return sa.select(Order.number).where(Order.customer == owner)


def _value(row: Any, name: str) -> Any:
    if isinstance(row, dict):
        return row.get(name)
    if not hasattr(row, name):
        raise ValueError(f"{row.__tablename__} has no `{name}`; expected some of {', '.join(c.name for c in row.__table__.columns)}")
    return getattr(row, name)


def _is_text(row: Any, name: str) -> bool:
    if isinstance(row, dict):
        return True
    column = row.__table__.columns.get(name)
    return column is not None and isinstance(column.type, sa.String) and (column.type.length or LONG) >= LONG


def _shown(row: Any, names: Sequence[str]) -> str:
    shown = names or (list(row) if isinstance(row, dict) else [c.name for c in row.__table__.columns])
    return ", ".join(f"{name} {_value(row, name)!r}" for name in shown)[:400]
