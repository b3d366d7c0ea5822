"""Until when a device is covered, by what, and by what it never is; and which device was meant."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest

from savoir.customers.service import DeviceChoice, DeviceFound, NoDevice, Warranty, WarrantyUnknown, find_device, warranty_of
from savoir.customers.tables import Order

from .shop import Shop

DELIVERED = datetime(2025, 1, 31, 10, tzinfo=timezone.utc)


def bought(shop: Shop, product: str = "nova-6", serial: str = "NV2421408316", country: str = "FR", **columns: Any) -> str:
    if shop.see(Order, "CMD-100001") is None:
        shop.order("delivered", lines=((product, 1, 100),), delivered_at=DELIVERED, country=country)
    return shop.device(serial, product, order_number="CMD-100001", purchased_at=datetime(2025, 1, 20, tzinfo=timezone.utc), **columns)


def warranty(shop: Shop, serial: str, **arguments: Any) -> Any:
    with shop.database.reading() as session:
        found = find_device(session, serial_number=serial)
        assert isinstance(found, DeviceFound)
        return warranty_of(session, device=found.device, **({"at": shop.clock()} | arguments))


@pytest.mark.parametrize("country", ["FR", "BE", "LU", "CH"])
def test_two_years_run_from_delivery(shop: Shop, country: str) -> None:
    found = warranty(shop, bought(shop, country=country))
    assert isinstance(found, Warranty)
    assert (found.begins_on, found.begins_with, found.ends_on, found.covered) == (date(2025, 1, 31), "delivery", date(2027, 1, 31), True)


@pytest.mark.parametrize(("day", "covered"), [(datetime(2027, 1, 31, 12, tzinfo=timezone.utc), True), (datetime(2027, 2, 1, 12, tzinfo=timezone.utc), False)])
def test_the_last_day_counts(shop: Shop, day: datetime, covered: bool) -> None:
    found = warranty(shop, bought(shop), at=day)
    assert (found.covered, found.days_left) == (covered, 0)


def test_a_longer_guarantee_of_the_firms_is_the_one_that_counts(shop: Shop) -> None:
    found = warranty(shop, bought(shop, "horizon-65-oled"))
    assert (found.reason, found.ends_on) == ("commercial", date(2028, 1, 31))


def test_a_shorter_one_takes_nothing_from_the_law(shop: Shop) -> None:
    found = warranty(shop, bought(shop, "coque-nova-6"))
    assert [(cover.kind, cover.until) for cover in found.covers] == [("legal", date(2027, 1, 31)), ("commercial", date(2026, 1, 31))]


@pytest.mark.parametrize(("product", "until"), [("nova-6", date(2029, 1, 31)), ("horizon-65-oled", date(2030, 1, 31))])
def test_the_extension_prolongs_the_firms_guarantee_by_24_months(shop: Shop, product: str, until: date) -> None:
    found = warranty(shop, bought(shop, product, has_extension=True))
    assert (found.reason, found.ends_on) == ("extension", until)


def test_each_repair_under_the_legal_guarantee_adds_six_months_in_france(shop: Shop) -> None:
    repaired = [datetime(2026, 3, 1, tzinfo=timezone.utc), datetime(2027, 6, 1, tzinfo=timezone.utc)]
    found = warranty(shop, bought(shop), repaired=repaired)
    assert (found.reason, found.ends_on) == ("repair", date(2028, 1, 31))


def test_a_repair_after_its_end_adds_nothing(shop: Shop) -> None:
    found = warranty(shop, bought(shop), repaired=[datetime(2027, 3, 1, tzinfo=timezone.utc)])
    assert found.ends_on == date(2027, 1, 31)


def test_a_repair_adds_nothing_in_belgium(shop: Shop) -> None:
    found = warranty(shop, bought(shop, country="BE"), repaired=[datetime(2026, 3, 1, tzinfo=timezone.utc)])
    assert found.ends_on == date(2027, 1, 31)


@pytest.mark.parametrize("damage", ["fall", "liquid", "shock"])
def test_an_accident_is_not_covered_while_other_faults_still_are(shop: Shop, damage: str) -> None:
    found = warranty(shop, bought(shop), damage=damage)
    assert (found.covered, found.excluded, found.ends_on) == (False, damage, date(2027, 1, 31))


def test_without_a_delivery_the_purchase_counts(shop: Shop) -> None:
    found = warranty(shop, shop.device(purchased_at=datetime(2026, 1, 5, tzinfo=timezone.utc)))
    assert (found.begins_with, found.ends_on) == ("purchase", date(2028, 1, 5))


def test_without_either_nothing_is_promised(shop: Shop) -> None:
    assert warranty(shop, shop.device()) == WarrantyUnknown("NV2421408316", "nova-6", "Nova 6")


def find(shop: Shop, **arguments: Any) -> Any:
    with shop.database.reading() as session:
        return find_device(session, **arguments)


def test_a_serial_number_is_found_however_it_is_typed(shop: Shop) -> None:
    shop.device()
    assert find(shop, serial_number=" nv 24214-08316 ").device.serial_number == "NV2421408316"


def test_a_model_is_found_among_the_customers_devices(shop: Shop) -> None:
    shop.device()
    shop.device("HZ2421408316", "horizon-43")
    assert find(shop, customer="C-1", model="horizon-43").product.name == "Horizon 43"


def test_several_are_for_the_customer_to_choose_from(shop: Shop) -> None:
    shop.device()
    shop.device("HZ2421408316", "horizon-43")
    found = find(shop, customer="C-1")
    assert isinstance(found, DeviceChoice)
    assert {each.product.id for each in found.devices} == {"nova-6", "horizon-43"}


def test_what_is_not_found_comes_with_what_is_owned(shop: Shop) -> None:
    assert find(shop, customer="C-2") == NoDevice("none_owned", ())
    shop.device()
    for arguments, reason in (({"model": "kivo-3"}, "not_owned"), ({"serial_number": "XX0000000000"}, "unknown_serial")):
        found = find(shop, customer="C-1", **arguments)
        assert (found.reason, [each.product.id for each in found.owned]) == (reason, ["nova-6"])
