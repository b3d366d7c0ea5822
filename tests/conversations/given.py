"""What is true before a conversation begins: rows of its own, so that no two conversations meet, and the circumstances.

A new kind of row is one function with `@kind`; it returns the words that texts may name it by (`{order}`).
"""

from __future__ import annotations

import itertools
import re
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Iterator, Optional

from sqlalchemy.orm import Session

from savoir.core.text import fold
from savoir.customers.tables import Customer, Order, OwnedProduct, Product, Shipment
from savoir.repairs.tables import Repair
from savoir.tickets import service as tickets

CIRCUMSTANCES = {"opening": ("open", "closed"), "failing": None, "hanging": None, "identity": None}
"""What holds for one conversation only; `failing` and `hanging` name rooms of savoir/, or functions of them (`tickets.open_ticket`)."""
Words = dict[str, str]
Maker = Callable[[Session, dict[str, Any], Words, int, datetime], Words]
KINDS: dict[str, Maker] = {}
_numbers = itertools.count(700_001)

NAMES = (
    ("Camille", "Morel"), ("Yanis", "Lambert"), ("Louise", "Fontaine"), ("Hugo", "Chevalier"), ("Inès", "Garnier"), ("Paul", "Le Goff"),
    ("Sarah", "Benali"), ("Jules", "Marchand"), ("Emma", "Caron"), ("Adam", "Roussel"), ("Zoé", "Picard"), ("Noé", "Hamelin"),
)  # fmt: skip
PLACES = (
    ("12 rue des Halles", "44000", "Nantes"), ("3 quai Saint-Jean", "69005", "Lyon"), ("41 avenue Foch", "59800", "Lille"),
    ("8 place du Marché", "35000", "Rennes"), ("27 rue Kléber", "67000", "Strasbourg"), ("5 impasse des Lilas", "31000", "Toulouse"),
)  # fmt: skip
DAYS = {
    "pending_payment": {"placed_at": -1}, "paid": {"placed_at": -1, "expected_at": 4}, "preparing": {"placed_at": -2, "expected_at": 3},
    "shipped": {"placed_at": -4, "shipped_at": -2, "expected_at": 1}, "out_for_delivery": {"placed_at": -5, "shipped_at": -3, "expected_at": 0},
    "delivered": {"placed_at": -9, "shipped_at": -7, "expected_at": -5, "delivered_at": -5},
    "delayed": {"placed_at": -12, "shipped_at": -10, "expected_at": -4}, "lost": {"placed_at": -25, "shipped_at": -23, "expected_at": -19},
    "cancelled": {"placed_at": -6}, "returned": {"placed_at": -20, "shipped_at": -18, "expected_at": -16, "delivered_at": -16},
    "refunded": {"placed_at": -30, "shipped_at": -28, "expected_at": -26, "delivered_at": -26},
}  # fmt: skip
"""Days from today at which things happened to an order, by its state."""


def kind(maker: Maker) -> Maker:
    """Registers what can be given, under the function's name."""
    KINDS[maker.__name__] = maker
    return maker


def faults(given: dict[str, Any]) -> Iterator[str]:
    """What can't be understood in a `given`."""
    for name, value in given.items():
        if name not in KINDS and name not in CIRCUMSTANCES:
            yield f"`given` has `{name}`; expected some of {', '.join([*KINDS, *CIRCUMSTANCES])}"
        allowed = CIRCUMSTANCES.get(name)
        if allowed and value not in allowed:
            yield f"`{name}` is {value!r}; expected {' or '.join(allowed)}"


