"""Drafts of articles out of what was said: the problem, what helped, the product, in the words of those who were there, for an editor to finish."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Optional, Sequence

import numpy as np
from sqlalchemy.orm import Session

from savoir.core.encoder import encoder
from savoir.core.masking import masked
from savoir.core.text import fold, words

from . import revisions
from .gaps import sample_of
from .keeping import LONGEST_TITLE, Content
from .tables import LANGUAGES, Article

MOST_STEPS = 8
LEAST_SCORE = 1.0
LONGEST_PROBLEM = 600

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÀ-Ý0-9\"«(\[])|\n+")
_MARK = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_GREETING = re.compile(r"^(?:bonjour|bonsoir|salut|hello|hi|hey|good (?:morning|afternoon|evening))(?: (?:madame|monsieur|à tous|there|all))?\b[\s,!.:]*", re.IGNORECASE)
_MASK = re.compile(r"\[[^\]]+\]")
_COURTESY = re.compile(
    r"\b(?:bonjour|bonsoir|merci|cordialement|bonne (?:journee|soiree|reception)|je vous en prie|desolee?|navree?|je reste a|n'hesitez pas|a votre (?:ecoute|"
    r"disposition)|je (?:regarde|verifie|transmets|vous envoie|vous rappelle|m'en occupe)|hello|thank|thanks|you'?re welcome|regards|sorry|have a (?:nice|good)|"
    r"let me (?:check|look)|i'?ll (?:check|look|get back|send)|happy to help|glad|feel free|good (?:morning|afternoon|evening))\b"
)
"""Said out of courtesy or about oneself, in folded text."""
_TO_DO_FR = re.compile(
    r"\b(?!avez|etes|pouvez|voulez|savez|serez|aurez|devez|aviez|etiez|chez|assez|recevrez|souhaitez|avouez|nez\b)[a-z]{3,}ez\b|\bil (?:faut|suffit)\b|\bvous (?:devez|pouvez)\b"
)
_TO_DO_EN = re.compile(
    r"(?:^|\b(?:then|please|and|now|first|next|to|can|should|must|need to|try to)\s+)(?:open|go|press|hold|turn|switch|unplug|plug|restart|reset|select|choose|tap|"
    r"click|check|clean|remove|insert|update|install|uninstall|delete|enable|disable|connect|disconnect|wait|charge|set|try|use|put|take|keep|leave|enter|type|"
    r"scroll|pair|sign|log|download|replace|move|place|make sure|wipe|lower|raise|free|forget)\b"
)
"""Sentences that tell what to do, in folded text."""
_PATH = re.compile(r"\S\s*(?:>|→|»\s*>)\s*\S")
_RESULT = re.compile(
    r"\b(?:resolu|regle|repare|ca (?:marche|fonctionne)|cela (?:marche|fonctionne)|c'etait|la cause|remplacee?|fixed|solved|resolved|it (?:works|was)|works again|"
    r"the cause|caused by|replaced|venait d)\b"
)
"""Sentences that tell what it was, or that it is over."""


@dataclass(frozen=True)
class Said:
    """What somebody of the firm wrote: to the customer, or (`is_note`) for colleagues."""

    text: str
    is_note: bool = False


@dataclass(frozen=True)
class SolvedCase:
    """A ticket that is solved, as a draft needs it. `product` is a model's id, `product_name` what people call it; `known` is what is
    known of the customer and those who answered, to be taken out."""

    number: str
    language: str
    subject: str
    problem: str
    said: tuple[Said, ...]
    category: str
    product: Optional[str] = None
    product_name: Optional[str] = None
    known: tuple[str, ...] = ()


def what_helped(case: SolvedCase) -> list[str]:
    """The sentences that tell what to do or what it was, in their order, at most eight: those that instruct, name a path through menus, tell
    the end, or stand close to the problem in meaning. Empty when nobody wrote such."""
    found = [
        (_MARK.sub("", sentence).strip(), said.is_note) for said in case.said for sentence in _SENTENCE_END.split(masked(said.text, case.known))
    ]
    found = [(sentence, is_note) for sentence, is_note in dict(found).items() if len(words(sentence)) >= 3]
    if not found:
        return []
    vectors = encoder().encode([f"{case.subject}. {case.problem}"[:LONGEST_PROBLEM], *(sentence for sentence, _ in found)])
    closeness = vectors[1:] @ vectors[0]
    scores = [_score(sentence, is_note) + float(close) for (sentence, is_note), close in zip(found, closeness, strict=True)]
    best = [place for place in np.argsort(-np.array(scores), kind="stable")[:MOST_STEPS] if scores[place] >= LEAST_SCORE]
    return [found[place][0] for place in sorted(best)]


def draft_of_case(case: SolvedCase, on: datetime) -> Content:
    """The draft: what helped first, because it answers; then the problem as the customer told it, and the product."""
    french = case.language == "fr"
    steps = what_helped(case)
    problem = _problem(case)
    told = [f"{number}. {step}" for number, step in enumerate(steps, 1)] if len(steps) > 1 else steps
    body = ["\n".join(told) or ("(Ce qui a aidé.)" if french else "(What helped.)")]
    body += ["## Le problème" if french else "## The problem", f"> {problem}"]
    if case.product_name:
        body += ["## Produit concerné" if french else "## Product", case.product_name]
    title = _title(masked(case.subject, case.known) or problem)
    return Content(
        title, "\n\n".join(body), on.date(), (case.product,) if case.product else (), (case.category,) if case.category else (), (sample_of(problem),)
    )


def draft_of_questions(questions: Sequence[str], language: str, on: datetime, product: Optional[str] = None) -> Content:
    """A draft for questions that no article answers: the one in their middle is its title, all are its samples."""
    body = "(Répondez ici en deux phrases.)\n\n## En détail\n\n…" if language == "fr" else "(Answer here in two sentences.)\n\n## In detail\n\n…"
    samples = tuple({fold(sample_of(question)): sample_of(question) for question in questions}.values())[:50]
    return Content(_title(questions[0]), body, on.date(), (product,) if product else (), (), samples)


def draft_of_translation(session: Session, *, article: str, language: str, on: datetime) -> Optional[Content]:
    """What an article says in the other language, to be translated; None if it does not exist there."""
    row = next((found for spoken in LANGUAGES if spoken != language and (found := session.get(Article, (article, spoken))) is not None), None)
    if row is None:
        return None
    return Content(str(row.title), str(row.body), on.date(), tuple(row.products), tuple(row.categories), (), row.valid_from, row.valid_until)


def begin(session: Session, *, content: Content, language: str, author: str, at: datetime, id: Optional[str] = None) -> Article:
    """Saves a draft that nobody reads yet, under an id of its title's words that is free, or under `id`. Raises what `revisions.save_draft` raises."""
    return revisions.save_draft(session, id=id or _free_id(session, content.title), language=language, content=content, author=author, at=at)


