"""What conversations have reached of the project: rules, stories, forms, responses, intents and actions, from Rasa's tracker store."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterable, Iterator, Optional

import sqlalchemy as sa
from ruamel.yaml import YAML

from savoir.core.settings import PROJECT
from tests.house import House

QUIET = {"action_listen", "action_session_start", "action_extract_slots", "action_unlikely_intent", "action_default_fallback"}
"""Actions that stand in no rule."""
LABEL = "utter_label_"
"""Texts that are titles of buttons."""
SHORTEST_PIECE = 10
COUNTED = ("rules", "stories", "forms", "responses", "intents", "actions")
KINDS = (*COUNTED, "labels")
"""Labels are shown, but not counted with the others: most of them are only seen when the assistant is in doubt between just those intents."""
Token = tuple[str, Optional[str]]
Event = dict[str, Any]


@dataclass
class Way:
    """A rule or a story: each step is the tokens of which one must come."""

    kind: str
    name: str
    place: str
    loop: Optional[str]
    """The form that is open when it begins; None when it does not say."""
    steps: list[set[Token]]


@dataclass
class Reached:
    """Names that were reached and names that were not, by kind."""

    reached: dict[str, list[str]] = field(default_factory=dict)
    missing: dict[str, list[str]] = field(default_factory=dict)

    def share(self, *kinds: str) -> float:
        """What part of these kinds was reached, 0 to 1."""
        done, left = (sum(len(names[kind]) for kind in kinds) for names in (self.reached, self.missing))
        return done / (done + left) if done + left else 1.0

    def table(self) -> str:
        """For people: shares, and what is missing."""
        lines = [f"{'':12}{'reached':>8}{'of':>6}"]
        for kind in KINDS:
            done, left = len(self.reached[kind]), len(self.missing[kind])
            lines.append(f"{kind:12}{done:8}{done + left:6}{self.share(kind):8.1%}")
        lines.append(f"{'without labels':26}{self.share(*COUNTED):8.1%}")
        for kind in KINDS:
            lines += [f"  not reached, {kind}: {name}" for name in self.missing[kind]]
        return "\n".join(lines)

    def write(self, path: Path) -> None:
        """As JSON: `{kind: {share, reached, missing}}`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        what = {k: {"share": round(self.share(k), 4), "reached": self.reached[k], "missing": self.missing[k]} for k in KINDS}
        path.write_text(json.dumps({"share": round(self.share(*COUNTED), 4), **what}, ensure_ascii=False, indent=2) + "\n")


def reached_in(house: House) -> Reached:
    """What all conversations of a house have reached."""
    domain = _load(PROJECT / "domain.yml")
    responses, intents, actions, loops = set[str](), set[str](), set[str](), set[str]()
    titles, said = set[str](), set[str]()
    ways = list(read_ways())
    met: set[int] = set()
    for events in conversations_of(house):
        for event in events:
            kind = event.get("event")
            if kind == "bot":
                responses.add(str((event.get("metadata") or {}).get("utter_action")))
                said.add(str(event.get("text")))
                titles |= {str(button.get("title")) for button in (event.get("data") or {}).get("buttons") or ()}
            elif kind == "user":
                intents.add(_intent(event))
            elif kind == "action":
                actions.add(str(event.get("name")))
            elif kind == "active_loop" and event.get("name"):
                loops.add(str(event["name"]))
        tokens = list(tokens_of(events))
        met |= {number for number, way in enumerate(ways) if number not in met and _walks(way, tokens)}
    texts = {name: {str(v.get("text")) for v in variations or ()} for name, variations in (domain.get("responses") or {}).items()}
    responses |= {name for name, own in texts.items() if name not in responses and any(map(_is_within, own, [said] * len(own)))}
    names = {
        "rules": _places(ways, "rule"), "stories": _places(ways, "story"), "forms": list(domain.get("forms") or {}),
        "responses": [name for name in texts if not name.startswith(LABEL)], "labels": [name for name in texts if name.startswith(LABEL)],
        "intents": _names(domain.get("intents")),
        "actions": [a for a in _names(domain.get("actions")) if not a.startswith(("validate_", "action_ask_", "utter_"))],
    }
    done = {
        "rules": _places((ways[n] for n in met), "rule"), "stories": _places((ways[n] for n in met), "story"), "forms": loops,
        "responses": responses, "labels": {name for name, own in texts.items() if own & titles}, "intents": intents, "actions": actions,
    }
    found = Reached()
    for kind in KINDS:
        found.reached[kind] = [name for name in names[kind] if name in done[kind]]
        found.missing[kind] = [name for name in names[kind] if name not in done[kind]]
    return found


def conversations_of(house: House) -> Iterator[list[Event]]:
    """The events of each conversation, oldest first."""
    by_sender: dict[str, list[Event]] = defaultdict(list)
    for sender, event in _events(house, ""):
        by_sender[sender].append(event)
    yield from by_sender.values()


