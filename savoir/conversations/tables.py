"""Rows of the conversation log."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base, UtcDateTime

STATES = ("bot", "waiting", "agent", "resolved", "abandoned")
"""`abandoned`: the customer left the queue before anybody came; a new message puts them back into it."""
AUTHORS = ("customer", "assistant", "agent", "system")
TURN_STATES = ("pending", "running", "done", "dropped", "failed")


class Conversation(Base):
    """One customer's exchange. `epoch` grows whenever the owner changes: what was computed for an older one is not sent."""

    __tablename__ = "conversation"

    id = sa.Column(sa.String(40), primary_key=True)
    channel = sa.Column(sa.String(20), nullable=False)
    language = sa.Column(sa.String(2), nullable=False)
    state = sa.Column(sa.String(10), nullable=False)
    epoch = sa.Column(sa.Integer, nullable=False)
    last_seq = sa.Column(sa.Integer, nullable=False)
    agent = sa.Column(sa.String(40), index=True)
    queue = sa.Column(sa.String(20))
    reason = sa.Column(sa.String(40))
    customer = sa.Column(sa.String(40), index=True)
    page_url = sa.Column(sa.String(500))
    created_at = sa.Column(UtcDateTime, nullable=False)
    updated_at = sa.Column(UtcDateTime, nullable=False)
    waiting_since = sa.Column(UtcDateTime)
    taken_at = sa.Column(UtcDateTime)
    resolved_at = sa.Column(UtcDateTime)
    waited_seconds = sa.Column(sa.Integer)  # in the queue, before the present or last agent took it
    reminded_at = sa.Column(UtcDateTime)  # of the question that the customer leaves unanswered
    rating_offered_at = sa.Column(UtcDateTime)
    is_rating_barred = sa.Column(sa.Boolean)
    told = sa.Column(sa.String(10))  # what who waits was told of people: open, away or closed; none yet
    noticed_at = sa.Column(UtcDateTime)  # when the present agent showed that they have seen it is theirs
    customer_left_at = sa.Column(UtcDateTime)  # since when the customer's chat is closed
    snoozed_at = sa.Column(UtcDateTime)  # the agent waits: until snoozed_until, or for the customer's answer
    snoozed_until = sa.Column(UtcDateTime)
    snoozed_seconds = sa.Column(sa.Integer)  # of the present or last agent's time
    outcome = sa.Column(sa.String(20))

    __table_args__ = (
        sa.Index("ix_conversation_state_waiting_since", "state", "waiting_since"),
        sa.Index("ix_conversation_state_updated_at", "state", "updated_at"),
    )


class Message(Base):
    """One line of the log. `client_id` is its sender's id: the same one twice is one message. `private`: agents only."""

    __tablename__ = "message"

    id = sa.Column(sa.Integer, primary_key=True)
    conversation = sa.Column(sa.String(40), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False)
    seq = sa.Column(sa.Integer, nullable=False)
    client_id = sa.Column(sa.String(80))
    author = sa.Column(sa.String(10), nullable=False)
    agent = sa.Column(sa.String(40))
    agent_name = sa.Column(sa.String(80))
    private = sa.Column(sa.Boolean, nullable=False, default=False)
    text = sa.Column(sa.Text, nullable=False, default="")
    payload = sa.Column(sa.Text)
    buttons = sa.Column(sa.JSON)
    cards = sa.Column(sa.JSON)
    attachments = sa.Column(sa.JSON)
    at = sa.Column(UtcDateTime, nullable=False)

    __table_args__ = (
        sa.UniqueConstraint("conversation", "seq"),
        sa.UniqueConstraint("conversation", "client_id"),
    )


class Turn(Base):
    """One turn of the assistant: claimed, run, answered; retried after `next_attempt_at` when an attempt failed."""

    __tablename__ = "turn"

    id = sa.Column(sa.Integer, primary_key=True)
    conversation = sa.Column(sa.String(40), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False)
    seq = sa.Column(sa.Integer, nullable=False)
    epoch = sa.Column(sa.Integer, nullable=False)
    state = sa.Column(sa.String(10), nullable=False)
    attempts = sa.Column(sa.Integer, nullable=False, default=0)
    claimed_by = sa.Column(sa.String(60))
    claimed_until = sa.Column(UtcDateTime)
    first_attempt_at = sa.Column(UtcDateTime)
    next_attempt_at = sa.Column(UtcDateTime, nullable=False)
    created_at = sa.Column(UtcDateTime, nullable=False)
    done_at = sa.Column(UtcDateTime)
    error = sa.Column(sa.String(200))

    __table_args__ = (
        sa.UniqueConstraint("conversation", "seq"),
        sa.Index("ix_turn_state_next_attempt_at", "state", "next_attempt_at"),
    )


class Handling(Base):
    """The time that one agent had a conversation, once it is over. `next`: the state after it (`agent`: a colleague's)."""

    __tablename__ = "handling"

    id = sa.Column(sa.Integer, primary_key=True)
    conversation = sa.Column(sa.String(40), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, index=True)
    agent = sa.Column(sa.String(40), nullable=False, index=True)
    queue = sa.Column(sa.String(20))
    taken_at = sa.Column(UtcDateTime, nullable=False)
    left_at = sa.Column(UtcDateTime, nullable=False, index=True)
    seconds = sa.Column(sa.Integer, nullable=False)  # without the time for which it was put off
    next = sa.Column(sa.String(10), nullable=False)


class Attachment(Base):
    """A photo that a customer or an agent sent, re-encoded, without its metadata."""

    __tablename__ = "attachment"

    id = sa.Column(sa.String(40), primary_key=True)
    conversation = sa.Column(sa.String(40), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, index=True)
    content_type = sa.Column(sa.String(60), nullable=False)
    width = sa.Column(sa.Integer, nullable=False)
    height = sa.Column(sa.Integer, nullable=False)
    content = sa.Column(sa.LargeBinary, nullable=False)
    at = sa.Column(UtcDateTime, nullable=False)


class Rating(Base):
    """What the customer thought of the conversation."""

    __tablename__ = "rating"

    conversation = sa.Column(sa.String(40), sa.ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    score = sa.Column(sa.Integer, nullable=False)
    effort = sa.Column(sa.Integer)
    recommend = sa.Column(sa.Integer)
    comment = sa.Column(sa.Text)
    at = sa.Column(UtcDateTime, nullable=False)
