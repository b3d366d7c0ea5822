"""Rows of spare parts, of the orders for them, and of who wants to hear when one is back."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base, UtcDateTime

PART_KINDS = (
    "battery", "charger", "cable", "screen", "remote", "ear_tips", "ear_pads", "strap", "case", "dock", "power_supply", "antenna", "button",
    "keyboard", "fan", "stylus", "power_bank", "controller", "stand", "speaker", "camera", "cover", "earbud",
    "solar_panel",
)
PART_ORDER_STATES = ("ordered", "prepared", "shipped", "delivered", "cancelled")


class SparePart(Base):
    """A part that the firm sells. `products` are the models that it fits; `is_self_fit`: customers fit it without tools or risk."""

    __tablename__ = "spare_part"

    id = sa.Column(sa.String(60), primary_key=True)
    kind = sa.Column(sa.String(20), nullable=False, index=True)
    name_fr = sa.Column(sa.String(120), nullable=False)
    name_en = sa.Column(sa.String(120), nullable=False)
    products = sa.Column(sa.JSON, nullable=False)
    price_cents = sa.Column(sa.Integer, nullable=False)
    stock = sa.Column(sa.Integer, nullable=False)
    restock_at = sa.Column(UtcDateTime)
    is_self_fit = sa.Column(sa.Boolean, nullable=False)


class PartOrder(Base):
    """A part ordered by a customer, to the address that was on file then. Money in cents. `key` is the idempotency key of its turn."""

    __tablename__ = "part_order"

    id = sa.Column(sa.Integer, primary_key=True)
    key = sa.Column(sa.String(160), nullable=False, unique=True)
    part = sa.Column(sa.String(60), sa.ForeignKey("spare_part.id"), nullable=False)
    quantity = sa.Column(sa.Integer, nullable=False)
    customer = sa.Column(sa.String(40), sa.ForeignKey("customer.id", ondelete="CASCADE"), nullable=False, index=True)
    recipient = sa.Column(sa.String(160), nullable=False)
    street = sa.Column(sa.String(200), nullable=False)
    postal_code = sa.Column(sa.String(12), nullable=False)
    city = sa.Column(sa.String(80), nullable=False)
    country = sa.Column(sa.String(40))
    unit_cents = sa.Column(sa.Integer, nullable=False)
    shipping_cents = sa.Column(sa.Integer, nullable=False)
    total_cents = sa.Column(sa.Integer, nullable=False)
    state = sa.Column(sa.String(12), nullable=False)
    ordered_at = sa.Column(UtcDateTime, nullable=False)

    @property
    def number(self) -> str:
        """`PCE-000001`."""
        return f"PCE-{self.id:06d}"


class PartNotice(Base):
    """A customer who asked to be told when a part is back; `told_at` once they were."""

    __tablename__ = "part_notice"
    __table_args__ = (sa.UniqueConstraint("part", "customer"),)

    id = sa.Column(sa.Integer, primary_key=True)
    part = sa.Column(sa.String(60), sa.ForeignKey("spare_part.id"), nullable=False)
    customer = sa.Column(sa.String(40), sa.ForeignKey("customer.id", ondelete="CASCADE"), nullable=False)
    asked_at = sa.Column(UtcDateTime, nullable=False)
    told_at = sa.Column(UtcDateTime)