def prepare(session: Session, given: dict[str, Any], language: str, at: datetime) -> Words:
    """Makes the rows of a conversation; the words by which its texts name them. Raises ValueError."""
    wanted = [(name, value) for name, values in given.items() if name in KINDS for value in (values if isinstance(values, list) else [values])]
    words: Words = {"language": language}
    wanted.sort(key=lambda one: list(KINDS).index(one[0]))
    if not wanted and given.get("identity") in (True, "customer"):
        wanted.append(("customer", {}))
    if wanted and wanted[0][0] != "customer" and not any((value or {}).get("customer") for _, value in wanted if isinstance(value, dict)):
        wanted.insert(0, ("customer", {}))
    for name, value in wanted:
        number = next(_numbers)
        values = {} if value is True or value is None else dict(value) if isinstance(value, dict) else None
        if values is None:
            raise ValueError(f"`given: {name}` is {value!r}; expected columns such as {{status: …}}")
        made = KINDS[name](session, values, words, number, at)
        session.flush()
        for word, text in made.items():  # the second order is {order_2}
            place = next(n for n in itertools.count(1) if (f"{word}_{n}" if n > 1 else word) not in words)
            words[f"{word}_{place}" if place > 1 else word] = text
    return words


# ------------------------------------------------------------------ the kinds, those that others need first


@kind
def customer(session: Session, values: dict[str, Any], words: Words, number: int, at: datetime) -> Words:
    """`{customer}`, `{first_name}`, `{last_name}`, `{email}`, `{phone}`, `{postal_code}`, `{city}`; `id: C-0042` takes one of the demo firm."""
    known = session.get(Customer, values.get("id")) if values.get("id") else None
    if known is None:
        (first, last), (street, code, city) = NAMES[number % len(NAMES)], PLACES[number % len(PLACES)]
        email = f"{fold(first)}.{fold(last)}.{number}@example.org".replace(" ", "")
        known = _row(
            session, Customer, values, at, id=f"C-{number}", first_name=first, last_name=last, email=email, phone=f"+3363998{number % 10000:04d}",
            language=words["language"], street=street, postal_code=code, city=city, country="FR", created_at=at - timedelta(days=400),
        )
    columns = {"customer": "id", **{name: name for name in ("first_name", "last_name", "email", "phone", "postal_code", "city")}}
    return {word: str(getattr(known, column) or "") for word, column in columns.items()}


@kind
def owned(session: Session, values: dict[str, Any], words: Words, number: int, at: datetime) -> Words:
    """A device of the customer's: `{serial_number}`; `product: nova-6`, `purchased_at: 3 years ago`."""
    product = values.setdefault("product", "nova-6")
    row = _row(
        session, OwnedProduct, values, at, serial_number=f"{fold(str(product))[:2].upper()}2500{number:06d}",
        customer=_owner(session, values, words, at), purchased_at=at - timedelta(days=200), has_extension=False,
    )
    return {"serial_number": str(row.serial_number)}


@kind
def order(session: Session, values: dict[str, Any], words: Words, number: int, at: datetime) -> Words:
    """`{order}`; `status: preparing` (shipped when left out), `lines: [nova-6, {product: galet-mini, quantity: 2}]`, any column of orders."""
    status = values.setdefault("status", "shipped")
    if status not in DAYS:
        raise ValueError(f"the status of an order is {status!r}; expected one of {', '.join(DAYS)}")
    buyer = session.get(Customer, _owner(session, values, words, at))
    assert buyer is not None
    lines = [_line(session, line) for line in values.pop("lines", ["nova-6"])]
    times = {name: at + timedelta(days=days) for name, days in DAYS[status].items()}
    sent = {"carrier": "Colivia", "tracking_number": f"CV{number}001FR"} if "shipped_at" in times else {}
    row = _row(
        session, Order, values, at, number=f"CMD-{number}", customer=buyer.id, status_at=max(t for t in (*times.values(), at - timedelta(1)) if t <= at),
        recipient=f"{buyer.first_name} {buyer.last_name}", street=buyer.street, postal_code=buyer.postal_code, city=buyer.city, country=buyer.country,
        shipping_cents=0, total_cents=sum(line["quantity"] * line["unit_cents"] for line in lines), payment="card", lines=lines, **times, **sent,
    )
    return {"order": str(row.number)}


