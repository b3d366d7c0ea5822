"""What the project would answer to one understood message: which rule, which action, and the words. Nothing is kept anywhere."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Optional

from savoir.learning.project_files import Project, Story, chosen_variations, names

SECONDS = 10


@dataclass
class Answer:
    """`action` runs because of `rule` (at `place`); `note` says why there are no replies, or what to know about them."""

    action: str
    policy: str = ""
    confidence: float = 0.0
    rule: Optional[str] = None
    place: Optional[str] = None
    replies: list[dict[str, Any]] = field(default_factory=list)
    note: Optional[str] = None


def render(project: Project, response: str, language: str, values: dict[str, Any]) -> Optional[dict[str, Any]]:
    """The text and buttons of a response in a language, `values` put in for variables; None when nothing fits."""
    variations = chosen_variations(project.responses.get(response, []), None, {**values, "language": language})
    if not variations:
        return None
    filled = re.sub(r"\{([^\n{}]+?)\}", lambda m: str(values.get(m[1], m[0])), variations[0].text)
    return {"text": filled, "buttons": [{"title": b.title, "payload": b.payload} for b in variations[0].buttons]}


def rule_for(project: Project, intent: str) -> Optional[Story]:
    """The rule that begins with the intent and holds at any time."""
    return next((s for s in project.stories if s.kind == "rule" and not s.conditioned and s.steps and _begins(s, intent)), None)


def _begins(story: Story, intent: str) -> bool:
    return story.steps[0].kind == "intent" and story.steps[0].name == intent


def slots_from(project: Project, intent: str, entities: list[dict[str, Any]]) -> dict[str, Any]:
    """What the message sets by itself: mappings from entities and from the intent that no form has to ask for."""
    found: dict[str, Any] = {}
    for name, slot in project.slots.items():
        for mapping in slot.mappings:
            if mapping.get("conditions") or name in found:
                continue
            intents = names(mapping.get("intent"))
            if mapping.get("type") == "from_entity":
                values = [e["value"] for e in entities if e["entity"] == mapping.get("entity")]
                if values and (not intents or intent in intents):
                    found[name] = values[-1]
            elif mapping.get("type") == "from_intent" and intent in intents:
                found[name] = mapping.get("value")
    return found


def fill_in(project: Project, answer: Answer, language: str, slots: dict[str, Any], tracker: dict[str, Any], actions_port: int) -> None:
    """Puts the replies of the answer's action in: rendered for responses and forms, by the action server for other actions."""
    values = {**slots, "language": language}
    if answer.action in project.responses:
        reply = render(project, answer.action, language, values)
        answer.replies = [reply] if reply else []
    elif answer.action in project.forms:
        _ask(project, answer, language, values)
    else:
        _run(project, answer, language, values, tracker, actions_port)


def _ask(project: Project, answer: Answer, language: str, values: dict[str, Any]) -> None:
    form = answer.action
    missing = [slot for slot in project.forms[form].required if values.get(slot) is None]
    if not missing:
        answer.note = f"{form} needs nothing more: what follows it has effects, so `ask` does not run it."
        return
    asked = next((r for r in (f"utter_ask_{form}_{missing[0]}", f"utter_ask_{missing[0]}") if r in project.responses), None)
    reply = render(project, asked, language, values) if asked else None
    answer.replies = [reply] if reply else []
    answer.note = f"{form} asks for {', then '.join(missing)}" + (
        f"; validate_{form} may skip what it knows." if f"validate_{form}" in project.actions else "."
    )


def _run(project: Project, answer: Answer, language: str, values: dict[str, Any], tracker: dict[str, Any], port: int) -> None:
    """By the action server's own address, not through Rasa: so no conversation and no tracker is left behind."""
    call = {"next_action": answer.action, "sender_id": tracker["sender_id"], "tracker": tracker, "domain": {}}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/webhook", json.dumps(call).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:
            messages = json.load(response)["responses"]
    except urllib.error.HTTPError as error:
        answer.note = f"The action server answered {error.code} for {answer.action}; see its log."
        return
    except (OSError, ValueError, KeyError):
        answer.note = f"{answer.action} answers; its words are shown when the servers run (`make run`)."
        return
    for message in messages:
        reply: dict[str, Any] = {"text": message.get("text") or "", "buttons": []}
        if message.get("response"):
            reply = render(project, message["response"], language, {**values, **message}) or reply
        reply["buttons"] = [*reply["buttons"], *(message.get("buttons") or [])]
        custom = message.get("custom") or {}
        reply |= {key: custom[key] for key in ("cards", "effect", "reason") if custom.get(key)}
        if reply["text"] or reply["buttons"] or len(reply) > 2:
            answer.replies.append(reply)
