"""Checks of what the assistant says: every text in every language, its variables, buttons and channels; said somewhere, and there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Optional

from savoir.learning.action_code import WHOLE
from savoir.learning.findings import Finding, Place, listed
from savoir.learning.project_files import Button, Project, Variation, chosen_variations
from savoir.learning.rasa_names import INTENTS, SPOKEN
from savoir.learning.wording import FIRM_VALUES, LEADS

NAMES = {"fr": "French", "en": "English"}
SAME_IN_BOTH = {"ok", "sms", "e-mail", "email", "photo", "photos", "message", "bluetooth", "wi-fi", "wifi", "internet", "question", "questions", "sim"}
"""Words that a title may have in both languages."""


def check_copy(project: Project) -> Iterator[Finding]:
    """Every finding about responses, buttons and payloads."""
    for name, variations in project.responses.items():
        place = project.response_places[name]
        yield from _spoken_in_every_language(project, name, variations, place)
        yield from _conditions(project, name, variations)
        yield from _same_in_every_language(project, name, variations)
    yield from _payloads(project)
    yield from _used(project)
    yield from _values_given(project)


def _language(name: str) -> str:
    return NAMES.get(name, name)


# ------------------------------------------------------------------ which text a customer gets


def _spoken_in_every_language(project: Project, name: str, variations: list[Variation], place: Place) -> Iterator[Finding]:
    if not any(v.text for v in variations):
        if not variations:
            yield place.error(f"{name} has no text at all. Expected one in {listed(map(_language, project.languages))}: write them.")
        return
    first = project.first_language
    if not any(not v.conditions and v.channel is None for v in variations):
        yield place.error(
            f"{name} has no text without a condition, so customers whose language is not known hear nothing. "
            f"Expected the {_language(first)} text without one: take its condition away or add it."
        )
    worlds: list[dict[str, Any]] = [{}]
    for variation in variations:
        other = {slot: value for slot, value in variation.conditions.items() if slot != "language"}
        if other not in worlds:
            worlds.append(other)
    channels = [None, *sorted({v.channel for v in variations if v.channel})]
    for language in project.languages:
        if not any(v.language(first) == language for v in variations):
            yield place.error(
                f"{name} is missing in {_language(language)}. Expected a text with the condition that the slot language is {language}: add it."
            )
            continue
        told: set[Place] = set()
        for channel in channels:
            for world in worlds:
                chosen = chosen_variations(variations, channel, {**world, "language": language})
                for variation in chosen:
                    if variation.language(first) != language and variation.place not in told:
                        told.add(variation.place)
                        yield _shadows(variation, name, channel, language, first, world)


def _shadows(variation: Variation, name: str, channel: Optional[str], language: str, first: str, world: dict[str, Any]) -> Finding:
    where = f" on the channel {channel}" if channel else ""
    when = f" when {' and '.join(f'{s} is {v}' for s, v in world.items())}" if world else ""
    return variation.place.error(
        f"{name}: customers who speak {_language(language)} get this {_language(variation.language(first))} text{where}{when}, because Rasa "
        f"prefers it. Expected a variation for it in {_language(language)} beside it: add one with the same conditions and language = {language}."
    )


def _conditions(project: Project, name: str, variations: list[Variation]) -> Iterator[Finding]:
    for variation in variations:
        for slot, value in variation.conditions.items():
            known = project.slots.get(slot)
            if known is None:
                yield variation.place.error(f"{name} has a condition on the slot {slot}, which does not exist. Declare it or mend the name.")
            elif known.values and value is not None and str(value) not in known.values:
                yield variation.place.error(
                    f"{name} has the condition that {slot} is {value}; expected one of {listed(known.values)}. This text is never spoken."
                )


# ------------------------------------------------------------------ the same thing in both languages


def _same_in_every_language(project: Project, name: str, variations: list[Variation]) -> Iterator[Finding]:
    """Variables, buttons and wording, language by language, among variations for the same channel and other conditions."""
    first = project.first_language
    groups: dict[Any, dict[str, list[Variation]]] = {}
    for variation in variations:
        other = tuple(sorted((s, str(v)) for s, v in variation.conditions.items() if s != "language"))
        groups.setdefault((variation.channel, other), {}).setdefault(variation.language(first), []).append(variation)
    for group in groups.values():
        ours = group.get(first)
        for language, theirs in group.items():
            if ours and language != first:
                yield from _compare(name, ours, theirs, first, language)


def _compare(name: str, ours: list[Variation], theirs: list[Variation], first: str, language: str) -> Iterator[Finding]:
    said = {v: _variables(group) for v, group in ((first, ours), (language, theirs))}
    for missing_in, has, place in ((language, first, theirs[0].place), (first, language, ours[0].place)):
        lost = said[has] - said[missing_in]
        if lost:
            yield place.error(
                f"{name} tells {listed('{' + x + '}' for x in lost)} in {_language(has)} but not in {_language(missing_in)}. "
                "Expected the same variables in both: add it here or take it out there."
            )
    for mine, other in zip(ours, theirs, strict=False):
        yield from _compare_pair(name, mine, other, first, language)


def _variables(group: list[Variation]) -> set[str]:
    return set().union(*(v.variables() for v in group))


def _compare_pair(name: str, mine: Variation, other: Variation, first: str, language: str) -> Iterator[Finding]:
    if mine.text and mine.text == other.text and not _same_by_nature(mine.text):
        yield other.place.warning(f"{name} says the same words in {_language(first)} and {_language(language)}. Translate them.")
    if len(mine.buttons) != len(other.buttons):
        yield other.place.error(
            f"{name} has {len(mine.buttons)} buttons in {_language(first)} and {len(other.buttons)} in {_language(language)}. "
            "Expected the same buttons in both: add or take away."
        )
        return
    for a, b in zip(mine.buttons, other.buttons, strict=True):
        if a.payload != b.payload:
            yield b.place.error(
                f"The button “{b.title}” does {b.payload}, and “{a.title}” in its place in {_language(first)} does {a.payload}. "
                "Expected the same payloads in the same order: mend one."
            )
        elif a.title == b.title and not _same_by_nature(a.title):
            yield b.place.error(f"The button “{b.title}” has the same title in {_language(first)} and {_language(language)}. Translate it.")


def _same_by_nature(text: str) -> bool:
    """Only numbers, model names with a number, capitals and words that both languages have."""
    bare = re.sub(r"\{[^{}]*\}", " ", text)
    return any(c.isdigit() for c in bare) or all(w.isupper() or w.lower() in SAME_IN_BOTH for w in re.findall(r"[^\W\d_][\w'’-]*", bare))


# ------------------------------------------------------------------ payloads


def _payloads(project: Project) -> Iterator[Finding]:
    for button in _buttons(project):
        yield from _payload(project, button.payload, f"The button “{button.title}”", button.place)
    for payload in project.code.payloads:
        yield from _payload(project, payload.name, f"The button payload {payload.name.replace(WHOLE, '…')}", payload.place)


def _payload(project: Project, payload: str, what: str, place: Place) -> Iterator[Finding]:
    match = re.fullmatch(rf"/([\w{WHOLE}]*)\s*(\{{.*\}})?", payload, re.DOTALL)
    if match is None:
        yield place.error(f"{what} has the payload {payload!r}; expected /intent or /intent{{\"entity\": \"value\"}}. Mend it.")
        return
    intent = match[1]
    if WHOLE not in intent and intent not in project.intents and intent not in INTENTS:
        yield place.error(f"{what} names the intent {intent}, which is not in the domain. Declare it or mend the payload.")
    for entity in _payload_entities(match[2] or "{}"):
        if entity is None:
            yield place.error(f"{what} has braces that are not JSON in its payload {payload!r}. Expected {{\"entity\": \"value\"}}.")
        elif WHOLE not in entity and entity not in project.entities:
            yield place.error(f"{what} names the entity {entity}, which is not in the domain. Declare it or mend the payload.")


def _payload_entities(braces: str) -> list[Optional[str]]:
    try:
        return list(json.loads(braces.replace(WHOLE, "x")))
    except ValueError:
        return [None]


def _buttons(project: Project) -> Iterator[Button]:
    return (button for variations in project.responses.values() for variation in variations for button in variation.buttons)


def _payload_texts(project: Project) -> list[str]:
    return [b.payload for b in _buttons(project)] + [p.name for p in project.code.payloads]


def payload_intents(project: Project) -> set[str]:
    """The intents that buttons, and the front door's own messages, can send."""
    return {match[1] for text in _payload_texts(project) if (match := re.match(r"/(\w+)", text))}


