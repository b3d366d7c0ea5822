"""What the code of actions/, connectors/ and a few files of rooms names of the domain: read from the syntax tree, nothing is run."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

from savoir.learning.findings import Finding, Place

ROOTS = {"Action": None, "FormValidationAction": None, "ValidationAction": "action_validate_slot_mappings"}
"""Base classes of the SDK, with the name that a subclass has when it gives itself none (None: by its class's name)."""
SPEAKS = {"say", "utter_message"}
NOT_VALUES = {"response", "buttons", "cards", "text", "json_message", "image", "attachment", "elements"}
WHOLE = "\0"
"""Stands for what an f-string computes."""


@dataclass(frozen=True)
class Named:
    name: str
    place: Place


@dataclass(frozen=True)
class Spoken:
    """A response, or a family of them (`utter_order_` + anything), with the values given to it; None when that can't be seen."""

    pattern: str
    place: Place
    values: Optional[frozenset[str]]

    @property
    def is_family(self) -> bool:
        """Whether a part of the name is computed."""
        return WHOLE in self.pattern

    @property
    def shown(self) -> str:
        """The name as people would write it."""
        return self.pattern.replace(WHOLE, "…")

    def matches(self, response: str) -> bool:
        """Whether this could be that response."""
        return re.fullmatch(".+".join(map(re.escape, self.pattern.split(WHOLE))), response) is not None


@dataclass
class ActionCode:
    actions: dict[str, Place] = field(default_factory=dict)
    checks: list[tuple[str, str, Place]] = field(default_factory=list)
    """Methods `validate_<slot>` of forms: action, slot, place."""
    spoken: list[Spoken] = field(default_factory=list)
    payloads: list[Named] = field(default_factory=list)
    slots_set: list[Named] = field(default_factory=list)
    slots_read: list[Named] = field(default_factory=list)
    perhaps_slots: set[str] = field(default_factory=set)
    """Texts in functions that set or read slots by a computed name."""
    entities_read: list[Named] = field(default_factory=list)
    intents: list[Named] = field(default_factory=list)
    """What the customer's intent is compared with."""
    perhaps_intents: set[str] = field(default_factory=set)
    """Keys of tables in files that look at the customer's intent."""
    values_set: list[tuple[str, str, Place]] = field(default_factory=list)
    """Constant texts given to slots."""


def action_name(class_name: str) -> str:
    """`ActionTrackOrder` as `action_track_order`, like the base class of the actions does."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", class_name).lower()


PRESSES = ("savoir/conversations/pressing.py", "savoir/handoff/notice.py")
"""Files of rooms that hold payloads."""


def read_action_code(root: Path) -> tuple[ActionCode, list[Finding]]:
    """The code of a project, and what could not be read."""
    code, faults, trees = ActionCode(), [], {}
    of_rooms = [root / name for name in PRESSES if (root / name).exists()]
    for path in sorted([*(root / "actions").rglob("*.py"), *(root / "connectors").rglob("*.py"), *of_rooms]):
        file = path.relative_to(root).as_posix()
        try:
            trees[file] = ast.parse(path.read_text(encoding="utf-8"))
        except SyntaxError as error:
            faults.append(Place(file, error.lineno or 1).error(f"This is not Python that can be read: {error.msg}. Mend it."))
    _read_classes(code, {file: tree for file, tree in trees.items() if file.startswith("actions/")})
    makers = {name: made for tree in trees.values() for name, made in _name_makers(tree)}
    for file, tree in trees.items():
        _Reader(code, file, makers).visit(tree)
        if any(isinstance(n, ast.Attribute) and n.attr == "intent" for n in ast.walk(tree)):
            keys = [key for n in ast.walk(tree) if isinstance(n, ast.Dict) for key in n.keys if key is not None]
            code.perhaps_intents |= {text for key in keys if (text := _text(key))}
    return code, faults


def _read_classes(code: ActionCode, trees: dict[str, ast.Module]) -> None:
    classes = {c.name: (c, file) for file, tree in trees.items() for c in ast.walk(tree) if isinstance(c, ast.ClassDef)}

    def root_of(name: str, seen: frozenset[str] = frozenset()) -> Optional[str]:
        if name in ROOTS:
            return name
        if name not in classes or name in seen:
            return None
        bases = [b.id if isinstance(b, ast.Name) else b.attr for b in classes[name][0].bases if isinstance(b, (ast.Name, ast.Attribute))]
        return next((root for base in bases if (root := root_of(base, seen | {name}))), None)

    for name, (node, file) in classes.items():
        root = root_of(name)
        if root is None or name.startswith("_"):
            continue
        methods = {m.name: m for m in node.body if isinstance(m, (ast.FunctionDef, ast.AsyncFunctionDef))}
        given = _given_name(methods["name"]) if "name" in methods else ROOTS[root] or action_name(name)
        if "name" not in methods and root == "Action" and not re.match("(action|validate)_", given or ""):
            given = None
        if given is None:  # the name is computed, or no action's: a base class of others
            continue
        code.actions[given] = Place(file, node.lineno)
        if given.startswith("validate_") or root != "Action":
            found = ((re.match(r"(?:validate|extract|check)_(.+)", m), n) for m, n in methods.items())
            code.checks += [(given, match[1], Place(file, n.lineno)) for match, n in found if match]


def _given_name(method: ast.AST) -> Optional[str]:
    returned = [r.value for r in ast.walk(method) if isinstance(r, ast.Return)]
    return returned[0].value if len(returned) == 1 and isinstance(returned[0], ast.Constant) and isinstance(returned[0].value, str) else None


def _text(node: ast.AST) -> Optional[str]:
    """A constant text; an f-string with what is computed as WHOLE; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else WHOLE for part in node.values)
    return None


