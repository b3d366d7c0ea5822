"""From articles found to an answer: one passage when it is sure, titles to choose from when it is not, nothing below that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Optional, Sequence

from .index import Found
from .passages import for_chat, sections, shortened
from .thresholds import Thresholds, subject_of, thresholds

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
    page: Optional[int] = None
    """The page of the document that the article was taken from."""

    @property
    def path(self) -> str:
        """Where the help centre shows it."""
        return f"/help/{self.language}/{self.article}"

    @property
    def anchor(self) -> str:
        """What follows the path to come to that page; empty without one."""
        return f"#page-{self.page}" if self.page else ""


@dataclass(frozen=True)
class Answer:
    """What to say to a question. `article` and `passage` with `direct`; `choices`, at most three, with `choices`.

    `language` is that of the article shown: when it is not the asker's, say so.
    """

    kind: Literal["direct", "choices", "none"]
    article: Optional[Hit]
    passage: str
    choices: tuple[Hit, ...]
    language: str
    confidence: float = 0.0

    @property
    def title(self) -> str:
        """The article's title; empty without one."""
        return self.article.title if self.article else ""

    @property
    def url(self) -> str:
        """The article's path in the help centre, with the page; empty without one."""
        return self.article.path + self.article.anchor if self.article else ""


def hit_of(found: Found, encoder: str, limits: Optional[Thresholds] = None) -> Hit:
    """An article found with the passage to show; `encoder` names what its cosine was measured with."""
    limits = limits or thresholds(encoder)
    document = found.document
    return Hit(
        article=document.id, language=document.language, title=document.title, passage=passage_of(found), score=round(found.score, 4),
        confidence=round(limits.confidence(found), 4), page=found.passage.page,
    )


def passage_of(found: Found) -> str:
    """The lines that answer; those of a section come after its heading."""
    text = for_chat(found.passage.text, found.document.language)
    return shortened(f"**{found.passage.heading}**\n\n{text}" if found.passage.heading else text)


def opening_of(body: str, language: str) -> str:
    """The beginning of an article, which says what matters most."""
    return shortened(for_chat(sections(body)[0][1], language))


def is_on_subject(found: Sequence[Found], encoder: str, limits: Optional[Thresholds] = None) -> bool:
    """Whether the question is about something that the articles are about."""
    return bool(found) and subject_of(found[0], encoder) >= (limits or thresholds(encoder)).on_subject


def answer_from(found: Sequence[Found], language: str, encoder: str, limits: Optional[Thresholds] = None) -> Answer:
    """The answer for the articles found, best first; `limits` are the thresholds in force if None."""
    limits = limits or thresholds(encoder)
    if not is_on_subject(found, encoder, limits):
        return Answer("none", None, "", (), language)
    hits = [hit_of(one, encoder, limits) for one in found[:MOST_CHOICES]]
    sure = hits[0].confidence
    if sure >= limits.sure:
        return Answer("direct", hits[0], hits[0].passage, (), hits[0].language, sure)
    return Answer("choices", None, "", tuple(hits), hits[0].language, sure)
