"""Canned replies: found by shortcut or words, filled with the customer's name, the order's number, the agent's first name and the firm."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.conversations.tables import Conversation
from savoir.core.errors import Problem, invalid, not_found
from savoir.core.importing import Row, RowFault, read_rows
from savoir.core.security import new_id
from savoir.core.text import clean, fold, words
from savoir.customers import service as customers

from .desk_tables import CannedReply
from .tables import Agent

MAY_EDIT = ("supervisor", "administrator")
"""Roles that write canned replies; everybody uses them."""
VARIABLES = {
    "client": "customer", "customer": "customer", "commande": "order", "order": "order", "conseiller": "agent", "agent": "agent", "enseigne": "firm",
    "firm": "firm",
}
"""What may stand in braces, in either language."""
GAPS = {"customer": ("prénom", "first name"), "order": ("numéro de commande", "order number"), "agent": ("votre prénom", "your first name"), "firm": ("enseigne", "firm")}
"""What stands in brackets where a value is not known: to be filled in before sending."""
GAP = re.compile(r"\[(?:" + "|".join(name for names in GAPS.values() for name in names) + r")\]")
SHORTCUT = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LONGEST_TEXT = 4000
_VARIABLE = re.compile(r"\{\s*([^{}\s]*)\s*\}")


@dataclass(frozen=True)
class Values:
    """What is put in for the variables; None leaves a gap."""

    customer: Optional[str]
    order: Optional[str]
    agent: str
    firm: str


@dataclass(frozen=True)
class Filled:
    """A canned reply ready to be put in, in the customer's language. `title` is in the agent's."""

    id: str
    shortcut: str
    title: str
    text: str


def all_replies(session: Session) -> list[CannedReply]:
    """All of them, by shortcut."""
    return list(session.execute(sa.select(CannedReply).order_by(CannedReply.shortcut)).scalars())


def reply_by_id(session: Session, id: str) -> CannedReply:
    """One of them. Raises a 404 problem."""
    row = session.get(CannedReply, id)
    if row is None:
        raise not_found("canned reply", id)
    return row


def save_reply(
    session: Session, *, id: Optional[str], shortcut: str, title_fr: str, title_en: str, text_fr: str, text_en: str, agent: Agent, at: datetime
) -> CannedReply:
    """Adds a reply (`id` None) or changes one. Raises problems: not allowed, a part missing, a variable unknown, a shortcut bad or taken."""
    _check_role(agent)
    row = reply_by_id(session, id) if id else CannedReply(id=new_id(), used=0)
    return _save(session, row, shortcut, (title_fr, title_en), (text_fr, text_en), str(agent.name), at)


def remove_reply(session: Session, *, id: str, agent: Agent) -> None:
    """Takes a reply away. Raises problems: not allowed, not there."""
    _check_role(agent)
    session.delete(reply_by_id(session, id))
    session.flush()


def values_for(session: Session, row: Conversation, agent: Agent, firm: str, mentioned: Sequence[str] = ()) -> Values:
    """What is known for a conversation: names only of who has shown who they are, and the order that was named, else their only open one."""
    customer = customers.customer_by_id(session, str(row.customer)) if row.customer else None
    order: Optional[str] = None
    if customer is not None:
        numbers = [str(o.number) for o in customers.orders_of(session, str(customer.id))]
        order = next((n for n in reversed(mentioned) if n in numbers), None) or (numbers[0] if len(numbers) == 1 else None)
    return Values(str(customer.first_name) if customer else None, order, str(agent.name).split()[0], firm)


def fill(text: str, values: Values, language: str) -> str:
    """The text with its variables put in. Without a name, `Bonjour {client},` is `Bonjour,`; else an unknown value leaves a gap in brackets."""

    def value(match: "re.Match[str]") -> str:
        name = VARIABLES[match[1].lower()]
        found = getattr(values, name)
        return str(found) if found else f"[{GAPS[name][0 if language == 'fr' else 1]}]"

    if not values.customer:
        text = re.sub(r"(?mi)^(bonjour|bonsoir|hello|hi|dear customer|good morning) \{\s*(?:client|customer)\s*\}", r"\1", text)
    return _VARIABLE.sub(lambda m: value(m) if m[1].lower() in VARIABLES else m[0], text)


def filled(session: Session, *, values: Values, language: str, agent_language: str) -> list[Filled]:
    """Every reply, filled in the customer's language, those that are used most first."""
    rows = sorted(all_replies(session), key=lambda r: (-int(r.used), str(r.shortcut)))
    return [
        Filled(
            str(r.id), str(r.shortcut), str(r.title_fr if agent_language == "fr" else r.title_en),
            fill(str(r.text_fr if language == "fr" else r.text_en), values, language),
        )
        for r in rows
    ]


