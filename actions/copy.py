"""Labels of intents for buttons, as the designers write them in domain.yml (`utter_label_<intent>`)."""

from __future__ import annotations

from functools import lru_cache

import yaml

from savoir.core.settings import PROJECT


@lru_cache
def _responses() -> dict:  # type: ignore[type-arg]
    with open(PROJECT / "domain.yml", encoding="utf-8") as file:
        return yaml.safe_load(file)["responses"]  # type: ignore[no-any-return]


def label(intent: str, language: str) -> str:
    """What a button for that intent says, empty when it has no label."""
    default = ""
    for variation in _responses().get(f"utter_label_{intent}", ()):
        condition = variation.get("condition")
        if condition is None:
            default = variation["text"]
        elif condition[0]["value"] == language:
            return str(variation["text"])
    return default
