"""The intent model on a small set of its own: nothing in it knows this project's intents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from savoir.nlu.clauses import clauses
from savoir.nlu.confidence import line
from savoir.nlu.intent_classifier import IntentClassifier
from savoir.nlu.intent_model import IntentModel
from savoir.nlu.kernel_head import one_hot, solve
from savoir.nlu.sentence_featurizer import SentenceFeaturizer

PHRASES = {
    "balance": [
        "what is my balance",
        "how much money do I have",
        "show my account balance",
        "combien me reste-t-il",
        "mon solde svp",
        "balance?",
    ],
    "transfer": [
        "send money to Paul",
        "make a transfer",
        "wire 50 euros",
        "faire un virement",
        "virer 20 euros à Léa",
        "pay my landlord",
    ],
    "card": ["I lost my card", "my card was stolen", "block my card", "ma carte est perdue", "bloquez ma carte", "new card please"],
}
TEXTS = [text for texts in PHRASES.values() for text in texts]
LABELS = [label for label, texts in PHRASES.items() for _ in texts]
QUICK: dict[str, Any] = {"second_encoder": None}


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return IntentModel(QUICK).fit(TEXTS, LABELS)


def test_new_phrases_are_understood_in_both_languages(model: IntentModel) -> None:
    readings = model.read(["transfer some money please", "j'ai perdu ma carte bancaire", "quel est mon solde"])
    assert [reading.ranking[0][0] for reading in readings] == ["transfer", "card", "balance"]


def test_confidences_of_a_ranking_add_up_to_one(model: IntentModel) -> None:
    reading = model.read(["block it"])[0]
    assert sum(confidence for _, confidence in reading.ranking) == pytest.approx(1, abs=1e-4)


def test_a_reading_names_the_nearest_phrase(model: IntentModel) -> None:
    reading = model.read(["I have lost my card"])[0]
    assert reading.nearest == "I lost my card"
    assert reading.nearest_intent == "card"


def test_a_stranger_is_less_familiar(model: IntentModel) -> None:
    stranger, known = model.read(["the poetry of medieval Japan", "block my card now"])
    assert stranger.score < known.score


def test_a_kept_model_reads_as_the_trained_one(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    assert not [path for path in tmp_path.iterdir() if path.suffix not in (".json", ".npz")]
    texts = ["my balance", "ma carte", "rien à voir"]
    for one, other in zip(model.read(texts), IntentModel.load(tmp_path).read(texts), strict=True):
        assert one.ranking[0][0] == other.ranking[0][0]
        assert one.ranking[0][1] == pytest.approx(other.ranking[0][1], abs=5e-3)
        assert one.refused == other.refused


def test_an_untrained_model_says_so() -> None:
    with pytest.raises(ValueError, match="not trained"):
        IntentModel(QUICK).read(["bonjour"])


def test_outputs_without_a_phrase_equal_those_of_a_model_trained_without_it() -> None:
    chance = np.random.RandomState(0)
    vectors = chance.randn(30, 8).astype(np.float32)
    _, answers = one_hot([str(i % 3) for i in range(30)])
    likeness = (vectors @ vectors.T).astype(np.float32)
    _, unseen = solve(likeness.copy(), answers, 1.0, np.array([4]))
    rest = np.delete(np.arange(30), 4)
    weights, _ = solve(likeness[np.ix_(rest, rest)].copy(), answers[rest], 1.0, np.array([0]))
    assert unseen[0] == pytest.approx(likeness[4, rest] @ weights, abs=1e-3)


def test_the_line_lets_the_wanted_share_fall() -> None:
    scores = np.array([*range(100)], dtype=np.float32)
    assert (scores < line(scores, 0.03)).sum() == 3
    assert line(np.array([], dtype=np.float32), 0.03) == -np.inf


def test_a_message_is_split_where_a_second_request_begins() -> None:
    assert clauses("Où est ma commande ? Et je veux aussi changer mon adresse.") == [
        "Où est ma commande ?",
        "Et je veux aussi changer mon adresse.",
    ]
    assert clauses("my phone is dead and I want a refund") == ["my phone is dead", "I want a refund"]
    assert clauses("bonjour") == []


def storage(folder: Path) -> tuple[LocalModelStorage, Resource, ExecutionContext]:
    return LocalModelStorage.create(folder), Resource("classifier"), ExecutionContext(GraphSchema({}), node_name="node")


def test_the_component_keeps_and_loads_what_it_learnt(tmp_path: Path) -> None:
    store, resource, context = storage(tmp_path)
    config = {**IntentClassifier.get_default_config(), **QUICK, "cache": False}
    component = IntentClassifier.create(config, store, resource, context)
    component.train(TrainingData([Message({"text": t, "intent": i}) for t, i in zip(TEXTS, LABELS, strict=True)]))
    loaded = IntentClassifier.load(config, store, resource, context)
    message = Message({"text": "je veux bloquer ma carte"})
    loaded.process([message])
    assert message.get("intent_ranking")[0]["name"] in ("card", "nlu_fallback")
    assert set(message.get("doubt")) >= {"refused", "familiarity", "nearest", "guesses", "score", "line"}
    assert message.get("further_intents") == []


def test_a_project_without_intents_can_be_trained_and_asked(tmp_path: Path) -> None:
    store, resource, context = storage(tmp_path)
    config = {**IntentClassifier.get_default_config(), **QUICK, "cache": False}
    IntentClassifier.create(config, store, resource, context).train(TrainingData([]))
    message = Message({"text": "bonjour"})
    IntentClassifier.load(config, store, resource, context).process([message])
    assert message.get("intent") is None


def test_the_featurizer_gives_one_scaled_vector_a_message() -> None:
    config = {**SentenceFeaturizer.get_default_config(), "scale": 10.0}
    message = Message({"text": "où est mon colis ?"})
    SentenceFeaturizer("featurizer", config).process([message, Message({"text": ""})])
    features = message.features[0].features
    assert features.shape == (1, 512)
    assert np.linalg.norm(features) == pytest.approx(10, abs=0.01)
