"""The erasure of a person. Accounting documents must be kept for ten years (code de commerce, article L123-22), so what stays is said here:

| stays | without |
|---|---|
| orders, parcels, cancellations, returns, claims, reports of payments: numbers, dates, articles, amounts, states, the delivery's country | recipient, address, tracking numbers, all words of the customer |
| repairs and visits, orders for parts: numbers, dates, articles, amounts, states | serial numbers, words, addresses |
| tickets: number, category, urgency, dates | every text, address, owner |
| the customer's id, country, language, the day of the account and of the erasure | name, e-mail and postal address, telephone |
| the request itself, and that it was done | anything personal |

Invoices are not in Savoir: the firm's accounts keep them. All else is deleted: conversations, photos, ratings, call-backs, questions asked of the articles, what Rasa remembers,
devices, changes of address, checks, codes, unsent mail, copies that were made.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.core import outbox
from savoir.core.personal_data import Person
from savoir.customers import service as customers
from savoir.diagnosis import service as diagnosis
from savoir.handoff import service as handoff
from savoir.knowledge import feedback
from savoir.repairs import service as repairs
from savoir.tickets import service as tickets


def stands_against(session: Session, person: Person) -> list[str]:
    """Numbers of what is under way and can't be ended without the person's data: orders, repairs, orders for parts. Empty: nothing."""
    return [
        *customers.personal_data.stands_against(session, person), *repairs.personal_data.stands_against(session, person),
        *diagnosis.personal_data.stands_against(session, person),
    ]


def keeps_accounts(session: Session, person: Person) -> bool:
    """Whether something stays for the accounts."""
    return any(room.personal_data.keeps_accounts(session, person) for room in (customers, repairs, diagnosis))


def erase(session: Session, person: Person, at: datetime) -> None:
    """Erases the person in every room, in the caller's transaction. Rasa's memory is another database: see trackers.py."""
    outbox.forget(session, conversations=person.conversations, address=person.email)
    for room in (handoff, tickets, diagnosis, repairs, feedback, customers, conversations):
        room.personal_data.erase(session, person, at)
