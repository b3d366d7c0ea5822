"""Sends mails of the outbox by SMTP; without a mail server, writes them as files into var/mail/, so that one sees what would be sent."""

from __future__ import annotations

import asyncio
import base64
import os
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path

import aiosmtplib

from savoir.core.clock import Clock, now
from savoir.core.log import logger
from savoir.core.outbox import Item, Undeliverable
from savoir.core.security import digest
from savoir.core.settings import Settings

log = logger(__name__)
SECONDS = 20.0
"""For connecting, and for each answer of the server."""


class Mailer:
    """The outbox's handler of `mail`: payload `{to, subject, text, language?, enclosures?: [{name, content_type, content (base64)}]}`."""

    def __init__(self, settings: Settings, clock: Clock = now) -> None:
        self.settings, self.clock = settings, clock

    async def send(self, item: Item) -> None:
        """Sends one mail. Raises Undeliverable when the server refuses it for good; otherwise whatever keeps it from being sent now."""
        message = self.compose(item)
        if not self.settings.smtp_host:
            path = await asyncio.get_running_loop().run_in_executor(None, self._write, item, message)
            log.info("mail.written", path=str(path), item=item.id, conversation=item.conversation)
            return
        try:
            await aiosmtplib.send(
                message, hostname=self.settings.smtp_host, port=self.settings.smtp_port, username=self.settings.smtp_user or None,
                password=self.settings.smtp_password or None, use_tls=self.settings.smtp_security == "tls",
                start_tls=self.settings.smtp_security == "starttls", timeout=SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _judged(refused.recipients[0].code, "the recipient was refused") from None
        except aiosmtplib.SMTPDataError as refused:
            raise _judged(refused.code, "the mail was refused") from None
        # a refused sender or sign-in is not the mail's fault: it waits until the settings are right

    def compose(self, item: Item) -> EmailMessage:
        """The mail; a second one for the same item has the same Message-ID. Raises Undeliverable when nothing can be made of the item."""
        try:
            name, sender = parseaddr(self.settings.mail_from)
            message = EmailMessage(policy=SMTP)
            message["From"] = Address(name or self.settings.firm, addr_spec=sender)
            message["To"] = Address(addr_spec=item.payload["to"])
            message["Subject"] = item.payload["subject"]
            message["Date"] = format_datetime(self.clock())
            message["Message-ID"] = f"<{digest(item.key)[:32]}@{sender.rpartition('@')[2]}>"
            message["Auto-Submitted"] = "auto-generated"
            message.set_content(item.payload["text"], cte="quoted-printable")
            for enclosure in item.payload.get("enclosures") or ():
                main, _, sub = enclosure["content_type"].partition("/")
                message.add_attachment(base64.b64decode(enclosure["content"]), maintype=main, subtype=sub, filename=enclosure["name"])
            message["Content-Language"] = item.payload.get("language") or self.settings.default_language
            return message
        except (KeyError, ValueError, TypeError, IndexError) as fault:
            raise Undeliverable(f"no mail can be made of it ({type(fault).__name__})") from fault

    def _write(self, item: Item, message: EmailMessage) -> Path:
        folder = self.settings.var / "mail"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{item.id:06d}-{digest(item.key)[:8]}.eml"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(message.as_bytes())
        return path


def _judged(code: int, what: str) -> Exception:
    return Undeliverable(f"{what} (SMTP {code})") if 500 <= code < 600 else ConnectionError(f"{what} for now (SMTP {code})")
