"""Whether a repair is free: until when a device is covered, and by what. And which devices are repaired at home."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Optional

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from savoir.customers import service as customers

LEGAL_MONTHS = 24
EXTENSION_MONTHS = 24
AT_HOME_FROM_INCHES = 43


@dataclass(frozen=True)
class Cover:
    """`outcome`: `covered` (the repair is free until `until`); `ended` (it was covered `until` then); `accident` (a fall, a liquid or a
    shock is never covered); `unknown` (the device is not among the customer's: an invoice decides)."""

    outcome: Literal["covered", "ended", "accident", "unknown"]
    until: Optional[datetime] = None
    has_extension: bool = False

    @property
    def is_free(self) -> bool:
        """Whether the customer pays nothing."""
        return self.outcome == "covered"


def cover_of(session: Session, *, device: Optional[Any], product: Any, is_accident: bool, at: datetime) -> Cover:
    """What covers a customer's device (a row of `customers.products_of`, or None when they have not bought it from the firm)."""
    if is_accident:
        return Cover("accident")
    if device is None:
        return Cover("unknown")
    bought = {order.number: order for order in customers.orders_of(session, str(device.customer))}.get(device.order_number)
    begins = (bought.delivered_at if bought is not None else None) or device.purchased_at
    if begins is None:
        return Cover("unknown")
    months = max(LEGAL_MONTHS, product.warranty_months or 0) + (EXTENSION_MONTHS if device.has_extension else 0)
    until = begins + relativedelta(months=months)
    return Cover("covered" if at <= until else "ended", until, bool(device.has_extension))


def is_big_television(product: Any) -> bool:
    """Whether it is repaired at the customer's home: a television of 43 inches or more (the size is in its name, else in its summary)."""
    if product.type != "television":
        return False
    sizes = re.findall(r"\b(\d{2,3})\b", str(product.name)) or re.findall(r"\b(\d{2,3})(?= pouces)", str(product.summary_fr or ""))
    return bool(sizes) and int(sizes[0]) >= AT_HOME_FROM_INCHES
