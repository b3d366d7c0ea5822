"""What rooms agree on when a person asks for their data, or for their erasure: who is meant, and how a row is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Iterable, Optional

Sections = dict[str, list[dict[str, Any]]]
"""What is held about a person: by the name of a section, its records, each ready for JSON."""
UNTOLD = ("key", "quote_key", "ended_key", "checked_key", "code_digest", "address_digest")
"""Columns that say nothing about a person: they keep a repeated turn from acting twice, or prove a code."""


@dataclass(frozen=True)
class Person:
    """Who is meant: a customer with their address, or whoever wrote in some conversations without an account."""

    customer: Optional[str] = None
    email: Optional[str] = None
    conversations: tuple[str, ...] = ()


def record(row: Any, *without: str) -> dict[str, Any]:
    """A row as JSON: what is empty, what says nothing about a person, and the columns `without` are left out."""
    told = {}
    for column in row.__table__.columns:
        value = getattr(row, column.name)
        if column.name in UNTOLD or column.name in without or value is None or value == "":
            continue
        told[column.name] = value.isoformat() if isinstance(value, (datetime, date)) else value
    return told


def records(rows: Iterable[Any], *without: str) -> list[dict[str, Any]]:
    """Several rows, as `record` tells each."""
    return [record(row, *without) for row in rows]
