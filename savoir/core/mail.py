"""The words of mails (data/mail/<language>/<template>.txt, the first line is the subject), and putting a mail into the outbox."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Mapping, Optional, Sequence

from email_validator import EmailNotValidError, validate_email
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from . import outbox
from .errors import invalid
from .settings import PROJECT, Settings

FOLDER = PROJECT / "data" / "mail"
VALUES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "one_time_code": (("code", "minutes", "purpose"), ()),
    "invoice": (("order_number",), ("first_name",)),
    "password_reset_link": (("link",), ("minutes",)),
    "data_export_ready": (("link", "days"), ("first_name",)),
    "erasure_confirmed": (("keeps_accounts",), ()),
    "return_label": (("return_number", "order_number"), ("first_name", "send_before", "carrier")),
    "part_ordered": (("part",), ("first_name", "order_number", "price", "expected")),
    "appointment_booked": (("repair_number", "day", "hours"), ("first_name", "place")),
    "repair_opened": (("repair_number", "device", "way"), ("first_name",)),
    "contact_changed": (("what",), ("first_name", "order_number")),
    "desk_invitation": (("link", "name", "days"), ("by",)),
    "ticket_opened": (("ticket_number",), ("first_name", "subject")),
    "transcript": (("date",), ("first_name",)),
}
"""The templates: what each must be given, and what it may be given. Times and money come as words of the customer's language."""


@dataclass(frozen=True)
class Letter:
    """The words of one mail."""

    subject: str
    text: str


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a mail."""

    name: str
    content_type: str
    content: bytes


def render(template: str, language: str, values: Mapping[str, Any], settings: Settings) -> Letter:
    """A mail's words in `fr` or `en`. Raises a 422 problem for an unknown template or language, and for values missing or unknown."""
    if template not in VALUES or language not in ("fr", "en"):
        raise invalid("unknown-mail", f"There is no mail {template!r} in {language!r}; expected one of {', '.join(VALUES)} in fr or en.")
    needed, optional = VALUES[template]
    if not set(needed) <= set(values) <= {*needed, *optional}:
        raise invalid("bad-mail-values", f"The mail {template!r} needs {', '.join(needed)} and may have {', '.join(optional) or 'nothing else'}.")
    # what a customer wrote can begin neither a header nor a paragraph of ours
    lines = {name: re.sub(r"\s+", " ", value).strip() if isinstance(value, str) else value for name, value in values.items()}
    firm = {"firm": settings.firm, "support_phone": settings.support_phone, "help_centre": settings.address}
    text = _environment().get_template(f"{language}/{template}.txt").render({**dict.fromkeys(optional), **lines, **firm})
    subject, _, rest = text.strip().partition("\n")
    return Letter(subject.strip(), re.sub(r"\n(?:[ \t]*\n){2,}", "\n\n", rest.strip()) + "\n")


def put_mail(
    session: Session, settings: Settings, *, to: str, template: str, language: str, values: Mapping[str, Any], key: str, at: datetime,
    conversation: Optional[str] = None, enclosures: Sequence[Enclosure] = (), until: Optional[datetime] = None,
) -> bool:
    """Puts a mail of ours into the outbox, in the caller's transaction; whether it is new (the same `key` again: nothing).

    After `until` it is not worth sending any more. Raises as `render` does, and a 422 problem for an address that can't be one.
    """
    letter = render(template, language, values, settings)
    payload = {
        "to": address_of(to), "language": language, "subject": letter.subject, "text": letter.text,
        "enclosures": [
            {"name": e.name, "content_type": e.content_type, "content": base64.b64encode(e.content).decode()} for e in enclosures
        ],
    }
    return outbox.put(session, kind="mail", key=key, payload=payload, at=at, conversation=conversation, until=until)


def address_of(text: str) -> str:
    """An e-mail address as it is written to. Raises a 422 problem when it can't be one."""
    try:
        return validate_email(text.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise invalid("bad-address", "This is not an e-mail address that can be written to; expected one such as name@example.org.") from None


@lru_cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, autoescape=False)  # noqa: S701 (plain text)
