"""The Rasa project as its designers wrote it, every name with its file and line. Reads YAML; never imports Rasa."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from savoir.learning.action_code import ActionCode, read_action_code
from savoir.learning.findings import Finding, Place
from savoir.learning.phrases import Phrase, Term, read_nlu
from savoir.learning.wording import most_exact

LANGUAGES = ("fr", "en")
"""When the slot `language` of the domain does not list its own. The first is the one that unconditioned texts are in."""


@dataclass
class Button:
    title: str
    payload: str
    place: Place


@dataclass
class Variation:
    """One text of a response: for a channel or for all, under conditions on slots (ANDed) or always."""

    text: str
    channel: Optional[str]
    conditions: dict[str, Any]
    buttons: list[Button]
    place: Place

    def language(self, default: str) -> str:
        """The language that it is written in."""
        return str(self.conditions.get("language", default))

    def variables(self) -> set[str]:
        """The names in braces, of the text and of the titles of its buttons."""
        return {name for text in (self.text, *(b.title for b in self.buttons)) for name in re.findall(r"\{([^\n{}]+?)\}", text)}


@dataclass
class Slot:
    place: Place
    type: str
    values: Optional[list[str]]
    influences: bool
    mappings: list[dict[str, Any]]
    mapping_places: list[Place]


@dataclass
class Form:
    place: Place
    required: dict[str, Place]


@dataclass
class Mention:
    """A rule or story naming an intent, action, form, slot or entity. `story` says which, in words."""

    kind: str
    name: str
    place: Place
    story: str
    value: Any = None


@dataclass
class Story:
    kind: str
    name: str
    place: Place
    conditioned: bool
    steps: list[Mention]


@dataclass
class Project:
    root: Path
    languages: tuple[str, ...] = LANGUAGES
    intents: dict[str, Place] = field(default_factory=dict)
    entities: dict[str, Place] = field(default_factory=dict)
    weighing_entities: set[str] = field(default_factory=set)
    """Entities that influence the conversation: stories match only messages with the same."""
    actions: dict[str, Place] = field(default_factory=dict)
    slots: dict[str, Slot] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    responses: dict[str, list[Variation]] = field(default_factory=dict)
    response_places: dict[str, Place] = field(default_factory=dict)
    stories: list[Story] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    code: ActionCode = field(default_factory=ActionCode)
    settings: str = ""
    """The text of config.yml."""
    unreadable: list[Finding] = field(default_factory=list)

    @property
    def mentions(self) -> list[Mention]:
        """Everything that rules and stories name."""
        return [mention for story in self.stories for mention in story.steps]

    @property
    def first_language(self) -> str:
        """The language of texts without a condition."""
        return self.languages[0]


def read_project(root: Path) -> Project:
    """The project in a folder: domain.yml (or domain/), data/, actions/ and connectors/. Files that can't be read are in `unreadable`."""
    project = Project(root)
    domains = [root / "domain.yml"] if (root / "domain.yml").exists() else sorted((root / "domain").rglob("*.yml"))
    if not domains:
        missing = Place("domain.yml", 1).error(f"There is no domain.yml in {root}. Expected a Rasa project; go to its folder.")
        project.unreadable.append(missing)
    for path in domains:
        _read_domain(project, *_load(project, path))
    for path in sorted([*(root / "data").rglob("*.yml"), *(root / "data").rglob("*.yaml")]):
        if path.parent == root / "data" / "diagnosis":
            continue  # no file of Rasa's: savoir.diagnosis reads and checks it
        document, file = _load(project, path)
        project.stories += [*_stories(document, file, "rule", "rules"), *_stories(document, file, "story", "stories")]
        phrases, terms = read_nlu(document.get("nlu") or [], file)
        project.phrases += phrases
        project.terms += terms
    config = root / "config.yml"
    project.settings = config.read_text(encoding="utf-8") if config.exists() else ""
    project.code, faults = read_action_code(root)
    project.unreadable += faults
    return project


