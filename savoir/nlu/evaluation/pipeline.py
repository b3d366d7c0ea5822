"""A trained Rasa pipeline, asked phrase by phrase, with the processor time of each answer."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FALLBACK = "nlu_fallback"


@dataclass
class Parsed:
    """What the pipeline made of a phrase. `guess` is the best intent that is not the fallback."""

    intent: str
    guess: str
    confidence: float
    ranking: list[tuple[str, float]]
    entities: list[dict[str, Any]]
    milliseconds: float
    doubt: dict[str, Any] = field(default_factory=dict)

    def stranger_score(self, stranger: str = "out_of_scope") -> float:
        """Low for strangers: the pipeline's own score, else its confidence (negative when it says that it is one)."""
        if "score" in self.doubt:
            return float(self.doubt["score"])
        return -self.confidence if self.guess == stranger else self.confidence


class Pipeline:
    """`Pipeline.train(config, data, folder)` or `Pipeline(model)`; then `parse`."""

    def __init__(self, model: Path, training_seconds: float = 0.0, training_cpu_seconds: float = 0.0) -> None:
        from rasa.core.agent import Agent

        _be_quiet()
        self.model, self.training_seconds, self.training_cpu_seconds = model, training_seconds, training_cpu_seconds
        self._agent = Agent.load(str(model))
        self._loop = asyncio.new_event_loop()
        self.parse_one("bonjour")  # encoders are loaded at the first text

    @classmethod
    def train(cls, config: Path, data: Path, folder: Path, name: str) -> Pipeline:
        """Train the understanding of a configuration on the data, without Rasa's cache of earlier trainings."""
        import rasa.model_training

        _be_quiet()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as empty, _environment("RASA_CACHE_DIRECTORY", empty):
            began, cpu = time.monotonic(), time.process_time()
            path = rasa.model_training.train_nlu(str(config), str(data), str(folder), fixed_model_name=name)
            spent, spent_cpu = time.monotonic() - began, time.process_time() - cpu
        if path is None:
            raise RuntimeError(f"Rasa trained nothing from {config} and {data}; its log says why.")
        return cls(Path(path), spent, spent_cpu)

    def parse(self, texts: Sequence[str]) -> list[Parsed]:
        """One answer a text, in order."""
        return [self.parse_one(text) for text in texts]

    def parse_one(self, text: str) -> Parsed:
        """One answer; a leading slash is taken off, which Rasa would read as a command."""
        began = time.process_time()
        found = self._loop.run_until_complete(self._agent.parse_message(text.lstrip("/") or "."))
        spent = (time.process_time() - began) * 1000
        ranking = [
            (entry["name"], float(entry["confidence"])) for entry in found.get("intent_ranking", []) if entry["name"] != FALLBACK
        ]
        intent = found.get("intent") or {}
        guess, confidence = ranking[0] if ranking else (intent.get("name") or "", float(intent.get("confidence") or 0))
        entities = found.get("entities", [])
        return Parsed(intent.get("name") or guess, guess, confidence, ranking, entities, spent, found.get("doubt", {}))


def _be_quiet() -> None:
    import warnings

    from rasa.utils.log_utils import configure_structlog

    warnings.filterwarnings("ignore")
    configure_structlog(logging.ERROR)
    logging.getLogger().setLevel(logging.ERROR)


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before
