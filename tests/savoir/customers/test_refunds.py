"""Where the money is: of returns, of lost parcels and of cancelled orders."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from savoir.customers.service import cancel_order, open_return, refunds_of, return_by_number, set_return_state
from savoir.customers.tables import Order

from .shop import Shop


def refunds(shop: Shop, number: str) -> Any:
    return shop.do(refunds_of, order_number=number)


def move(shop: Shop, state: str) -> None:
    with shop.database.writing() as session:
        request = return_by_number(session, "RET-000001")
        assert request is not None
        set_return_state(session, request, state=state, at=shop.clock())


def test_an_order_that_stays_has_none(shop: Shop) -> None:
    assert refunds(shop, shop.order("delivered")) == ()


def test_a_return_is_followed_from_request_to_bank(shop: Shop) -> None:
    number = shop.order("delivered")
    shop.do(open_return, order_number=number, line=0, key="k")
    (announced,) = refunds(shop, number)
    assert (announced.kind, announced.number, announced.cents, announced.at_latest) == ("announced", "RET-000001", 54900, date(2026, 12, 1))
    move(shop, "received")
    (checked,) = refunds(shop, number)
    assert (checked.kind, checked.usually_by, checked.at_latest) == ("being_checked", date(2026, 12, 1), date(2026, 12, 8))
    move(shop, "refunded")
    (sent,) = refunds(shop, number)
    assert (sent.kind, sent.means, sent.at_latest) == ("sent", "card", date(2026, 11, 27))


def test_a_refund_past_its_fourteen_days_is_overdue(shop: Shop) -> None:
    (refund,) = refunds(shop, shop.order("returned", status_at=shop.ago(16), delivered_at=shop.ago(25)))
    assert (refund.kind, refund.days_overdue, refund.cents) == ("being_checked", 2, 57390)


def test_the_orders_status_tells_of_returns_whose_own_state_lags_behind(shop: Shop) -> None:
    number = shop.order("delivered")
    shop.do(open_return, order_number=number, line=0, key="k")
    with shop.database.writing() as session:
        session.get(Order, number).status = "refunded"
    assert [refund.kind for refund in refunds(shop, number)] == ["sent"]


def test_a_lost_order_is_paid_back_whole(shop: Shop) -> None:
    (refund,) = refunds(shop, shop.order("lost", shipping_cents=990))
    assert (refund.kind, refund.cents, refund.at_latest) == ("lost", 58380, date(2026, 12, 7))


def test_of_a_lost_parcel_its_own_lines_are_paid_back(shop: Shop) -> None:
    number = shop.order("lost")
    shop.parcel(number, 1, "delivered", ("nova-6", 1), delivered_at=shop.ago(1))
    shop.parcel(number, 2, "lost", ("coque-nova-6", 1))
    assert [(refund.kind, refund.cents) for refund in refunds(shop, number)] == [("lost", 2490)]


def test_a_loss_that_was_refunded_is_on_its_way_to_the_bank(shop: Shop) -> None:
    (refund,) = refunds(shop, shop.order("refunded", delivered_at=None, shipping_cents=990))
    assert (refund.kind, refund.cents) == ("sent", 58380)


@pytest.mark.parametrize(("payment", "kind"), [("card", "hold_released"), ("paypal", "hold_released"), ("transfer", "transfer_back")])
def test_a_cancelled_order_frees_the_money(shop: Shop, payment: str, kind: str) -> None:
    number = shop.order("paid", payment=payment)
    shop.do(cancel_order, order_number=number, key="k")
    (refund,) = refunds(shop, number)
    assert (refund.kind, refund.cents) == (kind, 57390)


def test_what_was_never_paid_does_not_come_back(shop: Shop) -> None:
    number = shop.order("pending_payment")
    shop.do(cancel_order, order_number=number, key="k")
    assert refunds(shop, number) == ()
