"""`savoir record`: a conversation of the database as a conversation test, with placeholders where something personal stood."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Optional

import phonenumbers
from sqlalchemy.orm import Session

from savoir.conversations import service as log
from savoir.core.text import fold
from savoir.customers import service as customers
from savoir.repairs import service as repairs
from savoir.tickets import service as tickets

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
NUMBER = re.compile(r"\b(CMD|SAV|REP)[-\s#]*(\d{6})\b", re.IGNORECASE)
SOMEBODY = {"email": "quelqu.un@example.org", "phone": "06 39 98 00 00"}
"""Stands for addresses and telephone numbers that are not the identified customer's (the range is kept free for fiction)."""
NOBODY = "000000"
"""Stands for the digits of numbers that are not theirs."""
LONGEST_EXCERPT = 110
HANDED_BACK = ("reprend la conversation", "is back with you")
CLOSED = ("conversation est close", "conversation is closed")


@dataclass
class _Masks:
    """What is replaced by what, the longest first; `given` are the rows that the test needs instead."""

    texts: dict[str, str] = field(default_factory=dict)
    given: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def row(self, kind: str, number: str, columns: dict[str, Any], word: Optional[str] = None) -> None:
        """A row of the customer's, named `{kind}`, the second `{kind_2}`."""
        word = word or kind
        place = sum(text.startswith(f"{{{word}") for text in self.texts.values()) + 1
        self.texts[number] = f"{{{word}_{place}}}" if place > 1 else f"{{{word}}}"
        self.given.setdefault(kind, []).append(columns)


def recorded(session: Session, conversation: str) -> str:
    """The conversation as the YAML of a test. Raises a 404 problem when there is none."""
    row = log.find(session, conversation)
    messages: list[Any] = []
    while page := log.read(session, conversation, after=messages[-1].seq if messages else 0, private=True):
        messages += page
    said = "\n".join(str(message.text) for message in messages)
    masks = _masks(session, row, said)
    steps = list(_steps(messages, lambda text: _masked(text, masks)))
    for ticket in reversed(tickets.of_conversation(session, conversation)):
        steps.append("ticket: " + _flow({"category": ticket.category, "urgency": ticket.urgency}))
    steps.append(f"state: {row.state}")
    lines = [
        f"# Recorded on {row.created_at:%d %B %Y}. Shorten what the assistant says to what matters, and read once more that nobody is named.",
        f"language: {_first_language(messages, row.language)}",
    ]
    if masks.given:
        lines.append("given:")
        lines += [f"  {kind}: {_flow(rows[0] if len(rows) == 1 else rows)}" for kind, rows in masks.given.items()]
    return "\n".join([*lines, "steps:", *(f"  - {step}" for step in steps)]) + "\n"


def _masks(session: Session, row: Any, said: str) -> _Masks:
    """Only rows that were spoken of are given."""
    masks = _Masks()
    for ticket in tickets.of_conversation(session, row.id):
        masks.texts[ticket.number] = "{told_ticket}"
    person = customers.customer_by_id(session, row.customer) if row.customer else None
    if person is None:
        return masks
    masks.given["customer"] = [{}]
    for column in ("email", "phone", "street", "postal_code", "city", "first_name", "last_name", "id"):
        if getattr(person, column):
            masks.texts[str(getattr(person, column))] = f"{{{'customer' if column == 'id' else column}}}"
    for order in customers.orders_of(session, person.id):
        if _mentions(said, order.number):
            masks.row("order", order.number, {"status": order.status, "lines": [line["product"] for line in order.lines]})
    for device, product in customers.products_of(session, person.id):
        if device.serial_number in said:
            masks.row("owned", device.serial_number, {"product": product.id}, word="serial_number")
    for repair in repairs.of_customer(session, person.id):
        if _mentions(said, repair.number):
            masks.row("repair", repair.number, {"status": repair.status, "product": repair.product})
    for ticket in tickets.of_customer(session, person.id):
        if ticket.conversation != row.id and _mentions(said, ticket.number):
            masks.row("ticket", ticket.number, {"state": ticket.state, "category": ticket.category})
    return masks


def _mentions(said: str, number: str) -> bool:
    return number[-6:] in said


