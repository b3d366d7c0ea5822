"""Rasa's entity extractor of this project: patterns, lookups and the catalogue, each value in its canonical form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from savoir.core.settings import PROJECT, settings
from savoir.nlu.catalogue import MODEL, Catalogue
from savoir.nlu.contact_details import emails, phones, postal_codes
from savoir.nlu.dates import dates
from savoir.nlu.reference_numbers import loose_numbers, marked_numbers
from savoir.nlu.spans import Found, overlaps, without_overlaps
from savoir.nlu.value_model import ValueModel
from savoir.nlu.word_lookup import WordLookup

NAME = "EntityExtractor"


def find_entities(
    text: str, words: WordLookup, catalogue: Catalogue, now: datetime, values: ValueModel | None = None
) -> list[Found]:
    """Every entity of the text, sure kinds first: what they cover is not looked at again."""
    taken = without_overlaps(emails(text) + marked_numbers(text))
    taken += phones(text, taken)
    taken += loose_numbers(text, taken)
    models = [find for find in catalogue.find(text) if not overlaps(find.start, find.end, taken)]
    taken += models
    taken += [find for find in dates(text, now) if not overlaps(find.start, find.end, taken)]
    taken += postal_codes(text, taken)
    looked_up = [find for find in words.find(text) if not overlaps(find.start, find.end, taken)]
    taken += values.meant(text, looked_up) if values else looked_up
    return sorted(taken, key=lambda find: find.start)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityExtractor(GraphComponent, EntityExtractorMixin):
    """Numbers, addresses, dates by pattern; words by the training data's synonyms; models by the catalogue file."""

    @staticmethod
    def required_packages() -> list[str]:
        """Nothing that Rasa could check by import name."""
        return []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`catalogue`: a CSV file with id, name and aliases, relative to the project; none: no product models."""
        return {"catalogue": None}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        words: WordLookup | None = None,
        catalogue: Catalogue | None = None,
        values: ValueModel | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self.config, self._model_storage, self._resource = config, model_storage, resource
        self.words, self.catalogue, self.values, self.clock = (
            words or WordLookup(),
            catalogue or Catalogue(),
            values or ValueModel(),
            clock,
        )

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> EntityExtractor:
        """An extractor that knows patterns only, until it is trained."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The catalogue's content: another catalogue means another training."""
        if not config.get("catalogue"):
            return None
        path = PROJECT / config["catalogue"]
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "missing"

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the words from synonyms and annotations, read the catalogue, and keep both."""
        examples = [m for m in training_data.training_examples if m.get(TEXT)]
        texts = [m.get(TEXT) for m in examples]
        spans = [
            [(e["entity"], m.get(TEXT)[e["start"] : e["end"]], e["value"]) for e in m.get(ENTITIES, []) if "start" in e]
            for m in examples
        ]
        annotated = [span for listed in spans for span in listed if not (self.config["catalogue"] and span[0] == MODEL)]
        self.words = WordLookup.learn(training_data.entity_synonyms, annotated, texts)
        pairs = [[(kind, word) for kind, word, _ in listed] for listed in spans]
        self.values = ValueModel().fit(texts, spans, self.words, settings().var / "cache" / "vectors")
        if self.config["catalogue"]:
            self.catalogue = Catalogue.learn(PROJECT / self.config["catalogue"], texts, pairs)
        with self._model_storage.write_to(self._resource) as folder:
            kept = {
                "terms": self.words.terms,
                "ordinary": sorted(self.words.ordinary),
                "names": self.catalogue.names,
                "not_names": sorted(self.catalogue.ordinary),
            }
            (folder / "words.json").write_text(json.dumps(kept, ensure_ascii=False))
            self.values.save(folder / "values")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EntityExtractor:
        """The trained extractor. A model without its words raises: better no start than an assistant that knows no product."""
        with model_storage.read_from(resource) as folder:
            kept = json.loads((folder / "words.json").read_text())
            values = ValueModel.load(folder / "values")
        words = WordLookup({term: (kind, value) for term, (kind, value) in kept["terms"].items()}, set(kept["ordinary"]))
        catalogue = Catalogue([(name, number) for name, number in kept["names"]], set(kept["not_names"]))
        return cls(config, model_storage, resource, words, catalogue, values)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of every message with a text to those that it has."""
        now = self.clock()
        for message in messages:
            if text := message.get(TEXT):
                found = [find.as_entity(text, NAME) for find in find_entities(text, self.words, self.catalogue, now, self.values)]
                message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages
