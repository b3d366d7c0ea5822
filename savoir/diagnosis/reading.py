"""Reads a tree from YAML. Every fault has its line; a tree comes back only when its parts are all there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as Yaml

from .trees import CANNOT, DID_NOT_WORK, ENDS, LANGUAGES, UNKNOWN, WORKED, Choice, End, Fault, Link, Node, Question, Step, Text, Tree  # isort: skip

LANGUAGE_NAMES = {"fr": "French", "en": "English"}
TREE_KEYS = ("id", "title", "products", "symptoms", "start", "nodes", "ends")
RESERVED = (UNKNOWN, CANNOT, WORKED, DID_NOT_WORK)
Keys = dict[str, tuple[Yaml, int]]


def read_tree(path: Path) -> tuple[Optional[Tree], list[Fault]]:
    """The tree in a file and what is wrong with its form; the tree is None when a part is missing. Raises OSError."""
    reader = _Reader(path.name)
    try:
        document = YAML(typ="safe").compose(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        problem = " ".join(str(getattr(error, "problem", None) or error).split())[:200]
        reader.fault(mark.line + 1 if mark else 1, f"this is not YAML that can be read: {problem}. Mend it; the rest is checked after that")
        return None, reader.faults
    tree = reader.tree(document, path.stem)
    return (None if reader.faults else tree), reader.faults


class _Reader:
    """Takes texts as they are written (`value: no` is the text "no"), and goes on after a fault."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def fault(self, line: int, message: str) -> None:
        self.faults.append(Fault(self.file, line, message + "."))

    # ------------------------------------------------------------------ pieces of YAML

    def keys(self, node: Optional[Yaml], line: int, what: str, needed: Sequence[str], allowed: Sequence[str] = ()) -> Optional[Keys]:
        """The entries of a mapping, with their lines. `allowed` keys may be there besides the needed ones; empty needs and allows all."""
        if not isinstance(node, MappingNode):
            self.fault(line, f"{what} should be a list of `key: value`" + (f" with {_listed(needed)}" if needed else ""))
            return None
        found: Keys = {}
        for key, value in node.value:
            name, at = str(key.value), key.start_mark.line + 1
            if name in found:
                self.fault(at, f"{what} has `{name}` twice (the first in line {found[name][1]}). Take one out")
            elif (needed or allowed) and name not in (*needed, *allowed):
                self.fault(at, f"{what} has the unknown key `{name}`; expected {_listed((*needed, *allowed))}")
            else:
                found[name] = (value, at)
        for name in needed:
            if name not in found:
                self.fault(line, f"{what} has no `{name}`. Add it")
        return found

    def word(self, keys: Keys, key: str, what: str) -> str:
        """A single value; empty where it is missing or isn't one."""
        if key not in keys:
            return ""
        node, line = keys[key]
        if isinstance(node, ScalarNode) and str(node.value).strip():
            return str(node.value).strip()
        self.fault(line, f"`{key}` of {what} should be one word")
        return ""

    def words(self, node: Yaml, line: int, what: str) -> tuple[str, ...]:
        """A list of values; one value alone is a list of one."""
        if isinstance(node, ScalarNode) and str(node.value).strip():
            return (str(node.value).strip(),)
        if isinstance(node, SequenceNode) and node.value and all(isinstance(item, ScalarNode) and str(item.value).strip() for item in node.value):
            return tuple(str(item.value).strip() for item in node.value)
        self.fault(line, f"{what} should be a list like `[one, other]`")
        return ()

    def range(self, node: Yaml, line: int, what: str) -> Optional[tuple[float, float]]:
        """A list of the least and the most."""
        try:
            least, most = (float(item.value) for item in node.value)
        except (TypeError, ValueError, AttributeError):
            least, most = 1.0, 0.0
        if least <= most:
            return least, most
        self.fault(line, f"{what} should be the least and the most number, like `[80, 100]`")
        return None

    def text(self, keys: Keys, key: str, what: str) -> Optional[Text]:
        """A text in both languages."""
        if key not in keys:
            return None
        node, line = keys[key]
        found = self.keys(node, line, f"`{key}` of {what}", (), LANGUAGES)
        if found is None:
            return None
        said = {language: self.word(found, language, f"`{key}` of {what}") for language in LANGUAGES}
        for language in LANGUAGES:
            if language not in found:
                self.fault(line, f"`{key}` of {what} is missing in {LANGUAGE_NAMES[language]}. Add `{language}:` to it")
        return Text(said["fr"], said["en"], line)

    def link(self, keys: Keys, key: str, what: str) -> Link:
        """Where a key leads."""
        return Link(key, self.word(keys, key, what), keys[key][1] if key in keys else 0)

    # ------------------------------------------------------------------ parts of a tree

    def tree(self, document: Optional[Yaml], stem: str) -> Optional[Tree]:
        keys = self.keys(document, 1, "the tree", TREE_KEYS)
        if keys is None:
            return None
        id, title = self.word(keys, "id", "the tree"), self.text(keys, "title", "the tree")
        if id and id != stem.replace("_", "-"):
            self.fault(keys["id"][1], f"the id is `{id}`, but the file is {self.file}: expected `{stem.replace('_', '-')}`. Change one of them")
        types, symptoms = (self.words(*keys[key], f"`{key}`") if key in keys else () for key in ("products", "symptoms"))
        nodes: dict[str, Node] = {}
        for name, (node, line) in self._named(keys, "nodes").items():
            read = self._node(name, node, line)
            if read is not None:
                nodes[name] = read
        ends: dict[str, End] = {}
        for name, (node, line) in self._named(keys, "ends").items():
            if name in nodes:
                self.fault(line, f"`{name}` is the name of a node and of an end. Rename one")
            end = self._end(name, node, line)
            if end is not None:
                ends[name] = end
        lines = {key: line for key, (_, line) in keys.items()}
        return Tree(id, self.file, title or Text("", ""), types, symptoms, self.word(keys, "start", "the tree"), nodes, ends, lines)

    def _named(self, keys: Keys, key: str) -> Keys:
        return (self.keys(*keys[key], f"`{key}`", ()) or {}) if key in keys else {}

    def _node(self, name: str, node: Yaml, line: int) -> Optional[Node]:
        what = f"the node `{name}`"
        given = {str(key.value) for key, _ in node.value} if isinstance(node, MappingNode) else set()
        if ("ask" in given) == ("step" in given):
            self.fault(line, f"{what} should have either `ask` (a question) or `step` (something to try)")
            return None
        return self._question(name, what, node, line) if "ask" in given else self._step(name, what, node, line)

    def _question(self, name: str, what: str, node: Yaml, line: int) -> Optional[Question]:
        keys = self.keys(node, line, what, ("ask", "answers", "unknown"), ("help", "fact")) or {}
        ask, help = self.text(keys, "ask", what), self.text(keys, "help", what)
        answers: list[Choice] = []
        if "answers" in keys:
            listed, at = keys["answers"]
            items = listed.value if isinstance(listed, SequenceNode) else []
            if not 2 <= len(items) <= 4:
                self.fault(at, f"{what} has {len(items)} answers; expected 2 to 4, each of which becomes a button")
            answers = [answer for answer in (self._answer(what, item) for item in items) if answer]
        values = [answer.value for answer in answers]
        for number, answer in enumerate(answers):
            if answer.value in values[:number]:
                self.fault(answer.line, f"{what} has two answers with the value `{answer.value}`. Rename one")
        unknown = self.link(keys, "unknown", what)
        return Question(name, ask, help, self.word(keys, "fact", what), tuple(answers), unknown, line) if ask else None

    def _answer(self, what: str, node: Yaml) -> Optional[Choice]:
        line = node.start_mark.line + 1
        keys = self.keys(node, line, f"an answer of {what}", ("value", "label", "next"), ("words", "models", "between")) or {}
        value, label = self.word(keys, "value", f"an answer of {what}"), self.text(keys, "label", f"an answer of {what}")
        if value in RESERVED:
            self.fault(line, f"an answer of {what} has the value `{value}`, which has a meaning of its own. Use another word")
        words: dict[str, tuple[str, ...]] = {}
        if "words" in keys:
            spoken = self.keys(*keys["words"], f"`words` of the answer `{value}`", LANGUAGES) or {}
            words = {language: self.words(*entry, f"`{language}` of the words of `{value}`") for language, entry in spoken.items()}
        models = self.words(*keys["models"], f"`models` of the answer `{value}`") if "models" in keys else ()
        between = self.range(*keys["between"], f"`between` of the answer `{value}`") if "between" in keys else None
        return Choice(value, label, words, models, self.link(keys, "next", f"the answer `{value}`"), line, between) if label else None

    def _step(self, name: str, what: str, node: Yaml, line: int) -> Optional[Step]:
        keys = self.keys(node, line, what, ("step", WORKED, DID_NOT_WORK), ("article", CANNOT)) or {}
        step, failed = self.text(keys, "step", what), self.link(keys, DID_NOT_WORK, what)
        cannot = self.link(keys, CANNOT, what) if CANNOT in keys else failed
        article, at = self.word(keys, "article", what) or None, keys["article"][1] if "article" in keys else 0
        return Step(name, step, article, self.link(keys, WORKED, what), failed, cannot, line, at) if step else None

    def _end(self, name: str, node: Yaml, line: int) -> Optional[End]:
        what = f"the end `{name}`"
        keys = self.keys(node, line, what, ("end",), ("say", "part", "article")) or {}
        kind = self.word(keys, "end", what)
        if kind and kind not in ENDS:
            self.fault(keys["end"][1], f"{what} ends in `{kind}`; expected {_listed(ENDS)}")
        for key in ("part", "article"):
            if kind == key and key not in keys:
                self.fault(line, f"{what} ends in `{kind}`, but has no `{key}`. Name it")
            elif key in keys and kind != key:
                self.fault(keys[key][1], f"{what} has a `{key}`, but ends in `{kind}`. Take it out, or write `end: {key}`")
        part, article = (self.word(keys, key, what) or None for key in ("part", "article"))
        return End(name, kind, self.text(keys, "say", what), part, article, line)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
