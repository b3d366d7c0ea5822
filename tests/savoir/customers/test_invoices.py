"""Invoices: what stands on them, in both languages, when there is one, and where it goes."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from savoir.core.settings import Settings
from savoir.customers.service import Invoice, InvoiceAddress, NoInvoice, Seller, invoice_address, invoice_of

from .shop import Shop


def invoice(shop: Shop, settings: Settings, number: str, language: str = "fr") -> Any:
    return shop.do(invoice_of, order_number=number, language=language, seller=Seller.of(settings))


def text(found: Invoice) -> str:
    pages = PdfReader(io.BytesIO(found.content)).pages
    return " ".join("\n".join(page.extract_text() for page in pages).replace("\u202f", " ").replace("\u00a0", " ").split())


def test_a_french_invoice_says_who_sells_what_to_whom_with_vat(shop: Shop, settings: Settings) -> None:
    found = invoice(shop, settings, shop.order("shipped", lines=(("nova-6", 2, 54900), ("coque-nova-6", 1, 2490)), shipping_cents=490))
    assert (found.number, found.file_name, found.on) == ("FA-100001", "facture-FA-100001.pdf", date(2026, 11, 20))
    assert (found.net_cents, found.vat_cents, found.total_cents) == (93983, 18797, 112780)
    for said in (
        "Talvène", "RCS Nantes", "FR00000000000", "Facture FA-100001", "20 novembre 2026", "CMD-100001", "Camille Lœuillet", "3 rue du Port",
        "44000 Nantes", "Nova 6", "549,00 €", "1 098,00 €", "Livraison 4,90 €", "Total HT 939,83 €", "TVA 20 % 187,97 €", "1 127,80 €",
        "Réglé par carte bancaire", "garantie légale de conformité",
    ):
        assert said in text(found), said


def test_an_english_invoice_is_written_as_english(shop: Shop, settings: Settings) -> None:
    found = invoice(shop, settings, shop.order("delivered", payment="three_times"), "en")
    for said in ("Invoice FA-100001", "20 November 2026", "€549.00", "Delivery free", "VAT 20% €95.65", "Paid by bank card, in 3 instalments"):
        assert said in text(found), said


def test_in_switzerland_the_swiss_rate_is_within_the_price(shop: Shop, settings: Settings) -> None:
    found = invoice(shop, settings, shop.order("shipped", lines=(("nova-6", 1, 54900),), country="CH"))
    assert found.vat_cents == 4114
    assert "TVA 8,1 %" in text(found)


def test_the_same_order_gives_the_same_invoice(shop: Shop, settings: Settings) -> None:
    number = shop.order("shipped")
    first = invoice(shop, settings, number)
    shop.clock.forward(days=3)
    assert invoice(shop, settings, number) == first


@pytest.mark.parametrize(("status", "reason"), [("paid", "not_shipped"), ("preparing", "not_shipped"), ("cancelled", "cancelled")])
def test_there_is_none_before_the_parcel_leaves(shop: Shop, settings: Settings, status: str, reason: str) -> None:
    assert invoice(shop, settings, shop.order(status)) == NoInvoice(reason)


def test_it_goes_to_the_accounts_address_which_is_told_half_hidden(shop: Shop) -> None:
    number = shop.order("shipped")
    with shop.database.reading() as session:
        assert invoice_address(session, order_number=number) == InvoiceAddress("camille@example.org", "c•••••@example.org")
