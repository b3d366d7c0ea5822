"""The invoice of an order as PDF, in French or English, and the address on file to which it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Optional, Union

from babel.dates import format_date
from babel.numbers import format_currency, format_percent
from sqlalchemy.orm import Session

from savoir.core.errors import invalid, not_found
from savoir.core.settings import Settings

from .days import FRENCH, Calendar
from .orders import order_by_number, order_lines, parcels_of
from .tables import Customer, Order

VAT = {"CH": Decimal("0.081")}
"""The rate within the prices, by country of delivery."""
VAT_ELSEWHERE = Decimal("0.20")

_WORDS = {
    "fr": {
        "invoice": "Facture", "date": "Date", "order": "Commande", "placed": "passée le", "billed": "Facturé à", "delivered": "Livré à",
        "product": "Désignation", "quantity": "Qté", "unit": "Prix unitaire TTC", "total_line": "Total TTC", "delivery": "Livraison",
        "free": "offerte", "net": "Total HT", "vat": "TVA", "total": "Total TTC", "paid": "Réglé", "phone": "Tél.", "vat_number": "TVA intracommunautaire",
        "card": "par carte bancaire", "paypal": "par PayPal", "transfer": "par virement", "three_times": "par carte bancaire, en 3 fois sans frais",
        "four_times": "par carte bancaire, en 4 fois",
        "note": "L'éco-participation est comprise dans les prix. Vos produits bénéficient de la garantie légale de conformité pendant deux ans à "
        "compter de leur livraison. Conservez cette facture : elle vous sert pour la garantie comme pour l'assurance.",
    },
    "en": {
        "invoice": "Invoice", "date": "Date", "order": "Order", "placed": "placed on", "billed": "Billed to", "delivered": "Delivered to",
        "product": "Product", "quantity": "Qty", "unit": "Unit price incl. VAT", "total_line": "Total incl. VAT", "delivery": "Delivery",
        "free": "free", "net": "Total excl. VAT", "vat": "VAT", "total": "Total incl. VAT", "paid": "Paid", "phone": "Tel.", "vat_number": "VAT number",
        "card": "by bank card", "paypal": "with PayPal", "transfer": "by bank transfer", "three_times": "by bank card, in 3 instalments, free of charge",
        "four_times": "by bank card, in 4 instalments",
        "note": "The recycling fee is included in the prices. Your products carry the two-year legal guarantee of conformity, counted from their "
        "delivery. Keep this invoice: it serves for the guarantee and for your insurance.",
    },
}
_COUNTRIES = {
    "fr": {"FR": "France", "BE": "Belgique", "CH": "Suisse", "LU": "Luxembourg"},
    "en": {"FR": "France", "BE": "Belgium", "CH": "Switzerland", "LU": "Luxembourg"},
}


@dataclass(frozen=True)
class Seller:
    """Who sells, as the law wants it on an invoice."""

    name: str
    address: str
    registration: str
    vat_number: str
    phone: str

    @classmethod
    def of(cls, settings: Settings) -> "Seller":
        """The firm."""
        return cls(settings.firm, settings.firm_address, settings.firm_registration, settings.firm_vat_number, settings.support_phone)


@dataclass(frozen=True)
class Invoice:
    """A finished invoice: `content` is a PDF. Money in cents."""

    number: str
    file_name: str
    content: bytes
    on: date
    net_cents: int
    vat_cents: int
    total_cents: int


@dataclass(frozen=True)
class NoInvoice:
    """There is none. `reason`: not_shipped (it is made when the parcel leaves) or cancelled."""

    reason: str


@dataclass(frozen=True)
class InvoiceAddress:
    """Where an invoice goes: `email` for sending, `shown` for telling (`c•••••@example.org`)."""

    email: str
    shown: str


def invoice_of(
    session: Session, *, order_number: str, language: str, seller: Seller, at: datetime, calendar: Calendar = FRENCH
) -> Union[Invoice, NoInvoice]:
    """An order's invoice; the same order gives the same invoice each time. Raises a 404 problem, or a 422 one for another language."""
    if language not in _WORDS:
        raise invalid("unknown-language", f"The language {language!r} is unknown; expected fr or en.")
    order = order_by_number(session, order_number)
    if order.status == "cancelled":
        return NoInvoice("cancelled")
    left = [parcel.shipped_at or parcel.status_at for parcel in parcels_of(session, order, at=at, calendar=calendar) if parcel.kind != "in_preparation"]
    if not left:
        return NoInvoice("not_shipped")
    on = calendar.day(min((moment for moment in left if moment), default=order.placed_at))
    rate = VAT.get(order.country or "FR", VAT_ELSEWHERE)
    total = order.total_cents if order.total_cents is not None else sum(line.cents for line in order_lines(session, order))
    net = int((Decimal(total) / (1 + rate)).quantize(Decimal(1), ROUND_HALF_UP))
    number = "FA-" + order.number.split("-", 1)[-1]
    content = _page(session, order, number, on, language, seller, rate, net, total, calendar)
    name = f"{'facture' if language == 'fr' else 'invoice'}-{number}.pdf"
    return Invoice(number, name, content, on, net, total - net, total)


