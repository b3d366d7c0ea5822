"""A conversation test as its designer wrote it: YAML in, steps with their lines out; what can't be read is said with file and line."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional, Union

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from tests.conversations import checks, given

FOLDER = Path(__file__).parent
TOPICS = ("happy_path", "corrections", "digressions", "cancellations", "refusals", "failures", "people", "languages")
LANGUAGES = ("fr", "en")
HEADINGS = ("language", "given", "shows", "steps")
CUSTOMER = ("customer", "press", "photo", "chat", "rates", "later")
"""What the customer does; `later` is that time passes."""
EXPECTED = ("assistant", "nothing", "state", "language")
"""What is looked at in the chat itself; the others are in checks.py."""
SAID = ("says", "never", "response", "buttons", "card")
AGENT = ("takes", "says", "notes", "hands_back", "resolves")
CHAT = ("person", "fr", "en")
STATES = ("bot", "waiting", "agent", "resolved")


class Unreadable(Exception):
    """A file that is no conversation: `file:line: what is wrong and what was expected`."""


@dataclass
class Step:
    """One line of the conversation: what kind, and what stands behind it."""

    kind: str
    value: Any
    line: int


@dataclass
class Script:
    """A conversation test."""

    path: Path
    language: str = "fr"
    given: dict[str, Any] = field(default_factory=dict)
    shows: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def name(self) -> str:
        """`corrections/customer_corrects_the_order_number`, or the path of a file that lies elsewhere."""
        try:
            return self.path.resolve().relative_to(FOLDER).with_suffix("").as_posix()
        except ValueError:
            return str(self.path)


def all_files() -> list[Path]:
    """Every conversation of the project."""
    return sorted(FOLDER.glob("*/*.yml"))


def read_script(path: Path) -> Script:
    """The conversation in a file. Raises Unreadable."""
    try:
        document = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except (MarkedYAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = " ".join(str(getattr(error, "problem", None) or error).split())
        raise Unreadable(f"{path}:{mark.line + 1 if mark else 1}: this is not YAML that can be read: {problem}") from None
    if not isinstance(document, dict):
        raise Unreadable(f"{path}:1: expected `language:` and `steps:`")
    for key in document:
        if key not in HEADINGS:
            raise _fault(path, document, key, f"`{key}` is unknown; expected {_listed(HEADINGS)}")
    script = Script(path, language=str(document.get("language", "fr")), given=_plain(document.get("given") or {}))
    if script.language not in LANGUAGES:
        raise _fault(path, document, "language", f"the language is {script.language!r}; expected fr or en")
    script.shows = _texts(document.get("shows"))
    for problem in given.faults(script.given):
        raise _fault(path, document, "given", problem)
    steps = document.get("steps")
    if not isinstance(steps, list) or not steps:
        raise _fault(path, document, "steps", "`steps` is empty; expected a list such as `- customer: \"bonjour\"`")
    for number, node in enumerate(steps):
        script.steps.append(_step(path, steps, number, node))
    return script


def _step(path: Path, steps: Any, number: int, node: Any) -> Step:
    line = steps.lc.item(number)[0] + 1
    if isinstance(node, str):
        node = {node: True}
    if not isinstance(node, dict) or not node:
        raise Unreadable(f"{path}:{line}: a step is `- kind: value`")
    kind, *others = [str(key) for key in node]
    value = _plain(node[kind])
    known = (*CUSTOMER, *EXPECTED, "agent", *checks.CHECKS)
    if kind not in known:
        raise Unreadable(f"{path}:{line}: `{kind}` is unknown; expected {_listed(known)}")
    if kind == "assistant":  # `buttons:` and the like may stand below the words, or beside them
        value = {**(value if isinstance(value, dict) else {"says": value}), **{other: _plain(node[other]) for other in others}}
        _only(path, line, value, SAID, "assistant")
    elif others:
        raise Unreadable(f"{path}:{line}: `{others[0]}` belongs to no `{kind}`; begin it with its own `- `")
    elif kind == "agent":
        value = {"says": value} if isinstance(value, str) and value not in AGENT else {value: True} if isinstance(value, str) else value
        _only(path, line, value, AGENT, "agent")
    for asked, allowed in (("state", STATES), ("language", LANGUAGES), ("chat", CHAT)):
        if kind == asked and value not in allowed:
            raise Unreadable(f"{path}:{line}: {asked} is {value!r}; expected {_listed(allowed)}")
    return Step(kind, value, line)


def _only(path: Path, line: int, value: Any, allowed: tuple[str, ...], kind: str) -> None:
    wrong = [key for key in value if key not in allowed] if isinstance(value, dict) else [value]
    if wrong:
        raise Unreadable(f"{path}:{line}: `{kind}` has {wrong[0]!r}; expected {_listed(allowed)}")


def _fault(path: Path, node: Any, key: str, problem: str) -> Unreadable:
    try:
        line = node.lc.key(key)[0] + 1
    except (KeyError, AttributeError):
        line = 1
    return Unreadable(f"{path}:{line}: {problem}")


def _plain(node: Any) -> Any:
    """Ruamel's nodes as plain lists, mappings and values."""
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return str(node) if isinstance(node, str) else node


def _texts(value: Union[str, list[Any], None]) -> list[str]:
    return [] if value is None else [str(v) for v in value] if isinstance(value, list) else [str(value)]


def _listed(names: Any, last: Optional[str] = "or") -> str:
    *first, final = [str(name) for name in names]
    return f"{', '.join(first)} {last} {final}" if first else final
