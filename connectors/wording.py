"""How the assistant's texts are chosen: named in endpoints.yml (`nlg.type: connectors.wording.Wording`).

Rasa's own chooser takes any variation that fits at random, knows nothing of a question asked for the second time, and nothing of the firm.
Ours takes the most exact one, leads a repeated question in, and fills in the firm's own values.
"""

from __future__ import annotations

import copy
from typing import Any, Collection, Dict, List, Mapping, Optional, Set

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from savoir.core.clock import OpeningHours
from savoir.core.settings import Settings, settings
from savoir.learning.wording import FIRM_VALUES, LEADS, led_in, most_exact

RECENT = 6
"""Of so many replies, none is said a second time while there is another wording; then the one is taken that was said longest ago."""
GOING_ROUND = "utter_going_round"
"""What is said instead of an answer that was given in each of the last two turns, and nothing else: with a way out."""
ALWAYS_SAID = ("utter_ask_", "utter_hand_over", "utter_safety_", "utter_fraud_", "utter_anger_", "utter_crisis_", "utter_complaint_", GOING_ROUND)
"""Questions of forms, which end by themselves, and what goes with a hand-over: these are never replaced."""


class Wording(TemplatedNaturalLanguageGenerator):
    """Rasa's templated responses, with our choice among variations (`savoir.learning.wording`)."""

    def __init__(self, endpoint_config: Optional[EndpointConfig] = None, domain: Optional[Domain] = None) -> None:
        super().__init__((domain or Domain.empty()).responses)
        self.firm_values: Dict[str, Dict[str, Any]] = {language: firm_values(settings(), language) for language in ("fr", "en")}

    async def generate(self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any) -> Optional[Dict[str, Any]]:
        """The response in the customer's language, never silence where there is a text in another."""
        slots = tracker.current_slot_values()
        slots["language"] = kwargs.pop("speak", None) or slots.get("language") or settings().default_language
        fitting = most_exact(self.responses.get(utter_action, []), slots, output_channel)
        if not fitting:
            return None
        before = kwargs.pop("lead", None)
        values = {**self.firm_values["en" if slots["language"] == "en" else "fr"], **slots, **kwargs}
        said = _recently_said(tracker) if len(fitting) > 1 else []
        made = [self._filled(variation, values) for variation in fitting]
        response = min(made, key=lambda one: _last_place(said, one.get("text")))
        asked = str(slots.get("asked") or "")
        if asked in LEADS and not any(c.get("name") == "asked" for c in response.get("condition") or ()) and utter_action.startswith("utter_ask_"):
            lead = most_exact(self.responses.get(LEADS[asked], []), slots, output_channel)
            if lead:
                response["text"] = led_in(lead[0]["text"], response.get("text") or "")
        if before and (lead := most_exact(self.responses.get(before, []), slots, output_channel)):
            response["text"] = led_in(lead[0]["text"], response.get("text") or "")
        if not utter_action.startswith(ALWAYS_SAID) and goes_round(tracker, response.get("text") or "", self._remarks()):
            return await self.generate(GOING_ROUND, tracker, output_channel, speak=slots["language"]) or response
        return response

    def _remarks(self) -> Set[str]:
        return {str(variation.get("text")) for variation in self.responses.get(GOING_ROUND, ())}

    def _filled(self, variation: Mapping[str, Any], values: Dict[str, Any]) -> Dict[str, Any]:
        """A variation with the values put in; payloads stay as they are: their braces hold entities, no variables."""
        response: Dict[str, Any] = self._fill_response(
            {**copy.deepcopy(variation), "buttons": [{"title": b["title"]} for b in variation.get("buttons") or ()]}, values
        )
        response["buttons"] = [{**b, **filled} for b, filled in zip(variation.get("buttons") or (), response["buttons"], strict=True)]
        return response


def firm_values(the: Settings, language: str) -> Dict[str, Any]:
    """What every text may name: settings, and the opening hours in words."""
    hours = OpeningHours.parse(the.opening_hours, the.time_zone, the.holidays).words(language)
    return {name: hours if name == "opening_hours" else getattr(the, name) for name in FIRM_VALUES}


def goes_round(tracker: DialogueStateTracker, text: str, remarks: Collection[str] = ()) -> bool:
    """Whether the last two turns said the same as each other, and this text among it. Turns that only said one of the `remarks` do not count."""
    turns: List[List[str]] = [[]]
    for event in tracker.events:
        if isinstance(event, UserUttered):
            turns.append([])
        elif isinstance(event, BotUttered) and event.text and event.text not in remarks:
            turns[-1].append(event.text)
    before = [turn for turn in turns[:-1] if turn][-2:]  # the last one is under way
    return len(before) == 2 and before[0] == before[1] and text in before[0]


def _recently_said(tracker: DialogueStateTracker) -> List[Optional[str]]:
    return [e.text for e in tracker.events if isinstance(e, BotUttered)][-RECENT:]


def _last_place(said: List[Optional[str]], text: Optional[str]) -> int:
    """Where a text was said last, -1 if nowhere."""
    return max((place for place, one in enumerate(said) if one == text), default=-1)