def events_of(house: House, conversation: str) -> list[Event]:
    """The events of one conversation, oldest first."""
    return [event for _, event in _events(house, "where sender_id = :sender", sender=conversation)]


def responses_to(house: House, conversation: str, seq: int) -> list[str]:
    """The names of the responses to the customer's message at `seq`."""
    spoken: list[str] = []
    is_here = False
    for event in events_of(house, conversation):
        if event.get("event") == "user" and event.get("message_id"):  # a button that was typed has none
            is_here = event.get("message_id") == f"{conversation}:{seq}"
        elif is_here and event.get("event") == "bot":
            spoken.append(str((event.get("metadata") or {}).get("utter_action") or "(text of an action)"))
    return spoken


def intents_of(house: House, conversation: str) -> list[str]:
    """What the customer's messages were understood as, in order."""
    return [_intent(event) for event in events_of(house, conversation) if event.get("event") == "user"]


def open_form(house: House, conversation: str) -> tuple[Optional[str], Optional[str]]:
    """The form that is open and the slot that it asks for."""
    form = slot = None
    for event in events_of(house, conversation):
        if event.get("event") == "active_loop":
            form = event.get("name")
        elif event.get("event") == "slot" and event.get("name") == "requested_slot":
            slot = event.get("value")
    return form, slot if form else None


# ------------------------------------------------------------------ rules and stories


def read_ways() -> Iterator[Way]:
    """Every rule and story of data/, with their `or`s."""
    for path in sorted((PROJECT / "data").rglob("*.yml")):
        if not re.search(r"^(rules|stories):", path.read_text(encoding="utf-8"), re.MULTILINE):
            continue  # phrases, which take long to read
        document = _load(path)
        for kind, key in (("rule", "rules"), ("story", "stories")):
            for number, node in enumerate(document.get(key) or []):
                loop = next((c["active_loop"] for c in node.get("condition") or [] if "active_loop" in c), None)
                steps = [step for step in map(_step, node.get("steps") or []) if step]
                line = document[key].lc.item(number)[0] + 1
                yield Way(kind, str(node.get(kind)), f"{path.relative_to(PROJECT).as_posix()}:{line}", loop, steps)


def tokens_of(events: Iterable[Event]) -> Iterator[Token]:
    """Events as rules and stories write them."""
    for event in events:
        kind = event.get("event")
        if kind == "user":
            yield "intent", _intent(event)
        elif kind == "action" and event.get("name") not in QUIET:
            yield "action", event.get("name")
        elif kind == "active_loop":
            yield "loop", event.get("name")


def _walks(way: Way, tokens: list[Token]) -> bool:
    loop: Optional[str] = None
    for start, token in enumerate(tokens):
        if way.steps and (way.loop is None or way.loop == loop) and token in way.steps[0] and _goes_on(way.steps, tokens[start:]):
            return True
        loop = token[1] if token[0] == "loop" else loop
    return False


def _goes_on(steps: list[set[Token]], tokens: list[Token]) -> bool:
    number = 0
    for token in tokens:
        if token in steps[number]:
            number += 1
            if number == len(steps):
                return True
        elif token[0] != "loop":  # a form that is full at once opens and closes in one action
            return False
    return False


def _step(step: Any) -> set[Token]:
    found: set[Token] = set()
    for part in step.get("or") or [step]:
        if "intent" in part:
            found.add(("intent", str(part["intent"])))
        elif part.get("action") and part["action"] not in QUIET:
            found.add(("action", str(part["action"])))
        elif "active_loop" in part:
            found.add(("loop", part["active_loop"] and str(part["active_loop"])))
    return found


def _is_within(text: str, said: set[str]) -> bool:
    """Whether a text was said as a part of another one: its longest piece without variables."""
    piece = max(re.split(r"\{\w+\}", text), key=len).strip()
    return len(piece) >= SHORTEST_PIECE and any(piece in one for one in said)


def _places(ways: Iterable[Way], kind: str) -> list[str]:
    return [f"{way.name} ({way.place})" for way in ways if way.kind == kind]


def _names(nodes: Any) -> list[str]:
    return [str(next(iter(node)) if isinstance(node, dict) else node) for node in nodes or []]


def _intent(event: Event) -> str:
    return str(((event.get("parse_data") or {}).get("intent") or {}).get("name"))


def _load(path: Path) -> Any:
    return YAML(typ="rt").load(path.read_text(encoding="utf-8")) or {}


def _events(house: House, where: str, **values: Any) -> Iterator[tuple[str, Event]]:
    engine = _engine(house.settings.trackers)
    with engine.connect() as connection:
        for sender, data in connection.execute(sa.text(f"select sender_id, data from events {where} order by id"), values):
            yield sender, json.loads(data)


def _engine(url: str, engines: dict[str, Any] = {}) -> Any:
    if url not in engines:
        engines[url] = sa.create_engine(url)
    return engines[url]
