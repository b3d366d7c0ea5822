"""Walkers: customers who say whatever comes, sensible and silly, in both languages, and look for what a conversation must never do.

`python -m tests.conversations.walking --conversations 2000 --seed 1` plays thousands; `--only 17` plays the seventeenth of them again.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Callable, Optional, Sequence

import aiohttp
import typer

from savoir.core.clock import now
from savoir.core.settings import PROJECT
from savoir.customers.tables import ORDER_STATES
from savoir.learning.project_files import read_project
from savoir.repairs.tables import STATES as REPAIR_STATES
from savoir.tickets.tables import STATES as TICKET_STATES
from tests.conversations import given, playing, reached, silly
from tests.conversations.script import all_files
from tests.conversations.stage import Stage
from tests.conversations.talking import Talk, Unanswered

TURNS = 12
REPEATED = 3
"""The same answer so often in a row is a customer going round in circles."""
FINDINGS = PROJECT / "var" / "walking.json"
COVERAGE = PROJECT / "var" / "conversation-coverage.json"
PRODUCTS = ("nova 6", "mon casque murmure mini", "Horizon 55", "aria 10", "ma montre")
NUMBERS = {"CMD": "order", "SAV": "ticket", "REP": "repair"}
Phrases = dict[tuple[str, str], list[str]]


@dataclass
class Finding:
    """One thing that a conversation must never do; `index` plays it again (-1: a fault in a log that names no conversation)."""

    kind: str
    index: int
    detail: str
    transcript: list[str]


@dataclass
class Walk:
    """A walker's conversation."""

    index: int
    talk: Talk
    words: dict[str, str]
    chance: random.Random
    findings: list[Finding] = field(default_factory=list)

    def find(self, kind: str, detail: str) -> None:
        """Notes a finding with what led to it."""
        self.findings.append(Finding(kind, self.index, detail, list(self.talk.transcript)))


async def walk_all(stage: Stage, *, conversations: int, seed: int, turns: int = TURNS, at_once: int = 6, only: Optional[int] = None,
                   progress: Callable[[], None] = lambda: None) -> list[Finding]:  # fmt: skip
    """What that many walkers find. The same seed makes the same choices."""
    free = asyncio.Semaphore(at_once)
    findings: list[Finding] = []
    names: dict[str, int] = {}

    async def one(index: int, http: aiohttp.ClientSession) -> None:
        async with free:
            walk = await _walk(stage, http, index, random.Random(f"{seed}-{index}"), turns)
            names[walk.talk.conversation] = index
            findings.extend(walk.findings)
            progress()

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=90), connector=aiohttp.TCPConnector(limit=0)) as http:
        await asyncio.gather(*(one(index, http) for index in ([only] if only is not None else range(conversations))))
    findings += [Finding("fault in a log", names.get(named, -1), line, []) for named, line in stage.troubles() if named in names or not named]
    return sorted(findings, key=lambda finding: (finding.kind, finding.index))


async def _walk(stage: Stage, http: aiohttp.ClientSession, index: int, chance: random.Random, turns: int) -> Walk:
    language = ("fr", "en")[index % 2]
    wanted: dict[str, Any] = {
        "order": [{"status": chance.choice(ORDER_STATES)}, {"status": chance.choice(ORDER_STATES)}], "owned": {"product": "nova-6"},
        "repair": {"status": chance.choice(REPAIR_STATES)}, "ticket": {"state": chance.choice(TICKET_STATES)},
    }  # fmt: skip

    def prepared() -> dict[str, str]:
        with stage.context.database.writing() as session:
            return given.prepare(session, wanted, language, now())

    talk = Talk(http, stage, language)
    walk = Walk(index, talk, await asyncio.to_thread(prepared), chance)
    try:
        await talk.begin({"opening": "closed"} if chance.random() < 0.25 else None, walk.words["customer"] if chance.random() < 0.2 else None)
        for _ in range(turns):
            await _turn(walk)
    except Unanswered:
        pass  # it was found in its turn
    except (AssertionError, asyncio.TimeoutError, aiohttp.ClientError) as error:
        walk.find("refused", f"{type(error).__name__}: {error}"[:300])
    return walk


