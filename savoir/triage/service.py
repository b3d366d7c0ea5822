"""What triage tells of a message."""

from __future__ import annotations

from typing import Sequence

from .mood import Mood as Mood
from .mood import mood_of as mood_of
from .reading import Request as Request
from .reading import Result as Result


def triage(requests: Sequence[Request]) -> list[Result]:
    """What triage says of requests, in their order; the first call loads the model, or trains it from data/triage (about a minute)."""
    from .model import model
    from .reading import read

    return read(requests, model())
