"""Rows of the catalogue, of customers and of what they bought."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base, UtcDateTime

ORDER_STATES = (
    "pending_payment", "paid", "preparing", "shipped", "out_for_delivery", "delivered", "delayed", "lost", "cancelled", "returned", "refunded",
)


class Product(Base):
    """One model of the catalogue."""

    __tablename__ = "product"

    id = sa.Column(sa.String(60), primary_key=True)
    name = sa.Column(sa.String(120), nullable=False)
    type = sa.Column(sa.String(20), nullable=False, index=True)
    released = sa.Column(sa.Date)
    price_cents = sa.Column(sa.Integer)
    warranty_months = sa.Column(sa.Integer)
    stock = sa.Column(sa.Integer)
    aliases = sa.Column(sa.JSON)
    summary_fr = sa.Column(sa.Text)
    summary_en = sa.Column(sa.Text)


class Customer(Base):
    """A person who bought something."""

    __tablename__ = "customer"

    id = sa.Column(sa.String(40), primary_key=True)
    first_name = sa.Column(sa.String(80), nullable=False)
    last_name = sa.Column(sa.String(80), nullable=False)
    email = sa.Column(sa.String(200), nullable=False, unique=True)
    phone = sa.Column(sa.String(20))
    language = sa.Column(sa.String(2), nullable=False)
    street = sa.Column(sa.String(200))
    postal_code = sa.Column(sa.String(12))
    city = sa.Column(sa.String(80))
    country = sa.Column(sa.String(40))
    created_at = sa.Column(UtcDateTime)


class Order(Base):
    """An order and where it is. Money in cents."""

    __tablename__ = "customer_order"

    number = sa.Column(sa.String(20), primary_key=True)
    customer = sa.Column(sa.String(40), sa.ForeignKey("customer.id", ondelete="CASCADE"), nullable=False, index=True)
    placed_at = sa.Column(UtcDateTime, nullable=False)
    status = sa.Column(sa.String(20), nullable=False)
    status_at = sa.Column(UtcDateTime)
    carrier = sa.Column(sa.String(40))
    tracking_number = sa.Column(sa.String(40))
    shipped_at = sa.Column(UtcDateTime)
    expected_at = sa.Column(UtcDateTime)
    delivered_at = sa.Column(UtcDateTime)
    recipient = sa.Column(sa.String(160))
    street = sa.Column(sa.String(200))
    postal_code = sa.Column(sa.String(12))
    city = sa.Column(sa.String(80))
    country = sa.Column(sa.String(40))
    shipping_cents = sa.Column(sa.Integer)
    total_cents = sa.Column(sa.Integer)
    payment = sa.Column(sa.String(20))
    lines = sa.Column(sa.JSON, nullable=False)


class OwnedProduct(Base):
    """A device that a customer owns, by its serial number."""

    __tablename__ = "owned_product"

    serial_number = sa.Column(sa.String(20), primary_key=True)
    customer = sa.Column(sa.String(40), sa.ForeignKey("customer.id", ondelete="CASCADE"), nullable=False, index=True)
    product = sa.Column(sa.String(60), sa.ForeignKey("product.id"), nullable=False)
    order_number = sa.Column(sa.String(20))
    purchased_at = sa.Column(UtcDateTime)
    has_extension = sa.Column(sa.Boolean, nullable=False, default=False)


class IdentityCheck(Base):
    """One attempt to show who one is. `key` is the idempotency key of the turn that made it."""

    __tablename__ = "identity_check"

    key = sa.Column(sa.String(160), primary_key=True)
    conversation = sa.Column(sa.String(40), nullable=False, index=True)
    order_number = sa.Column(sa.String(20), nullable=False, index=True)
    succeeded = sa.Column(sa.Boolean, nullable=False)
    at = sa.Column(UtcDateTime, nullable=False)
