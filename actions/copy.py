"""What the actions read of domain.yml: labels of buttons (`utter_label_<name>`), and the slots of forms."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Dict, Tuple

import yaml

from savoir.core.settings import PROJECT
from savoir.learning.wording import most_exact


@lru_cache
def _domain() -> Dict[str, Any]:
    with open(PROJECT / "domain.yml", encoding="utf-8") as file:
        return yaml.safe_load(file)  # type: ignore[no-any-return]


def label(name: str, language: str) -> str:
    """What a button for that intent (or other name) says, empty when it has no label."""
    found = most_exact(_domain()["responses"].get(f"utter_label_{name}", []), {"language": language})
    return str(found[0]["text"]) if found else ""


def wish(intent: str, language: str) -> str:
    """What an intent asks for, within a sentence to the customer: `utter_wish_<intent>`, else its label with a small letter."""
    found = most_exact(_domain()["responses"].get(f"utter_wish_{intent}", []), {"language": language})
    said = str(found[0]["text"]) if found else label(intent, language)
    return said[:1].lower() + said[1:]


def choice(title: str, **entities: str) -> Dict[str, Any]:
    """A button with a title of its own, for what a form asks to choose."""
    return {"title": title, "payload": "/inform" + json.dumps(entities, ensure_ascii=False)}


def form_slots(form: str) -> Tuple[str, ...]:
    """The slots that a form asks for, in their order."""
    return tuple(_domain()["forms"][form]["required_slots"])
