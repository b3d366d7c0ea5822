"""Whether a sentence says only what a passage says: its words, reading.deeds, numbers with their units, names, negations and conditions.

The check leans to doubt. A sentence that is true and told in other words may be refused, for the article's own words are always
at hand; one that tells what the passage does not hold must not pass, whoever asked a language model for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Iterator, Optional, Sequence

from savoir.core.encoder import Encoder

from . import faithful_reading as reading
from .faithful_reading import Number, clauses, content, has, is_limited, names, numbers, sentences, shared, tokens_of
from .terms import stem

_STATEMENT = re.compile(r"[,;.!?()]+(?!\d)| (?:et|and) ", re.IGNORECASE)
_PART = re.compile(r"[;:()]|,\s")

MOST_UNITS = 3
"""Sentences of a passage, one after another, that one sentence may be made of."""
IN_WINDOW = 0.6
"""The share of a sentence's words that must stand in those; the others may stand elsewhere in the passage."""
TOGETHER = 0.6
"""The share of a clause's words that must stand in one clause of the passage."""
CLOSE = 0.45
"""The closeness in meaning (cosine of USE) below which the words may be those of the passage, and the sentence is not."""


@dataclass(frozen=True)
class Doubt:
    """Why a sentence is not taken: `number`, `name`, `word`, `together`, `deed`, `promise`, `negation`, `opposite`, `condition` or `meaning`; and where, for tests."""

    kind: str
    about: str = ""


@dataclass(frozen=True)
class Unit:
    """One sentence of a passage, or one item of a list; `step` is its number in a numbered list, `is_row` that it is of another, or of a table."""

    text: str
    step: Optional[int] = None
    is_row: bool = False


@dataclass(frozen=True)
class Support:
    """The sentences of the passage that hold one sentence: from `first` to before `end`."""

    first: int
    end: int


@dataclass
class Evidence:
    """A passage, ready to be compared with. `context`: its article's title and the heading above it; `around`: what else is held of the article."""

    text: str
    language: str
    context: str = ""
    around: str = ""
    units: list[Unit] = field(init=False)

    def __post_init__(self) -> None:
        self.units = [
            Unit(sentence, int(item[1]) if item and item[1] else None, bool(item and not item[1]))
            for line in self.text.splitlines()
            for item in [reading.ITEM.match(line)]
            for whole in sentences(reading.ITEM.sub("", line))
            for sentence in whole.split(" ; ")
        ]

    def windows(self) -> Iterator[Support]:
        """All runs of up to three units, the shorter ones first; two rows of a table tell of different things and are never one."""
        for size in range(1, MOST_UNITS + 1):
            for first in range(len(self.units) - size + 1):
                if sum(unit.is_row for unit in self.units[first : first + size]) < 2:
                    yield Support(first, first + size)

    def told(self, support: Support) -> str:
        """The words of a run of units."""
        texts = [unit.text for unit in self.units[support.first : support.end]]
        return " ".join(text if text[-1] in ".!?…:;" else f"{text} ;" for text in texts[:-1]) + f" {texts[-1]}" if texts[1:] else texts[0]


def check(sentence: str, evidence: Evidence, encoder: Encoder, *, limits_near: bool = False) -> Support | Doubt:
    """Where a sentence stands in a passage, or why it is doubted. `limits_near`: whether a sentence beside it tells the condition."""
    language = evidence.language
    asked = content(sentence, language)
    if not asked:
        return Doubt("word", "nothing told")  # `24 months` may be anything's
    whole = content(f"{evidence.context}\n{evidence.text}\n{evidence.around}", language)
    for word in sorted(asked):
        if not has(word, whole, language):
            return Doubt("word", word)
    above = content(evidence.context, language)
    below = [word for word in asked if not has(word, above, language)]  # `pour réinitialiser un Murmure` repeats the title
    doubts: list[Doubt] = []
    best: Optional[tuple[tuple[float, int], Support]] = None
    for support in evidence.windows():
        told = evidence.told(support)
        here = content(told, language)
        share = len(shared(below, here, language)) / len(below) if below else 1.0
        rank = (share, len(shared(asked, here, language)))
        if share < IN_WINDOW or (best and rank <= best[0]):
            continue
        doubt = _mixing_doubt(sentence, evidence.units[support.first : support.end]) or _doubt(sentence, told, evidence, language, limits_near)
        if doubt is None:
            best = (rank, support)
        else:
            doubts.append(doubt)
    if best is None:
        return doubts[0] if doubts else Doubt("word", "together")
    told = evidence.told(best[1])
    mine, *its = encoder.encode([sentence, *dict.fromkeys([told, *sentences(told), *_parts(told)])])
    closeness = max(float(mine @ vector) for vector in its)
    return best[1] if closeness >= CLOSE else Doubt("meaning", f"{closeness:.2f}")


def _doubt(sentence: str, told: str, evidence: Evidence, language: str, limits_near: bool) -> Optional[Doubt]:
    """What speaks against a sentence beside one run of units."""
    main = max(sentences(told), key=lambda one: len(shared(content(sentence, language), content(one, language), language)))
    return (
        _togetherness_doubt(sentence, told, evidence.context, language)
        or _number_doubt(sentence, told, evidence.context, language)
        or _name_doubt(sentence, told, main, evidence.context)
        or _deed_doubt(sentence, told, language)
        or _promise_doubt(sentence, told, language)
        or _opposite_doubt(sentence, told, main, language)
        or _negation_doubt(sentence, told, language)
        or _condition_doubt(sentence, main, language, limits_near)
    )