@kind
def parcel(session: Session, values: dict[str, Any], words: Words, number: int, at: datetime) -> Words:
    """A parcel of the conversation's order, of several: `{parcel: 1, status: delivered, lines: [galet-mini]}`."""
    status = values.setdefault("status", "shipped")
    lines = [_line(session, line) for line in values.pop("lines", ["nova-6"])]
    times = {name: at + timedelta(days=days) for name, days in DAYS[status].items() if name != "placed_at"}
    sent = {"carrier": "Colivia", "tracking_number": f"CV{number}002FR"} if "shipped_at" in times else {}
    row = _row(
        session, Shipment, values, at, order_number=words["order"], parcel=number, status_at=at - timedelta(days=1),
        lines=[{"product": line["product"], "quantity": line["quantity"]} for line in lines], **{**times, **sent},
    )
    return {"tracking": str(row.tracking_number)}


@kind
def repair(session: Session, values: dict[str, Any], words: Words, number: int, at: datetime) -> Words:
    """`{repair}`; `status: repairing`, any column of repairs."""
    row = _row(
        session, Repair, values, at, number=f"REP-{number}", customer=_owner(session, values, words, at), product="nova-6",
        serial_number=words.get("serial_number"), opened_at=at - timedelta(days=6), status="repairing", status_at=at - timedelta(days=1),
        symptom="écran", under_warranty=True,
    )
    return {"repair": str(row.number)}


@kind
def ticket(session: Session, values: dict[str, Any], words: Words, number: int, at: datetime) -> Words:
    """`{ticket}`; `state: open`, any column of tickets. It was left with the customer's e-mail address."""
    new = tickets.NewTicket(
        channel="web", language=words["language"], subject="Nova 6 – écran noir", body="Mon Nova 6 a un écran noir.", category="hardware.screen",
        email=words.get("email"), customer=_owner(session, values, words, at),
    )
    row = tickets.open_ticket(session, new, key=f"given:{number}", at=at - timedelta(days=2))
    _set(row, values, at)
    return {"ticket": str(row.number)}


# ------------------------------------------------------------------ rows


def _owner(session: Session, values: dict[str, Any], words: Words, at: datetime) -> str:
    """The customer: the one named, else the conversation's own. Words of a customer who is only named here become the conversation's."""
    named = values.pop("customer", None)
    if named is None:
        return words["customer"]
    if session.get(Customer, named) is None:
        raise ValueError(f"`customer` is {named!r}; expected one of data/demo/customers.csv")
    for word, text in customer(session, {"id": named}, words, 0, at).items():
        words.setdefault(word, text)
    return str(named)


def _row(session: Session, table: Any, values: dict[str, Any], at: datetime, **usual: Any) -> Any:
    row = table(**usual)
    _set(row, values, at)
    session.add(row)
    return row


def _set(row: Any, values: dict[str, Any], at: datetime) -> None:
    columns = row.__table__.columns
    for name, value in values.items():
        if name not in columns:
            raise ValueError(f"{row.__tablename__} has no `{name}`; expected some of {', '.join(c.name for c in columns)}")
        setattr(row, name, time_of(value, at) if name.endswith("_at") and value is not None else value)


def _line(session: Session, line: Any) -> dict[str, Any]:
    wanted = {"product": line} if isinstance(line, str) else dict(line)
    known = session.get(Product, wanted["product"])
    if known is None:
        raise ValueError(f"`lines` has {wanted['product']!r}; expected an id of data/demo/products.csv")
    return {"quantity": 1, "unit_cents": known.price_cents or 0, **wanted}


def time_of(value: Any, at: datetime) -> datetime:
    """`3 days ago`, `in 2 hours`, `today`, or a time in ISO 8601. Raises ValueError."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=timezone.utc)
    match: Optional[re.Match[str]] = re.fullmatch(r"(in )?(\d+) (minute|hour|day|week|month|year)s?( ago)?", str(value))
    if match and bool(match[1]) != bool(match[4]):
        days = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 30.4, "year": 365.25}[match[3]] * int(match[2])
        return at + timedelta(days=days if match[1] else -days)
    if value == "today":
        return at
    try:
        found = datetime.fromisoformat(str(value))
        return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
    except ValueError:
        raise ValueError(f"a time is {value!r}; expected e.g. `3 days ago`, `in 2 days` or `2026-05-03T14:00`") from None
