"""What holds for one conversation only: people who are away, rooms of savoir/ that fail. Written by the tests, read by the house's processes.

The processes are the product's own (`processes.py` starts them); only the opening hours and the functions of the rooms ask here first.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import json
import pkgutil
import time
from contextvars import ContextVar, copy_context
from datetime import datetime
from pathlib import Path
from typing import Any, Callable, Iterator

import savoir
from savoir.core.clock import OpeningHours
from savoir.core.context import Context

ROOM_OF = {"orders": "customers"}
"""Names of things whose room is called otherwise."""
NO_ROOMS = ("core", "command", "nlu", "learning")
NO_WORK = ("tables", "importing", "routes")
HANGING_SECONDS = 9.0
"""Longer than an action may take."""
present: ContextVar[str] = ContextVar("present", default="")
"""The conversation for which something is being done."""


def write(folder: Path, conversation: str, circumstances: dict[str, Any]) -> None:
    """Notes what holds for a conversation."""
    path = folder / "circumstances" / f"{conversation}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(circumstances))


class Circumstances:
    """The notes of a house, for one of its processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "circumstances"

    def hold(self, name: str) -> Any:
        """What holds under that name for the present conversation; None if nothing was noted."""
        path = self.folder / f"{present.get()}.json"
        return json.loads(path.read_text()).get(name) if present.get() and path.exists() else None

    def rule_the_hours(self) -> None:
        """People are there, at any hour, unless the conversation says that they are away."""
        OpeningHours.is_open = lambda _, at: self._is_open(at)  # type: ignore[method-assign]

    def rule_the_rooms(self) -> None:
        """What rooms do with a session fails, or hangs, for a conversation that says so."""
        for room, module in _rooms():
            for name, function in vars(module).items():
                is_of_room = inspect.isfunction(function) and function.__module__.startswith(f"savoir.{room}.")  # a service hands on its room's
                if is_of_room and next(iter(inspect.signature(function).parameters), "") == "session":
                    setattr(module, name, self._ruled(function, {room, f"{room}.{name}", function.__module__.rpartition(".")[2]}))

    def _is_open(self, at: datetime) -> bool:
        return self.hold("opening") != "closed"

    def _ruled(self, function: Callable[..., Any], names: set[str]) -> Callable[..., Any]:
        @functools.wraps(function)
        def ruled(*args: Any, **kwargs: Any) -> Any:
            if names & _rooms_named(self.hold("hanging")):
                time.sleep(HANGING_SECONDS)
            if names & _rooms_named(self.hold("failing")):
                raise OSError(f"{function.__name__} fails in this conversation")
            return function(*args, **kwargs)

        return ruled


def follow_threads() -> None:
    """The work that a process gives to its threads knows for which conversation it is done."""
    for name in ("read", "write"):
        plain = getattr(Context, name)

        def carried(self: Context, work: Callable[[Any], Any], plain: Any = plain) -> Any:
            here = copy_context()
            return plain(self, lambda session: here.run(work, session))

        setattr(Context, name, carried)


def note_present(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of the log whose second argument is a conversation: what follows in its thread is done for that one."""

    @functools.wraps(function)
    def noting(session: Any, conversation: str, *args: Any, **kwargs: Any) -> Any:
        present.set(conversation)
        return function(session, conversation, *args, **kwargs)

    return noting


def _rooms_named(names: Any) -> set[str]:
    return {ROOM_OF.get(name, name) for name in ([names] if isinstance(names, str) else names or ())}


def _rooms() -> Iterator[tuple[str, Any]]:
    for room in pkgutil.iter_modules(savoir.__path__):
        if not room.ispkg or room.name in NO_ROOMS:
            continue
        package = importlib.import_module(f"savoir.{room.name}")
        for module in pkgutil.iter_modules(package.__path__):
            if module.name not in NO_WORK and not module.ispkg:
                yield room.name, importlib.import_module(f"savoir.{room.name}.{module.name}")
