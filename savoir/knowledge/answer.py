"""From articles found to an answer: one passage when it is sure, titles to choose from when it is not, nothing below that."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Optional, Sequence

from savoir.core.encoder import SmallE5, UniversalSentenceEncoder

from .index import Found
from .passages import for_chat, sections, shortened

# Fitted on the questions of tests/knowledge; `savoir evaluate knowledge` says what they give on a firm's own.
SURE = 0.83
"""From this confidence on, an answer is given as such: at least 95 in 100 of them are right."""
_CONFIDENCE = {UniversalSentenceEncoder.name: (8.7, 6.2, -3.5), SmallE5.name: (14.5, 30.0, -27.1)}
"""By encoder, the logistic regression of "the first article is right" on its lead and its cosine: two slopes and a constant."""
_ON_SUBJECT = {UniversalSentenceEncoder.name: 0.85, SmallE5.name: 1.25}
"""By encoder, what cosine and score together must reach for a question to be about the firm's subjects at all."""
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


def hit_of(found: Found, encoder: str) -> Hit:
    """An article found with the passage to show; `encoder` names what its cosine was measured with."""
    document = found.document
    return Hit(
        article=document.id, language=document.language, title=document.title, passage=passage_of(found), score=round(found.score, 4),
        confidence=round(confidence(found, encoder), 4), page=found.passage.page,
    )


def passage_of(found: Found) -> str:
    """The lines that answer; those of a section come after its heading."""
    text = for_chat(found.passage.text, found.document.language)
    return shortened(f"**{found.passage.heading}**\n\n{text}" if found.passage.heading else text)


def opening_of(body: str, language: str) -> str:
    """The beginning of an article, which says what matters most."""
    return shortened(for_chat(sections(body)[0][1], language))


def confidence(found: Found, encoder: str) -> float:
    """How probable it is that this article answers, 0 to 1."""
    by_lead, by_cosine, constant = _CONFIDENCE[encoder]
    return 1 / (1 + math.exp(-(by_lead * found.lead + by_cosine * found.cosine + constant)))


def is_on_subject(found: Sequence[Found], encoder: str) -> bool:
    """Whether the question is about something that the articles are about."""
    return bool(found) and found[0].cosine + found[0].score >= _ON_SUBJECT[encoder]


def answer_from(found: Sequence[Found], language: str, encoder: str) -> Answer:
    """The answer for the articles found, best first."""
    if not is_on_subject(found, encoder):
        return Answer("none", None, "", (), language)
    hits = [hit_of(one, encoder) for one in found[:MOST_CHOICES]]
    sure = hits[0].confidence
    if sure >= SURE:
        return Answer("direct", hits[0], hits[0].passage, (), hits[0].language, sure)
    return Answer("choices", None, "", tuple(hits), hits[0].language, sure)
