"""Asking for a repair: which device, whether it is free, what it costs else, where it is done; then a file with a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Optional

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from savoir.customers import service as customers

from .cover import Cover, cover_of, is_big_television
from .prices import Price, price_of
from .slots import department_of
from .tables import ENDED, Repair, Technician

FIRST_NUMBER = 1
ATTEMPTS = 8
PlanOutcome = Literal["ready", "which_device", "no_device", "unknown_serial", "unknown_product", "not_repaired", "already_open"]


@dataclass(frozen=True)
class Plan:
    """What a repair would be. `outcome`:

    `ready`: `product`, `device` (None when the customer has not bought it from the firm), `cover`, `price`, `how` and `ways` are known;
    `which_device`: several of the customer's `devices` fit, each (device, product); `no_device`: nothing was named and they own none;
    `unknown_serial`: none of their devices has it; `unknown_product`: no such model; `not_repaired`: an accessory (`product`) is
    replaced, not repaired; `already_open`: this device is in `repair` already.

    `how`: `at_home` (a technician comes), or `sent_in` (with a prepaid label) where `drop_off` is possible as well: see `ways`.
    `is_out_of_reach`: a big television where no technician comes.
    """

    outcome: PlanOutcome
    product: Optional[Any] = None
    device: Optional[Any] = None
    cover: Optional[Cover] = None
    price: Optional[Price] = None
    how: Optional[Literal["at_home", "sent_in"]] = None
    ways: tuple[str, ...] = ()
    is_out_of_reach: bool = False
    devices: list[tuple[Any, Any]] = field(default_factory=list)
    repair: Optional[Repair] = None

    @property
    def is_free(self) -> bool:
        """Whether the customer pays nothing."""
        return self.cover is not None and self.cover.is_free


@dataclass(frozen=True)
class Opening:
    """`outcome`: `opened` (with `repair`), or the plan's, when that is not `ready`; `plan` says everything about it."""

    outcome: Literal["opened", "which_device", "no_device", "unknown_serial", "unknown_product", "not_repaired", "already_open"]
    plan: Plan
    repair: Optional[Repair] = None


def plan_repair(
    session: Session, *, customer: str, at: datetime, product: Optional[str] = None, serial_number: Optional[str] = None,
    symptom: Optional[str] = None, is_accident: bool = False,
) -> Plan:
    """What a repair of the customer's device would be, for a word before it is confirmed. Nothing is written.

    The device is named by its serial number, or by its model (`product`, an id of the catalogue), or by neither when they own just one.
    `is_accident`: a fall, a liquid, a shock; the symptom `water` always is one.
    """
    device, model, stop = _device(session, customer, product, serial_number)
    if stop is not None:
        return stop
    if model.type == "accessory":
        return Plan("not_repaired", product=model, device=device)
    running = _running(session, customer, device, model)
    if running is not None:
        return Plan("already_open", product=model, device=device, repair=running)
    cover = cover_of(session, device=device, is_accident=is_accident or symptom == "water", at=at)
    is_big = is_big_television(model)
    comes = is_big and _somebody_comes(session, customer, str(model.type))
    return Plan(
        "ready", product=model, device=device, cover=cover, price=price_of(session, product=model, symptom=symptom),
        how="at_home" if comes else "sent_in", ways=("at_home",) if comes else ("sent_in",) if is_big else ("sent_in", "drop_off"),
        is_out_of_reach=is_big and not comes,
    )


def open_repair(
    session: Session, *, customer: str, words: str, key: str, at: datetime, product: Optional[str] = None, serial_number: Optional[str] = None,
    symptom: Optional[str] = None, is_accident: bool = False, how: Optional[str] = None,
) -> Opening:
    """Opens a repair, in state `received`; the same `key` again returns that one. `words` is the fault as the customer told it.

    `how` is one of the plan's `ways`; another, or none, becomes the plan's own. Its number follows the highest known.
    """
    made = session.execute(sa.select(Repair).where(Repair.key == key)).scalar_one_or_none()
    if made is not None:
        return Opening("opened", Plan("ready", product=customers.product(session, str(made.product)), how=made.how, repair=made), made)
    plan = plan_repair(
        session, customer=customer, at=at, product=product, serial_number=serial_number, symptom=symptom, is_accident=is_accident
    )
    if plan.outcome != "ready":
        return Opening(plan.outcome, plan, plan.repair)
    assert plan.product is not None
    assert plan.cover is not None
    covered = None if plan.cover.outcome == "unknown" else plan.is_free
    for _ in range(ATTEMPTS):
        repair = Repair(
            number=_next_number(session), customer=customer, serial_number=plan.device.serial_number if plan.device is not None else None,
            product=plan.product.id, opened_at=at, status="received", status_at=at, symptom=words.strip()[:200] or None,
            symptom_kind=symptom, under_warranty=covered, how=how if how in plan.ways else plan.how, key=key,
        )
        try:
            with session.begin_nested():
                session.add(repair)
        except IntegrityError:  # the number was taken meanwhile, or this turn ran twice at once
            made = session.execute(sa.select(Repair).where(Repair.key == key)).scalar_one_or_none()
            if made is not None:
                return Opening("opened", plan, made)
            continue
        return Opening("opened", plan, repair)
    raise RuntimeError(f"no free repair number was found in {ATTEMPTS} attempts; expected REP- and six digits to be free after the highest")


def _device(session: Session, customer: str, product: Optional[str], serial_number: Optional[str]) -> tuple[Any, Any, Optional[Plan]]:
    owned = customers.products_of(session, customer)
    if serial_number:
        wanted = "".join(serial_number.split()).upper()
        fitting = [pair for pair in owned if pair[0].serial_number == wanted]
        return (*fitting[0], None) if fitting else (None, None, Plan("unknown_serial"))
    model = customers.product(session, product) if product else None
    if product and model is None:
        return None, None, Plan("unknown_product")
    fitting = [pair for pair in owned if pair[1].id == product] if product else owned
    if len(fitting) > 1:
        return None, None, Plan("which_device", product=model, devices=fitting)
    if fitting:
        return (*fitting[0], None)
    return (None, model, None) if model is not None else (None, None, Plan("no_device"))


def _running(session: Session, customer: str, device: Optional[Any], model: Any) -> Optional[Repair]:
    query = sa.select(Repair).where(Repair.customer == customer, Repair.status.notin_(ENDED))
    if device is not None:
        query = query.where(Repair.serial_number == device.serial_number)
    else:
        query = query.where(Repair.product == model.id, Repair.serial_number.is_(None))
    return session.execute(query.order_by(Repair.opened_at.desc())).scalars().first()


def _somebody_comes(session: Session, customer: str, product_type: str) -> bool:
    known = customers.customer_by_id(session, customer)
    if known is None or (known.country or "FR") != "FR":
        return False
    department = department_of(str(known.postal_code or ""))
    technicians = session.execute(sa.select(Technician)).scalars()
    return any(department in t.departments and product_type in t.skills for t in technicians)


def _next_number(session: Session) -> str:
    last = session.execute(sa.select(sa.func.max(Repair.number)).where(Repair.number.like("REP-______"))).scalar_one()
    return f"REP-{int(last[4:]) + 1 if last and last[4:].isdigit() else FIRST_NUMBER:06d}"
