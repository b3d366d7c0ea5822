"""Rows of what agents put right: training material."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base, UtcDateTime

FIELDS = ("category", "urgency", "product", "language", "sentiment", "answer")


class Correction(Base):
    """One thing that was understood wrongly, and the right one. `seq` is the message that it is about; 0 for the whole conversation.

    Gone with its conversation: what a person wrote is not kept once it is erased.
    """

    __tablename__ = "correction"

    id = sa.Column(sa.Integer, primary_key=True)
    conversation = sa.Column(sa.String(40), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False)
    seq = sa.Column(sa.Integer, nullable=False)
    field = sa.Column(sa.String(12), nullable=False)
    assumed = sa.Column(sa.Text, nullable=False, default="")
    corrected = sa.Column(sa.Text, nullable=False)
    agent = sa.Column(sa.String(40), nullable=False)
    at = sa.Column(UtcDateTime, nullable=False)

    __table_args__ = (sa.UniqueConstraint("conversation", "seq", "field"),)
