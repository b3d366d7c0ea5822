"""Addresses, telephone numbers and e-mail addresses: what can be right, and changing them with a trace."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from savoir.core.errors import Problem
from savoir.customers.service import (
    Address,
    ContactChanged,
    ContactFaults,
    ContactRefused,
    ContactUnchanged,
    change_address,
    change_contact,
    change_delivery_address,
    checked_address,
    checked_email,
    checked_phone,
)
from savoir.customers.tables import ContactChange, Customer, Order

from .shop import Shop

NEW = Address("12 rue Voltaire", "69003", "Lyon")


def faults(found: Any) -> list[tuple[str, str]]:
    assert isinstance(found, ContactFaults)
    return [(fault.field, fault.code) for fault in found.faults]


@pytest.mark.parametrize(("code", "country", "kept", "letters"), [
    ("44 000", "France", "44000", "FR"), ("F-44000", "fr", "44000", "FR"), ("B-1000", "Belgique", "1000", "BE"), ("L-4041", "LU", "4041", "LU"),
    ("1003", "Switzerland", "1003", "CH"), ("20000", "FR", "20000", "FR"),
])
def test_a_postal_code_is_kept_the_way_of_its_country(code: str, country: str, kept: str, letters: str) -> None:
    address = checked_address(Address(" 3  rue du Port ", code, "Nantes", country))
    assert address == Address("3 rue du Port", kept, "Nantes", letters)


@pytest.mark.parametrize(("code", "country", "fault"), [
    ("4400", "FR", ("postal_code", "wrong_form")), ("00100", "FR", ("postal_code", "wrong_form")), ("44000", "BE", ("postal_code", "wrong_form")),
    ("97110", "FR", ("postal_code", "not_served")), ("98000", "FR", ("postal_code", "not_served")), ("", "FR", ("postal_code", "empty")),
    ("SW1A 1AA", "Royaume-Uni", ("country", "not_served")),
])
def test_what_is_wrong_with_a_place_is_said(code: str, country: str, fault: tuple[str, str]) -> None:
    assert faults(checked_address(Address("3 rue du Port", code, "x", country))) == [fault]


def test_all_faults_are_said_at_once() -> None:
    assert faults(checked_address(Address("", "1", ""))) == [("street", "empty"), ("city", "empty"), ("postal_code", "wrong_form")]


@pytest.mark.parametrize(("text", "country", "kept"), [
    ("06 39 98 12 34", "FR", "+33639981234"), ("+32 470 12 34 56", "FR", "+32470123456"), ("0470 12 34 56", "BE", "+32470123456"),
])
def test_a_telephone_number_is_kept_with_its_prefix(text: str, country: str, kept: str) -> None:
    assert checked_phone(text, country) == kept


@pytest.mark.parametrize(("text", "code"), [("06 39 98 12", "too_short"), ("06 39 98 12 34 56 78", "too_long"), ("mon numéro", "not_a_number")])
def test_what_is_wrong_with_a_telephone_number_is_said(text: str, code: str) -> None:
    assert faults(checked_phone(text)) == [("phone", code)]


def test_an_email_address_is_kept_in_small_letters() -> None:
    assert checked_email(" Camille.R@Example.ORG ") == "camille.r@example.org"


@pytest.mark.parametrize("text", ["camille", "camille@", "a b@example.org", "camille@example"])
def test_what_is_no_email_address_is_a_fault(text: str) -> None:
    assert faults(checked_email(text)) == [("email", "not_an_address")]


def test_an_order_that_has_not_left_goes_elsewhere_and_a_trace_stays(shop: Shop) -> None:
    number = shop.order("preparing")
    changed = shop.do(change_delivery_address, order_number=number, address=NEW, key="k")
    assert changed == ContactChanged(
        "delivery_address", "Camille Lœuillet, 3 rue du Port, 44000 Nantes, FR", "Camille Lœuillet, 12 rue Voltaire, 69003 Lyon, FR"
    )
    order = shop.see(Order, number)
    assert (order.street, order.postal_code, order.city) == ("12 rue Voltaire", "69003", "Lyon")
    assert shop.see(Customer, "C-1").postal_code == "44000"
    trace = shop.see(ContactChange, 1)
    assert (trace.customer, trace.order_number, trace.at) == ("C-1", number, shop.clock())


def test_a_repeated_turn_changes_once(shop: Shop) -> None:
    number = shop.order("preparing")
    first = shop.do(change_delivery_address, order_number=number, address=NEW, key="k")
    assert shop.do(change_delivery_address, order_number=number, address=NEW, key="k") == first
    with shop.database.reading() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(ContactChange)).scalar_one() == 1
    assert isinstance(shop.do(change_delivery_address, order_number=number, address=NEW, key="l"), ContactUnchanged)


@pytest.mark.parametrize(("status", "reason"), [("shipped", "shipped"), ("out_for_delivery", "shipped"), ("delivered", "delivered"), ("cancelled", "cancelled")])
def test_an_order_that_has_left_keeps_its_address(shop: Shop, status: str, reason: str) -> None:
    refused = shop.do(change_delivery_address, order_number=shop.order(status), address=NEW, key="k")
    assert refused == ContactRefused("delivery_address", reason)


def test_express_stays_in_france(shop: Shop) -> None:
    number = shop.order("paid", shipping_cents=990)
    refused = shop.do(change_delivery_address, order_number=number, address=Address("Rue Haute 1", "1000", "Bruxelles", "BE"), key="k")
    assert refused == ContactRefused("delivery_address", "express_in_france_only")


def test_the_accounts_address_changes_and_running_orders_are_named(shop: Shop) -> None:
    running = shop.order("preparing")
    shop.order("delivered", number="CMD-100002")
    changed = shop.do(change_address, customer="C-1", address=NEW, key="k")
    assert isinstance(changed, ContactChanged)
    assert changed.running_orders == (running,)
    assert shop.see(Customer, "C-1").city == "Lyon"
    assert shop.see(Order, running).city == "Nantes"


@pytest.mark.parametrize(("field", "new", "kept"), [("phone", "01 99 00 12 34", "+33199001234"), ("email", "Neu@example.net", "neu@example.net")])
def test_phone_and_email_change_with_the_old_value_kept_as_a_trace(shop: Shop, field: str, new: str, kept: str) -> None:
    old = getattr(shop.see(Customer, "C-1"), field)
    assert shop.do(change_contact, customer="C-1", field=field, new=new, key="k") == ContactChanged(field, old, kept)
    assert getattr(shop.see(Customer, "C-1"), field) == kept
    assert (shop.see(ContactChange, 1).old, shop.see(ContactChange, 1).new) == (old, kept)


def test_an_address_of_somebody_elses_account_is_not_taken(shop: Shop) -> None:
    assert shop.do(change_contact, customer="C-1", field="email", new="JAMES@example.com", key="k") == ContactRefused("email", "not_possible")


def test_faults_change_nothing(shop: Shop) -> None:
    assert faults(shop.do(change_contact, customer="C-1", field="email", new="x", key="k")) == [("email", "not_an_address")]
    assert faults(shop.do(change_address, customer="C-1", address=Address("x", "1", "y"), key="k")) == [("postal_code", "wrong_form")]
    assert shop.see(ContactChange, 1) is None


def test_other_fields_and_other_people_are_problems(shop: Shop) -> None:
    for arguments in ({"customer": "C-1", "field": "first_name"}, {"customer": "C-9", "field": "phone"}):
        with pytest.raises(Problem):
            shop.do(change_contact, new="0199001234", key="k", **arguments)