def _problem(case: SolvedCase) -> str:
    """The problem as the customer told it, without greetings and sentences that only say who they are."""
    told = _GREETING.sub("", masked(case.problem, case.known).strip())
    kept = [" ".join(sentence.split()) for sentence in _SENTENCE_END.split(told) if len(words(_MASK.sub("", sentence))) >= 3]
    problem = " ".join(kept)[:LONGEST_PROBLEM] or masked(case.subject, case.known)
    return problem[:1].upper() + problem[1:]


def _score(sentence: str, is_note: bool) -> float:
    plain = fold(sentence)
    instructs = bool(_TO_DO_FR.search(plain) or _TO_DO_EN.search(plain) or _PATH.search(sentence))
    ends = bool(_RESULT.search(plain))
    score = 1.0 * instructs + 1.0 * ends + 0.2 * is_note
    if _COURTESY.search(plain):
        score -= 0.6 if instructs and len(plain.split()) > 12 else 1.5
    return score - (0.8 if sentence.rstrip().endswith("?") else 0.0)


def _title(text: str) -> str:
    text = " ".join(text.split()).rstrip(" .;:,")
    short = text if len(text) <= 90 else text[:90].rsplit(" ", 1)[0] + "…"
    return (short[:1].upper() + short[1:])[:LONGEST_TITLE]


def _free_id(session: Session, title: str) -> str:
    base = "-".join(words(title)[:8])[:70].strip("-") or "article"
    number = 1
    while any(session.get(Article, (f"{base}-{number}" if number > 1 else base, language)) is not None for language in LANGUAGES):
        number += 1
    return f"{base}-{number}" if number > 1 else base
