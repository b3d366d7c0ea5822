"""Where orders are, parcel by parcel, and cancelling them before they leave."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from savoir.core.errors import Problem
from savoir.customers import importing
from savoir.customers.service import CancellationRefused, Cancelled, cancel_order, order_state
from savoir.customers.tables import Order

from .shop import Shop


@pytest.mark.parametrize(("status", "kind"), [
    ("pending_payment", "awaiting_payment"), ("paid", "in_preparation"), ("preparing", "in_preparation"), ("shipped", "on_time"),
    ("out_for_delivery", "out_for_delivery"), ("delivered", "delivered"), ("delayed", "late"), ("lost", "lost"), ("cancelled", "cancelled"),
    ("returned", "returned"), ("refunded", "refunded"),
])
def test_every_status_has_its_kind(shop: Shop, status: str, kind: str) -> None:
    assert shop.do(order_state, order_number=shop.order(status)).kind == kind


@pytest.mark.parametrize("status", ["preparing", "shipped", "delayed"])
def test_days_past_the_expected_one_make_it_late(shop: Shop, status: str) -> None:
    state = shop.do(order_state, order_number=shop.order(status, expected_at=shop.ago(3)))
    assert (state.kind, state.days_late, state.expected_on) == ("late", 3, date(2026, 11, 21))


def test_what_is_expected_today_is_not_late_in_the_evening(shop: Shop) -> None:
    number = shop.order("shipped", expected_at=shop.clock())
    shop.clock.forward(hours=12)
    assert shop.do(order_state, order_number=number).days_late == 0


def test_a_day_is_one_of_the_firms_place(shop: Shop) -> None:
    number = shop.order("shipped", expected_at=shop.clock())
    shop.clock.forward(hours=13.5)  # 23:30 UTC is half past midnight in Paris
    assert shop.do(order_state, order_number=number).days_late == 1


def test_an_order_has_one_parcel_with_all_its_lines_unless_it_was_split(shop: Shop) -> None:
    (parcel,) = shop.do(order_state, order_number=shop.order("shipped")).parcels
    assert (parcel.tracking_number, [line.name for line in parcel.lines]) == ("CV704233186FR", ["Nova 6", "Coque Nova 6"])


def test_what_has_not_left_has_no_parcel(shop: Shop) -> None:
    assert shop.do(order_state, order_number=shop.order("preparing")).parcels == ()


def test_several_parcels_have_a_kind_each(shop: Shop) -> None:
    number = shop.order("shipped")
    shop.parcel(number, 1, "delivered", ("coque-nova-6", 1), delivered_at=shop.ago(1))
    shop.parcel(number, 2, "delayed", ("nova-6", 1), expected_at=shop.ago(2))
    state = shop.do(order_state, order_number=number)
    assert (state.kind, state.days_late, state.delivered_on) == ("several_parcels", 2, None)
    assert [(p.kind, [line.product for line in p.lines]) for p in state.parcels] == [("delivered", ["coque-nova-6"]), ("late", ["nova-6"])]


def test_when_all_parcels_are_there_the_order_is_delivered_on_the_last_ones_day(shop: Shop) -> None:
    number = shop.order("delivered")
    shop.parcel(number, 1, "delivered", ("coque-nova-6", 1), delivered_at=shop.ago(3))
    shop.parcel(number, 2, "delivered", ("nova-6", 1), delivered_at=shop.ago(1))
    state = shop.do(order_state, order_number=number)
    assert (state.kind, state.delivered_on) == ("delivered", date(2026, 11, 23))


@pytest.mark.parametrize(("status", "payment", "how", "cents", "by"), [
    ("paid", "card", "hold_released", 57390, date(2026, 12, 1)), ("preparing", "three_times", "hold_released", 57390, date(2026, 12, 1)),
    ("preparing", "transfer", "transfer_back", 57390, date(2026, 12, 8)), ("pending_payment", "transfer", "nothing_paid", 0, None),
])
def test_an_order_that_has_not_left_is_cancelled_and_the_money_said(
    shop: Shop, status: str, payment: str, how: str, cents: int, by: date
) -> None:
    number = shop.order(status, payment=payment)
    assert shop.do(cancel_order, order_number=number, key="k") == Cancelled(number, cents, payment, how, by)
    assert shop.see(Order, number).status == "cancelled"


def test_a_repeated_turn_cancels_once_and_says_the_same(shop: Shop) -> None:
    number = shop.order("paid")
    first = shop.do(cancel_order, order_number=number, key="k")
    shop.clock.forward(days=3)
    assert shop.do(cancel_order, order_number=number, key="k") == first


def test_another_request_hears_that_it_is_cancelled_already(shop: Shop) -> None:
    number = shop.order("paid")
    at = shop.clock()
    shop.do(cancel_order, order_number=number, key="k")
    assert shop.do(cancel_order, order_number=number, key="l") == CancellationRefused(number, "cancelled", at, "nothing")


@pytest.mark.parametrize(("status", "reason", "step"), [
    ("shipped", "shipped", "return_on_arrival"), ("out_for_delivery", "shipped", "return_on_arrival"), ("delayed", "shipped", "return_on_arrival"),
    ("delivered", "delivered", "return"), ("lost", "lost", "claim"), ("cancelled", "cancelled", "nothing"), ("returned", "returned", "follow_refund"),
])
def test_afterwards_it_is_refused_with_the_reason(shop: Shop, status: str, reason: str, step: str) -> None:
    refused = shop.do(cancel_order, order_number=shop.order(status), key="k")
    assert isinstance(refused, CancellationRefused)
    assert (refused.reason, refused.next_step) == (reason, step)


def test_an_order_of_which_one_parcel_has_left_is_not_cancelled(shop: Shop) -> None:
    number = shop.order("preparing")
    shop.parcel(number, 1, "shipped", ("nova-6", 1))
    shop.parcel(number, 2, "preparing", ("coque-nova-6", 1))
    assert isinstance(shop.do(cancel_order, order_number=number, key="k"), CancellationRefused)
    assert shop.see(Order, number).status == "preparing"


def test_an_unknown_number_is_a_problem(shop: Shop) -> None:
    with pytest.raises(Problem):
        shop.do(cancel_order, order_number="CMD-999999", key="k")


def test_an_import_leaves_a_cancelled_order_cancelled_unless_it_has_left(shop: Shop, tmp_path: Path) -> None:
    number = shop.order("paid")
    shop.do(cancel_order, order_number=number, key="k")
    path = tmp_path / "o.csv"
    for status, kept in (("preparing", "cancelled"), ("shipped", "shipped")):
        path.write_text(f"number,customer,placed_at,status,lines\n{number},C-1,2026-11-20T10:00:00+01:00,{status},nova-6:1:54900\n", encoding="utf-8")
        with shop.database.writing() as session:
            importing.import_orders(session, path, timedelta(0))
        assert shop.see(Order, number).status == kept
