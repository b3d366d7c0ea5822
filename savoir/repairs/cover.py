"""Whether a repair is free: until when a device is covered, and by what. And which devices are repaired at home."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Optional, Union

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.customers import service as customers

from .tables import Repair

AT_HOME_FROM_INCHES = 43


@dataclass(frozen=True)
class Cover:
    """`outcome`: `covered` (the repair is free; `until` is the last day); `ended` (`until` was); `accident` (a fall, a liquid or a shock is
    never covered; other faults are `until` then); `unknown` (the device is not among the customer's: an invoice decides).
    `by_extension`: the longest cover is the extension."""

    outcome: Literal["covered", "ended", "accident", "unknown"]
    until: Optional[date] = None
    by_extension: bool = False

    @property
    def is_free(self) -> bool:
        """Whether the customer pays nothing."""
        return self.outcome == "covered"


def cover_of(session: Session, *, device: Optional[Any], is_accident: bool, at: datetime) -> Cover:
    """What covers a customer's device (a row of `customers.products_of`, or None when they have not bought it from the firm)."""
    known = warranty_of(session, device=device, at=at) if device is not None else None
    until = known.ends_on if isinstance(known, customers.Warranty) else None
    if is_accident:
        return Cover("accident", until)
    if not isinstance(known, customers.Warranty):
        return Cover("unknown")
    return Cover("covered" if known.covered else "ended", until, known.reason == "extension")


def warranty_of(
    session: Session, *, device: Any, at: datetime, damage: Optional[str] = None
) -> Union[customers.Warranty, customers.WarrantyUnknown]:
    """Until when a device is covered and by what, free repairs counted in; `damage` as in `customers.warranty_of`."""
    return customers.warranty_of(session, device=device, at=at, repaired=_free_repairs(session, device), damage=damage)


def _free_repairs(session: Session, device: Any) -> list[datetime]:
    # In France each repair under the legal guarantee prolongs it.
    query = sa.select(Repair.status_at).where(
        Repair.serial_number == device.serial_number, Repair.status == "closed", Repair.under_warranty.is_(True), Repair.status_at.isnot(None)
    )
    return list(session.execute(query).scalars())


def is_big_television(product: Any) -> bool:
    """Whether it is repaired at the customer's home: a television of 43 inches or more (the size is in its name, else in its summary)."""
    if product.type != "television":
        return False
    sizes = re.findall(r"\b(\d{2,3})\b", str(product.name)) or re.findall(r"\b(\d{2,3})(?= pouces)", str(product.summary_fr or ""))
    return bool(sizes) and int(sizes[0]) >= AT_HOME_FROM_INCHES
