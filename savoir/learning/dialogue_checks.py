"""Checks of how the dialogue hangs together: rules, stories, forms, slots, entities, and the actions behind them."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Container, Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from savoir.learning.copy_checks import payload_entities
from savoir.learning.findings import Finding, Place, listed
from savoir.learning.project_files import Project, names
from savoir.learning.rasa_names import ACTIONS, INTENTS, SLOTS

EXTRACTORS = Path(__file__).resolve().parents[1] / "nlu"


def check_dialogue(project: Project) -> Iterator[Finding]:
    """Every finding about rules, stories, forms, slots, entities and actions."""
    yield from _mentions(project)
    yield from _twice(project)
    yield from _intents_answered(project)
    yield from _typed_answers(project)
    yield from _actions(project)
    yield from _forms(project)
    yield from _slots(project)
    yield from _slots_in_code(project)
    yield from _entities(project)


def _mentions(project: Project) -> Iterator[Finding]:
    known: dict[str, set[str]] = {
        "intent": set(project.intents) | INTENTS,
        "action": set(project.actions) | set(project.forms) | ACTIONS,
        "form": set(project.forms),
        "slot": set(project.slots) | SLOTS,
        "entity": set(project.entities),
    }
    for mention in project.mentions:
        if mention.kind == "action" and mention.name.startswith("utter_"):
            continue  # a matter of the copy
        if mention.name not in known[mention.kind]:
            yield mention.place.error(
                f"The {mention.story} names the {mention.kind} {mention.name}, which is not in the domain. Declare it or mend the name."
            )
        elif mention.kind == "slot" and mention.name in project.slots:
            slot = project.slots[mention.name]
            if not slot.influences:
                yield mention.place.error(
                    f"The {mention.story} depends on the slot {mention.name}, which does not influence the conversation, so the step is ignored. "
                    "Expected `influence_conversation: true` on it: set that, or take the step out."
                )
            elif slot.values and mention.value is not None and str(mention.value) not in slot.values:
                yield mention.place.error(
                    f"The {mention.story} expects {mention.name} to be {mention.value}; expected one of {listed(slot.values)}. Mend the value."
                )


def _twice(project: Project) -> Iterator[Finding]:
    used = Counter((story.kind, story.name) for story in project.stories)
    for story in project.stories:
        if used[story.kind, story.name] > 1:
            yield story.place.warning(f"The {story.kind} name “{story.name}” is used {used[story.kind, story.name]} times. Give each its own.")


def _intents_answered(project: Project) -> Iterator[Finding]:
    used = {m.name for m in project.mentions if m.kind == "intent"} | {named.name for named in project.code.intents}
    used |= project.code.perhaps_intents
    used |= {intent for slot in project.slots.values() for mapping in slot.mappings for intent in names(mapping.get("intent"))}
    for intent, place in project.intents.items():
        if intent not in used and intent not in INTENTS:
            yield place.error(f"Nothing answers the intent {intent}: no rule, story or slot of a form uses it. Write a rule for it, or take it out.")


def _typed_answers(project: Project) -> Iterator[Finding]:
    """Where stories say what an answer means after an action, they must do so for every rule that ends in that action."""
    understood: dict[tuple[str, str], set[str]] = {}
    for story in project.stories:
        steps = [m for m in story.steps if m.kind in ("intent", "action")] if story.kind == "story" else []
        before: set[str] = set()
        for step, following in pairwise(steps):
            if step.kind == "intent":
                before.add(step.name)
            else:
                if following.kind == "intent":
                    understood.setdefault((step.name, following.name), set()).update(before)
                before = set()
    for rule in project.stories:
        steps = [m for m in rule.steps if m.kind in ("intent", "action")]
        if rule.kind != "rule" or rule.conditioned or len(steps) < 2 or steps[0].kind != "intent" or steps[-1].kind != "action":
            continue
        for (action, reply), intents in understood.items():
            if steps[-1].name == action and steps[0].name not in intents:
                yield rule.place.warning(
                    f"After the rule “{rule.name}” a typed {reply} means nothing, though it does when {action} follows {listed(intents, 3)}. "
                    f"Expected {steps[0].name} in that story too: add it there."
                )


def _actions(project: Project) -> Iterator[Finding]:
    spoken = set(project.responses)
    for name, place in project.actions.items():
        if name not in project.code.actions and name not in ACTIONS and name not in spoken:
            yield place.error(f"The action {name} has no class in actions/. Write it, or take it out of the domain.")
    for name, place in project.code.actions.items():
        if name not in project.actions:
            yield place.error(f"The class of {name} is written, but the action is not in the domain, so it never runs. Declare it under `actions`.")
    used = {m.name for m in project.mentions if m.kind == "action"} | ACTIONS
    used |= {str(mapping.get("action")) for slot in project.slots.values() for mapping in slot.mappings}
    for name, place in project.actions.items():
        if name.startswith("validate_"):
            if name.removeprefix("validate_") not in project.forms:
                yield place.error(f"{name} checks the form {name.removeprefix('validate_')}, which does not exist. Mend the name or take it out.")
        elif name not in used and not name.startswith("action_ask_") and name not in project.settings:
            yield place.warning(f"No rule or story runs the action {name}. Use it, or take it out.")


def _forms(project: Project) -> Iterator[Finding]:
    used = {m.name for m in project.mentions if m.kind in ("action", "form")}
    for name, form in project.forms.items():
        if name not in used:
            yield form.place.warning(f"No rule or story begins the form {name}. Use it, or take it out.")
        for slot, place in form.required.items():
            if slot not in project.slots:
                yield place.error(f"The form {name} asks for the slot {slot}, which does not exist. Declare it or mend the name.")
    for action, slot, place in project.code.checks:
        if slot not in project.slots:
            yield place.error(f"{action} checks the slot {slot}, which does not exist, so the check never runs. Mend the name.")


def _slots(project: Project) -> Iterator[Finding]:
    for name, slot in project.slots.items():
        for mapping, place in zip(slot.mappings, slot.mapping_places, strict=True):
            yield from _mapping(project, name, mapping, place)
    code = project.code
    set_in_code = {named.name for named in code.slots_set} | code.perhaps_slots
    read = {named.name for named in code.slots_read} | code.perhaps_slots | {m.name for m in project.mentions if m.kind == "slot"}
    read |= {slot for form in project.forms.values() for slot in form.required}
    for variations in project.responses.values():
        for variation in variations:
            read |= set(variation.conditions) | variation.variables()
    for name, slot in project.slots.items():
        if not any(m.get("type") != "custom" or m.get("action") for m in slot.mappings) and name not in set_in_code:
            yield slot.place.warning(f"Nothing sets the slot {name}: it has no mapping and no action sets it. Set it, or take it out.")
        if name not in read:
            yield slot.place.warning(f"Nothing reads the slot {name}: no response, condition, form, rule, story or action. Use it, or take it out.")


def _mapping(project: Project, name: str, mapping: dict[str, Any], place: Place) -> Iterator[Finding]:
    """Everything that a mapping of a slot names."""
    named: list[tuple[str, str, Container[str]]] = [("entity", e, project.entities) for e in names(mapping.get("entity"))]
    named += [("intent", i, project.intents) for key in ("intent", "not_intent") for i in names(mapping.get(key))]
    named += [("action", a, {**project.actions, **project.code.actions}) for a in names(mapping.get("action"))]
    conditions = [c for c in mapping.get("conditions") or [] if isinstance(c, dict)]
    for condition in conditions:
        named += [("form", form, project.forms) for form in names(condition.get("active_loop"))]
    for kind, wanted, known in named:
        if wanted not in known and wanted not in INTENTS:
            yield place.error(f"A mapping of the slot {name} names the {kind} {wanted}, which does not exist. Declare it or mend the name.")
    for condition in conditions:
        form, asked = project.forms.get(str(condition.get("active_loop"))), condition.get("requested_slot")
        if form and asked and asked not in form.required:
            yield place.error(
                f"A mapping of the slot {name} waits until {condition['active_loop']} asks for {asked}, which it never does. "
                f"Expected one of {listed(form.required)}."
            )
    values, value = project.slots[name].values, mapping.get("value")
    if values and value is not None and str(value) not in values:
        yield place.error(f"A mapping sets the slot {name} to {value}; expected one of {listed(values)}. Mend the value.")


def _slots_in_code(project: Project) -> Iterator[Finding]:
    for verb, uses in (("sets", project.code.slots_set), ("reads", project.code.slots_read)):
        for named in uses:
            if named.name not in project.slots and named.name not in SLOTS:
                yield named.place.error(f"The code {verb} the slot {named.name}, which is not in the domain. Declare it or mend the name.")
    for name, value, place in project.code.values_set:
        values = project.slots[name].values if name in project.slots else None
        if values and value not in values:
            yield place.error(f"The code sets the slot {name} to {value}; expected one of {listed(values)}. Mend the value.")
    for named in project.code.intents:
        if named.name not in project.intents and named.name not in INTENTS:
            yield named.place.error(f"The code asks for the intent {named.name}, which is not in the domain. Mend the name.")
    for named in project.code.entities_read:
        if named.name not in project.entities:
            yield named.place.error(f"The code reads the entity {named.name}, which is not in the domain. Declare it or mend the name.")


def _entities(project: Project) -> Iterator[Finding]:
    made = {a.entity for p in project.phrases for a in p.annotations} | {t.name for t in project.terms if t.kind in ("lookup", "regex")}
    made |= payload_entities(project) | extracted_by_code()
    in_stories = {m.name for story in project.stories if story.kind == "story" for m in story.steps if m.kind == "entity"}
    read = {e for slot in project.slots.values() for mapping in slot.mappings for e in names(mapping.get("entity"))}
    read |= {named.name for named in project.code.entities_read} | {m.name for m in project.mentions if m.kind == "entity"}
    for entity, place in project.entities.items():
        if entity in project.weighing_entities - in_stories and any(story.kind == "story" for story in project.stories):
            yield place.error(
                f"The entity {entity} influences the conversation, but no story has it, so no story matches a message with it. "
                f"Expected `- {entity}: {{influence_conversation: false}}`, or stories with it: change one."
            )
        if entity not in made:
            yield place.error(f"The entity {entity} is never found: no phrase marks it, no code extracts it. Mark it in phrases, or take it out.")
        elif entity not in read:
            yield place.warning(f"The entity {entity} is found, but nothing uses it: no slot takes it, no action reads it. Use it, or take it out.")


@lru_cache
def extracted_by_code(folder: Path = EXTRACTORS) -> frozenset[str]:
    """The names that our own extractors give to what they find: the texts in the code of savoir.nlu."""
    found: set[str] = set()
    for path in folder.glob("*.py"):
        found |= {n.value for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return frozenset(found)
