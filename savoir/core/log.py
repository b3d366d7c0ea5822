"""Structured logs: one JSON object a line, with the conversation's id and never a customer's text."""

from __future__ import annotations

import logging
import sys
from typing import Any, MutableMapping

import structlog

FORBIDDEN = ("text", "message_text", "comment", "email", "phone", "payload")


def _without_customer_text(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in FORBIDDEN:
        if name in event:
            event[name] = "[not logged]"
    return event


def set_up(process: str, level: str) -> None:
    """Call once at the start of a process; `process` is put in every line."""
    logging.basicConfig(stream=sys.stdout, level=getattr(logging, level.upper(), logging.INFO), format="%(message)s", force=True)
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_customer_text,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper(), logging.INFO)),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)


def logger(name: str) -> Any:
    """A bound logger for a module."""
    return structlog.get_logger(module=name)
