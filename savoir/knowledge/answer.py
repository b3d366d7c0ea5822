"""From articles found to an answer: one passage when it is sure, titles to choose from when it is not, nothing below that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Optional, Sequence

from .index import Found
from .passages import sections, shortened

SURE = 0.5
POSSIBLE = 0.2
MOST_CHOICES = 3


@dataclass(frozen=True)
class Hit:
    """An article found, as pages and conversations show it. `passage` is Markdown, `confidence` goes from 0 to 1."""

    article: str
    language: str
    title: str
    passage: str
    score: float
    confidence: float

    @property
    def path(self) -> str:
        """Where the help centre shows it."""
        return f"/help/{self.language}/{self.article}"


@dataclass(frozen=True)
class Answer:
    """What to say to a question. `article` and `passage` with `direct`, `choices` (at most three) with `choices`.

    `language` is that of the article shown: when it is not the asker's, say so.
    """

    kind: Literal["direct", "choices", "none"]
    article: Optional[Hit]
    passage: str
    choices: tuple[Hit, ...]
    language: str
    confidence: float = 0.0


def hit_of(found: Found) -> Hit:
    """An article found with the passage to show."""
    return Hit(
        article=found.document.id, language=found.document.language, title=found.document.title, passage=passage_of(found),
        score=round(found.score, 4), confidence=confidence(found),
    )


def passage_of(found: Found) -> str:
    """The text that answers: the article's opening, or the section that is clearly closer to the question."""
    parts = sections(found.document.body)
    return shortened(parts[0][1] if parts else found.document.body)


def confidence(found: Found) -> float:
    """How sure it is that this article answers, 0 to 1."""
    return min(1.0, max(0.0, 0.5 * found.cosine + 0.5 * found.words))


def answer_from(found: Sequence[Found], language: str) -> Answer:
    """The answer for the articles found, best first."""
    if not found:
        return Answer("none", None, "", (), language)
    hits = [hit_of(one) for one in found[:MOST_CHOICES]]
    sure = hits[0].confidence
    if sure >= SURE:
        return Answer("direct", hits[0], hits[0].passage, (), hits[0].language, sure)
    if sure >= POSSIBLE:
        return Answer("choices", None, "", tuple(hits), hits[0].language, sure)
    return Answer("none", None, "", (), language, sure)
