"""Training phrases and vocabulary as written: intent, language, annotations, file and line of each."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Optional

from savoir.core.text import fold, words
from savoir.learning.findings import Place

# As in Rasa: [text](entity), [text](entity:value), [text]{"entity": …} and [text][{"entity": …}, …]
ANNOTATION = re.compile(
    r"\[(?P<text>[^\]]+?)\](\((?P<entity>[^:)]+?)(?::(?P<value>[^)]+))?\)|\{(?P<one>[^}]+?)\}|\[(?P<many>\s*\{.*?\})\s*\])"
)


@dataclass(frozen=True)
class Annotation:
    text: str
    entity: str
    value: str


@dataclass
class Phrase:
    """One training phrase; `fault` says what can't be read in its annotations."""

    raw: str
    intent: str
    language: Optional[str]
    place: Place
    plain: str = ""
    annotations: list[Annotation] = field(default_factory=list)
    fault: Optional[str] = None

    @property
    def key(self) -> str:
        """Equal for phrases that differ in accents, capitals and punctuation only; a question mark and pictures count."""
        pictures = sorted({c for c in self.plain if unicodedata.category(c) == "So"})
        spoken = " ".join([*words(self.plain), *pictures]) or fold(self.plain).strip()
        return spoken + (" ?" if "?" in self.plain else "")


@dataclass(frozen=True)
class Term:
    """An expression of a synonym, lookup or regex: `kind` is one of these, `name` the canonical value or the entity."""

    kind: str
    name: str
    expression: str
    place: Place


def read_nlu(nodes: list[Any], file: str) -> tuple[list[Phrase], list[Term]]:
    """The phrases and terms of the `nlu` part of a file."""
    phrases: list[Phrase] = []
    terms: list[Term] = []
    for node in nodes:
        language = (node.get("metadata") or {}).get("language")
        for kind in ("synonym", "lookup", "regex"):
            if kind in node:
                terms += [Term(kind, str(node[kind]), text, place) for text, _, place in _examples(node, file)]
        if "intent" in node:
            intent = str(node["intent"]).split("/")[0]
            phrases += [read_phrase(text, intent, own or language, place) for text, own, place in _examples(node, file)]
    return phrases, terms


def _examples(node: Any, file: str) -> Iterator[tuple[str, Optional[str], Place]]:
    """Text, its own language if it has one, and place."""
    examples = node.get("examples") or ""
    start = node.lc.key("examples")[0] + 1 if "examples" in node else node.lc.line + 1
    if isinstance(examples, str):
        for number, line in enumerate(examples.split("\n")):
            if line.strip().startswith("-"):
                yield line.strip()[1:].strip(), None, Place(file, start + number + 1)
        return
    for number, example in enumerate(examples):
        place = Place(file, examples.lc.item(number)[0] + 1)
        if isinstance(example, dict):
            text = str(example.get("text", "")).strip()
            yield text.removeprefix("- "), (example.get("metadata") or {}).get("language"), place
        else:
            yield str(example), None, place


def read_phrase(raw: str, intent: str, language: Optional[str], place: Place) -> Phrase:
    """A phrase with its annotations taken out of the text."""
    phrase = Phrase(raw, intent, language, place)

    def take(match: re.Match[str]) -> str:
        text = match["text"]
        if match["entity"]:
            phrase.annotations.append(Annotation(text, match["entity"].strip(), match["value"] or text))
            return text
        try:
            found = json.loads("{" + match["one"] + "}" if match["one"] else f"[{match['many']}]")
        except ValueError:
            phrase.fault = f"the braces behind “{text}” are not JSON"
            return text
        for part in found if isinstance(found, list) else [found]:
            if "entity" not in part:
                phrase.fault = f"the braces behind “{text}” name no entity"
            else:
                phrase.annotations.append(Annotation(text, str(part["entity"]), str(part.get("value", text))))
        return text

    rest = ANNOTATION.sub(lambda m: (take(m), "\0")[1], raw)
    phrase.plain = ANNOTATION.sub(lambda m: m["text"], raw)
    if phrase.fault is None and re.search(r"[\[\]]|\0[({]", rest):
        phrase.fault = "a bracket is left over"
    return phrase
