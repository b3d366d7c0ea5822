"""Codes of six digits, sent to an address to see that its owner is the one who writes. No answer tells whether an address is known."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Optional, Union

import jwt
import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.errors import invalid
from savoir.core.log import logger
from savoir.core.mail import address_of, put_mail
from savoir.core.settings import Settings

from .tables import Customer, OneTimeCode, SignedIdentity

log = logger(__name__)
PURPOSES = ("export", "erasure", "contact", "password", "orders")
VALID_FOR = timedelta(minutes=10)
CODE_ATTEMPTS = 5
CODES_AN_HOUR = 3
"""For one address, and in one conversation."""
LINK_VALID_FOR = timedelta(hours=1)
"""How long the link to a new password works."""
VERIFIED_FOR = timedelta(minutes=30)
"""How long a right code counts in its conversation, for its purpose."""
SIGNED_FOR = timedelta(hours=12)
"""How long the signature of the firm's site counts in the conversation that began with it."""


@dataclass(frozen=True)
class CodeRequested:
    """If somebody has the address, a code is on its way to it. `sent_to` is the address with most of its name hidden."""

    sent_to: str
    expires_at: datetime


@dataclass(frozen=True)
class TooManyCodes:
    """So many codes were asked for that no further one is sent before `again_at`."""

    again_at: datetime


@dataclass(frozen=True)
class CodeChecked:
    """What came of a code: `right`, `wrong` (with `attempts_left`), `used_up` (too many wrong ones), `expired`, or `none` was asked for.

    `customer` is whose address it is, when it was right.
    """

    outcome: str
    attempts_left: int = 0
    customer: Optional[str] = None


