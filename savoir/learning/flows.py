"""What follows what in the dialogue, topic by topic: out of rules, stories, forms and the code of the actions, for a picture of it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

from savoir.learning.action_code import WHOLE, action_name
from savoir.learning.project_files import Project, Story, chosen_variations

SILENT = {"action_listen", "action_session_start", "action_restart"}


@dataclass
class Spoken:
    """A response with its text and buttons (title, intent) in the picture's language."""

    name: str
    text: str
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Node:
    """An intent, a form with its questions, an action, or a response; `says` in the order of the form, or of the code."""

    key: str
    kind: str
    name: str
    says: list[Spoken] = field(default_factory=list)
    sends: list[str] = field(default_factory=list)
    """Intents of the buttons that the code makes."""


@dataclass
class Topic:
    """What stands in the files of one name: nodes by their key, and which leads to which."""

    name: str
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[tuple[str, str]] = field(default_factory=list)


def topics(project: Project, language: str) -> list[Topic]:
    """The flows of each topic: the name of a file of rules or stories."""
    said, sent = _said_by_actions(project)
    found: dict[str, Topic] = {}
    for story in project.stories:
        name = Path(story.place.file).stem
        _add(project, found.setdefault(name, Topic(name)), story, language, said, sent)
    return [topic for topic in found.values() if topic.edges]


def _add(project: Project, topic: Topic, story: Story, language: str, said: dict[str, list[str]], sent: dict[str, list[str]]) -> None:
    before: list[str] = []
    heard: list[str] = []
    started = False
    for step in story.steps:
        if step.kind == "intent":
            # an intent that comes after something was said is an answer to that: it stands on its own behind it
            key = f"intent {step.name}" + (f" after {before[0]}" if before and started else "")
            topic.nodes.setdefault(key, Node(key, "intent", step.name))
            for one in before if started else ():
                _join(topic, one, key)
            heard.append(key)
        elif step.kind in ("action", "form") and step.name not in SILENT:
            key = f"{'form' if step.name in project.forms else 'action'} {step.name}"
            if key not in topic.nodes:
                topic.nodes[key] = _node(project, key, step.name, language, said, sent)
            for one in heard or before:
                _join(topic, one, key)
            before, heard, started = [key], [], True


def _join(topic: Topic, one: str, other: str) -> None:
    if one != other and (one, other) not in topic.edges:
        topic.edges.append((one, other))


def _node(project: Project, key: str, name: str, language: str, said: dict[str, list[str]], sent: dict[str, list[str]]) -> Node:
    if name in project.forms:
        return Node(key, "form", name, [_question(project, name, slot, language, said) for slot in project.forms[name].required])
    if name in project.responses:
        return Node(key, "response", name, [_spoken(project, name, language)])
    responses = [spoken for response in said.get(name, ()) for spoken in _family(project, response, language)]
    return Node(key, "action", name, responses, sorted(set(sent.get(name, ()))))


def _question(project: Project, form: str, slot: str, language: str, said: dict[str, list[str]]) -> Spoken:
    for asks in (f"utter_ask_{form}_{slot}", f"utter_ask_{slot}"):
        if asks in project.responses:
            return Spoken(slot, *_words(project, asks, language))
    for asks in (f"action_ask_{form}_{slot}", f"action_ask_{slot}"):
        for response in said.get(asks, ()):
            return Spoken(slot, *_words(project, response, language))
    return Spoken(slot, "")


def _family(project: Project, response: str, language: str) -> list[Spoken]:
    """The response, or all of a family whose name the code computes."""
    if WHOLE not in response:
        return [_spoken(project, response, language)] if response in project.responses else []
    pattern = ".+".join(map(re.escape, response.split(WHOLE)))
    return [_spoken(project, name, language) for name in project.responses if re.fullmatch(pattern, name)]


def _spoken(project: Project, response: str, language: str) -> Spoken:
    return Spoken(response, *_words(project, response, language))


def _words(project: Project, response: str, language: str) -> tuple[str, list[tuple[str, str]]]:
    variations = chosen_variations(project.responses.get(response, []), None, {"language": language}) or project.responses.get(response, [])
    if not variations:
        return "", []
    buttons = [(b.title, (re.match(r"/?(\w+)", b.payload) or ["", b.payload])[1]) for b in variations[0].buttons]
    return variations[0].text, buttons


def _said_by_actions(project: Project) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Responses that each action says, and intents of the buttons it makes, with what the functions of its file do for it."""
    said: dict[str, list[str]] = {}
    sent: dict[str, list[str]] = {}
    for file in sorted({place.file for place in project.code.actions.values()}):
        tree = ast.parse((project.root / file).read_text(encoding="utf-8"))
        parts = {node.name: node for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))}
        for name, node in parts.items():
            action = action_name(name)
            if not isinstance(node, ast.ClassDef) or action not in project.code.actions:
                continue
            ranges = [(part.lineno, part.end_lineno or part.lineno) for part in _used(node, parts)]

            def within(line: int, ranges: list[tuple[int, int]] = ranges) -> bool:
                return any(first <= line <= last for first, last in ranges)

            spoken = [s.pattern for s in project.code.spoken if s.place.file == file and within(s.place.line)]
            said[action] = [response for response in dict.fromkeys(spoken) if not response.startswith("utter_label_")]
            payloads = [p.name for p in project.code.payloads if p.place.file == file and within(p.place.line)]
            sent[action] = [match[1] for payload in payloads if (match := re.match(r"/(\w+)", payload))]
    return said, sent


def _used(node: ast.AST, parts: dict[str, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]) -> list[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """A class and the functions of its file that it uses, directly or not."""
    found: list[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef] = []
    left: list[ast.AST] = [node]
    while left:
        part = left.pop()
        if part in found:
            continue
        found.append(part)  # type: ignore[arg-type]
        names = {n.id for n in ast.walk(part) if isinstance(n, ast.Name)}
        left += [other for name, other in parts.items() if name in names and not (isinstance(other, ast.ClassDef) and other is not node)]
    return found
