"""Plays conversation files in a house: several at a time, each with rows of its own; what differs is said beside its line."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional, Sequence

import aiohttp

from savoir.core.clock import now
from savoir.core.text import fold
from tests.conversations import checks, given, reached
from tests.conversations.script import CUSTOMER, Script, Step, Unreadable, read_script
from tests.conversations.stage import Stage
from tests.conversations.talking import Talk, Unanswered

AT_ONCE = 6
CHECK_SECONDS = 2.0
"""How long something in the database may still be under way."""
PLACEHOLDER = re.compile(r"\{([a-z][a-z_0-9]*)\}")
TOLD = {"told_ticket": r"SAV-\d{6}", "told_return": r"RET-\d{6}", "told_order": r"CMD-\d{6}", "told_repair": r"REP-\d{6}"}
"""Numbers that the assistant said in the conversation, the latest of each kind."""


class Differs(Exception):
    """What was expected and what came instead."""


@dataclass
class Outcome:
    """How a file went: `problem` is where it differed, `faults` are what no turn may be."""

    script: Script
    conversation: str = ""
    problem: str = ""
    faults: list[str] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def is_fine(self) -> bool:
        """Whether all was as written."""
        return not self.problem and not self.faults

    def report(self) -> str:
        """The transcript, for people."""
        return "\n".join([f"{self.script.name}  ({self.seconds:.1f} s)", *self.transcript])


async def play_files(stage: Stage, files: Sequence[Path], at_once: int = AT_ONCE) -> dict[Path, Outcome]:
    """How each file went."""
    free = asyncio.Semaphore(at_once)

    async def one(path: Path, http: aiohttp.ClientSession) -> Outcome:
        async with free:
            try:
                script = read_script(path)
            except Unreadable as fault:
                return Outcome(Script(path), problem=str(fault), transcript=[f"✗ {fault}"])
            return await play(stage, http, script)

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=90), connector=aiohttp.TCPConnector(limit=0)) as http:
        outcomes = await asyncio.gather(*(one(path, http) for path in files))
    _blame(stage, outcomes)
    return dict(zip(files, outcomes, strict=True))


async def play(stage: Stage, http: aiohttp.ClientSession, script: Script) -> Outcome:
    """How a conversation went: until its end, or the first step that differs."""
    began, outcome = time.monotonic(), Outcome(script)
    talk = Talk(http, stage, script.language)
    words: dict[str, str] = {}
    step: Optional[Step] = None
    try:
        words = await asyncio.to_thread(_prepared, stage, script)
        identity = script.given.get("identity")
        holds = {name: value for name, value in script.given.items() if name in given.CIRCUMSTANCES and name != "identity"}
        await talk.begin(holds, words["customer"] if identity in (True, "customer") else identity)
        for step in script.steps:
            await _take(talk, step, words)
    except (Differs, Unanswered, ValueError, AssertionError, asyncio.TimeoutError, aiohttp.ClientError) as difference:
        outcome.problem = f"{script.path.name}:{step.line if step else 1}: {difference or type(difference).__name__}"
        talk.transcript.append(f"✗ {outcome.problem}")
    outcome.conversation, outcome.faults, outcome.transcript = talk.conversation, talk.faults, talk.transcript
    outcome.seconds = time.monotonic() - began
    return outcome


def _prepared(stage: Stage, script: Script) -> dict[str, str]:
    with stage.context.database.writing() as session:
        return given.prepare(session, script.given, script.language, now())


def _blame(stage: Stage, outcomes: Sequence[Outcome]) -> None:
    """Faults in the logs that name a conversation are its own, unless a room was meant to fail in it."""
    by_conversation = {outcome.conversation: outcome for outcome in outcomes if outcome.conversation}
    for conversation, line in stage.troubles():
        outcome = by_conversation.get(conversation)
        if outcome is not None and not {"failing", "hanging"} & set(outcome.script.given):
            outcome.faults.append(f"in the log: {line}")
            outcome.transcript.append(f"  ✗ in the log: {line}")


# ------------------------------------------------------------------ steps


async def _take(talk: Talk, step: Step, words: dict[str, str]) -> None:
    deadline = time.monotonic() + CHECK_SECONDS
    while "{mailed_code}" in str(step.value) and "mailed_code" not in _told(talk, words) and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    value = _filled(step.value, {**words, **_told(talk, words)})
    if step.kind in CUSTOMER:
        await _act(talk, step.kind, value)
    elif step.kind == "agent":
        await talk.agent(value)
    elif step.kind in checks.CHECKS:
        await _look_up(talk, step.kind, value, words.get("email", ""))
    elif step.kind == "assistant":
        _compare(talk, value)
    elif step.kind == "nothing":
        said = talk.exchanges[-1].said if talk.exchanges else ""
        if said:
            raise Differs(f"expected nothing to be said; it was “{said}”")
    else:  # state, language
        await talk.look()
        found = talk.state if step.kind == "state" else talk.language
        if found != value:
            raise Differs(f"expected the {step.kind} {value}; it is {found}")


async def _act(talk: Talk, kind: str, value: Any) -> None:
    if kind == "customer":
        await talk.write(str(value))
    elif kind == "photo":
        photo = value if isinstance(value, dict) else {"of": str(value)}
        await talk.photograph(photo["of"], photo.get("text", ""))
    elif kind == "later":
        await talk.pass_time(given.time_of(f"in {value}", now()) - now())
    elif kind == "rates":
        await talk.rate(value)
    elif kind == "chat" and value == "person":
        await talk.ask_for_a_person()
    elif kind == "chat":
        await talk.press({"fr": "Français", "en": "English"}[value], f'/switch_language{{"language":"{value}"}}')
    else:
        shown = next((exchange.buttons for exchange in reversed(talk.exchanges) if exchange.buttons), [])
        wanted = [fold(str(title)) for title in (value if isinstance(value, list) else [value])]
        button = next((b for title in wanted for b in shown if fold(b["title"]) == title), None)
        if button is None:
            raise Differs(f"there is no button “{value}”; shown are {_titles(shown)}")
        await talk.press(button["title"], button["payload"])


async def _look_up(talk: Talk, kind: str, wanted: Any, address: str) -> None:
    deadline = time.monotonic() + CHECK_SECONDS

    def look() -> str:
        with talk.stage.context.database.reading() as session:
            session.info.update(stage=talk.stage, address=address)
            return checks.misses(session, kind, talk.conversation, wanted)

    while problem := look():
        if time.monotonic() > deadline:
            raise Differs(problem)
        await asyncio.sleep(0.1)


def _compare(talk: Talk, wanted: dict[str, Any]) -> None:
    """Words, buttons, cards and the names of responses of everything said since the customer's latest message."""
    if not talk.exchanges:
        raise Differs("the customer has said nothing yet")
    exchange = talk.exchanges[-1]
    said = exchange.said
    if "says" in wanted and not any(is_said(text, said) for text in _list(wanted["says"])):
        raise Differs(f"expected {_quoted(wanted['says'])}; it was “{said}”")
    for text in _list(wanted.get("never", [])):
        if is_said(text, said):
            raise Differs(f"“{text}” must not be said; it was “{said}”")
    titles = [fold(button["title"]) for button in exchange.buttons]
    for title in _list(wanted.get("buttons", [])):
        if fold(str(title)) not in titles:
            raise Differs(f"expected the button “{title}”; shown are {_titles(exchange.buttons)}")
    if "card" in wanted and not any(is_said(text, said) for text in _list(wanted["card"])):
        raise Differs(f"expected a card with {_quoted(wanted['card'])}; it was “{said}”")
    if "response" in wanted:
        spoken = reached.responses_to(talk.stage, talk.conversation, exchange.seq)
        if not set(map(str, _list(wanted["response"]))) & set(spoken):
            raise Differs(f"expected the response {' or '.join(map(str, _list(wanted['response'])))}; it was {', '.join(spoken) or 'none'}: “{said}”")