def invoice_address(session: Session, *, order_number: str) -> InvoiceAddress:
    """The e-mail address on file to which an order's invoice goes: the account's, never one that was just typed. Raises a 404 problem."""
    order = order_by_number(session, order_number)
    customer = session.get(Customer, order.customer)
    if customer is None:
        raise not_found("customer", order.customer)
    name, _, domain = str(customer.email).partition("@")
    return InvoiceAddress(customer.email, f"{name[:1]}•••••@{domain}")


def _page(
    session: Session, order: Order, number: str, on: date, language: str, seller: Seller, rate: Decimal, net: int, total: int, calendar: Calendar
) -> bytes:
    from fpdf import FPDF  # takes a second to load, which only an invoice is worth

    words, customer = _WORDS[language], session.get(Customer, order.customer)
    pdf = FPDF(format="A4")
    folder = fonts()
    pdf.add_font("DejaVu", "", folder / "DejaVuSans.ttf")
    pdf.add_font("DejaVu", "B", folder / "DejaVuSans-Bold.ttf")
    pdf.set_title(f"{words['invoice']} {number}")
    pdf.set_author(seller.name)
    pdf.set_lang(language)
    pdf.set_creation_date(datetime(on.year, on.month, on.day, tzinfo=calendar.zone))
    pdf.set_margins(18, 18)
    pdf.add_page()

    def money(cents: int) -> str:
        return format_currency(Decimal(cents) / 100, "EUR", locale="fr_FR" if language == "fr" else "en_GB")

    def day(which: date) -> str:
        return format_date(which, "long", locale="fr_FR" if language == "fr" else "en_GB")

    def text(content: str, size: int = 9, style: str = "", space: float = 5.0) -> None:
        pdf.set_font("DejaVu", style, size)
        pdf.multi_cell(0, space, content, new_x="LMARGIN", new_y="NEXT")

    text(seller.name, 16, "B", 8)
    text("\n".join(part.strip() for part in seller.address.split(",")))
    text(f"{seller.registration} · {words['vat_number']} {seller.vat_number} · {words['phone']} {seller.phone}", 8)
    pdf.ln(6)
    text(f"{words['invoice']} {number}", 14, "B", 8)
    text(f"{words['date']} : {day(on)}" if language == "fr" else f"{words['date']}: {day(on)}")
    text(f"{words['order']} {order.number}, {words['placed']} {day(calendar.day(order.placed_at))}")
    pdf.ln(4)
    buyer = f"{customer.first_name} {customer.last_name}" if customer is not None else order.recipient or ""
    billed = _lines(buyer, customer or order, language)
    delivered = _lines(order.recipient or buyer, order, language)
    pdf.set_font("DejaVu", "", 9)
    with pdf.table(borders_layout="NONE", line_height=5, first_row_as_headings=False, col_widths=(1, 1)) as table:
        for left, right in ((words["billed"], words["delivered"]), (billed, delivered)):
            row = table.row()
            row.cell(left)
            row.cell(right)
    pdf.ln(6)
    with pdf.table(
        borders_layout="HORIZONTAL_LINES", line_height=6, col_widths=(92, 16, 34, 32), text_align=("LEFT", "RIGHT", "RIGHT", "RIGHT")
    ) as table:
        table.row((words["product"], words["quantity"], words["unit"], words["total_line"]))
        for line in order_lines(session, order):
            table.row((line.name, str(line.quantity), money(line.unit_cents), money(line.cents)))
        table.row((words["delivery"], "", "", money(order.shipping_cents) if order.shipping_cents else words["free"]))
    pdf.ln(3)
    percent = format_percent(rate, "#,##0.#\u00a0%" if language == "fr" else "#,##0.#%", locale="fr_FR" if language == "fr" else "en_GB")
    for label, cents, style in ((words["net"], net, ""), (f"{words['vat']} {percent}", total - net, ""), (words["total"], total, "B")):
        pdf.set_font("DejaVu", style, 10)
        pdf.cell(142, 6, label, align="R")
        pdf.cell(32, 6, money(cents), align="R", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)
    if order.payment in words:
        text(f"{words['paid']} {words[order.payment]}.")
    pdf.ln(4)
    text(words["note"], 8)
    return bytes(pdf.output())


def _lines(name: str, place: Union[Order, Customer], language: str) -> str:
    town = " ".join(part for part in (place.postal_code, place.city) if part)
    country: Optional[str] = _COUNTRIES[language].get(place.country or "", place.country)
    return "\n".join(part for part in (name, place.street, town, country) if part)


def fonts() -> Path:
    """DejaVu, which has the letters of all our customers, comes with matplotlib, and that with Rasa; nothing is imported for it."""
    found = find_spec("matplotlib")
    assert found is not None, "matplotlib is missing"
    assert found.origin is not None
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