def count_use(session: Session, id: str) -> None:
    """One more use of a reply; of one that is gone, nothing."""
    session.execute(
        sa.update(CannedReply).where(CannedReply.id == id).values(used=CannedReply.used + 1).execution_options(synchronize_session=False)
    )


def gap_in(text: str) -> Optional[str]:
    """The first gap that a canned reply left in a text, with its brackets."""
    found = GAP.search(text)
    return found[0] if found else None


def import_replies(session: Session, path: Path, shift: timedelta = timedelta(0), at: Optional[datetime] = None) -> int:
    """Columns: shortcut, title_fr, title_en, text_fr, text_en. A reply with a shortcut known already is brought up to date."""
    from savoir.core.clock import now

    def make(row: Row) -> dict[str, str]:
        values = {name: row.text(name) for name in ("shortcut", "title_fr", "title_en", "text_fr", "text_en")}
        try:
            _checked(values["shortcut"], (values["title_fr"], values["title_en"]), (values["text_fr"], values["text_en"]))
        except Problem as problem:
            raise RowFault(problem.detail) from None
        return values

    rows = read_rows(path, make)
    for v in rows:
        known = session.execute(sa.select(CannedReply).where(CannedReply.shortcut == v["shortcut"])).scalar_one_or_none()
        _save(
            session, known or CannedReply(id=new_id(), used=0), v["shortcut"], (v["title_fr"], v["title_en"]), (v["text_fr"], v["text_en"]), None, at or now()
        )
    return len(rows)


def _save(
    session: Session, row: CannedReply, shortcut: str, titles: tuple[str, str], texts: tuple[str, str], by: Optional[str], at: datetime
) -> CannedReply:
    shortcut, titles, texts = _checked(shortcut, titles, texts)
    taken = session.execute(sa.select(CannedReply.id).where(CannedReply.shortcut == shortcut, CannedReply.id != row.id)).scalar()
    if taken:
        raise Problem("shortcut-taken", 409, f"There is a canned reply /{shortcut} already.")
    row.shortcut, (row.title_fr, row.title_en), (row.text_fr, row.text_en) = shortcut, titles, texts
    row.updated_by, row.updated_at = by, at
    session.add(row)
    session.flush()
    return row


def _checked(shortcut: str, titles: tuple[str, str], texts: tuple[str, str]) -> tuple[str, tuple[str, str], tuple[str, str]]:
    shortcut = "-".join(words(fold(shortcut.strip().lstrip("/"))))
    if not SHORTCUT.fullmatch(shortcut):
        raise invalid("bad-shortcut", "A shortcut has 1 to 40 letters, digits and hyphens, e.g. `delivery-late`.")
    titles = (clean(titles[0])[:120], clean(titles[1])[:120])
    texts = (clean(texts[0]), clean(texts[1]))
    if not all((*titles, *texts)):
        raise invalid("reply-incomplete", "A canned reply needs a title and a text in French and in English; one of them is empty.")
    if max(map(len, texts)) > LONGEST_TEXT:
        raise invalid("reply-too-long", f"A text has more than the {LONGEST_TEXT:,} characters that are taken.")
    unknown = next((m[0] for text in texts for m in _VARIABLE.finditer(text) if m[1].lower() not in VARIABLES), None)
    if unknown:
        raise Problem("unknown-variable", 422, f"{unknown} is no variable; expected one of {', '.join('{' + name + '}' for name in VARIABLES)}.", variable=unknown)
    return shortcut, titles, texts


def _check_role(agent: Agent) -> None:
    if agent.role not in MAY_EDIT:
        raise Problem("not-allowed", 403, "Only supervisors and administrators change canned replies.")