def _mixing_doubt(sentence: str, units: Sequence[Unit]) -> Optional[Doubt]:
    """What is told of one model must not be told of another: no unit that names only others stands beside one that names the same."""
    mine = names(sentence)
    named = [names(unit.text) for unit in units]
    if any(held & mine for held in named) and any(held and not held & mine for held in named):
        return Doubt("name", "told of another")
    return None


def _togetherness_doubt(sentence: str, told: str, context: str, language: str) -> Optional[Doubt]:
    """The words of a clause must stand together in the passage: `the label is free` and `the product` make no free product."""
    theirs = [content(clause, language) for clause in [*clauses(told), *clauses(context)]]
    for clause in clauses(sentence):
        words = content(clause, language)
        most = max((len(shared(words, other, language)) for other in theirs), default=0)
        if len(words) > 1 and most < TOGETHER * len(words):
            return Doubt("together", clause.strip())
    return None


def _number_doubt(sentence: str, told: str, context: str, language: str) -> Optional[Doubt]:
    here, above = numbers(told, language), numbers(context, language)
    for number in numbers(sentence, language):
        # a title's number holds only where the sentence below tells none of that kind
        held = here if any(other.unit == number.unit for other in here) else here + above
        same = [other for other in held if other.value == number.value and other.unit == number.unit]
        if not same or not (number.unit or not number.near or any(number.near & other.near for other in same)):
            return Doubt("number", f"{number.value} {number.unit}".strip())
    # a number must not change places with another: its clause fits the clause in which the passage has it at least as well as any other
    theirs = [(clause, numbers(clause, language)) for clause in _statements(told)]
    for clause in _statements(sentence):
        words = content(clause, language)
        for number in numbers(clause, language):
            own = max((len(shared(words, content(c, language), language)) for c, held in theirs if _holds(held, number)), default=None)
            other = max((len(shared(words, content(c, language), language)) for c, held in theirs if held and not _holds(held, number)), default=0)
            if own is not None and other > own:
                return Doubt("number", f"{number.value} {number.unit}, told of something else")
    return None


def _statements(text: str) -> list[str]:
    """Clauses with what stands before their colon: `maximum: 18 W`."""
    return [part for part in _STATEMENT.split(f"{text} ") if part.strip()]


def _parts(told: str) -> list[str]:
    """What stands between colons and semicolons."""
    return [part.strip() for part in _PART.split(told) if part.strip()]


def _holds(held: Sequence[Number], number: Number) -> bool:
    return any(one.value == number.value and one.unit == number.unit for one in held)


def _name_doubt(sentence: str, told: str, main: str, context: str) -> Optional[Doubt]:
    mine, theirs, around = names(sentence), set(tokens_of(told)), set(tokens_of(context))
    for name in sorted(mine):
        if name not in theirs and name not in around:
            return Doubt("name", name)
    in_main = set(tokens_of(main))
    elsewhere = {name for name in mine if name not in in_main and name not in around}
    if elsewhere and names(main) - mine:
        return Doubt("name", f"{min(elsewhere)}, told of another")
    return None


def _deed_doubt(sentence: str, told: str, language: str) -> Optional[Doubt]:
    here = frozenset(stem(word, language) for word in tokens_of(told) if word.isalpha())
    for word in reading.deeds(sentence, language):
        if not has(stem(word, language), here, language):
            return Doubt("deed", word)
    return None


def _promise_doubt(sentence: str, told: str, language: str) -> Optional[Doubt]:
    here = reading.all_stems(told, language)
    added = [word for word in sorted(reading.promises(sentence, language)) if not has(word, here, language)]
    return Doubt("promise", added[0]) if added else None


def _opposite_doubt(sentence: str, told: str, main: str, language: str) -> Optional[Doubt]:
    mine, here, there = (reading.all_stems(text, language) for text in (sentence, main, told))
    for pair in reading.opposites(language):
        for one, other in (pair, pair[::-1]):
            if one in mine and other not in mine and one not in here and (other in here or (one not in there and other in there)):
                return Doubt("opposite", f"{one} for {other}")
    return None


def _negation_doubt(sentence: str, told: str, language: str) -> Optional[Doubt]:
    theirs = [(content(clause, language), reading.negations(clause, language)) for clause in clauses(told)]
    for clause in clauses(sentence):
        words, negated = content(clause, language), reading.negations(clause, language)
        if not words:
            continue
        fits = [(len(shared(words, other, language)), is_other) for other, is_other in theirs]
        most = max((count for count, _ in fits), default=0)
        fitting = {is_other for count, is_other in fits if count == most} if most >= 0.5 * len(words) else set()
        if (fitting and negated not in fitting) or (negated and not fitting):
            return Doubt("negation", clause.strip())
    return None


def _condition_doubt(sentence: str, main: str, language: str, limits_near: bool) -> Optional[Doubt]:
    if limits_near or is_limited(sentence, language) or not is_limited(main, language):
        return None
    return Doubt("condition", main)