def _masked(text: str, masks: _Masks) -> str:
    """A text in which nobody is recognised: known values as placeholders, other addresses, telephones and numbers as nobody's."""
    # what was put in is kept apart, so that a placeholder is never looked at again
    put: list[str] = []

    def keep(value: str) -> str:
        put.append(value)
        return f"\0{len(put) - 1}\0"

    def number(match: re.Match[str]) -> str:
        return keep(masks.texts.get(f"{match[1].upper()}-{match[2]}", f"{match[1].upper()}-{NOBODY}"))

    text = text.replace("{", "(").replace("}", ")")
    text = NUMBER.sub(number, text)
    by_fold = {fold(known): word for known, word in masks.texts.items()}
    text = EMAIL.sub(lambda m: keep(by_fold.get(fold(m[0]), SOMEBODY["email"])), text)
    for found in reversed(list(phonenumbers.PhoneNumberMatcher(text, "FR", phonenumbers.Leniency.POSSIBLE))):
        own = phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
        text = text[: found.start] + keep(masks.texts.get(own, SOMEBODY["phone"])) + text[found.end :]
    for known in sorted(masks.texts, key=len, reverse=True):
        digits = known[-6:] if NUMBER.fullmatch(known) else None  # customers type the digits alone
        pattern = rf"(?<!\w){re.escape(digits or known)}(?!\w)"
        text = re.sub(pattern, lambda _, known=known: keep(masks.texts[known]), text, flags=re.IGNORECASE)  # type: ignore[misc]
    text = re.sub(r"(?<![\w\0-])\d{6}(?![\w\0])", lambda _: keep(NOBODY), text)  # an order of somebody else's, a code
    return re.sub(r"\0(\d+)\0", lambda m: put[int(m[1])], text)


def _steps(messages: list[Any], masked: Callable[[str], str]) -> Iterator[str]:
    has_agent = False
    for message in messages:
        text = masked(str(message.text))
        if message.author == "customer":
            yield from _of_customer(message, text)
        elif message.author == "agent":
            yield "agent: " + _flow({**({} if has_agent else {"takes": True}), "notes" if message.private else "says": text})
            has_agent = True
        elif message.author == "system" and any(words in fold(text) for words in map(fold, (*HANDED_BACK, *CLOSED))):
            has_agent = False
            yield f"agent: {'resolves' if any(words in fold(text) for words in map(fold, CLOSED)) else 'hands_back'}"
        elif excerpt := _excerpt(text):
            yield f"assistant: {_quoted(excerpt)}" + _buttons(message)
        elif message.buttons:
            yield "assistant: {}" + _buttons(message)


def _of_customer(message: Any, text: str) -> Iterator[str]:
    if message.payload in log.COMMANDS:
        yield f"chat: {'en' if message.payload.endswith(chr(34) + 'en' + chr(34) + '}') else 'fr'}"
    elif message.payload:
        yield f"press: {_quoted(text)}"
    elif message.attachments:
        yield "photo: " + (_flow({"of": "photo", "text": text}) if text else "photo")
    else:
        yield f"customer: {_quoted(text)}"


def _buttons(message: Any) -> str:
    titles = [button["title"] for button in message.buttons or ()]
    return f"\n    buttons: {_flow(titles)}" if titles else ""


def _excerpt(text: str) -> str:
    """The part of what the assistant said that stays the same another day: no dates, sums or numbers."""
    plain = " ".join(text.replace("**", "").split())
    sentences = [sentence for sentence in re.split(r"(?<=[.!?…:])\s+", plain) if not re.search(r"\d", sentence)]
    parts = sentences or [part.strip(" ,;:.()") for part in re.split(r"\S*\d\S*", plain)]
    best = max(parts, key=lambda part: min(len(part), LONGEST_EXCERPT), default="")
    return best if len(best) <= LONGEST_EXCERPT else best[:LONGEST_EXCERPT].rsplit(" ", 1)[0]


def _first_language(messages: list[Any], now: str) -> str:
    """The language of the page: of what the assistant said before anybody changed it."""
    switches = [message.payload for message in messages if message.payload in log.COMMANDS]
    before = itertools.takewhile(lambda message: message.payload not in log.COMMANDS, messages)
    spoken = [str(message.text) for message in before if message.author == "assistant"]
    if switches and spoken:
        return "en" if re.search(r"\b(the|you|your|is)\b", " ".join(spoken)) else "fr"
    return now


def _flow(value: Any) -> str:
    """YAML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    if isinstance(value, bool) or value is None:
        return "null" if value is None else str(value).lower()
    return str(value) if re.fullmatch(r"[a-z][a-z0-9._-]*", str(value)) else _quoted(str(value))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
