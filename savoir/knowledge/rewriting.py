"""An answer in a language model's words from the passages that were found: each sentence with its source, and checked against it.

The model is asked through `Writer`, which a connector implements. Whatever it writes that the passages don't hold, or in another
form than it was asked for, is not shown: then there is no rewritten answer, and the passage itself is.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from dataclasses import dataclass
from typing import Optional, Protocol, Sequence

from sqlalchemy.orm import Session

from savoir.core.encoder import Encoder, UniversalSentenceEncoder, encoder

from . import service
from .faithful_reading import ITEM, content, is_courtesy, is_limited, sentences
from .faithfulness import Doubt, Evidence, Support, check
from .instructions import ANSWERING, NO_ANSWER
from .passages import for_chat, plain, sections

MOST_ARTICLES = 2
MOST_CHARACTERS = 4000
"""Of all passages together: about a thousand tokens."""
LONGEST_ANSWER = 1000
_CITED = re.compile(r"\s*\[\s*(\d{1,2}(?:\s*[,;]\s*\d{1,2})*)\s*\]")
_CITED_AFTER = re.compile(r"([.!?…:])((?:\s*\[[\d\s,;]{1,12}\])+)")


class NotWritten(Exception):
    """There is no text of the model: `reason` is one word for logs (`slow`, `busy`, `resting`, `unreachable`, `fault`, `malformed`, …)."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class Writer(Protocol):
    """What writes. It hides personal data before a text leaves the house."""

    async def write(self, instructions: str, text: str, *, known: Sequence[str] = (), restores: bool = True) -> str:
        """The model's text. `known`: values of the customer that must not leave; `restores`: whether hidden values come back in
        the text, or stay as marks such as <EMAIL_1>. Raises NotWritten."""
        ...


@dataclass(frozen=True)
class Source:
    """A passage that an answer may be made of, in the asker's language. `text` has one sentence or list item a line or more."""

    article: str
    language: str
    title: str
    heading: str
    text: str

    @property
    def path(self) -> str:
        """Where the help centre shows its article."""
        return f"/help/{self.language}/{self.article}"


@dataclass(frozen=True)
class Rewritten:
    """An answer as Markdown, each sentence followed by a link to its article, and the articles in the order of their numbers."""

    text: str
    articles: tuple[Source, ...]
    language: str


def sources_for(
    session: Session, *, question: str, language: str, product: Optional[str] = None, article: Optional[str] = None
) -> list[Source]:
    """The passages to write from: of the best articles in the asker's language, or of one `article`, what is closest to the question
    first. None of an article in another language: a translation can't be checked word by word."""
    found: list[Source] = []
    room = MOST_CHARACTERS
    ids = [article] if article else [
        hit.article for hit in service.search(session, question=question, language=language, limit=MOST_ARTICLES, product=product).hits
    ]
    for id in ids:
        row = service.article(session, id=id, language=language)
        if row is None:
            if not found:
                return []  # the best article is in another language
            continue
        parts = [Source(id, language, str(row.title), heading, lines_of(text, language)) for heading, text in sections(str(row.body))]
        asked = content(question, language)
        ranked = sorted(range(len(parts)), key=lambda n: (n > 0, -len(asked & content(f"{parts[n].heading} {parts[n].text}", language)), n))
        kept = []
        for number in ranked:
            if len(parts[number].text) <= room:
                kept.append(number)
                room -= len(parts[number].text)
        found += [parts[number] for number in sorted(kept)]
    return found


async def rewritten(
    question: str, sources: Sequence[Source], writer: Writer, *, known: Sequence[str] = (), using: Optional[Encoder] = None
) -> Rewritten:
    """The answer to a question. Raises NotWritten when the model gives none in time, or one that can't be trusted."""
    if not sources:
        raise NotWritten("nothing-found")
    text = await writer.write(ANSWERING[sources[0].language], request_text(question, sources), known=known)
    using = using or encoder(UniversalSentenceEncoder.name)
    return await asyncio.get_running_loop().run_in_executor(None, checked, text, sources, using)  # a good deal of CPU


def request_text(question: str, sources: Sequence[Source]) -> str:
    """What the model is given: the passages with their numbers, then the question. What looks like our own marks is taken apart."""
    passages = "\n".join(
        f'<passage n="{number}" article="{_bare(source.title)}"' + (f' section="{_bare(source.heading)}"' if source.heading else "")
        + f">\n{_bare(source.text)}\n</passage>"
        for number, source in enumerate(sources, 1)
    )
    return f"<passages>\n{passages}\n</passages>\n<question>\n{_bare(question[: service.LONGEST_QUESTION])}\n</question>"


def checked(text: str, sources: Sequence[Source], using: Encoder) -> Rewritten:
    """A model's text as an answer. Raises NotWritten: `refused`, `malformed`, `too-long`, or `doubted` with the kind of the doubt."""
    text = text.strip()
    if any(word in text for word in NO_ANSWER.values()):
        raise NotWritten("refused")
    if not text or len(text) > LONGEST_ANSWER or re.search(r"https?:|\]\(|<|```|^\s*[|#]", text, re.MULTILINE):
        raise NotWritten("malformed" if len(text) <= LONGEST_ANSWER else "too-long")
    language = sources[0].language
    lines = [_read(line, language) for line in _CITED_AFTER.sub(r"\2\1", text).splitlines()]
    said = [one for line in lines for one in line.said]
    if not any(one.cites for one in said):
        raise NotWritten("malformed", "no source")
    if any(not 1 <= number <= len(sources) for one in said for number in one.cites):
        raise NotWritten("malformed", "a source that there is not")
    _support(said, _evidence(sources), using)
    _keep_order(lines, sources)
    return _shown([line for line in lines if line.said or not line.mark], sources, language)