def request_code(
    session: Session, settings: Settings, *, conversation: str, purpose: str, language: str, key: str, at: datetime,
    customer: Optional[str] = None, email: Optional[str] = None,
) -> Union[CodeRequested, TooManyCodes]:
    """Sends a code to the address on file of `customer` (who is identified in the conversation), else to `email` if it is a customer's.

    The mail goes through the outbox in this transaction. The same `key` again: the same answer, and no second code. A newer code takes
    the place of the earlier one. Raises 422 problems: unknown purpose, neither customer nor address, no address.
    """
    if purpose not in PURPOSES:
        raise invalid("unknown-purpose", f"There is no code for {purpose!r}; expected one of {', '.join(PURPOSES)}.")
    earlier = session.execute(sa.select(OneTimeCode).where(OneTimeCode.key == key)).scalar_one_or_none()
    if earlier is not None:
        return CodeRequested(earlier.sent_to, earlier.expires_at)
    person = _person(session, customer, email)
    given = None if customer and person is not None else address_of(email or "")
    address = str(person.email) if person is not None else str(given)
    address_digest = _digest(settings, "address", (given or address).strip().lower())
    full_until = max(
        filter(None, (_full_until(session, at, conversation=conversation), _full_until(session, at, address_digest=address_digest))),
        default=None,
    )
    if full_until is not None:
        return TooManyCodes(full_until)
    code = f"{secrets.randbelow(10**6):06d}"
    sent_to, expires_at = hidden(given or address), at + VALID_FOR
    session.add(
        OneTimeCode(
            key=key, conversation=conversation, purpose=purpose, customer=person.id if person is not None else None, sent_to=sent_to,
            address_digest=address_digest, code_digest=_digest(settings, "code", conversation, purpose, key, code), attempts=0, at=at,
            expires_at=expires_at,
        )
    )
    session.flush()
    if person is not None:
        put_mail(
            session, settings, to=address, template="one_time_code", language=language, key=f"{key}:code", at=at, conversation=conversation,
            values={"code": code, "minutes": int(VALID_FOR.total_seconds() // 60), "purpose": purpose}, until=expires_at,
        )
    log.info("code.requested", conversation=conversation, purpose=purpose)
    return CodeRequested(sent_to, expires_at)


def check_code(session: Session, settings: Settings, *, conversation: str, purpose: str, code: str, key: str, at: datetime) -> CodeChecked:
    """Tries a code against the newest one sent for that purpose in that conversation. A right one can't be used again.

    `key` makes a repeated turn one attempt, with the same outcome.
    """
    row = session.execute(
        sa.select(OneTimeCode).where(OneTimeCode.conversation == conversation, OneTimeCode.purpose == purpose)
        .order_by(OneTimeCode.id.desc()).limit(1).with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        return CodeChecked("none")
    if row.checked_key != key:
        row.checked_key, row.outcome = key, _try(settings, row, code, at)
        log.info("code.checked", conversation=conversation, purpose=purpose, outcome=row.outcome)
        session.flush()
    return CodeChecked(row.outcome, CODE_ATTEMPTS - row.attempts if row.outcome == "wrong" else 0, row.customer if row.outcome == "right" else None)


def send_password_link(
    session: Session, settings: Settings, *, conversation: str, email: str, language: str, key: str, at: datetime
) -> Union[CodeRequested, TooManyCodes]:
    """Mails the link to a new password, on the firm's own site, if the address is a customer's; the answer is the same if it is not.

    Where the firm's site shares `identity_secret`, the link carries a token (JWT, HS256, with `password_for`, `jti` and `exp`) by which the
    site knows who asked; `expires_at` is its end. Links count among the codes of the hour. The same `key` again: no second mail. Raises a
    422 problem for what is no address.
    """
    earlier = session.execute(sa.select(OneTimeCode).where(OneTimeCode.key == key)).scalar_one_or_none()
    if earlier is not None:
        return CodeRequested(earlier.sent_to, earlier.expires_at)
    address = address_of(email)
    address_digest = _digest(settings, "address", address.lower())
    full_until = max(
        filter(None, (_full_until(session, at, conversation=conversation), _full_until(session, at, address_digest=address_digest))),
        default=None,
    )
    if full_until is not None:
        return TooManyCodes(full_until)
    person, expires_at = _person(session, None, address), at + LINK_VALID_FOR
    session.add(
        OneTimeCode(  # noted as a code is, so that it counts; there is no code that would be right
            key=key, conversation=conversation, purpose="password", customer=None, sent_to=hidden(address), address_digest=address_digest,
            code_digest="", attempts=0, at=at, expires_at=expires_at,
        )
    )
    session.flush()
    if person is not None:
        values: dict[str, Any] = {"link": settings.account_url}
        if settings.identity_secret:
            token = password_token(str(person.id), settings.identity_secret, key, expires_at)
            sign = "&" if "?" in settings.account_url else "?"
            values = {"link": f"{settings.account_url}{sign}token={token}", "minutes": int(LINK_VALID_FOR.total_seconds() // 60)}
        put_mail(
            session, settings, to=str(person.email), template="password_reset_link", language=language, key=f"{key}:link", at=at,
            conversation=conversation, values=values, until=expires_at,
        )
    log.info("password.link_requested", conversation=conversation)
    return CodeRequested(hidden(address), expires_at)


def password_token(customer: str, secret: str, key: str, until: datetime) -> str:
    """What the firm's site checks before it lets a password be chosen: it names nobody as signed in, so it is no identity."""
    claims = {"password_for": customer, "jti": hashlib.sha256(key.encode()).hexdigest()[:32], "exp": until}
    return jwt.encode(claims, secret, algorithm="HS256")


def sign_in(session: Session, *, conversation: str, at: datetime, customer: Optional[str] = None, email: Optional[str] = None) -> Optional[str]:
    """Notes that the firm's site signed whose conversation it is, by customer id or address. Returns the customer's id; None if unknown."""
    person = _person(session, customer, email)
    if person is None:
        return None
    session.merge(SignedIdentity(conversation=conversation, customer=person.id, at=at))
    session.flush()
    return str(person.id)


def verified_customer(session: Session, *, conversation: str, at: datetime, purpose: Optional[str] = None) -> Optional[str]:
    """The customer who, in this conversation, was signed by the firm's site or has given a right code for `purpose` not long ago, else None."""
    signed = session.get(SignedIdentity, conversation)
    if signed is not None and signed.at > at - SIGNED_FOR:
        return str(signed.customer)
    if purpose is None:
        return None
    return session.execute(
        sa.select(OneTimeCode.customer)
        .where(OneTimeCode.conversation == conversation, OneTimeCode.purpose == purpose, OneTimeCode.used_at > at - VERIFIED_FOR)
        .order_by(OneTimeCode.used_at.desc()).limit(1)
    ).scalar_one_or_none()


def is_verified(session: Session, *, conversation: str, at: datetime, purpose: Optional[str] = None) -> bool:
    """Whether `verified_customer` knows somebody: no code need be asked for."""
    return verified_customer(session, conversation=conversation, at=at, purpose=purpose) is not None


def shown_in(session: Session, conversation: str) -> set[str]:
    """The customers who, at whatever time, have shown in this conversation by signature or code who they are."""
    signed = sa.select(SignedIdentity.customer).where(SignedIdentity.conversation == conversation)
    by_code = sa.select(OneTimeCode.customer).where(OneTimeCode.conversation == conversation, OneTimeCode.used_at.isnot(None))
    return set(session.execute(signed.union(by_code)).scalars())


def hidden(address: str) -> str:
    """An address with most of its name hidden: `c•••@example.org`."""
    name, _, domain = address.strip().partition("@")
    return f"{name[:1]}•••@{domain}"[:200]


def _try(settings: Settings, row: OneTimeCode, code: str, at: datetime) -> str:
    if row.used_at is not None:
        return "none"
    if row.attempts >= CODE_ATTEMPTS:
        return "used_up"
    if row.expires_at <= at:
        return "expired"
    given = _digest(settings, "code", row.conversation, row.purpose, row.key, re.sub(r"\D", "", code))
    # where nobody has the address there is no right code; the comparison is made all the same
    if hmac.compare_digest(given, row.code_digest) and row.customer is not None:
        row.used_at = at
        return "right"
    row.attempts += 1
    return "wrong" if row.attempts < CODE_ATTEMPTS else "used_up"


def _person(session: Session, customer: Optional[str], email: Optional[str]) -> Optional[Customer]:
    if customer is not None:
        found = session.get(Customer, customer)
        if found is not None:
            return found
    if not email:
        if customer is None:
            raise invalid("nobody-to-ask", "Neither a customer nor an address was given; one of them is needed.")
        return None
    return session.execute(sa.select(Customer).where(sa.func.lower(Customer.email) == email.strip().lower())).scalars().first()


def _full_until(session: Session, at: datetime, **where: Any) -> Optional[datetime]:
    """When a further code may be sent; None if now."""
    query = sa.select(OneTimeCode.at).filter_by(**where).where(OneTimeCode.at > at - timedelta(hours=1)).order_by(OneTimeCode.at.desc())
    sent = list(session.execute(query.limit(CODES_AN_HOUR)).scalars())
    return sent[-1] + timedelta(hours=1) if len(sent) == CODES_AN_HOUR else None


def _digest(settings: Settings, *parts: str) -> str:
    return hmac.new(settings.key("one-time-codes").encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()