def payload_entities(project: Project) -> set[str]:
    """The entities that payloads carry."""
    return {entity for text in _payload_texts(project) if "{" in text for entity in _payload_entities(text[text.index("{") :]) if entity}


# ------------------------------------------------------------------ said, and there


def _used(project: Project) -> Iterator[Finding]:
    used = set(SPOKEN) | {m.name for m in project.mentions if m.kind == "action"}
    for form_name, form in project.forms.items():
        for slot, place in form.required.items():
            asks = [f"{kind}_ask_{rest}" for rest in (f"{form_name}_{slot}", slot) for kind in ("utter", "action")]
            used |= set(asks)
            if not any(ask in project.responses or ask in project.code.actions for ask in asks):
                yield place.error(f"The form {form_name} cannot ask for {slot}: there is no utter_ask_{form_name}_{slot}. Write it, in each language.")
    for mention in project.mentions:
        if mention.kind == "action" and mention.name.startswith("utter_") and mention.name not in project.responses:
            yield mention.place.error(f"The {mention.story} says {mention.name}, which does not exist. Write the response or mend the name.")
    for spoken in project.code.spoken:
        if not any(spoken.matches(name) for name in project.responses):
            yield spoken.place.error(f"The code says {spoken.shown}, which does not exist in the domain. Write the response or mend the name.")
    exact = [s for s in project.code.spoken if not s.is_family]
    used |= {s.pattern for s in exact} | set(LEADS.values())
    for name, place in project.response_places.items():
        if name in used or re.search(rf"\b{re.escape(name)}\b", project.settings):
            continue
        families = [s for s in project.code.spoken if s.is_family and s.matches(name)]
        if not families:
            yield place.warning(f"{name} is never said: no rule, story, form or action uses it. Use it or take it out.")
        elif all(s.pattern == f"utter_label_{WHOLE}" for s in families) and name.removeprefix("utter_label_") not in project.intents:
            yield place.warning(f"{name} labels no intent: {name.removeprefix('utter_label_')} is not in the domain. Mend the name or take it out.")


def _values_given(project: Project) -> Iterator[Finding]:
    """Every variable of a response is a slot, or is given by each action that says it."""
    told: set[tuple[str, str]] = set()
    direct = {m.name for m in project.mentions if m.kind == "action"}
    for name, variations in project.responses.items():
        variables = _variables(variations) - set(project.slots) - FIRM_VALUES
        if not variables:
            continue
        if name in direct:
            yield project.response_places[name].error(
                f"{name} is said by a rule or story, where {listed('{' + v + '}' for v in variables)} has no value: it is no slot. "
                "Say it from an action that gives the value, or name a slot."
            )
        for spoken in project.code.spoken:
            if spoken.values is None or not spoken.matches(name) or (spoken.is_family and name in {s.pattern for s in project.code.spoken}):
                continue
            missing = variables - spoken.values
            if missing and (name, str(spoken.place)) not in told:
                told.add((name, str(spoken.place)))
                yield spoken.place.error(
                    f"{name} is said here without {listed('{' + v + '}' for v in missing)}, which is no slot either. "
                    "Give the value, or take the variable out of the response."
                )
