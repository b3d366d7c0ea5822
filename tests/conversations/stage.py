"""The house in which conversations are played: one for all of them, with an agent at the desk."""

from __future__ import annotations

import json
import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any, Iterator

from savoir.core.clock import now
from savoir.handoff import accounts
from savoir.handoff.tables import Agent
from tests.house import House

AGENT = ("marie@example.org", "Marie Lefort")
IDENTITY_SECRET = "the secret that the firm's own site signs identities with"
HOURS = "mo-fr 09:00-19:00; sa 10:00-17:00"
TROUBLE = re.compile(r'"level": "(error|critical)"|^Traceback |^\w*(Error|Exception)\b|\bERROR\b|\bCRITICAL\b|Circuit breaker', re.MULTILINE)


class Stage(House):
    """A running Savoir whose desk and action server know the circumstances of conversations."""

    agent: Agent

    def __init__(self, folder: Path, **overrides: Any) -> None:
        super().__init__(folder, **{"opening_hours": HOURS, "identity_secret": IDENTITY_SECRET, **overrides})

    def start(self) -> "Stage":
        """Starts it, with its agent."""
        super().start()
        with self.context.database.writing() as session:
            self.agent = accounts.add_agent(session, email=AGENT[0], name=AGENT[1], password="a password for tests", at=now())
        return self

    def mails(self, *addresses: str) -> list[EmailMessage]:
        """What was mailed to these addresses, oldest first: without a mail server the house writes it into files."""
        found = []
        for path in sorted((self.folder / "mail").glob("*.eml")):
            mail = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(path.read_bytes())
            if str(mail["to"]).lower() in {address.lower() for address in addresses}:
                found.append(mail)
        return found

    def configuration(self) -> str:
        """Desk and action server by way of tests/conversations/processes.py."""
        return re.sub(r"-m savoir\.command serve (desk|actions)", r"-m tests.conversations.processes \1", super().configuration())

    def troubles(self) -> Iterator[tuple[str, str]]:
        """Lines of the logs that tell of a fault of ours: the conversation (empty when it is not named) and the line."""
        for path in sorted((self.folder / "log").glob("*.log")):
            if path.name in ("out.log", "supervisor.log"):
                continue
            for line in path.read_text(errors="replace").splitlines():
                if TROUBLE.search(line):
                    yield _told(path.name, line)


def _told(log: str, line: str) -> tuple[str, str]:
    """Whose fault, and in words: of a structured line what happened, why and where."""
    try:
        told = json.loads(line)
        where = " ".join(str(told.get("exception", "")).split())[-250:]
        return str(told.get("conversation", "")), f"{log}: {told.get('event')} ({told.get('action', '')}): {told.get('error', '')} {where}"
    except (ValueError, AttributeError):
        return "", f"{log}: {line[:600]}"