async def _turn(walk: Walk) -> None:
    """What the walker does next, and whether it went well."""
    known = len(walk.talk.faults)
    try:
        await (_with_people(walk) if walk.talk.state != "bot" else _with_assistant(walk))
    finally:
        for fault in walk.talk.faults[known:]:
            walk.find("fault of a turn", fault)
    said = [exchange.said for exchange in walk.talk.exchanges[-REPEATED:]]
    if len(said) == REPEATED and said[0] and len(set(said)) == 1:
        walk.find("the same answer again and again", said[0][:200])


async def _with_assistant(walk: Walk) -> None:
    talk, chance = walk.talk, walk.chance
    form, slot = await asyncio.to_thread(reached.open_form, talk.stage, talk.conversation)
    shown = talk.exchanges[-1].buttons if talk.exchanges else []
    asks = bool(talk.exchanges) and "?" in talk.exchanges[-1].said
    moves = {
        "leave": 8 if form else 0, "answer": 50 if form else 0, "press": 25 if shown else 0, "yes or no": 8 if asks else 0, "silly": 8, "mumble": 8, "photo": 2,
        "language": 3, "begin": 0 if form else 25, "phrase": 12 if form else 30,
    }  # fmt: skip
    move = chance.choices(list(moves), list(moves.values()))[0]
    if move == "leave":
        await _leave(walk, form or "")
    elif move == "answer":
        await talk.write(_answer(walk, slot or ""))
    elif move == "press":
        button = chance.choice(shown)
        await talk.press(button["title"], button["payload"])
    elif move == "yes or no":
        await talk.write(chance.choice(["oui", "non", "yes please", "no"]))
    elif move == "silly":
        await talk.write(chance.choice(silly.TURNS))
    elif move == "mumble":
        await talk.write(_mumbled(walk))
    elif move == "photo":
        await talk.photograph("broken screen", chance.choice(["", "voici la photo", "look at this"]))
    elif move == "language":
        other = chance.choice(["fr", "en"])
        await talk.press(other, f'/switch_language{{"language":"{other}"}}')
    else:
        await talk.write(_phrase(walk, chance.choice(beginnings()) if move == "begin" else None))


async def _with_people(walk: Walk) -> None:
    """In the queue or with an agent: the customer writes once more, then the agent comes and goes."""
    if walk.chance.random() < 0.5:
        await walk.talk.write(_phrase(walk))
    if walk.talk.state == "agent":
        await walk.talk.agent({walk.chance.choice(["hands_back", "resolves"]): True})
    else:
        await walk.talk.agent({"takes": True, "says": "Bonjour"})


async def _leave(walk: Walk, form: str) -> None:
    """Whatever a form asks, it is left with a word."""
    word = walk.chance.choice(silly.LEAVING[walk.talk.language])
    await walk.talk.write(word)
    left, slot = await asyncio.to_thread(reached.open_form, walk.talk.stage, walk.talk.conversation)
    if left == form:
        walk.find("a form that can't be left", f"{form} still asks for {slot} after “{word}”")


def _answer(walk: Walk, slot: str) -> str:
    """What a customer says when asked for a slot: mostly right, sometimes wrong or beside the point."""
    words, chance, english = walk.words, walk.chance, walk.talk.language == "en"
    right = {
        "order_number": [words["order"], words["order_2"], words["order"].replace("-", " ").lower()], "ticket_number": [words["ticket"]],
        "repair_number": [words["repair"]], "serial_number": [words["serial_number"]], "identity_proof": [words["email"], words["postal_code"]],
        "email": [words["email"], "non"], "phone": [words["phone"]], "postal_code": [words["postal_code"]],
        "product": list(PRODUCTS), "description": silly.FAULTS["en" if english else "fr"], "symptom": silly.FAULTS["en" if english else "fr"],
        "confirmed": ["yes", "no"] if english else ["oui", "non"],
        "date": ["tomorrow", "next tuesday"] if english else ["demain", "mardi prochain"],
    }  # fmt: skip
    dice = chance.random()
    fitting = next((texts for name, texts in right.items() if name in slot), None)
    if dice < 0.7:
        return chance.choice(fitting or [*(["yes", "no", "the first one"] if english else ["oui", "non", "le premier"]), _phrase(walk, "inform")])
    if dice < 0.8:
        return chance.choice(["CMD-999999", "29200", "quelqu.un@example.org", "SAV-999999", "REP-999999", "XX0000000000"])
    if dice < 0.9:
        return chance.choice(silly.SHRUGS["en" if english else "fr"])
    return _phrase(walk)


