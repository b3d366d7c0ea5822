"""A ticket's subject and body, made of all that was said in the conversation."""

from __future__ import annotations

import re
from typing import Optional

from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.tables import Message

from .categories import category_name

LONGEST_SUBJECT = 120
LONGEST_BODY = 20_000
FEW_WORDS = 3
"""An answer of so many words says little without its question."""


def subject_of(*, matter: str, category: str, language: str, product: Optional[str] = None) -> str:
    """One line: the product, and the matter's first sentence; the category's name where too little was said."""
    first = re.split(r"(?<=[.!?])\s|\n", matter.strip(), maxsplit=1)[0].strip()
    if len(first.split()) < 2:
        first = category_name(category, language)
    subject = f"{product} – {first}" if product and product.casefold() not in first.casefold() else first
    if len(subject) <= LONGEST_SUBJECT:
        return subject
    return subject[:LONGEST_SUBJECT].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"


def body_of(session: Session, conversation: str, *, after: int = 0) -> str:
    """All that the customer said after that place of the log, oldest first, a line each; a short or pressed answer with its question."""
    lines: list[str] = []
    before: Optional[Message] = None
    while True:
        page = conversations.read(session, conversation, after=after)
        for message in page:
            if message.author == "customer" and message.text and message.payload not in conversations.COMMANDS:
                question = _question(before) if message.payload or len(message.text.split()) <= FEW_WORDS else ""
                lines.append(f"{question} → {message.text}" if question else message.text)
            if message.author != "system":
                before = message
        if len(page) < conversations.PAGE:
            break
        after = page[-1].seq
    body = "\n".join(lines)
    return body if len(body) <= LONGEST_BODY else body[:LONGEST_BODY] + "…"


def _question(message: Optional[Message]) -> str:
    """The last question that the assistant asked in a message, without marks of Markdown; empty when it asked nothing."""
    if message is None or message.author != "assistant":
        return ""
    asked = re.findall(r"[^.!?\n]*\?", re.sub(r"\*\*|^\s*[-*]\s", "", message.text, flags=re.MULTILINE))
    return asked[-1].strip() if asked else ""