def _texts(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Every text below a node; an f-string as one."""
    text = _text(node)
    if text is not None:
        yield text, node
        return
    for child in ast.iter_child_nodes(node):
        yield from _texts(child)


def _answers(node: Optional[ast.AST]) -> Iterator[ast.Dict]:
    """The dictionaries that a `return` gives: itself, one branch or the other, or within `leave(…)`."""
    if isinstance(node, ast.Dict):
        yield node
    elif isinstance(node, ast.IfExp):
        yield from (*_answers(node.body), *_answers(node.orelse))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "leave":
        yield from (found for part in node.args for found in _answers(part))


def _name_makers(tree: ast.AST) -> Iterator[tuple[str, tuple[int, str]]]:
    """Functions that make a response's name out of an argument: name, (position, pattern)."""
    for function in ast.walk(tree):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        arguments = [a.arg for a in function.args.args]
        for node in ast.walk(function):
            text = _text(node) if isinstance(node, ast.JoinedStr) else None
            if text and text.startswith("utter_") and text.count(WHOLE) == 1:
                computed = next(part.value for part in node.values if isinstance(part, ast.FormattedValue))  # type: ignore[attr-defined]
                if isinstance(computed, ast.Name) and computed.id in arguments:
                    yield function.name, (arguments.index(computed.id), text)


class _Reader(ast.NodeVisitor):
    def __init__(self, code: ActionCode, file: str, makers: dict[str, tuple[int, str]]) -> None:
        self.code, self.file, self.makers = code, file, makers
        self.values: list[Optional[frozenset[str]]] = [None]
        self.functions: list[ast.AST] = []

    def _at(self, node: ast.AST) -> Place:
        return Place(self.file, getattr(node, "lineno", 1))

    def _function(self, node: ast.AST) -> None:
        self.functions.append(node)
        self.generic_visit(node)
        self.functions.pop()

    visit_FunctionDef = visit_AsyncFunctionDef = _function

    def _heard(self, node: ast.AST, text: Optional[str]) -> None:
        if text and text != "utter_action" and re.fullmatch(rf"utter_[\w/{WHOLE}]*[a-z0-9{WHOLE}]", text):
            self.code.spoken.append(Spoken(text, self._at(node), self.values[-1]))

    def visit_Constant(self, node: ast.Constant) -> None:
        """A response's name, wherever it stands."""
        self._heard(node, _text(node))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """A family of responses."""
        self._heard(node, _text(node))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def visit_Dict(self, node: ast.Dict) -> None:
        """Payloads of buttons, and slots in the answers of validating methods."""
        in_check = bool(self.functions) and re.match("(validate|extract)_\\w", getattr(self.functions[-1], "name", "")) is not None
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "payload":
                found = [(text, at) for text, at in _texts(value) if text.startswith("/")]
                self.code.payloads += [Named(text, self._at(at)) for text, at in found]
            elif in_check and isinstance(key, ast.Constant) and self._belongs_to_form():
                self.code.slots_set.append(Named(str(key.value), self._at(key)))
        self.generic_visit(node)

    def _belongs_to_form(self) -> bool:
        name = re.sub("^(validate|extract)_", "", getattr(self.functions[-1], "name", ""))
        return any(slot == name for _, slot, place in self.code.checks if place.file == self.file)

    def visit_Return(self, node: ast.Return) -> None:
        """Slots in the answers of `check_…`, `known` and `not_known`."""
        if self.functions and re.match("check_|known$|not_known$", getattr(self.functions[-1], "name", "")):
            for found in _answers(node.value):
                self.code.slots_set += [Named(str(key.value), self._at(key)) for key in found.keys if isinstance(key, ast.Constant)]
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Slots and intents that a class names for its base class."""
        for part in node.body:
            name = part.targets[0].id if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name) else ""
            found = [Named(text, self._at(at)) for text, at in _texts(part.value)] if name else []  # type: ignore[attr-defined]
            if name in ("forgets", "fresh"):
                self.code.slots_set += found
            elif name == "any_words":
                self.code.slots_read += found
            elif name == "begins":
                self.code.intents += found
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        """`turn.intent == "deny"`, `turn.intent in (…)`."""
        if isinstance(node.left, ast.Attribute) and node.left.attr == "intent":
            self.code.intents += [Named(text, self._at(at)) for side in node.comparators for text, at in _texts(side)]
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Speaking, slots, entities, and labels made by a function."""
        called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
        first = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg in ("key", "response")), None)
        if called == "SlotSet":
            self._slot(self.code.slots_set, first)
            if len(node.args) > 1 and isinstance(first, ast.Constant):
                value = _text(node.args[1])
                if value is not None and WHOLE not in value:
                    self.code.values_set.append((str(first.value), value, self._at(node)))
        elif called in ("slot", "get_slot"):
            self._slot(self.code.slots_read, first)
        elif called == "button":
            self._button(node, _text(first) if first is not None else None)
        elif called == "choice":
            entities = {str(k.arg): "" for k in node.keywords if k.arg is not None}
            self.code.payloads.append(Named("/inform" + json.dumps(entities), self._at(node)))
        elif called == "live_slot" and len(node.args) > 1:
            self._slot(self.code.slots_read, node.args[1])
        elif called in ("entity", "get_latest_entity_values") and isinstance(first, ast.Constant):
            self.code.entities_read.append(Named(str(first.value), self._at(first)))
        elif called in self.makers:
            position, pattern = self.makers[called]
            made = _text(node.args[position]) if len(node.args) > position else None
            if made and made != WHOLE:
                self.code.spoken.append(Spoken(pattern.replace(WHOLE, made), self._at(node), None))
        if called in SPEAKS:
            hidden = any(k.arg is None for k in node.keywords)
            values = None if hidden else frozenset(str(k.arg) for k in node.keywords) - NOT_VALUES
            self.values.append(values)
            for part in (*node.args, *(k.value for k in node.keywords if k.arg == "response")):
                self.visit(part)
            self.values.pop()
            for other in (k.value for k in node.keywords if k.arg != "response"):
                self.visit(other)
            self.visit(node.func)
            return
        self.generic_visit(node)

    def _button(self, node: ast.Call, intent: Optional[str]) -> None:
        """`turn.button(intent, name=…, entity=…)`: what it sends, and whose label it bears."""
        if intent and WHOLE not in intent:
            entities = {str(k.arg): "" for k in node.keywords if k.arg not in ("name", "means", None)}
            self.code.payloads.append(Named(f"/{intent}" + (json.dumps(entities) if entities else ""), self._at(node)))
        label = next((_text(k.value) for k in node.keywords if k.arg == "name"), intent)
        if label and WHOLE not in label:
            self.code.spoken.append(Spoken(f"utter_label_{label}", self._at(node), None))

    def _slot(self, into: list[Named], node: Optional[ast.AST]) -> None:
        text = _text(node) if node is not None else None
        if text is not None and WHOLE not in text:
            into.append(Named(text, self._at(node)))  # type: ignore[arg-type]
        elif self.functions:
            self.code.perhaps_slots |= {found for found, _ in _texts(self.functions[-1])}