def _phrase(walk: Walk, intent: Optional[str] = None) -> str:
    """A training phrase in the walker's language, sometimes in the other; numbers in it are mostly the walker's own."""
    chance, phrases = walk.chance, training_phrases()
    language = walk.talk.language if chance.random() < 0.93 else chance.choice(["fr", "en"])
    intents = sorted({name for name, spoken in phrases if spoken == language})
    text = chance.choice(phrases[intent or chance.choice(intents), language])
    own = chance.random() < 0.8
    return re.sub(r"\b(CMD|SAV|REP)[- ]?\d{6}\b", lambda m: walk.words[NUMBERS[m[1].upper()]] if own else m[0], text, flags=re.IGNORECASE)


def _mumbled(walk: Walk) -> str:
    """A few words out of a phrase, or one that goes on as another: something to be unsure about."""
    words = _phrase(walk).split()
    if walk.chance.random() < 0.6:
        others = _phrase(walk).split()
        return " ".join([*words[: max(1, len(words) // 2)], *others[len(others) // 2 :]])
    start = walk.chance.randrange(max(1, len(words) - 2))
    return " ".join(words[start : start + walk.chance.randint(1, 3)])


@lru_cache
def training_phrases() -> Phrases:
    """The training phrases by intent and language, without their marks."""
    phrases: Phrases = defaultdict(list)
    for phrase in read_project(PROJECT).phrases:
        phrases[phrase.intent, phrase.language or "fr"].append(phrase.plain)
    return dict(phrases)


@lru_cache
def beginnings() -> tuple[str, ...]:
    """Intents that begin a form: a walk without them would see little."""
    forms = {way.loop for way in reached.read_ways() if way.loop}
    steps = [way.steps for way in reached.read_ways() if way.kind == "rule" and len(way.steps) > 1]
    begun = {name for first, then, *_ in steps for kind, name in first if kind == "intent" and any(token[1] in forms for token in then)}
    spoken = {intent for intent, _ in training_phrases()}
    return tuple(sorted(name for name in begun if name in spoken))  # type: ignore[type-var]


def summary(findings: Sequence[Finding], most: int = 3) -> str:
    """For people: how many of each kind, and the first of each with what led to it."""
    lines = [f"{count:5}  {kind}" for kind, count in Counter(finding.kind for finding in findings).most_common()]
    for kind in dict.fromkeys(finding.kind for finding in findings):
        for finding in [one for one in findings if one.kind == kind][:most]:
            lines += ["", f"— {kind}, conversation {finding.index}: {finding.detail}", *finding.transcript[-24:]]
    return "\n".join(lines) or "nothing was found"


def main(
    conversations: int = typer.Option(200, help="how many walkers"), seed: int = 1, turns: int = TURNS,
    at_once: int = typer.Option(6, help="walkers at the same time"), files: bool = typer.Option(True, help="play the conversation files too"),
    only: Optional[int] = typer.Option(None, help="this one of them, with its whole transcript"),
) -> None:
    """Walks in a house of its own; findings go to var/walking.json, what was reached to var/conversation-coverage.json."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="walking-") as folder:
        stage = Stage(Path(folder) / "house")
        try:
            stage.start()
            if files and only is None:
                asyncio.run(playing.play_files(stage, all_files(), at_once))
            label = f"{1 if only is not None else conversations} conversations"
            with typer.progressbar(length=1 if only is not None else conversations, label=label) as bar:
                walking = walk_all(
                    stage, conversations=conversations, seed=seed, turns=turns, at_once=at_once, only=only, progress=lambda: bar.update(1)
                )
                findings = asyncio.run(walking)
            found = reached.reached_in(stage)
        finally:
            stage.stop()
    found.write(COVERAGE)
    FINDINGS.write_text(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2) + "\n")
    typer.echo(f"\n{found.table()}\n\n{summary(findings, most=100 if only is not None else 3)}\n\n{time.monotonic() - began:.0f} s; all of it in {FINDINGS} and {COVERAGE}")
    raise typer.Exit(1 if findings else 0)


if __name__ == "__main__":
    typer.run(main)