def is_said(wanted: str, said: str) -> bool:
    """Whether a text contains what is wanted, whatever capitals, accents, blanks and bold; `/…/` is a regular expression."""
    if re.fullmatch(r"/.+/", str(wanted), re.DOTALL):
        return re.search(str(wanted)[1:-1], said, re.IGNORECASE | re.DOTALL) is not None
    return _bare(str(wanted)) in _bare(said)


def _bare(text: str) -> str:
    return " ".join(fold(text).replace("**", "").replace("\u00a0", " ").split())


def _told(talk: Talk, words: dict[str, str]) -> dict[str, str]:
    """Numbers that the assistant said, and the code that was mailed to the conversation's customer."""
    said = " ".join(exchange.said for exchange in talk.exchanges)
    told = {word: found[-1] for word, pattern in TOLD.items() if (found := re.findall(pattern, said))}
    codes = [code for mail in talk.stage.mails(words.get("email", "")) for code in re.findall(r"^ *(\d{6})\s*$", checks.text_of(mail), re.MULTILINE)]
    return {**told, "mailed_code": codes[-1]} if codes else told


def _filled(value: Any, words: dict[str, str]) -> Any:
    """The value with `{order}` and the like put in. Raises ValueError for a word that nothing gave."""
    if isinstance(value, dict):
        return {key: _filled(one, words) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, words) for one in value]
    if not isinstance(value, str) or re.fullmatch(r"/.+/", value, re.DOTALL):
        return value

    def put(match: "re.Match[str]") -> str:
        if match[1] not in words:
            raise ValueError(f"`{match[0]}` was not given; there are {', '.join(f'{{{word}}}' for word in words) or 'none'}")
        return words[match[1]]

    return PLACEHOLDER.sub(put, value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _quoted(value: Any) -> str:
    return " or ".join(f"“{text}”" for text in _list(value))


def _titles(buttons: Sequence[dict[str, str]]) -> str:
    return ", ".join(f"“{button['title']}”" for button in buttons) or "none"
