"""What a diagnosis tree is: questions, steps to try, ends, and where each leads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional, Union

LANGUAGES = ("fr", "en")
PRODUCT_TYPES = (
    "smartphone", "tablet", "laptop", "television", "headphones", "speaker", "router", "smartwatch", "camera", "console", "accessory",
)  # fmt: skip
SYMPTOMS = (
    "power", "screen", "battery", "charging", "sound", "microphone", "camera", "connectivity", "overheating", "performance", "software",
    "storage", "buttons", "noise", "water",
)  # fmt: skip
ENDS = ("solved", "repair", "part", "article", "ticket", "safety")
"""How a diagnosis can end: it works again; repair; a spare part; an article; a ticket; danger, so a person at once."""

UNKNOWN, CANNOT, WORKED, DID_NOT_WORK = "unknown", "cannot", "worked", "did_not_work"


@dataclass(frozen=True)
class Fault:
    """One thing to mend in a tree: the file's name, the line from 1, and what is wrong, was expected and is to be done."""

    file: str
    line: int
    message: str
    is_error: bool = True

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Text:
    """A text in both languages."""

    fr: str
    en: str
    line: int = 0

    def of(self, language: str) -> str:
        """The text in that language, French where it is not known."""
        return self.en if language == "en" else self.fr


@dataclass(frozen=True)
class Link:
    """Where an answer or a result leads: `name` of a node or an end; `by` is the key that says so."""

    by: str
    name: str
    line: int


@dataclass(frozen=True)
class Choice:
    """One answer to a question. `words` by language; `models` are the product ids for which it is known without asking.

    `between` are the least and the most of a number that means it: "92 %" or "45".
    """

    value: str
    label: Text
    words: dict[str, tuple[str, ...]]
    models: tuple[str, ...]
    next: Link
    line: int
    between: Optional[tuple[float, float]] = None


@dataclass(frozen=True)
class Question:
    """A question, asked unless its fact is known."""

    name: str
    ask: Text
    help: Optional[Text]
    fact: str
    answers: tuple[Choice, ...]
    unknown: Link
    line: int

    @property
    def links(self) -> tuple[Link, ...]:
        """Every way on."""
        return (*(answer.next for answer in self.answers), self.unknown)

    def answer(self, value: str) -> Optional[Choice]:
        """The answer with that value."""
        return next((answer for answer in self.answers if answer.value == value), None)


@dataclass(frozen=True)
class Step:
    """Something to try, after which we ask whether it helped."""

    name: str
    step: Text
    article: Optional[str]
    worked: Link
    did_not_work: Link
    cannot: Link
    line: int
    article_line: int = 0

    @property
    def links(self) -> tuple[Link, ...]:
        """Every way on."""
        return (self.worked, self.did_not_work, self.cannot)


Node = Union[Question, Step]


@dataclass(frozen=True)
class End:
    """Where a path ends: one of ENDS, with a kind of spare part or an article where it is about one."""

    name: str
    kind: str
    say: Optional[Text]
    part: Optional[str]
    article: Optional[str]
    line: int


@dataclass(frozen=True)
class Tree:
    """One tree. `lines` are those of its own keys."""

    id: str
    file: str
    title: Text
    products: tuple[str, ...]
    symptoms: tuple[str, ...]
    start: str
    nodes: dict[str, Node]
    ends: dict[str, End]
    lines: dict[str, int] = field(default_factory=dict)

    def place(self, name: str) -> Union[Node, End, None]:
        """The node or end of that name."""
        return self.nodes.get(name) or self.ends.get(name)
