"""The label of a return as PDF, of the size of a parcel label (A6): where it goes, from whom, and its number as a bar code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from babel.dates import format_date
from sqlalchemy.orm import Session

from savoir.core.errors import invalid
from savoir.core.settings import Settings

from .days import FRENCH, Calendar
from .invoices import fonts
from .orders import order_by_number
from .returns import DROP_OFF_DAYS
from .tables import ReturnRequest

_WORDS = {
    "fr": {"title": "Retour", "to": "Destinataire", "from": "Expéditeur", "order": "Commande", "until": "À déposer au plus tard le", "paid": "Port payé"},
    "en": {"title": "Return", "to": "To", "from": "From", "order": "Order", "until": "Drop off by", "paid": "Postage paid"},
}


@dataclass(frozen=True)
class ReturnLabel:
    """A finished label: `content` is a PDF."""

    file_name: str
    content: bytes


def return_label(session: Session, request: ReturnRequest, *, language: str, settings: Settings, calendar: Calendar = FRENCH) -> ReturnLabel:
    """The label of a return; the same return gives the same label. Raises a 422 problem for another language, or a return without a free label."""
    if language not in _WORDS:
        raise invalid("unknown-language", f"The language {language!r} is unknown; expected fr or en.")
    if request.label != "free":
        raise invalid("no-label", f"The return {request.number} has no free label but {request.label!r}; nothing is to be printed for it.")
    from fpdf import FPDF  # takes a second to load, which only a label is worth

    words, order = _WORDS[language], order_by_number(session, request.order_number)
    pdf = FPDF(format=(105, 148))
    folder = fonts()
    pdf.add_font("DejaVu", "", folder / "DejaVuSans.ttf")
    pdf.add_font("DejaVu", "B", folder / "DejaVuSans-Bold.ttf")
    pdf.set_title(f"{words['title']} {request.number}")
    pdf.set_author(settings.firm)
    pdf.set_lang(language)
    pdf.set_creation_date(request.requested_at)
    pdf.set_margins(8, 8)
    pdf.set_auto_page_break(False)
    pdf.add_page()

    def text(content: str, size: int, style: str = "") -> None:
        pdf.set_font("DejaVu", style, size)
        pdf.multi_cell(0, size / 2, content, new_x="LMARGIN", new_y="NEXT")

    text(f"{words['title']} {request.number}", 16, "B")
    text(f"{order.carrier or settings.firm} · {words['paid']}", 9)
    pdf.ln(4)
    text(words["to"], 8)
    text("\n".join([settings.firm, *(part.strip() for part in settings.firm_address.split(","))]), 12, "B")
    pdf.ln(4)
    text(words["from"], 8)
    town = " ".join(part for part in (order.postal_code, order.city) if part)
    text("\n".join(part for part in (order.recipient, order.street, town, order.country) if part), 9)
    pdf.ln(4)
    latest = calendar.day(request.requested_at) + timedelta(days=DROP_OFF_DAYS)
    text(f"{words['order']} {order.number}\n{words['until']} {format_date(latest, 'long', locale='fr_FR' if language == 'fr' else 'en_GB')}", 9)
    pdf.set_font("DejaVu", "", 8)
    pdf.code39(f"*{request.number}*", x=8, y=120, w=1.0, h=18)
    return ReturnLabel(f"{'etiquette' if language == 'fr' else 'label'}-{request.number}.pdf", bytes(pdf.output()))
