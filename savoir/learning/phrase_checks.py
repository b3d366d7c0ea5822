"""Checks of what the assistant learns from: phrases by intent and language, annotations, vocabulary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from savoir.core.text import fold
from savoir.learning.copy_checks import NAMES, payload_intents
from savoir.learning.findings import Finding, Place, listed
from savoir.learning.phrases import Phrase
from savoir.learning.project_files import Project
from savoir.learning.rasa_names import INTENTS

ENOUGH = 25
"""Phrases that an intent needs in each language."""


def check_phrases(project: Project) -> Iterator[Finding]:
    """Every finding about training phrases and vocabulary."""
    by_intent: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in project.phrases:
        by_intent[phrase.intent].append(phrase)
    yield from _trained(project, by_intent)
    yield from _languages(project, by_intent)
    yield from _annotations(project)
    yield from _in_two_intents(project)
    yield from _vocabulary(project)


def _trained(project: Project, by_intent: dict[str, list[Phrase]]) -> Iterator[Finding]:
    sent = payload_intents(project)
    for intent, place in project.intents.items():
        if intent not in by_intent and intent not in sent and intent not in INTENTS:
            yield place.error(
                f"The intent {intent} has no training phrases and no button sends it: it can never be understood. Write phrases, or take it out."
            )
    for intent, phrases in by_intent.items():
        if intent not in project.intents:
            yield phrases[0].place.error(f"The intent {intent} has {len(phrases)} phrases, but is not in the domain. Declare it or mend its name.")


def _languages(project: Project, by_intent: dict[str, list[Phrase]]) -> Iterator[Finding]:
    for intent, phrases in by_intent.items():
        unmarked = [p for p in phrases if p.language is None]
        if unmarked:
            yield unmarked[0].place.warning(
                f"{len(unmarked)} phrases of {intent} have no language. Expected `metadata: {{language: {project.first_language}}}` above them: add it."
            )
        unknown = next((p for p in phrases if p.language is not None and p.language not in project.languages), None)
        if unknown:
            yield unknown.place.error(f"{intent} has phrases in {unknown.language!r}; expected one of {listed(project.languages)}. Mend the metadata.")
        for language in project.languages:
            count = sum(p.language == language for p in phrases)
            place = next((p.place for p in phrases if p.language == language), project.intents.get(intent, phrases[0].place))
            if count == 0 and not unmarked:
                yield place.error(f"The intent {intent} has no phrases in {NAMES.get(language, language)}. Write at least {ENOUGH}.")
            elif 0 < count < ENOUGH:
                yield place.warning(f"The intent {intent} has {count} phrases in {NAMES.get(language, language)}; expected at least {ENOUGH}. Write more.")


def _annotations(project: Project) -> Iterator[Finding]:
    for phrase in project.phrases:
        if phrase.fault:
            yield phrase.place.error(
                f"The annotations of “{_short(phrase.raw)}” can't be read: {phrase.fault}. Expected [text](entity) or [text]{{\"entity\": …}}: mend it."
            )
        for annotation in phrase.annotations:
            if annotation.entity not in project.entities:
                yield phrase.place.error(
                    f"“{annotation.text}” is marked as {annotation.entity}, which is not an entity of the domain. Declare it or mend the mark."
                )
            if annotation.text != annotation.text.strip():
                yield phrase.place.warning(f"The mark around “{annotation.text}” takes in a blank. Put the blank outside of the brackets.")


def _in_two_intents(project: Project) -> Iterator[Finding]:
    seen: dict[str, Phrase] = {}
    exact: dict[tuple[str, str], Phrase] = {}
    for phrase in project.phrases:
        first = seen.setdefault(phrase.key, phrase)
        same = exact.setdefault((phrase.intent, fold(phrase.plain).strip()), phrase)
        if first.intent != phrase.intent:
            yield phrase.place.error(
                f"“{_short(phrase.plain)}” teaches {phrase.intent} here and {first.intent} at {first.place}. "
                "Expected one intent for one phrase: keep the one that two careful people would choose."
            )
        elif same is not phrase and same.language == phrase.language:
            yield phrase.place.warning(f"“{_short(phrase.plain)}” stands twice in {phrase.intent}, first at {same.place}. Take one out.")


def _vocabulary(project: Project) -> Iterator[Finding]:
    """One expression under two values. The extractor keeps types apart by the sections of vocabulary, Rasa's own mapper does not."""
    seen: dict[tuple[str, str], tuple[str, Place]] = {}
    for term in project.terms:
        if term.kind == "regex":
            continue
        value, place = seen.setdefault((term.kind, fold(term.expression).strip()), (term.name, term.place))
        if value != term.name:
            yield term.place.error(
                f"“{term.expression}” is a {term.kind} of {term.name} here and of {value} at {place}: one of them silently wins. Keep one."
            )
    marked: dict[tuple[str, str], tuple[str, Phrase]] = {}
    for phrase in project.phrases:
        for annotation in phrase.annotations:
            if annotation.value == annotation.text:
                continue
            key = (annotation.entity, fold(annotation.text).strip())
            value, first = marked.setdefault(key, (annotation.value, phrase))
            if value != annotation.value:
                yield phrase.place.error(
                    f"“{annotation.text}” means {annotation.value} here and {value} at {first.place}: Rasa keeps one of them for all. Keep one."
                )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
