"""What the customer wants beside the present matter: kept in the slot `later`, and asked about when the matter is at its end."""

from __future__ import annotations

from typing import List, Optional, Sequence

from rasa_sdk.events import SlotSet

from actions.copy import wish
from actions.turn import Events, Turn

MOST_WISHES = 3
NEVER_LATER = {"request_data_erasure", "report_safety_issue", "report_fraud", "speak_to_human"}
"""Erasing is never proposed by us; the others do not wait until something else is done."""


def wishes(turn: Turn, *, take_up: bool = False, interrupted: Optional[str] = None, settled: Sequence[str] = ()) -> Events:
    """Keeps in the slot `later` what the customer wants beside the present matter: a second request in the message, a form that another cut off.

    What is `settled` is not kept. With `take_up`, asks about the first of them. Returns the slot's event if it changed.
    """
    kept: List[str] = list(turn.slot("later") or ())
    wanted = [*([interrupted] if interrupted else []), *turn.further_intents]
    now = [*kept, *(i for i in wanted if i not in kept and i not in NEVER_LATER and wish(i, turn.language))][:MOST_WISHES]
    now = [intent for intent in now if intent != turn.intent and intent not in settled]
    if take_up and now and not turn.has_handed_over:
        intent = now.pop(0)
        yes = {**turn.button(intent, name="yes", means="affirm")}
        turn.say("utter_also_wanted", what=wish(intent, turn.language), buttons=[yes, turn.button("decline", name="no", means="deny")])
    return [SlotSet("later", now or None)] if now != kept else []
