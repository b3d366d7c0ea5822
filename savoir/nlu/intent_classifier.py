"""Rasa's intent classifier of this project: ranking with calibrated confidence, doubt with reasons, fallback, second requests."""

from __future__ import annotations

import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from savoir.core.encoder import ENCODERS, UniversalSentenceEncoder
from savoir.core.settings import settings
from savoir.nlu.clauses import clauses
from savoir.nlu.intent_model import IntentModel, Reading

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(RasaIntentClassifier, GraphComponent):
    """Sets `intent`, `intent_ranking`, `doubt` and `further_intents` of a message.

    `doubt`: `refused` (the message is strange to the model), `familiarity` with its
    `nearest` phrase and `nearest_intent`, `guesses` (the best two or three, for buttons).
    """

    @staticmethod
    def required_packages() -> list[str]:
        """Nothing that Rasa could check by import name."""
        return []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The model's settings and: `cache` vectors of training phrases under var/, `further` requests are looked for in clauses whose
        confidence is at least `further_sure`, `no_requests` are intents that only accompany one (greetings); `urgent` ones go first wherever they stand."""
        return {
            **IntentModel.defaults(),
            "ranking_length": 10,
            "cache": True,
            "further": True,
            "further_sure": 0.65,
            "no_requests": [],
            "urgent": [],
        }

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: IntentModel | None = None
    ) -> None:
        self.config = config
        self._model_storage, self._resource = model_storage, resource
        self.model = model or IntentModel(
            {key: config[key] for key in IntentModel.defaults()}, settings().var / "cache" / "vectors" if config["cache"] else None
        )

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> IntentClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every phrase that has an intent, and keep the model."""
        examples = [m for m in training_data.intent_examples if m.get(INTENT) and m.get(TEXT)]
        if len({m.get(INTENT) for m in examples}) < 2:
            logger.warning("Intent classifier not trained: expected phrases of at least two intents, found fewer.")
            return self._resource
        self.model.fit([m.get(TEXT) for m in examples], [m.get(INTENT) for m in examples])
        with self._model_storage.write_to(self._resource) as folder:
            self.model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """The trained classifier, or an untrained one when nothing was kept (a project without intents)."""
        try:
            with model_storage.read_from(resource) as folder:
                return cls(config, model_storage, resource, IntentModel.load(folder))
        except (ValueError, FileNotFoundError):
            logger.warning("No trained intent model found; every message will be a fallback.")
            return cls.create(config, model_storage, resource, execution_context)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking, doubt and further intents of every message with a text."""
        spoken = [message for message in messages if (message.get(TEXT) or "").strip()]
        if not self.model.trained:
            return messages
        for message, reading in zip(spoken, self.model.read([m.get(TEXT) for m in spoken]), strict=True):
            self._set(message, reading)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training phrases keep the intents that people gave them."""
        return training_data

    def _set(self, message: Message, reading: Reading) -> None:
        ranking: list[dict[str, Any]] = [{"name": name, "confidence": confidence} for name, confidence in reading.ranking]
        requests = [] if reading.refused else self._requests(message.get(TEXT))
        named = [request["name"] for request in requests]
        urgent = next((request for request in requests if request["name"] in self.config["urgent"]), None)
        # A message of two requests is often taken for something between them: then its first sure clause is served.
        if len(named) > 1 and ranking[0]["name"] not in named and ranking[0]["confidence"] < self.config["further_sure"]:
            ranking.sort(key=lambda entry: entry["name"] != named[0])
            ranking[0] = {"name": named[0], "confidence": requests[0]["confidence"]}
        if urgent and ranking[0]["name"] not in self.config["urgent"]:
            ranking.sort(key=lambda entry: entry["name"] != urgent["name"])
            ranking[0] = {"name": urgent["name"], "confidence": urgent["confidence"]}
        best = ranking[0]
        doubt = {
            "refused": reading.refused,
            "looks": reading.looks,
            "familiarity": round(reading.familiarity, 3),
            "score": _finite(reading.score),
            "line": _finite(self.model.line),
            "nearest": reading.nearest,
            "nearest_intent": reading.nearest_intent,
            "guesses": [entry for entry in ranking[:3] if entry["confidence"] >= 0.1],
        }
        if reading.refused and best["name"] != self.config["stranger_intent"]:
            best = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1 - float(best["confidence"])}
            ranking.insert(0, best)
        message.set(INTENT, best, add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking[: self.config["ranking_length"]], add_to_output=True)
        message.set("doubt", doubt, add_to_output=True)
        further = [request for request in requests if request["name"] != best["name"]]
        message.set(
            "further_intents", further if len(named) > 1 or best["name"] in self.config["no_requests"] else [], add_to_output=True
        )

    def _requests(self, text: str) -> list[dict[str, Any]]:
        """What single clauses ask for when they are sure of it, in order, each intent once."""
        parts = clauses(text) if self.config["further"] else []
        if len(parts) < 2:
            return []
        found: list[dict[str, Any]] = []
        aside = {*self.config["no_requests"], self.config["stranger_intent"]}
        for part, reading in zip(parts, self.model.read(parts), strict=True):
            name, confidence = reading.ranking[0]
            if name not in aside and confidence >= self.config["further_sure"] and name not in [entry["name"] for entry in found]:
                found.append({"name": name, "confidence": confidence, "text": part})
        return found

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Raise on an encoder that does not exist."""
        name = config.get("encoder", UniversalSentenceEncoder.name)
        if name not in ENCODERS:
            raise InvalidConfigException(f"No encoder is called {name!r}; expected one of {', '.join(sorted(ENCODERS))}.")


def _finite(score: float) -> float:
    """JSON has no infinity."""
    return round(min(max(score, -9.0), 9.0), 3)
