"""Rows of requests about personal data, of the copies made, and of who did what."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base, UtcDateTime

KINDS = ("export", "erasure")
STATES = ("received", "confirmed", "done")


class PrivacyRequest(Base):
    """A person's request about their data. `due_at`: one month after it was received (GDPR, article 12(3)).

    Without `customer` it is about what was written in `conversation`. `key` is the idempotency key of the turn that received it.
    """

    __tablename__ = "privacy_request"

    id = sa.Column(sa.Integer, primary_key=True)
    key = sa.Column(sa.String(160), nullable=False, unique=True)
    kind = sa.Column(sa.String(10), nullable=False)
    state = sa.Column(sa.String(10), nullable=False, index=True)
    customer = sa.Column(sa.String(40), index=True)
    conversation = sa.Column(sa.String(40), index=True)
    language = sa.Column(sa.String(2), nullable=False)
    received_at = sa.Column(UtcDateTime, nullable=False)
    due_at = sa.Column(UtcDateTime, nullable=False)
    confirmed_at = sa.Column(UtcDateTime)
    done_at = sa.Column(UtcDateTime)

    @property
    def number(self) -> str:
        """`RGPD-000001`."""
        return f"RGPD-{self.id:06d}"


class PrivacyCopy(Base):
    """A copy of a person's data that waits to be fetched, by a link of which only the digest is kept."""

    __tablename__ = "privacy_copy"

    token = sa.Column(sa.String(64), primary_key=True)
    request = sa.Column(sa.Integer, sa.ForeignKey("privacy_request.id", ondelete="CASCADE"), nullable=False, index=True)
    content = sa.Column(sa.LargeBinary, nullable=False)
    expires_at = sa.Column(UtcDateTime, nullable=False)


class PrivacyEvent(Base):
    """Who did what about whose data, and when. Numbers and ids only: nothing that was exported or erased."""

    __tablename__ = "privacy_event"

    id = sa.Column(sa.Integer, primary_key=True)
    request = sa.Column(sa.Integer, index=True)
    actor = sa.Column(sa.String(60), nullable=False)
    action = sa.Column(sa.String(20), nullable=False)
    customer = sa.Column(sa.String(40), index=True)
    conversation = sa.Column(sa.String(40))
    counts = sa.Column(sa.JSON, nullable=False)
    at = sa.Column(UtcDateTime, nullable=False)
