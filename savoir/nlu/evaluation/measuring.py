"""What is measured of a trained pipeline on one test file, and what needs models of its own."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rapidfuzz import fuzz, process

from savoir.core.settings import settings
from savoir.core.text import fold
from savoir.nlu import noise
from savoir.nlu.evaluation import figures, quality
from savoir.nlu.evaluation.pipeline import Pipeline
from savoir.nlu.evaluation.test_set import TestPhrase
from savoir.nlu.intent_model import IntentModel
from savoir.nlu.vectors import encode_many

CLASSIFIER = "savoir.nlu.intent_classifier.IntentClassifier"
Writing = Callable[[str, random.Random], str]
WRITINGS: dict[str, Writing] = {
    "typos on one word in ten": lambda text, chance: noise.typed_badly(text, chance, 0.1),
    "no accents": lambda text, _: noise.without_accents(text),
    "no punctuation": lambda text, _: noise.without_punctuation(text),
    "typos, no accents, no punctuation": lambda text, chance: noise.without_punctuation(
        noise.without_accents(noise.typed_badly(text, chance, 0.1))
    ),
    "text message": noise.texted,
}


def on_file(pipeline: Pipeline, phrases: Sequence[TestPhrase], trained: Sequence[str] = ()) -> dict[str, Any]:
    """All figures of a pipeline on the phrases as they are; `trained` are the training phrases, to know which stand in both."""
    parsed = pipeline.parse([phrase.text for phrase in phrases])
    known = [i for i, phrase in enumerate(phrases) if phrase.intent != figures.STRANGER]
    in_scope = figures.accuracy([phrases[i] for i in known], [parsed[i] for i in known]) if known else None
    both = dict(standing_in_both(phrases, trained)) if trained else {}
    apart = [i for i, phrase in enumerate(phrases) if phrase.text not in both]
    names, table = figures.confusion(phrases, parsed)
    spent = [found.milliseconds for found in parsed]
    return {
        "phrases": len(phrases),
        "accuracy": figures.accuracy(phrases, parsed),
        "accuracy_in_scope": in_scope,
        "accuracy_apart": figures.accuracy([phrases[i] for i in apart], [parsed[i] for i in apart]) if trained else None,
        "standing_in_both": sorted(both.items()),
        "acted_upon": figures.acted_upon(phrases, parsed),
        "intents": figures.by_intent(phrases, parsed),
        "confusion": {"intents": names, "table": table.tolist()},
        "errors": figures.errors(phrases, parsed),
        "strangers": figures.strangers(phrases, parsed),
        "calibration": figures.calibration(phrases, parsed),
        "entities": figures.entities(phrases, parsed),
        "cpu_milliseconds": {"p50": float(np.median(spent)), "p95": float(np.percentile(spent, 95))},
        "first_look_was_enough": float(np.mean([found.doubt.get("looks", 1) == 1 for found in parsed])),
    }


def under_noise(pipeline: Pipeline, phrases: Sequence[TestPhrase], seed: int = 7) -> dict[str, float]:
    """Accuracy on the same phrases in hurried writings."""
    result = {}
    for name, write in WRITINGS.items():
        chance = random.Random(seed)
        result[name] = figures.accuracy(phrases, pipeline.parse([write(phrase.text, chance) or phrase.text for phrase in phrases]))
    return result


def standing_in_both(phrases: Sequence[TestPhrase], trained: Sequence[str], line: float = 90.0) -> list[tuple[str, str]]:
    """Test phrases that are nearly a training phrase (letters alike, in percent, accents and capitals aside), with that phrase."""
    likeness = process.cdist(
        [fold(phrase.text) for phrase in phrases],
        [fold(text) for text in trained],
        scorer=fuzz.ratio,
        score_cutoff=line,
        dtype=np.uint8,
    )
    return [(p.text, trained[int(row.argmax())]) for p, row in zip(phrases, likeness, strict=True) if row.max() > 0]


def training_phrases(data: Path) -> tuple[list[str], list[str], list[str | None]]:
    """Texts, intents and languages (where the examples' metadata name one) of Rasa training data."""
    from rasa.shared.nlu.training_data.loading import load_data

    examples = load_data(str(data)).intent_examples
    spoken = [example for example in examples if example.get("text")]
    languages = [((example.get("metadata") or {}).get("intent") or {}).get("language") for example in spoken]
    return [e.get("text") for e in spoken], [e.get("intent") for e in spoken], languages


def model_of(config: Path, **other: Any) -> IntentModel:
    """An untrained intent model as the configuration's pipeline sets it."""
    pipeline = yaml.safe_load(config.read_text())["pipeline"]
    own = next((dict(step) for step in pipeline if step["name"] == CLASSIFIER), {})
    chosen = {key: value for key, value in own.items() if key in IntentModel.defaults()}
    return IntentModel({**chosen, **other}, settings().var / "cache" / "vectors")


def across_languages(config: Path, data: Path, phrases: Sequence[TestPhrase], trained_on: str = "en") -> float | None:
    """Accuracy on the phrases of a model that has only seen one language; None when the data don't name languages."""
    texts, labels, languages = training_phrases(data)
    kept = [i for i, language in enumerate(languages) if language == trained_on]
    if not kept:
        return None
    model = model_of(config).fit([texts[i] for i in kept], [labels[i] for i in kept])
    readings = model.read([phrase.text for phrase in phrases])
    return float(np.mean([r.ranking[0][0] == p.intent for r, p in zip(readings, phrases, strict=True)]))


def data_quality(config: Path, data: Path) -> dict[str, Any]:
    """Findings on the training phrases; each is judged by the model as if it had not been trained on it."""
    texts, labels, languages = training_phrases(data)
    model = model_of(config, sample=len(texts)).fit(texts, labels)
    return quality.findings(model, model.unseen, languages)


def encoding_seconds(config: Path, data: Path, sample: int = 300) -> dict[str, float]:
    """How long the first training encodes, measured on a sample of the phrases: seconds and processor seconds for all."""
    texts, _, _ = training_phrases(data)
    some = random.Random(1).sample(texts, min(sample, len(texts)))
    chosen = model_of(config).settings
    began, cpu = time.monotonic(), time.process_time()
    for name in (chosen["encoder"], chosen["second_encoder"]):
        if name:
            encode_many(name, some, None)
    whole = len(texts) / len(some)
    return {"seconds": (time.monotonic() - began) * whole, "cpu_seconds": (time.process_time() - cpu) * whole}
