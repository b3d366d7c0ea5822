"""A draft of an article in a language model's words, from what solved requests said: checked like an answer, and without anybody in it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from typing import Optional, Sequence

from savoir.core.encoder import Encoder, UniversalSentenceEncoder, encoder
from savoir.core.log import logger
from savoir.core.masking import masked

from .drafts import SolvedCase, what_helped
from .faithful_reading import ITEM, content, has, names, numbers, sentences
from .faithfulness import Doubt, Evidence, Support, check
from .instructions import DRAFTING, NO_ANSWER
from .keeping import Content
from .rewriting import NotWritten, Source, Writer, request_text

log = logger(__name__)
MOST_CHARACTERS = 6000
"""Of all texts together that a draft is made of."""
LONGEST_DRAFT = 4000
LONGEST_TITLE = 120
_MARK = re.compile(r"<[A-Z]+_\d+>|\b[A-Z]+_\d+\b")
_REST = re.compile(r"^## (?:Le problème|The problem)$", re.MULTILINE)


@dataclass(frozen=True)
class Redrafted:
    """A draft: its title, and its body in Markdown."""

    title: str
    body: str


async def improved(content: Content, case: SolvedCase, writer: Writer) -> Content:
    """The extractive draft of a solved case with title and answer in the model's words, where those can be trusted; else the draft as it is.
    The problem in the customer's words and the product stay below."""
    steps = what_helped(case)
    rest = _REST.search(content.body)
    if not steps or rest is None:
        return content
    try:
        texts = ["\n".join(steps), case.problem, *(said.text for said in case.said), case.product_name or ""]
        made = await redrafted(content.title, texts, case.language, writer, known=case.known)
        if masked(f"{made.title}\n{made.body}", case.known) != f"{made.title}\n{made.body}":
            raise NotWritten("personal")
    except NotWritten as reason:
        log.info("knowledge.draft_not_written", reason=str(reason))
        return content
    return replace(content, title=made.title, body=f"{made.body}\n\n{content.body[rest.start() :]}")


async def redrafted(
    title: str, texts: Sequence[str], language: str, writer: Writer, *, known: Sequence[str] = (), using: Optional[Encoder] = None
) -> Redrafted:
    """A draft from `texts`: the extractive draft first, then what was said in the requests. `title` is the extractive one's; `known` are
    values of the customers that must not leave. Personal data stay hidden, and a draft that still has a mark of them is not taken.
    Raises NotWritten when there is no draft that can be trusted: then the extractive one is."""
    sources: list[Source] = []
    for text in texts:
        if text.strip() and sum(len(source.text) for source in sources) + len(text) <= MOST_CHARACTERS:
            sources.append(Source("", language, title, "", text.strip()))
    if not sources:
        raise NotWritten("nothing-found")
    written = await writer.write(DRAFTING[language], request_text("", sources), known=known, restores=False)
    using = using or encoder(UniversalSentenceEncoder.name)
    return await asyncio.get_running_loop().run_in_executor(None, checked_draft, written, sources, using)


def checked_draft(written: str, sources: Sequence[Source], using: Encoder) -> Redrafted:
    """A model's text as a draft. Raises NotWritten: `refused`, `malformed`, `too-long`, `personal`, or `doubted` with the kind of the doubt."""
    language = sources[0].language
    if any(word in written for word in NO_ANSWER.values()):
        raise NotWritten("refused")
    if len(written) > LONGEST_DRAFT:
        raise NotWritten("too-long")
    if _MARK.search(written):
        raise NotWritten("personal")
    title, _, body = written.strip().partition("\n")
    title, body = title.strip(" #*\"«»"), re.sub(r"\s*\[\d{1,2}\]", "", body).strip()
    if not title or not body or len(title) > LONGEST_TITLE or re.search(r"https?:|\]\(|<|```|^\s*\|", body, re.MULTILINE):
        raise NotWritten("malformed")
    around = "\n".join(source.text for source in sources)
    evidence = [Evidence(source.text, language, source.title, around) for source in sources]
    _doubt_title(title, f"{sources[0].title}\n{around}", language)
    for line in body.splitlines():
        for sentence in sentences(ITEM.sub("", line.lstrip("# "))):
            _doubt_sentence(sentence, evidence, using)
    return Redrafted(title, body)


def _doubt_title(title: str, held: str, language: str) -> None:
    """A title need not be a sentence of the requests, but every word, number and name of it must be theirs."""
    whole = content(held, language)
    if any(not has(word, whole, language) for word in content(title, language)):
        raise NotWritten("doubted", "title")
    if names(title) - names(held) - {word.lower() for word in held.split()} or {n.value for n in numbers(title, language)} - {
        n.value for n in numbers(held, language)
    }:
        raise NotWritten("doubted", "title")


def _doubt_sentence(sentence: str, evidence: Sequence[Evidence], using: Encoder) -> None:
    doubt: Optional[Doubt] = None
    if sentence.endswith(":") and not content(sentence, evidence[0].language):
        return  # leads to a list, and tells nothing
    for one in evidence:
        found = check(sentence.rstrip(":").strip(), one, using)
        if isinstance(found, Support):
            return
        doubt = doubt or found
    raise NotWritten("doubted", doubt.kind if doubt else "")
