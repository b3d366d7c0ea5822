"""Changing where a running order goes, and how a customer is reached. Who asks has shown who they are before: that is not checked here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional, Union

import phonenumbers
import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from savoir.core.errors import invalid, not_found
from savoir.core.text import fold

from .orders import CANCELLABLE, has_left, order_by_number
from .tables import ContactChange, Customer, Order

SERVED = {"FR": 5, "BE": 4, "LU": 4, "CH": 4}
"""Countries that the carrier serves, and how many digits their postal codes have."""
EXPRESS_CENTS = 990
LONGEST = {"recipient": 160, "street": 200, "city": 80}

_COUNTRIES = {
    "france": "FR", "belgique": "BE", "belgium": "BE", "luxembourg": "LU", "suisse": "CH", "switzerland": "CH", "fr": "FR", "be": "BE",
    "lu": "LU", "ch": "CH",
}


@dataclass(frozen=True)
class Address:
    """A postal address; `country` as two letters or by its name. Without `recipient` the order's own stays."""

    street: str
    postal_code: str
    city: str
    country: str = "FR"
    recipient: Optional[str] = None

    def __str__(self) -> str:
        lines = (self.recipient, self.street, f"{self.postal_code} {self.city}", self.country)
        return ", ".join(line for line in lines if line)


@dataclass(frozen=True)
class ContactFault:
    """What is wrong with one field (street, postal_code, city, country, phone, email, recipient).

    `code`: empty, too_long, wrong_form (a postal code needs `digits` digits), not_served (the carrier does not go there: another country, or
    overseas France), not_a_number, too_short, too_long, or not_an_address.
    """

    field: str
    code: str
    digits: Optional[int] = None


@dataclass(frozen=True)
class ContactFaults:
    """Nothing was changed: what was given can't be right."""

    faults: tuple[ContactFault, ...]


@dataclass(frozen=True)
class ContactChanged:
    """The change is made. `field`: address, delivery_address, phone or email; `old` and `new` as they are written to people.

    After a new postal address of the account, `running_orders` are the numbers of those that still go to the old one and could be changed.
    """

    field: str
    old: Optional[str]
    new: str
    running_orders: tuple[str, ...] = ()


@dataclass(frozen=True)
class ContactUnchanged:
    """It is already so."""

    field: str
    value: str


@dataclass(frozen=True)
class ContactRefused:
    """Nothing was changed. `reason`: shipped, delivered, cancelled, lost, returned, refunded (the order is not waiting in the warehouse any
    more), express_in_france_only, or not_possible (the e-mail address can't be used; do not say that it is somebody else's)."""

    field: str
    reason: str


Change = Union[ContactChanged, ContactUnchanged, ContactFaults, ContactRefused]


def checked_address(address: Address) -> Union[Address, ContactFaults]:
    """The address as it is kept, or what is wrong with it."""
    faults = []
    tidy = {name: " ".join((getattr(address, name) or "").split()) for name in ("recipient", "street", "city")}
    for name, longest in LONGEST.items():
        if name != "recipient" and not tidy[name]:
            faults.append(ContactFault(name, "empty"))
        elif len(tidy[name]) > longest:
            faults.append(ContactFault(name, "too_long"))
    country = _COUNTRIES.get(fold(address.country).strip(), "")
    code = re.sub(r"^(fr?|be?|lu?|ch)(?=\d)", "", re.sub(r"[^a-z0-9]", "", fold(address.postal_code))).upper()
    if not country:
        faults.append(ContactFault("country", "not_served"))
    elif not code:
        faults.append(ContactFault("postal_code", "empty", SERVED[country]))
    elif not re.fullmatch(rf"\d{{{SERVED[country]}}}", code) or code.startswith("00" if country == "FR" else "0"):
        faults.append(ContactFault("postal_code", "wrong_form", SERVED[country]))
    elif country == "FR" and code[:2] in ("97", "98"):
        faults.append(ContactFault("postal_code", "not_served", 5))
    if faults:
        return ContactFaults(tuple(faults))
    return Address(tidy["street"], code, tidy["city"], country, tidy["recipient"] or None)


def checked_phone(text: str, country: str = "FR") -> Union[str, ContactFaults]:
    """A telephone number as E.164 (`+33240123456`), or what is wrong with it. Without a prefix it is one of `country`."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return ContactFaults((ContactFault("phone", "not_a_number"),))
    # Possible, not valid: numbering plans change more often than the library, and nobody can be reached by a number that was refused.
    verdict = phonenumbers.is_possible_number_with_reason(number)
    if verdict == phonenumbers.ValidationResult.IS_POSSIBLE:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    short = (phonenumbers.ValidationResult.TOO_SHORT, phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY)
    code = "too_short" if verdict in short else "too_long" if verdict == phonenumbers.ValidationResult.TOO_LONG else "not_a_number"
    return ContactFaults((ContactFault("phone", code),))


def checked_email(text: str) -> Union[str, ContactFaults]:
    """An e-mail address as it is kept (lower case), or what is wrong with it. Whether mail arrives there is not tried."""
    try:
        return str(validate_email(text.strip(), check_deliverability=False).normalized).lower()
    except EmailNotValidError:
        return ContactFaults((ContactFault("email", "not_an_address"),))


def delivery_is_settled(session: Session, order: Order) -> Optional[ContactRefused]:
    """Why an order can't be sent elsewhere any more; None while it can."""
    if order.status in CANCELLABLE and not has_left(session, order):
        return None
    left = order.status in CANCELLABLE or order.status in ("out_for_delivery", "delayed")
    return ContactRefused("delivery_address", "shipped" if left else str(order.status))


