"""The transcript of a conversation: as PDF for the agent, or by mail to the customer. Notes are in it only where an agent asks for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Optional

from babel.dates import format_date
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.tables import Conversation, Message
from savoir.core.mail import Enclosure, address_of, put_mail
from savoir.core.security import new_id
from savoir.customers import service as customers
from savoir.customers.invoices import fonts
from savoir.handoff import service as handoff

from .language import Words, words
from .lists import customer_name, short_id
from .session import DeskRoute, changing, is_fragment, signed_in
from .templates import clock, short_date
from .text import excerpt

router = APIRouter(route_class=DeskRoute)
MOST_MESSAGES = 2000


@router.get("/desk/conversations/{conversation}/transcript.pdf")
async def download(conversation: str, request: Request, notes: bool = False) -> Response:
    """The transcript, in the agent's language; with `notes`, private ones too: for the firm's own use."""
    asker = await signed_in(request)
    zone, firm = asker.the.hours.zone, asker.the.settings.firm
    content = await asker.the.read(lambda s: pdf(s, conversation, asker.words, zone, firm, with_notes=notes))
    name = f"conversation-{short_id(conversation)}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


@router.post("/desk/conversations/{conversation}/transcript")
async def send(conversation: str, request: Request) -> Response:
    """Mails the transcript, without notes, to `to`; a note says who had it sent where."""
    asker = await changing(request)
    to, at, the = asker.field("to")[:200], asker.the.clock(), asker.the

    def work(session: Session) -> None:
        row = conversations.find(session, conversation)
        address, language = address_of(to), str(row.language)
        customer = customers.customer_by_id(session, str(row.customer)) if row.customer else None
        content = pdf(session, conversation, words(language), the.hours.zone, the.settings.firm, with_notes=False)
        put_mail(
            session, the.settings, to=address, template="transcript", language=language, at=at, conversation=conversation,
            values={"date": short_date(row.created_at, the.hours.zone, _locale(language)), "first_name": str(customer.first_name) if customer else ""},
            key=f"transcript:{conversation}:{row.last_seq}:{address}:{asker.field('once') or new_id()}"[:160],
            enclosures=[Enclosure(f"conversation-{short_id(conversation)}.pdf", "application/pdf", content)],
        )
        said = asker.words.gettext("Transcript mailed to %(address)s.") % {"address": address}
        handoff.note(session, conversation=conversation, agent=asker.agent, client_id=new_id(), text=said, at=at)

    await the.write(work)
    asker.live.changed(conversation)
    return Response(status_code=204) if is_fragment(request) else RedirectResponse(f"/desk/conversations/{conversation}", 303)


def pdf(session: Session, conversation: str, speech: Words, zone: Any, firm: str, *, with_notes: bool) -> bytes:
    """The transcript as PDF. Raises a 404 problem."""
    from fpdf import FPDF  # takes a second to load

    row = conversations.find(session, conversation)
    messages = _all(session, row, with_notes)
    file = FPDF(format="A4")
    for style, name in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
        file.add_font("DejaVu", style, fonts() / name)
    title = speech.gettext("Conversation with %(firm)s") % {"firm": firm}
    file.set_title(title)
    file.set_author(firm)
    file.set_lang(speech.language)
    file.set_margins(18, 18)
    file.set_auto_page_break(True, 18)
    file.add_page()

    def write(text: str, size: float = 9.5, style: str = "", height: float = 5.0) -> None:
        file.set_font("DejaVu", style, size)
        file.multi_cell(0, height, text, new_x="LMARGIN", new_y="NEXT")

    write(title, 15, "B", 8)
    who = customer_name(session, row) or f"{speech.gettext('Customer')} {short_id(conversation)}"
    locale = _locale(speech.language)
    write(f"{who} · {short_date(row.created_at, zone, locale)} · {short_id(conversation)}")
    file.ln(3)
    day: Optional[object] = None
    for message in messages:
        on = message.at.astimezone(zone).date()
        if on != day:
            day = on
            file.ln(3)
            file.set_text_color(95)
            write(_day(message.at, zone, locale), 9, "B")
            file.set_text_color(0)
        file.ln(1.5)
        write(f"{_author(message, speech)} · {clock(message.at, zone, locale)}", 8.5, "B", 4.6)
        write(_body(message, speech))
    return bytes(file.output())


def _all(session: Session, row: Conversation, with_notes: bool) -> list[Message]:
    found: list[Message] = []
    while len(found) < MOST_MESSAGES:
        page = conversations.read(session, str(row.id), after=int(found[-1].seq) if found else 0, private=with_notes)
        found += page
        if len(page) < conversations.PAGE:
            break
    return found


def _author(message: Message, speech: Words) -> str:
    if message.private:
        return f"{speech.gettext('Private note')} – {message.agent_name or ''}"
    named = {"customer": speech.gettext("Customer"), "assistant": speech.gettext("Assistant"), "system": speech.gettext("Automatic message")}
    return named.get(str(message.author)) or str(message.agent_name or speech.gettext("Adviser"))


def _body(message: Message, speech: Words) -> str:
    """The words as they read, without Markdown's marks; what DejaVu can't draw is left out."""
    lines = [excerpt(line, 10_000) for line in str(message.text).splitlines()] if message.author == "assistant" else [str(message.text)]
    lines += [f"[{speech.gettext('Photo')}]" for _ in message.attachments or ()]
    for card in message.cards or ():
        if isinstance(card, dict) and card.get("kind") != "rating":
            lines += [str(part) for part in (card.get("title"), *(card.get("lines") or ()), card.get("url")) if isinstance(part, str)]
    return "".join(c for c in "\n".join(line for line in lines if line) if ord(c) < 0x10000) or "–"


def _day(at: datetime, zone: Any, locale: str) -> str:
    return str(format_date(at.astimezone(zone), "EEEE d MMMM y", locale=locale)).capitalize()


def _locale(language: str) -> str:
    return "fr_FR" if language == "fr" else "en_GB"
