"""Rows of the catalogue, of customers, of what they bought and of what they asked for about it."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base, UtcDateTime

ORDER_STATES = (
    "pending_payment", "paid", "preparing", "shipped", "out_for_delivery", "delivered", "delayed", "lost", "cancelled", "returned", "refunded",
)
PARCEL_STATES = ("preparing", "shipped", "out_for_delivery", "delivered", "delayed", "lost")
RETURN_STATES = ("requested", "label_sent", "received", "refunded", "closed")
CLAIM_KINDS = ("damaged", "missing_item", "wrong_item", "not_received", "late", "empty")
PAYMENT_PROBLEMS = ("double_charge", "wrong_amount", "failed_payment", "unknown_charge")


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
    """A person who bought something. Once `erased_at` is set, nothing personal is left, and no import brings it back."""

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
    erased_at = sa.Column(UtcDateTime)


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


class Shipment(Base):
    """One parcel of an order sent in several. An order without rows here has one parcel, in its own columns."""

    __tablename__ = "shipment"

    order_number = sa.Column(sa.String(20), sa.ForeignKey("customer_order.number", ondelete="CASCADE"), primary_key=True)
    parcel = sa.Column(sa.Integer, primary_key=True, autoincrement=False)
    carrier = sa.Column(sa.String(40))
    tracking_number = sa.Column(sa.String(40))
    status = sa.Column(sa.String(20), nullable=False)
    status_at = sa.Column(UtcDateTime)
    shipped_at = sa.Column(UtcDateTime)
    expected_at = sa.Column(UtcDateTime)
    delivered_at = sa.Column(UtcDateTime)
    lines = sa.Column(sa.JSON, nullable=False)

    @property
    def name(self) -> str:
        """`CMD-104507, parcel 1`."""
        return f"{self.order_number}, parcel {self.parcel}"


class Cancellation(Base):
    """An order cancelled by its customer. `refund_cents` is 0 when nothing had been paid."""

    __tablename__ = "cancellation"

    order_number = sa.Column(sa.String(20), sa.ForeignKey("customer_order.number", ondelete="CASCADE"), primary_key=True)
    key = sa.Column(sa.String(160), nullable=False, unique=True)
    refund_cents = sa.Column(sa.Integer, nullable=False)
    means = sa.Column(sa.String(20))
    reason = sa.Column(sa.Text)
    at = sa.Column(UtcDateTime, nullable=False)


class ReturnRequest(Base):
    """A line of an order that goes back, for money or for another product. `line` is its place in the order, from 0. Money in cents."""

    __tablename__ = "return_request"

    id = sa.Column(sa.Integer, primary_key=True)
    key = sa.Column(sa.String(160), nullable=False, unique=True)
    kind = sa.Column(sa.String(10), nullable=False)
    order_number = sa.Column(sa.String(20), sa.ForeignKey("customer_order.number", ondelete="CASCADE"), nullable=False, index=True)
    line = sa.Column(sa.Integer, nullable=False)
    product = sa.Column(sa.String(60), nullable=False)
    quantity = sa.Column(sa.Integer, nullable=False)
    reason = sa.Column(sa.Text)
    wanted_product = sa.Column(sa.String(60))
    right = sa.Column(sa.String(12), nullable=False)
    label = sa.Column(sa.String(12), nullable=False)
    product_cents = sa.Column(sa.Integer, nullable=False)
    delivery_cents = sa.Column(sa.Integer, nullable=False)
    state = sa.Column(sa.String(12), nullable=False)
    requested_at = sa.Column(UtcDateTime, nullable=False)
    state_at = sa.Column(UtcDateTime, nullable=False)
    received_at = sa.Column(UtcDateTime)
    refunded_at = sa.Column(UtcDateTime)

    @property
    def number(self) -> str:
        """`RET-000001`."""
        return f"RET-{self.id:06d}"


class DeliveryClaim(Base):
    """What a customer says is wrong with a delivery, and what the firm does about it."""

    __tablename__ = "delivery_claim"

    id = sa.Column(sa.Integer, primary_key=True)
    key = sa.Column(sa.String(160), nullable=False, unique=True)
    order_number = sa.Column(sa.String(20), sa.ForeignKey("customer_order.number", ondelete="CASCADE"), nullable=False, index=True)
    kind = sa.Column(sa.String(20), nullable=False)
    products = sa.Column(sa.JSON, nullable=False)
    note = sa.Column(sa.Text, nullable=False, default="")
    remedy = sa.Column(sa.String(20), nullable=False)
    is_in_time = sa.Column(sa.Boolean, nullable=False)
    answer_on = sa.Column(sa.Date)
    opened_at = sa.Column(UtcDateTime, nullable=False)
    closed_at = sa.Column(UtcDateTime)


class ContactChange(Base):
    """One change of what the firm knows about where a customer is: `field` is address, delivery_address, phone or email."""

    __tablename__ = "contact_change"

    id = sa.Column(sa.Integer, primary_key=True)
    key = sa.Column(sa.String(160), nullable=False, unique=True)
    customer = sa.Column(sa.String(40), sa.ForeignKey("customer.id", ondelete="CASCADE"), nullable=False, index=True)
    order_number = sa.Column(sa.String(20))
    field = sa.Column(sa.String(20), nullable=False)
    old = sa.Column(sa.Text)
    new = sa.Column(sa.Text, nullable=False)
    at = sa.Column(UtcDateTime, nullable=False)


class PaymentReport(Base):
    """What a customer says is wrong with a payment; `order_number` is empty for a charge of which they know no order."""

    __tablename__ = "payment_report"

    id = sa.Column(sa.Integer, primary_key=True)
    key = sa.Column(sa.String(160), nullable=False, unique=True)
    kind = sa.Column(sa.String(20), nullable=False)
    customer = sa.Column(sa.String(40), sa.ForeignKey("customer.id", ondelete="CASCADE"), index=True)
    order_number = sa.Column(sa.String(20), index=True)
    amount_cents = sa.Column(sa.Integer)
    note = sa.Column(sa.Text, nullable=False, default="")
    at = sa.Column(UtcDateTime, nullable=False)


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
    """One attempt to show who one is. `key` is the idempotency key of the turn that made it.

    `order_number` is the number that was given: an order's, or another's such as a repair's; `customer` is whose it is, in the second
    case, where the attempt succeeded.
    """

    __tablename__ = "identity_check"

    key = sa.Column(sa.String(160), primary_key=True)
    conversation = sa.Column(sa.String(40), nullable=False, index=True)
    order_number = sa.Column(sa.String(20), nullable=False, index=True)
    customer = sa.Column(sa.String(40))
    succeeded = sa.Column(sa.Boolean, nullable=False)
    at = sa.Column(UtcDateTime, nullable=False)


class OneTimeCode(Base):
    """A code sent to an address, for one purpose in one conversation. Neither code nor address is kept, only what proves them.

    `customer` is empty where nobody has the address: no mail was sent then. `key` is the idempotency key of the turn that asked for it,
    `checked_key` of the one that tried it last, with its `outcome`.
    """

    __tablename__ = "one_time_code"

    id = sa.Column(sa.Integer, primary_key=True)
    key = sa.Column(sa.String(160), nullable=False, unique=True)
    conversation = sa.Column(sa.String(40), nullable=False, index=True)
    purpose = sa.Column(sa.String(20), nullable=False)
    customer = sa.Column(sa.String(40), index=True)
    address_digest = sa.Column(sa.String(64), nullable=False, index=True)
    sent_to = sa.Column(sa.String(200), nullable=False)
    code_digest = sa.Column(sa.String(64), nullable=False)
    attempts = sa.Column(sa.Integer, nullable=False)
    at = sa.Column(UtcDateTime, nullable=False)
    expires_at = sa.Column(UtcDateTime, nullable=False)
    used_at = sa.Column(UtcDateTime)
    checked_key = sa.Column(sa.String(160))
    outcome = sa.Column(sa.String(10))


class SignedIdentity(Base):
    """A conversation of which the firm's own site said, with its signature, whose it is."""

    __tablename__ = "signed_identity"

    conversation = sa.Column(sa.String(40), primary_key=True)
    customer = sa.Column(sa.String(40), nullable=False, index=True)
    at = sa.Column(UtcDateTime, nullable=False)
