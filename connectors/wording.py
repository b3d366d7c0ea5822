"""How the assistant's texts are chosen: named in endpoints.yml (`nlg.type: connectors.wording.Wording`).

Rasa's own chooser takes any variation that fits at random, knows nothing of a question asked for the second time, and nothing of the firm.
Ours takes the most exact one, leads a repeated question in, and fills in the firm's own values.
"""

from __future__ import annotations

import copy
from typing import Any, Dict, List, Mapping, Optional

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from savoir.core.settings import settings
from savoir.learning.wording import FIRM_VALUES, LEADS, led_in, most_exact

RECENT = 6
"""Of so many replies, none is said a second time while there is another wording."""


class Wording(TemplatedNaturalLanguageGenerator):
    """Rasa's templated responses, with our choice among variations (`savoir.learning.wording`)."""

    def __init__(self, endpoint_config: Optional[EndpointConfig] = None, domain: Optional[Domain] = None) -> None:
        super().__init__((domain or Domain.empty()).responses)
        the = settings()
        self.firm_values: Dict[str, Any] = {name: getattr(the, name) for name in FIRM_VALUES}

    async def generate(self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any) -> Optional[Dict[str, Any]]:
        """The response in the customer's language, never silence where there is a text in another."""
        slots = tracker.current_slot_values()
        slots["language"] = kwargs.pop("speak", None) or slots.get("language") or settings().default_language
        fitting = most_exact(self.responses.get(utter_action, []), slots, output_channel)
        if not fitting:
            return None
        values = {**self.firm_values, **slots, **kwargs}
        said = _recently_said(tracker) if len(fitting) > 1 else []
        made = [self._filled(variation, values) for variation in fitting]
        response = min(made, key=lambda one: said.count(one.get("text")))
        asked = str(slots.get("asked") or "")
        if asked in LEADS and not any(c.get("name") == "asked" for c in response.get("condition") or ()) and utter_action.startswith("utter_ask_"):
            lead = most_exact(self.responses.get(LEADS[asked], []), slots, output_channel)
            if lead:
                response["text"] = led_in(lead[0]["text"], response.get("text") or "")
        return response

    def _filled(self, variation: Mapping[str, Any], values: Dict[str, Any]) -> Dict[str, Any]:
        """A variation with the values put in; payloads stay as they are: their braces hold entities, no variables."""
        response: Dict[str, Any] = self._fill_response(
            {**copy.deepcopy(variation), "buttons": [{"title": b["title"]} for b in variation.get("buttons") or ()]}, values
        )
        response["buttons"] = [{**b, **filled} for b, filled in zip(variation.get("buttons") or (), response["buttons"], strict=True)]
        return response


def _recently_said(tracker: DialogueStateTracker) -> List[Optional[str]]:
    return [e.text for e in tracker.events if isinstance(e, BotUttered)][-RECENT:]
