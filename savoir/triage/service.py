"""What triage tells of a message."""

from __future__ import annotations

from .mood import Mood as Mood
from .mood import mood_of as mood_of