def _load(project: Project, path: Path) -> tuple[dict[str, Any], str]:
    file = path.relative_to(project.root).as_posix()
    try:
        document = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except (MarkedYAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = " ".join(str(getattr(error, "problem", None) or error).split())[:200]
        place = Place(file, mark.line + 1 if mark else 1)
        project.unreadable.append(place.error(f"This is not YAML that can be read: {problem}. Mend it; the rest is checked after that."))
        return {}, file
    return (document if isinstance(document, dict) else {}), file


def _line(file: str, node: Any, key: Any) -> Place:
    marks = getattr(node, "lc", None)
    try:
        return Place(file, (marks.key(key) if isinstance(node, dict) else marks.item(key))[0] + 1)  # type: ignore[union-attr]
    except (AttributeError, KeyError, IndexError, TypeError):
        return Place(file, getattr(marks, "line", 0) + 1)


def _named(nodes: Any, file: str) -> Iterator[tuple[str, Place]]:
    """The names of a list whose entries are names, or mappings from a name to its settings; or of a mapping."""
    if isinstance(nodes, dict):
        yield from ((str(name), _line(file, nodes, name)) for name in nodes)
        return
    for number, node in enumerate(nodes or []):
        yield str(next(iter(node)) if isinstance(node, dict) else node), _line(file, nodes, number)


def _settings(nodes: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for node in nodes or []:
        yield from ((str(name), settings or {}) for name, settings in (node.items() if isinstance(node, dict) else [(node, {})]))


def _read_domain(project: Project, domain: dict[str, Any], file: str) -> None:
    project.intents.update(_named(domain.get("intents"), file))
    project.entities.update(_named(domain.get("entities"), file))
    project.weighing_entities |= {name for name, settings in _settings(domain.get("entities")) if settings.get("influence_conversation", True)}
    project.actions.update(_named(domain.get("actions"), file))
    slots = domain.get("slots") or {}
    for name, slot in slots.items():
        slot = slot or {}
        mappings = slot.get("mappings") or []
        places = [_line(file, mappings, number) for number in range(len(mappings))]
        values = [str(value) for value in slot.get("values") or []] or None
        influences = slot.get("influence_conversation", True) and slot.get("type") != "any"
        project.slots[name] = Slot(_line(file, slots, name), str(slot.get("type")), values, bool(influences), list(mappings), places)
    forms = domain.get("forms") or {}
    for name, form in forms.items():
        project.forms[name] = Form(_line(file, forms, name), dict(_named((form or {}).get("required_slots"), file)))
    responses = domain.get("responses") or {}
    for name, variations in responses.items():
        project.response_places[name] = _line(file, responses, name)
        project.responses[name] = [_variation(v, _line(file, variations, n), file) for n, v in enumerate(variations or [])]
    language = project.slots.get("language")
    if language and language.values:
        project.languages = tuple(language.values)


def _variation(node: dict[str, Any], place: Place, file: str) -> Variation:
    conditions = {str(c.get("name")): c.get("value") for c in node.get("condition") or [] if isinstance(c, dict)}
    buttons = node.get("buttons") or []
    read = [Button(str(b.get("title", "")), str(b.get("payload", "")), _line(file, buttons, n)) for n, b in enumerate(buttons)]
    return Variation(str(node.get("text") or ""), node.get("channel"), conditions, read, place)


def _stories(document: dict[str, Any], file: str, kind: str, key: str) -> Iterator[Story]:
    nodes = document.get(key) or []
    for number, node in enumerate(nodes):
        name = str(node.get(kind, "?"))
        story = f"{kind} “{name}”"
        steps = [m for part in ("condition", "steps") for m in _steps(node.get(part) or [], file, story)]
        yield Story(kind, name, _line(file, nodes, number), bool(node.get("condition")), steps)


def _steps(steps: list[Any], file: str, story: str) -> Iterator[Mention]:
    for number, step in enumerate(steps):
        if not isinstance(step, dict):
            continue
        place = _line(file, steps, number)
        if "or" in step:
            yield from _steps(step["or"] or [], file, story)
        if "intent" in step:
            yield Mention("intent", str(step["intent"]), _line(file, step, "intent"), story)
            yield from _values("entity", step.get("entities") or [], file, story)
        if step.get("action"):
            yield Mention("action", str(step["action"]), _line(file, step, "action"), story)
        if step.get("active_loop"):
            yield Mention("form", str(step["active_loop"]), place, story)
        yield from _values("slot", step.get("slot_was_set") or [], file, story)


def _values(kind: str, nodes: Any, file: str, story: str) -> Iterator[Mention]:
    """`- name`, `- name: value` or `name: value`."""
    for name, place in _named(nodes, file):
        found = nodes if isinstance(nodes, dict) else next((n for n in nodes if isinstance(n, dict) and name in n), {})
        yield Mention(kind, name, place, story, found.get(name))


def chosen_variations(variations: list[Variation], channel: Optional[str], slots: dict[str, Any]) -> list[Variation]:
    """The variations among which the assistant chooses for a channel and values of slots: see `savoir.learning.wording`."""
    plain = [
        {"channel": v.channel, "condition": [{"name": n, "value": str(value)} for n, value in v.conditions.items()], "variation": v}
        for v in variations
    ]
    given = {name: str(value) for name, value in slots.items() if value is not None}
    return [found["variation"] for found in most_exact(plain, given, channel)]


def names(value: Any) -> list[str]:
    """What stands for one name, several or none, as a list."""
    return [] if value is None else [str(v) for v in value] if isinstance(value, list) else [str(value)]