@dataclass
class _Said:
    """One sentence of the answer, and where it stands."""

    text: str
    cites: list[int]
    support: Optional[Support] = None


@dataclass
class _Line:
    mark: str
    said: list[_Said]

    @property
    def is_step(self) -> bool:
        return self.mark[:1].isdigit()


def _read(line: str, language: str) -> _Line:
    """One line: its list mark, its sentences without courtesies, and the sources of each; a sentence without one has the next one's."""
    item = ITEM.match(line)
    mark = item[0].strip() + " " if item else ""
    found: list[_Said] = []
    for part in sentences(line[item.end() :] if item else line):
        cites = [int(number) for match in _CITED.finditer(part) for number in re.split(r"\s*[,;]\s*", match[1])]
        told = _CITED.sub("", part).strip()
        if told and not (is_courtesy(told, language) and not cites):
            found.append(_Said(told, list(dict.fromkeys(cites))))
    for one, after in zip(found[-2::-1], found[:0:-1], strict=True):
        one.cites = one.cites or list(after.cites)
    return _Line(mark, found)


def _evidence(sources: Sequence[Source]) -> list[Evidence]:
    whole: dict[str, str] = {}
    for source in sources:
        whole[source.article] = f"{whole.get(source.article, '')}\n{source.heading}.\n{source.text}"
    return [Evidence(source.text, source.language, f"{source.title}. {source.heading}", whole[source.article]) for source in sources]


def _support(said: list[_Said], evidence: Sequence[Evidence], using: Encoder) -> None:
    """Looks each sentence up in the passages that it cites, or in all where it cites none; the first that holds it is its source."""
    for place, one in enumerate(said):
        language = evidence[0].language
        if one.text.endswith(":") and not content(one.text, language) - _titles(evidence, language) and place + 1 < len(said):
            continue  # leads to what follows, and tells nothing: `Voici comment faire :`
        beside = [said[n].text for n in (place - 1, place + 1) if 0 <= n < len(said)]
        limits_near = any(is_limited(text, language) for text in beside)
        doubt: Optional[Doubt] = None
        for number in one.cites or range(1, len(evidence) + 1):
            found = check(one.text.rstrip(":").strip(), evidence[number - 1], using, limits_near=limits_near)
            if isinstance(found, Support):
                one.cites, one.support = [number], found
                break
            doubt = doubt or found
        else:
            raise NotWritten("doubted", doubt.kind if doubt else "")


def _titles(evidence: Sequence[Evidence], language: str) -> frozenset[str]:
    return frozenset().union(*(content(one.context, language) for one in evidence))


def _keep_order(lines: Sequence[_Line], sources: Sequence[Source]) -> None:
    """The steps of a numbered list follow one another as they do in the passage, and none between them is left out."""
    steps = [one for line in lines if line.is_step for one in line.said if one.support]
    for number in {one.cites[0] for one in steps}:
        units = Evidence(sources[number - 1].text, sources[number - 1].language).units
        places = [one.support for one in steps if one.cites[0] == number and one.support]
        if any(after.first < before.first for before, after in itertools.pairwise(places)):
            raise NotWritten("doubted", "order")
        told = {units[n].step for place in places for n in range(place.first, place.end)} - {None}
        held = {unit.step for unit in units} - {None}
        if told and any(min(told) < step < max(told) for step in held - told):  # type: ignore[type-var, operator]
            raise NotWritten("doubted", "step left out")


def _shown(lines: Sequence[_Line], sources: Sequence[Source], language: str) -> Rewritten:
    """The answer with links; articles are numbered in the order in which they are cited."""
    order: list[Source] = []
    shown: list[str] = []
    for line in lines:
        parts = []
        for one in line.said:
            link = ""
            if one.support:
                source = sources[one.cites[0] - 1]
                if source.article not in [other.article for other in order]:
                    order.append(source)
                place = [other.article for other in order].index(source.article) + 1
                link = f" [({place})]({source.path})"
            parts.append(f"{one.text}{link}")
        shown.append(f"{line.mark}{' '.join(parts)}".rstrip())
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(shown)).strip()
    if not order:
        raise NotWritten("malformed", "nothing said")
    return Rewritten(text, tuple(order), language)


def lines_of(markdown: str, language: str) -> str:
    """A section's lines, without marks and addresses; numbers of lists stay."""
    found = []
    for line in for_chat(markdown, language).splitlines():
        item = ITEM.match(line)
        if line.strip():
            found.append(f"{item[0].strip()} {plain(line)}" if item else plain(line))
    return "\n".join(found)


def _bare(text: str) -> str:
    """Without what could be taken for our marks."""
    return text.replace("<", "‹").replace('"', "”").replace("\0", "")
