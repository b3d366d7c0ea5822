"""Rasa's default pipeline (DIET) on the same data and the same phrases; its training is kept for each state of the data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from savoir.nlu.evaluation import measuring
from savoir.nlu.evaluation.pipeline import Pipeline
from savoir.nlu.evaluation.test_set import TestPhrase

CONFIG = Path(__file__).parent / "rasa-default.yml"
SHOWN = ("phrases", "accuracy", "accuracy_in_scope", "strangers", "cpu_milliseconds")


def figures(phrases: Mapping[str, Sequence[TestPhrase]], data: Path, out: Path) -> dict[str, Any]:
    """Training time and the main figures by test file. The first call for a state of the data trains for many minutes."""
    state = hashlib.sha256(b"".join(path.read_bytes() for path in [CONFIG, *sorted(data.glob("**/*.yml"))])).hexdigest()[:12]
    model, kept = out / "models" / f"rasa-default-{state}.tar.gz", out / "models" / f"rasa-default-{state}.json"
    if model.exists() and kept.exists():
        pipeline, training = Pipeline(model), json.loads(kept.read_text())
    else:
        pipeline = Pipeline.train(CONFIG, data, model.parent, model.name.removesuffix(".tar.gz"))
        training = {"seconds": pipeline.training_seconds, "cpu_seconds": pipeline.training_cpu_seconds}
        kept.write_text(json.dumps(training))
    measured = {name: measuring.on_file(pipeline, listed) for name, listed in phrases.items()}
    return {"training": training, "files": {name: {key: file[key] for key in SHOWN} for name, file in measured.items()}}
