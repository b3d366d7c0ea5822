"""The language of a message as entity `language`: the one asked for in a request to switch, else the one it is written in."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from savoir.nlu.language import detect
from savoir.nlu.reference_numbers import fold_in_place
from savoir.nlu.spans import Found

NAME = "LanguageDetector"
_NAMES = {
    "fr": re.compile(r"\b(?:francais|french|francaise|francophone|fr|frances|franz(?:osisch)?|frensh|fransais|francai)\b"),
    "en": re.compile(r"\b(?:anglais|english|anglaise|anglophone|en anglais|eng|ingles|englisch|inglish|englsh|anglai|angl)\b"),
}
_NOT = re.compile(r"(?:pas|plus|not|don't|dont|no|instead of|rather than|au lieu d[eu']|et pas|stop|arretez?)\s+(?:\w+\s+){0,3}$")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageDetector(GraphComponent):
    """Runs after the intent classifier. Says nothing when it is not sure."""

    @staticmethod
    def required_packages() -> list[str]:
        """Nothing that Rasa could check by import name."""
        return []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`switch_intent`: the intent of messages that ask for another language."""
        return {"switch_intent": "switch_language"}

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = config

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> LanguageDetector:
        """A detector by its configuration."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entity to every message whose language is certain."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            asked = asked_for(text) if (message.get(INTENT) or {}).get("name") == self.config["switch_intent"] else None
            written = None if asked else detect(text)
            find = asked or (Found("language", 0, len(text), written) if written else None)
            if find:
                message.set(ENTITIES, [*message.get(ENTITIES, []), find.as_entity(text, NAME)], add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training phrases keep the annotations that people gave them."""
        return training_data


def asked_for(text: str) -> Found | None:
    """The language that a request to switch names; one that it doesn't want (`pas en anglais`) asks for the other."""
    plain = fold_in_place(text)
    named = [(match, code) for code, pattern in _NAMES.items() for match in pattern.finditer(plain)]
    wanted = [(m, code) for m, code in named if not _NOT.search(plain[: m.start()])]
    if wanted:
        match, code = max(wanted, key=lambda pair: pair[0].start())
        return Found("language", match.start(), match.end(), code)
    if named:
        match, code = named[0]
        return Found("language", match.start(), match.end(), "en" if code == "fr" else "fr")
    return None