def change_delivery_address(session: Session, *, order_number: str, address: Address, key: str, at: datetime) -> Change:
    """Sends a running order elsewhere, while it has not left. The same `key` again says the same. Raises a 404 problem."""
    order = order_by_number(session, order_number, to_change=True)
    known = _known(session, key)
    if known is not None:
        return known
    too_late = delivery_is_settled(session, order)
    if too_late is not None:
        return too_late
    new = checked_address(address)
    if isinstance(new, ContactFaults):
        return new
    if order.shipping_cents == EXPRESS_CENTS and new.country != "FR":
        return ContactRefused("delivery_address", "express_in_france_only")
    old = Address(order.street or "", order.postal_code or "", order.city or "", order.country or "FR", order.recipient)
    new = Address(new.street, new.postal_code, new.city, new.country, new.recipient or order.recipient)
    if old == new:
        return ContactUnchanged("delivery_address", str(new))
    order.recipient, order.street, order.postal_code, order.city, order.country = new.recipient, new.street, new.postal_code, new.city, new.country
    return _noted(session, order.customer, "delivery_address", str(old) if order.street else None, str(new), key, at, order.number)


def change_address(session: Session, *, customer: str, address: Address, key: str, at: datetime) -> Change:
    """Changes the account's postal address; orders under way keep theirs. The same `key` again says the same. Raises a 404 problem."""
    person = _customer(session, customer)
    known = _known(session, key)
    if known is not None:
        return known
    new = checked_address(address)
    if isinstance(new, ContactFaults):
        return new
    old = Address(person.street or "", person.postal_code or "", person.city or "", person.country or "FR")
    new = Address(new.street, new.postal_code, new.city, new.country)
    if old == new:
        return ContactUnchanged("address", str(new))
    written = str(old) if person.street else None
    person.street, person.postal_code, person.city, person.country = new.street, new.postal_code, new.city, new.country
    return _noted(session, customer, "address", written, str(new), key, at)


def change_contact(session: Session, *, customer: str, field: str, new: str, key: str, at: datetime) -> Change:
    """Changes the account's `phone` or `email`. The same `key` again says the same.

    Raises a 404 problem for an unknown customer, a 422 one for another field.
    """
    if field not in ("phone", "email"):
        raise invalid("unknown-field", f"The field {field!r} can't be changed so; expected phone or email.")
    person = _customer(session, customer)
    known = _known(session, key)
    if known is not None:
        return known
    value = checked_email(new) if field == "email" else checked_phone(new, person.country or "FR")
    if isinstance(value, ContactFaults):
        return value
    old = getattr(person, field)
    if old == value:
        return ContactUnchanged(field, value)
    if field == "email":
        taken = session.execute(sa.select(Customer.id).where(sa.func.lower(Customer.email) == value, Customer.id != customer)).first()
        if taken is not None:
            return ContactRefused("email", "not_possible")
    setattr(person, field, value)
    return _noted(session, customer, field, old, value, key, at)


def _customer(session: Session, customer: str) -> Any:
    person = session.get(Customer, customer, with_for_update=True)
    if person is None:
        raise not_found("customer", customer)
    return person


def _known(session: Session, key: str) -> Optional[ContactChanged]:
    row = session.execute(sa.select(ContactChange).where(ContactChange.key == key)).scalar_one_or_none()
    return _changed(session, row) if row is not None else None


def _noted(
    session: Session, customer: str, field: str, old: Optional[str], new: str, key: str, at: datetime, order_number: Optional[str] = None
) -> ContactChanged:
    row = ContactChange(key=key, customer=customer, order_number=order_number, field=field, old=old, new=new, at=at)
    session.add(row)
    session.flush()
    return _changed(session, row)


def _changed(session: Session, row: ContactChange) -> ContactChanged:
    running: tuple[str, ...] = ()
    if row.field == "address":
        query = sa.select(Order).where(Order.customer == row.customer, Order.status.in_(CANCELLABLE)).order_by(Order.number)
        running = tuple(order.number for order in session.execute(query).scalars() if not has_left(session, order))
    return ContactChanged(row.field, row.old, row.new, running)
