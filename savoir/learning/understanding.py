"""Two ways to the live model: Rasa when it runs and its HTTP API answers (a second), else the model loaded into this process."""

from __future__ import annotations

import json
import logging
import os
import urllib.error
import urllib.parse
import urllib.request
import warnings
from pathlib import Path
from typing import Any, Optional, Protocol

from savoir.core.settings import Settings

SECONDS = 10
SENDER = "savoir-ask"


class Understanding(Protocol):
    """Understands texts, and says what the dialogue would do next; remembers neither."""

    async def parse(self, text: str) -> dict[str, Any]:
        """Intent, ranking, entities and what else the pipeline says of a text."""

    async def predict(self, events: list[dict[str, Any]]) -> dict[str, Any]:
        """After these events of a conversation: `scores` of actions, `policy`, `confidence`, `tracker`."""


def live_understanding(the: Settings, model: Path) -> Understanding:
    """The running Rasa if it has this model, else the model itself."""
    return RunningModel.found(the, model) or LoadedModel(model)


class RunningModel:
    """Rasa on loopback."""

    def __init__(self, the: Settings) -> None:
        self._base, self._token = f"http://127.0.0.1:{the.rasa_port}", the.key("rasa-api")

    @classmethod
    def found(cls, the: Settings, model: Path) -> Optional[RunningModel]:
        """None when it does not run, does not offer its API, or runs another model."""
        running = cls(the)
        try:
            status = running._call("/status", None)
        except (OSError, ValueError):
            return None
        return running if Path(str(status.get("model_file"))).name == model.name else None

    async def parse(self, text: str) -> dict[str, Any]:
        """See Understanding."""
        return self._call("/model/parse", {"text": text})

    async def predict(self, events: list[dict[str, Any]]) -> dict[str, Any]:
        """See Understanding."""
        return self._call("/model/predict", events)

    def _call(self, path: str, body: Any) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        url = f"{self._base}{path}?{urllib.parse.urlencode({'token': self._token})}"
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=SECONDS) as response:
            return dict(json.load(response))


class LoadedModel:
    """The model in this process, with Rasa kept quiet: ten seconds to load."""

    def __init__(self, model: Path) -> None:
        for name, value in {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}.items():
            os.environ.setdefault(name, value)
        for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
            os.environ.setdefault(name, "1")  # small matrix products only spin with more
        import structlog

        logging.disable(logging.ERROR)
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        warnings.showwarning = lambda *_, **__: None  # the libraries that Rasa loads turn their own warnings on
        from rasa.core.agent import Agent

        self._agent = Agent.load(str(model))

    async def parse(self, text: str) -> dict[str, Any]:
        """See Understanding."""
        return dict(await self._agent.parse_message(text))

    async def predict(self, events: list[dict[str, Any]]) -> dict[str, Any]:
        """See Understanding."""
        from rasa.shared.core.trackers import DialogueStateTracker

        tracker = DialogueStateTracker.from_dict(SENDER, events, self._agent.domain.slots)
        return self._agent.predict_next_with_tracker(tracker) or {"scores": [], "policy": None, "confidence": 0.0, "tracker": {}}
