"""What an order's charges are, and reports of payments that went wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from savoir.core.errors import Problem
from savoir.customers.service import charges_of, payment_reports_of, report_payment

from .shop import Shop

PHONE = (("nova-6", 1, 54900),)


def charges(shop: Shop, number: str) -> Any:
    return shop.do(charges_of, order_number=number)


def report(shop: Shop, kind: str, key: str = "k", **arguments: Any) -> Any:
    return shop.do(report_payment, kind=kind, key=key, **arguments)


@pytest.mark.parametrize(("status", "payment", "state"), [
    ("pending_payment", "transfer", "awaited"), ("paid", "card", "held"), ("preparing", "transfer", "charged"), ("shipped", "card", "charged"),
    ("cancelled", "card", "released"), ("refunded", "card", "refunded"),
])
def test_it_is_known_what_became_of_the_money(shop: Shop, status: str, payment: str, state: str) -> None:
    assert charges(shop, shop.order(status, payment=payment)).state == state


def test_the_sum_is_told_in_its_parts(shop: Shop) -> None:
    found = charges(shop, shop.order("shipped", lines=(("coque-nova-6", 1, 2490),), shipping_cents=490))
    assert (found.products_cents, found.shipping_cents, found.total_cents, found.means, found.instalments) == (2490, 490, 2980, "card", ())


def test_three_times_are_three_parts_thirty_days_apart(shop: Shop) -> None:
    found = charges(shop, shop.order("shipped", lines=(("nova-6", 1, 10000),), payment="three_times", placed_at=shop.ago(31)))
    assert [(part.cents, part.on, part.state) for part in found.instalments] == [
        (3334, date(2026, 10, 24), "taken"), (3333, date(2026, 11, 23), "taken"), (3333, date(2026, 12, 23), "due"),
    ]


def test_four_times_are_as_in_the_article(shop: Shop) -> None:
    found = charges(shop, shop.order("shipped", lines=PHONE, payment="four_times"))
    assert ([part.cents for part in found.instalments], found.total_cents) == ([14549, 13725, 13725, 13725], 55724)


def test_after_a_refund_no_further_part_is_taken(shop: Shop) -> None:
    found = charges(shop, shop.order("refunded", payment="three_times", placed_at=shop.ago(40)))
    assert [part.state for part in found.instalments] == ["taken", "taken", "cancelled"]


def test_a_report_is_kept_once_for_a_turn(shop: Shop) -> None:
    number = shop.order("shipped")
    first = report(shop, "double_charge", order_number=number, amount_cents=57390, note="débitée deux fois")
    assert report(shop, "double_charge", order_number=number, amount_cents=57390) == first
    with shop.database.reading() as session:
        assert [(row.kind, row.note) for row in payment_reports_of(session, "C-1")] == [("double_charge", "débitée deux fois")]


@pytest.mark.parametrize(("status", "payment", "kind", "amount", "explanation"), [
    ("paid", "card", "double_charge", 57390, "hold"), ("shipped", "card", "double_charge", 57390, None),
    ("shipped", "three_times", "double_charge", 19130, "instalment"), ("shipped", "three_times", "wrong_amount", 19130, "instalment"),
    ("shipped", "card", "unknown_charge", 57390, "total"), ("shipped", "card", "wrong_amount", 12345, None),
    ("shipped", "four_times", "wrong_amount", 15210, "fee_included"), ("shipped", "card", "failed_payment", None, None),
])
def test_an_amount_that_can_be_explained_is(shop: Shop, status: str, payment: str, kind: str, amount: int, explanation: str) -> None:
    assert report(shop, kind, order_number=shop.order(status, payment=payment), amount_cents=amount).explanation == explanation


def test_an_unknown_charge_needs_no_order(shop: Shop) -> None:
    found = report(shop, "unknown_charge", customer="C-2", amount_cents=999)
    assert (found.order_number, found.explanation) == (None, None)


def test_another_kind_is_a_problem(shop: Shop) -> None:
    with pytest.raises(Problem):
        report(shop, "too_expensive")
