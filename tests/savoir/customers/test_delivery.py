"""Claims about deliveries: what is noted, what the firm does, and what there is nothing to claim of."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from savoir.core.errors import Problem
from savoir.customers.service import ClaimAlreadyOpen, ClaimOpened, ClaimRefused, claims_of, close_claim, open_claim

from .shop import Shop


def claim(shop: Shop, number: str, kind: str, key: str = "k", **arguments: Any) -> Any:
    return shop.do(open_claim, order_number=number, kind=kind, key=key, **arguments)


@pytest.mark.parametrize("kind", ["damaged", "missing_item", "wrong_item", "empty"])
def test_what_arrived_wrong_is_replaced_and_answered_within_a_working_day(shop: Shop, kind: str) -> None:
    opened = claim(shop, shop.order("delivered"), kind)
    assert isinstance(opened, ClaimOpened)
    assert (opened.remedy, opened.answer_on, opened.photos_wanted, opened.is_in_time) == ("replacement", date(2026, 11, 25), True, True)


def test_what_is_sold_out_is_paid_back(shop: Shop) -> None:
    number = shop.order("delivered", lines=(("kivo-3", 1, 15900), ("nova-6", 1, 54900)))
    assert claim(shop, number, "damaged").remedy == "refund"
    assert claim(shop, number, "wrong_item", key="l", products=["nova-6"]).remedy == "replacement"


@pytest.mark.parametrize(("days", "in_time"), [(5, True), (6, False)])
def test_a_damage_told_late_is_taken_and_said_to_be_late(shop: Shop, days: int, in_time: bool) -> None:
    # three working days from Thursday the 19th (5 days ago) end on Tuesday the 24th
    assert claim(shop, shop.order("delivered", delivered_at=shop.ago(days)), "damaged").is_in_time is in_time


def test_a_damage_may_be_told_before_the_tracking_knows_of_the_delivery(shop: Shop) -> None:
    assert isinstance(claim(shop, shop.order("out_for_delivery"), "damaged"), ClaimOpened)


@pytest.mark.parametrize("kind", ["damaged", "not_received", "late"])
def test_what_has_not_left_is_not_claimed(shop: Shop, kind: str) -> None:
    refused = claim(shop, shop.order("preparing"), kind)
    assert isinstance(refused, ClaimRefused)
    assert (refused.reason, refused.expected_on) == ("not_shipped", date(2026, 11, 26))


def test_what_should_have_left_is_asked_for_in_the_warehouse(shop: Shop) -> None:
    opened = claim(shop, shop.order("preparing", expected_at=shop.ago(2)), "not_received")
    assert (opened.kind, opened.remedy) == ("late", "warehouse")


@pytest.mark.parametrize("kind", ["not_received", "late"])
def test_what_is_due_later_is_not_claimed_yet(shop: Shop, kind: str) -> None:
    assert claim(shop, shop.order("shipped"), kind).reason == "not_due"


def test_a_parcel_that_has_not_moved_for_three_working_days_is_looked_for(shop: Shop) -> None:
    opened = claim(shop, shop.order("delayed", status_at=shop.ago(5), expected_at=shop.ago(6)), "late")
    assert (opened.remedy, opened.enquiry_on) == ("enquiry", None)


def test_one_that_moved_since_is_watched_until_then(shop: Shop) -> None:
    opened = claim(shop, shop.order("delayed", status_at=shop.ago(1), expected_at=shop.ago(2)), "late")
    assert (opened.remedy, opened.enquiry_on, opened.answer_on) == ("watch", date(2026, 11, 26), None)


def test_not_received_and_not_delivered_yet_is_late(shop: Shop) -> None:
    assert claim(shop, shop.order("delayed", expected_at=shop.ago(6)), "not_received").kind == "late"


@pytest.mark.parametrize(("days", "in_time"), [(7, True), (8, False)])
def test_delivered_and_not_there_is_asked_of_the_carrier(shop: Shop, days: int, in_time: bool) -> None:
    opened = claim(shop, shop.order("delivered", delivered_at=shop.ago(days)), "not_received")
    assert (opened.remedy, opened.photos_wanted, opened.is_in_time) == ("enquiry", False, in_time)


def test_what_was_delivered_is_not_late(shop: Shop) -> None:
    refused = claim(shop, shop.order("delivered"), "late")
    assert (refused.reason, refused.since) == ("arrived", date(2026, 11, 22))


def test_of_what_is_declared_lost_the_customer_chooses(shop: Shop) -> None:
    assert claim(shop, shop.order("lost"), "not_received").remedy == "resend_or_refund"


@pytest.mark.parametrize("status", ["cancelled", "returned", "refunded"])
def test_a_settled_order_is_not_claimed(shop: Shop, status: str) -> None:
    assert claim(shop, shop.order(status), "damaged").reason == status


def test_of_several_parcels_the_one_that_is_meant_counts(shop: Shop) -> None:
    number = shop.order("shipped")
    shop.parcel(number, 1, "delivered", ("coque-nova-6", 1), delivered_at=shop.ago(1))
    shop.parcel(number, 2, "shipped", ("nova-6", 1))
    assert claim(shop, number, "not_received").reason == "not_due"
    assert claim(shop, number, "not_received", parcel=1).remedy == "enquiry"


def test_one_claim_of_a_kind_is_open_for_an_order(shop: Shop) -> None:
    number = shop.order("delivered")
    first = claim(shop, number, "damaged")
    assert claim(shop, number, "damaged") == first
    again = claim(shop, number, "damaged", key="l")
    assert again == ClaimAlreadyOpen("damaged", "replacement", date(2026, 11, 25), shop.clock())
    assert isinstance(claim(shop, number, "missing_item", key="m"), ClaimOpened)
    with shop.database.writing() as session:
        close_claim(session, claims_of(session, number)[0], at=shop.clock())
    assert isinstance(claim(shop, number, "damaged", key="n"), ClaimOpened)


def test_another_kind_is_a_problem(shop: Shop) -> None:
    with pytest.raises(Problem):
        claim(shop, shop.order("delivered"), "ugly")
