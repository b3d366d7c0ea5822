"""Until when a device is covered, by what, and what is never covered.

The law's guarantee of conformity and the firm's own run side by side from delivery; the extension "Sérénité" prolongs the firm's, and in
France each repair under the legal guarantee adds six months to it (Code de la consommation, art. L217-13).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Optional, Sequence, Union

from sqlalchemy.orm import Session

from .days import FRENCH, Calendar, months_after
from .orders import parcels_of
from .tables import Customer, Order, OwnedProduct, Product

LEGAL_MONTHS = {"FR": 24, "BE": 24, "LU": 24, "CH": 24}
"""Months of the legal guarantee by country of delivery; the European minimum elsewhere."""
LEGAL_MONTHS_ELSEWHERE = 24
EXTENSION_MONTHS = 24
REPAIR_MONTHS = 6
REPAIR_COUNTRIES = ("FR",)
EXCLUDED = ("fall", "liquid", "shock", "oxidation", "wrong_power_supply", "loss", "theft")
"""What the customer or chance did to a device: no guarantee covers it."""


@dataclass(frozen=True)
class Cover:
    """One guarantee and its last day. `kind`: legal, repair (the legal one, prolonged by repairs), commercial or extension."""

    kind: str
    until: date


@dataclass(frozen=True)
class Warranty:
    """Whether a device is covered.

    `covered` at the asked moment, and not excluded; `ends_on`: the last day of the longest cover and `reason` its kind; `covers`: all of
    them, the longest first; `begins_on` by `begins_with` (delivery, or purchase where no delivery is known); `days_left` is 0 when over.
    `excluded` is the damage that no guarantee covers, if that was asked; `ends_on` then still says until when other faults are covered.
    """

    serial_number: str
    product: str
    name: str
    begins_on: date
    begins_with: str
    ends_on: date
    reason: str
    covers: tuple[Cover, ...]
    days_left: int
    covered: bool
    excluded: Optional[str] = None


@dataclass(frozen=True)
class WarrantyUnknown:
    """Neither delivery nor purchase is known: an invoice decides."""

    serial_number: str
    product: str
    name: str


@dataclass(frozen=True)
class DeviceFound:
    """The device that was meant."""

    device: OwnedProduct
    product: Product


@dataclass(frozen=True)
class DeviceChoice:
    """The customer owns several that it could be, the newest first."""

    devices: tuple[DeviceFound, ...]


@dataclass(frozen=True)
class NoDevice:
    """`reason`: unknown_serial, not_owned (the customer has none of that model) or none_owned; `owned`: what they do own."""

    reason: str
    owned: tuple[DeviceFound, ...]


def find_device(
    session: Session, *, serial_number: Optional[str] = None, customer: Optional[str] = None, model: Optional[str] = None
) -> Union[DeviceFound, DeviceChoice, NoDevice]:
    """A device by its serial number (whoever bought it: the guarantee goes with the device), else by customer and model's id, else the
    customer's devices."""
    owned = _owned(session, customer) if customer else ()
    if serial_number:
        device = session.get(OwnedProduct, re.sub(r"[^A-Z0-9]", "", serial_number.upper()))
        product = session.get(Product, device.product) if device is not None else None
        return DeviceFound(device, product) if device is not None and product is not None else NoDevice("unknown_serial", owned)
    if not owned:
        return NoDevice("none_owned", ())
    meant = tuple(each for each in owned if model in (None, each.product.id))
    if not meant:
        return NoDevice("not_owned", owned)
    return meant[0] if len(meant) == 1 else DeviceChoice(meant)


def warranty_of(
    session: Session, *, device: OwnedProduct, at: datetime, repaired: Sequence[datetime] = (), damage: Optional[str] = None,
    calendar: Calendar = FRENCH,
) -> Union[Warranty, WarrantyUnknown]:
    """Until when a device is covered. `repaired`: when it was repaired free of charge; `damage`: one of EXCLUDED, if it has suffered that."""
    product, order = session.get(Product, device.product), session.get(Order, device.order_number) if device.order_number else None
    name = str(product.name) if product is not None else str(device.product)
    begins, begins_with = _begin(session, device, order, at, calendar)
    if begins is None:
        return WarrantyUnknown(device.serial_number, device.product, name)
    owner = session.get(Customer, device.customer)
    country = (order.country if order is not None else None) or (owner.country if owner is not None else None) or "FR"
    covers = [_legal(begins, country, repaired, calendar)]
    if product is not None and product.warranty_months:
        covers.append(Cover("commercial", months_after(begins, product.warranty_months)))
        if device.has_extension:
            covers.append(Cover("extension", months_after(begins, product.warranty_months + EXTENSION_MONTHS)))
    covers.sort(key=lambda cover: cover.until, reverse=True)
    ends, today, excluded = covers[0].until, calendar.day(at), damage if damage in EXCLUDED else None
    return Warranty(
        device.serial_number, device.product, name, begins, begins_with, ends, covers[0].kind, tuple(covers), max(0, (ends - today).days),
        today <= ends and excluded is None, excluded,
    )


def covers_from(begins: date, product: Optional[Product] = None) -> tuple[Cover, ...]:
    """What covers a device bought new in France on that day, by the rule alone: the longest first."""
    covers = [Cover("legal", months_after(begins, LEGAL_MONTHS["FR"]))]
    if product is not None and product.warranty_months:
        covers.append(Cover("commercial", months_after(begins, product.warranty_months)))
    return tuple(sorted(covers, key=lambda cover: cover.until, reverse=True))


def _legal(begins: date, country: str, repaired: Sequence[datetime], calendar: Calendar) -> Cover:
    until, kind = months_after(begins, LEGAL_MONTHS.get(country, LEGAL_MONTHS_ELSEWHERE)), "legal"
    for day in sorted(calendar.day(at) for at in repaired):
        if country in REPAIR_COUNTRIES and begins <= day <= until:
            until, kind = months_after(until, REPAIR_MONTHS), "repair"
    return Cover(kind, until)


def _begin(
    session: Session, device: OwnedProduct, order: Optional[Order], at: datetime, calendar: Calendar
) -> tuple[Optional[date], str]:
    if order is not None:
        parcels = parcels_of(session, order, at=at, calendar=calendar)
        holding = [p for p in parcels if any(line.product == device.product for line in p.lines)]
        arrivals = [parcel.delivered_at for parcel in holding if parcel.delivered_at]
        if arrivals:
            return calendar.day(max(arrivals)), "delivery"
    return (calendar.day(device.purchased_at) if device.purchased_at else None), "purchase"


def _owned(session: Session, customer: str) -> tuple[DeviceFound, ...]:
    found = session.query(OwnedProduct, Product).join(Product, Product.id == OwnedProduct.product).filter(OwnedProduct.customer == customer)
    return tuple(DeviceFound(device, product) for device, product in found.order_by(OwnedProduct.purchased_at.desc(), OwnedProduct.serial_number))
