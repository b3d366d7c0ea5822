"""What a transcript itself tells: numbers and addresses that were given, what was tried, what is wanted. Patterns, no model."""

from __future__ import annotations

import re
from typing import Iterable, Sequence

from savoir.conversations.tables import Message
from savoir.core.text import fold, words

PATTERNS = (
    ("order", re.compile(r"\bCMD[-\s]?(\d{6})\b", re.IGNORECASE), "CMD-{}"),
    ("ticket", re.compile(r"\bSAV[-\s]?(\d{6})\b", re.IGNORECASE), "SAV-{}"),
    ("repair", re.compile(r"\bREP[-\s]?(\d{6})\b", re.IGNORECASE), "REP-{}"),
    ("serial", re.compile(r"\b([A-Za-z]{2}\d{10})\b"), "{}"),
    ("email", re.compile(r"\b([\w.+-]+@[\w-]+(?:\.[\w-]+)+)\b"), "{}"),
    ("phone", re.compile(r"(?<![\d+])((?:\+33\s?|0)[1-9](?:[\s.-]?\d{2}){4})(?!\d)"), "{}"),
    ("amount", re.compile(r"(\d{1,5}(?:[.,]\d{2})?\s?€|€\s?\d{1,5}(?:[.,]\d{2})?)"), "{}"),
)
TRIED = re.compile(
    r"\bj'ai (?:deja |bien |tout |meme )*(?:essaye|redemarre|reinitialise|change|branche|debranche|appele|rappele|verifie|teste|tente|reinstalle|mis a jour|"
    r"nettoye|contacte|ecrit|suivi)|\b(?:deja|meme) (?:essaye|redemarre|reinitialise|fait)|"
    r"\bi(?:'ve| have)? (?:already |even )*(?:tried|restarted|rebooted|reset|changed|plugged|unplugged|called|checked|tested|reinstalled|updated|cleaned|"
    r"contacted|written|followed)\b"
)
WANTED = re.compile(
    r"\bje (?:veux|voudrais|souhaite|souhaiterais|demande|prefere|prefererais)\b|\bj'(?:aimerais|exige|attends|ai besoin)\b|\bpouvez[- ]vous\b|\bpourriez[- ]vous\b|"
    r"\bcomment\b|\bquand\b|\best[- ]ce que\b|\bil me faut\b|\bi(?:'d| would)? (?:want|like|need|prefer|expect)\b|\bi'd like\b|\b(?:can|could) (?:you|i)\b|\bplease\b|\bwhen\b|\bhow\b"
)
_EMPTY = frozenset(words(
    "bonjour bonsoir salut hello merci svp stp oui non ok alors donc voila allo hi hey thanks thank you yes no please je vous voudrais parler a un une "
    "conseiller personne quelqu un humain moi mettez passez aimerais souhaite souhaiterais besoin i d like would need want to talk speak with person someone human"
))
"""Words that say nothing of the matter."""
SAYS_MUCH = 4
"""Different words from which a sentence tells what it is about."""
LONGEST_QUOTE = 220


def typed(messages: Iterable[Message]) -> list[Message]:
    """What the customer wrote with their own words, oldest first."""
    return [m for m in messages if m.author == "customer" and m.text and not m.payload]


def given(texts: Sequence[str]) -> list[tuple[str, str]]:
    """`(kind, value)` of every number, address and amount that was given, in the order of PATTERNS, each once."""
    found: dict[tuple[str, str], None] = {}
    for kind, pattern, form in PATTERNS:
        for text in texts:
            for match in pattern.finditer(text):
                value = form.format(match[1].strip())
                found[(kind, value.upper() if kind == "serial" else value)] = None
    return list(found)


def matter_of(texts: Sequence[str]) -> str:
    """The first sentence that says something of the matter; where none says much, the one that says most."""
    best, most = "", 0
    for text in texts:
        for sentence in sentences(text):
            weight = len({w for w in words(sentence) if len(w) > 2} - _EMPTY)
            if weight >= SAYS_MUCH:
                return quoted(sentence)
            if weight > most:
                best, most = sentence, weight
    return quoted(best) if most >= 2 else ""


def tried_in(texts: Sequence[str]) -> list[str]:
    """The sentences in which the customer says what they tried, at most three."""
    return [quoted(s) for text in texts for s in sentences(text) if TRIED.search(fold(s))][:3]


def wanted_in(texts: Sequence[str]) -> list[str]:
    """The last two sentences in which the customer says what they want or asks, the newest first."""
    found: dict[str, None] = {}
    for text in reversed(texts):
        for sentence in reversed(sentences(text)):
            folded = fold(sentence)
            says_much = len(set(words(folded)) - _EMPTY) >= 2
            if says_much and (WANTED.search(folded) or sentence.endswith("?")):
                found[quoted(sentence)] = None
    return list(found)[:2]


def sentences(text: str) -> list[str]:
    """The sentences of what somebody wrote."""
    return [s.strip() for s in re.split(r"(?<=[.!?…])\s+|\n+", text) if s.strip()]


def quoted(sentence: str) -> str:
    """A sentence cut where it is too long to be read at a glance."""
    if len(sentence) <= LONGEST_QUOTE:
        return sentence
    return sentence[:LONGEST_QUOTE].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"
