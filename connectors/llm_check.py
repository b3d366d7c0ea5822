"""Asks the language model one easy question, as customers' are asked: whether it answers, how quickly, and whether it keeps to the text."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from typing import Callable
from urllib.parse import urlsplit

from connectors.llm import LanguageModel
from savoir.core.settings import Settings
from savoir.knowledge.rewriting import NotWritten, Source, rewritten

FIRST_SECONDS = 60.0
"""The first call may have to load the model."""
PASSAGES = {
    "fr": Source(
        "essai", "fr", "Réinitialiser le casque", "",
        "Maintenez le bouton d'alimentation pendant 10 secondes, jusqu'à ce que le voyant soit blanc. Les associations sont alors oubliées.",
    ),
    "en": Source(
        "trial", "en", "Reset the headphones", "",
        "Hold the power button for 10 seconds, until the light is white. The pairings are then forgotten.",
    ),
}
QUESTIONS = {"fr": "Comment réinitialiser mon casque ?", "en": "How do I reset my headphones?"}
CAUSES = {
    "unreachable": "check SAVOIR_LLM_URL, and whether the server runs",
    "rejected: 401": "check SAVOIR_LLM_KEY", "rejected: 403": "check SAVOIR_LLM_KEY",
    "rejected: 404": "check SAVOIR_LLM_MODEL, and the path in SAVOIR_LLM_URL",
    "busy": "the endpoint's own limit is reached: ask it less, or ask for more",
    "slow": f"no answer in {FIRST_SECONDS:g} s",
    "over-budget: tokens": "the answer did not fit: raise SAVOIR_LLM_TOKENS, or take a model that does not think aloud",
    "doubted": "it does not keep to the text: a larger model may",
    "refused": "it found no answer in a text that has it: a larger model may",
    "malformed": "it does not keep to the form: a larger model may",
}


async def state_of(settings: Settings, clock: Callable[[], float] = time.monotonic) -> str:
    """`ok (…)`, or what is wrong and what to do. `clock` gives seconds."""
    if is_readable_on_the_way(settings.llm_url or ""):
        return "what is sent can be read on the way – SAVOIR_LLM_URL must begin with https for another network"
    seconds = await _tried(settings, clock)
    if isinstance(seconds, float) and seconds > settings.llm_timeout:
        seconds = await _tried(settings, clock)  # it is loaded now
    if isinstance(seconds, str):
        return seconds
    if seconds > settings.llm_timeout:
        return f"answers after {seconds:.1f} s, and SAVOIR_LLM_TIMEOUT is {settings.llm_timeout:g} – customers get the articles' own words: a smaller model is quicker"
    return f"ok ({settings.llm_model}, {seconds:.1f} s)"


async def _tried(settings: Settings, clock: Callable[[], float]) -> float | str:
    """Seconds to an answer that was taken, or why there was none."""
    model, language = LanguageModel(settings, timeout=FIRST_SECONDS, logs=False), settings.default_language
    started = clock()
    try:
        await rewritten(QUESTIONS[language], [PASSAGES[language]], model)
        return clock() - started
    except NotWritten as reason:
        cause = CAUSES.get(str(reason)) or CAUSES.get(reason.reason)
        return f"{reason}{f' – {cause}' if cause else ''}"
    finally:
        await model.close()


def is_readable_on_the_way(url: str) -> bool:
    """Whether texts would go over a public network in the clear."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        return False
    try:
        return not ipaddress.ip_address(host).is_private
    except ValueError:
        return "." in host and not host.endswith((".local", ".internal", ".lan", ".home.arpa"))


def check(settings: Settings) -> str:
    """The same, for commands."""
    return asyncio.run(state_of(settings))
