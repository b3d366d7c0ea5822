"""Whether a request is French or English, whatever its quoted parts are written in."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from savoir.core.text import words

_FRENCH_WORDS = (
    "je j nous vous il elle le les une des du est sont pas ne que qui mon ma mes votre vos ce cette pour avec dans sur depuis bonjour bonsoir merci et au aux "
    "ai avez suis cordialement ca c est plus mais ou quand comment svp jai deux fait toujours plait"
)
_ENGLISH_WORDS = (
    "i the and is are was my your you it its of to for with have has not this that from when what how please hello hi thanks thank can does don in "
    "would could but we be will an any there since won"
)
_FRENCH, _ENGLISH = frozenset(_FRENCH_WORDS.split()), frozenset(_ENGLISH_WORDS.split())
_ACCENTS = re.compile(r"[éèêàùçôîï]", re.I)
_NOT_WORDS = re.compile(r"\S*@\S*|https?://\S+|\S*\d\S*")


def language_of(subject: str, text: str, default: str = "fr") -> tuple[str, float]:
    """`fr` or `en` with how sure that is, 0.5 to 1; the text decides, the subject when the text is short. `default` when nothing is said."""
    said = _NOT_WORDS.sub(" ", text if len(text.split()) >= 8 else f"{text}\n{subject}")
    found = words(said)
    if not found:
        return default, 0.5
    points = sum((word in _FRENCH) - (word in _ENGLISH) for word in found) + 0.5 * min(4, len(_ACCENTS.findall(said)))
    if abs(points) >= 2:
        return ("fr" if points > 0 else "en"), 0.99
    language, chance = _identifier().classify(said)
    if points and (points > 0) != (language == "fr") and chance < 0.95:
        return ("fr" if points > 0 else "en"), 0.7
    return str(language), round(float(chance), 3)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["fr", "en"])
    return identifier
