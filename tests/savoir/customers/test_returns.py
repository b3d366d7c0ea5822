"""What may go back and until when; returns and exchanges opened once and followed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from savoir.core.errors import Problem
from savoir.customers.service import (
    Eligible,
    ExchangeRefused,
    NotEligible,
    ReturnOpened,
    open_return,
    return_by_number,
    return_options,
    returns_of,
    set_return_state,
)

from .shop import Shop


def options(shop: Shop, number: str, **arguments: Any) -> Any:
    return shop.do(return_options, order_number=number, **arguments)


def opened(shop: Shop, number: str, line: int = 0, key: str = "k", **arguments: Any) -> Any:
    return shop.do(open_return, order_number=number, line=line, key=key, **arguments)


def test_within_fourteen_days_it_is_the_laws_right_and_the_label_is_free(shop: Shop) -> None:
    phone, _ = options(shop, shop.order("delivered"))
    assert isinstance(phone, Eligible)
    assert (phone.right, phone.until, phone.days_left, phone.label, phone.product_cents) == ("withdrawal", date(2026, 12, 22), 28, "free", 54900)


def test_after_them_it_is_the_firms_own_rule(shop: Shop) -> None:
    phone, _ = options(shop, shop.order("delivered", delivered_at=shop.ago(20)))
    assert (phone.right, phone.days_left) == ("firm", 10)


@pytest.mark.parametrize(("days", "ended"), [(30, False), (31, True)])
def test_the_thirtieth_day_is_the_last(shop: Shop, days: int, ended: bool) -> None:
    phone, _ = options(shop, shop.order("delivered", delivered_at=shop.ago(days)))
    assert isinstance(phone, NotEligible) == ended
    if ended:
        assert (phone.reason, phone.next_step, phone.until) == ("too_late", "warranty", date(2026, 11, 23))


def test_the_firm_may_give_more_days(shop: Shop) -> None:
    phone, _ = options(shop, shop.order("delivered", delivered_at=shop.ago(40)), return_days=60)
    assert phone.days_left == 20


def test_a_withdrawal_that_would_end_on_a_sunday_ends_on_monday(shop: Shop) -> None:
    # delivered on Sunday the 1st: the 14th day is Sunday 15 November
    number = shop.order("delivered", delivered_at=shop.ago(23))
    shop.clock.forward(days=-8)
    assert options(shop, number)[0].right == "withdrawal"
    shop.clock.forward(days=1)
    assert options(shop, number)[0].right == "firm"


def test_opened_worn_and_accessories_go_back_like_the_rest(shop: Shop) -> None:
    _, case = options(shop, shop.order("delivered"))
    assert isinstance(case, Eligible)


def test_a_big_television_is_fetched_and_a_smaller_one_has_a_label(shop: Shop) -> None:
    number = shop.order("delivered", lines=(("horizon-65-oled", 1, 149900), ("horizon-43", 1, 39900)))
    assert [option.label for option in options(shop, number)] == ["collection", "free"]


@pytest.mark.parametrize(("status", "reason", "step"), [
    ("preparing", "not_delivered", "cancel"), ("shipped", "not_delivered", "wait"), ("lost", "lost", "claim"), ("cancelled", "cancelled", "nothing"),
    ("returned", "refunded", "follow_refund"), ("refunded", "refunded", "follow_refund"),
])
def test_what_is_not_with_the_customer_does_not_go_back(shop: Shop, status: str, reason: str, step: str) -> None:
    phone, _ = options(shop, shop.order(status))
    assert (phone.reason, phone.next_step) == (reason, step)


def test_the_periods_begin_when_the_last_parcel_has_come(shop: Shop) -> None:
    number = shop.order("shipped")
    shop.parcel(number, 1, "delivered", ("nova-6", 1), delivered_at=shop.ago(20))
    shop.parcel(number, 2, "shipped", ("coque-nova-6", 1))
    phone, case = options(shop, number)
    assert (phone.right, phone.until, case.reason) == ("withdrawal", None, "not_delivered")


def test_a_return_is_opened_once_for_a_turn(shop: Shop) -> None:
    number = shop.order("delivered")
    first = opened(shop, number, reason="trop grand")
    assert isinstance(first, ReturnOpened)
    assert (first.number, first.state, first.drop_off_by, first.send_by) == ("RET-000001", "requested", date(2026, 12, 1), date(2026, 12, 8))
    assert opened(shop, number) == first
    with shop.database.reading() as session:
        assert len(returns_of(session, number)) == 1


def test_a_line_goes_back_once(shop: Shop) -> None:
    number = shop.order("delivered")
    opened(shop, number)
    again = opened(shop, number, key="l")
    assert (again.reason, again.number) == ("already_returned", "RET-000001")


def test_of_two_pieces_one_may_stay(shop: Shop) -> None:
    number = shop.order("delivered", lines=(("galet-mini", 2, 5900),))
    assert opened(shop, number).product_cents == 5900
    more = opened(shop, number, key="l", quantity=2)
    assert (more.reason, more.quantity) == ("too_many", 1)
    assert isinstance(opened(shop, number, key="m"), ReturnOpened)


def test_a_return_that_lapsed_leaves_the_line_free(shop: Shop) -> None:
    number = shop.order("delivered")
    opened(shop, number)
    with shop.database.writing() as session:
        request = return_by_number(session, "ret-000001")
        assert request is not None
        set_return_state(session, request, state="closed", at=shop.clock())
    assert isinstance(opened(shop, number, key="l"), ReturnOpened)


def test_delivery_is_paid_back_with_the_last_line_of_the_whole_order(shop: Shop) -> None:
    number = shop.order("delivered", lines=(("coque-nova-6", 1, 2490), ("coque-nova-6", 1, 1000)), shipping_cents=490)
    assert [opened(shop, number, line, key=str(line)).delivery_cents for line in (0, 1)] == [0, 490]


@pytest.mark.parametrize(("lines", "shipping", "back"), [((("coque-nova-6", 1, 2490),), 990, 490), ((("nova-6", 1, 54900),), 990, 0)])
def test_what_express_costs_more_is_not_paid_back(shop: Shop, lines: Any, shipping: int, back: int) -> None:
    assert opened(shop, shop.order("delivered", lines=lines, shipping_cents=shipping)).delivery_cents == back


def test_after_the_fourteen_days_delivery_is_not_paid_back(shop: Shop) -> None:
    number = shop.order("delivered", lines=(("coque-nova-6", 1, 2490),), shipping_cents=490, delivered_at=shop.ago(20))
    assert opened(shop, number).delivery_cents == 0


def test_an_exchange_notes_what_is_wanted_and_the_difference(shop: Shop) -> None:
    exchange = opened(shop, shop.order("delivered"), kind="exchange", wanted_product="nova-6-pro")
    assert exchange.kind == "exchange"
    assert (exchange.wanted.name, exchange.wanted.difference_cents) == ("Nova 6 Pro", 30000)


def test_an_exchange_for_what_is_sold_out_offers_what_is_near(shop: Shop) -> None:
    number = shop.order("delivered")
    refused = opened(shop, number, kind="exchange", wanted_product="kivo-3")
    assert isinstance(refused, ExchangeRefused)
    assert (refused.reason, refused.alternatives) == ("out_of_stock", ("nova-5", "nova-6", "nova-6-pro"))
    assert isinstance(opened(shop, number, key="l"), ReturnOpened)


def test_an_exchange_for_an_unknown_product_is_refused(shop: Shop) -> None:
    assert opened(shop, shop.order("delivered"), kind="exchange", wanted_product="x").reason == "unknown_product"


def test_what_makes_no_sense_is_a_problem(shop: Shop) -> None:
    number = shop.order("delivered")
    for arguments in ({"line": 7}, {"quantity": 0}, {"kind": "gift"}):
        with pytest.raises(Problem):
            opened(shop, number, **arguments)


def test_states_keep_when_the_product_came_and_the_money_left(shop: Shop) -> None:
    opened(shop, shop.order("delivered"))
    with shop.database.writing() as session:
        request = return_by_number(session, "RET-000001")
        assert request is not None
        for days, state in enumerate(("label_sent", "received", "refunded", "closed")):
            set_return_state(session, request, state=state, at=shop.clock() + timedelta(days=days))
        assert request.refunded_at is not None and request.received_at is not None
        assert request.refunded_at - request.received_at == timedelta(days=1)
        with pytest.raises(Problem):
            set_return_state(session, request, state="eaten", at=shop.clock())
