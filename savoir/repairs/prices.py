"""What a repair outside the guarantee costs, before anybody has seen the device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Optional

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .tables import RepairPrice

QUOTE_FEE_CENTS = 2900
"""What a quote costs; deducted when it is accepted."""
WITHOUT_BONUS = ("software", "storage", "performance")
"""The French repair bonus is for what makes a device work again; software gets none."""


@dataclass(frozen=True)
class Price:
    """`outcome`: `fixed` (`cents`, parts and labour), `estimate` (about `cents`; a quote decides), `on_quote` (only a quote tells).

    `has_bonus`: the repair bonus is taken off the invoice; `bonus_cents` is its indicative amount, None when only the quote tells it.
    """

    outcome: Literal["fixed", "estimate", "on_quote"]
    cents: Optional[int] = None
    quote_fee_cents: int = QUOTE_FEE_CENTS
    has_bonus: bool = False
    bonus_cents: Optional[int] = None


def price_of(session: Session, *, product: Any, symptom: Optional[str]) -> Price:
    """The price for a model (a row of the catalogue) and a symptom of the taxonomy."""
    rows = session.execute(sa.select(RepairPrice).where(RepairPrice.product_type == product.type)).scalars()
    fitting = [r for r in rows if r.product in (None, product.id) and r.symptom in (None, symptom)]
    fitting.sort(key=lambda r: (r.symptom is None, r.product is None))
    priced = fitting[0] if fitting and fitting[0].price_cents is not None else None
    helped = next((r for r in fitting if r.has_bonus), None) if symptom not in WITHOUT_BONUS else None
    if priced is None:
        return Price("on_quote", has_bonus=helped is not None, bonus_cents=helped.bonus_cents if helped else None)
    return Price(
        "fixed" if priced.is_fixed else "estimate", priced.price_cents, has_bonus=helped is not None,
        bonus_cents=helped.bonus_cents if helped else None,
    )
