"""How well the assistant understands: figures, pictures, report. `run` is what `make evaluate` calls."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from savoir.core.settings import PROJECT
from savoir.nlu.evaluation import baseline, measuring, reporting, test_set
from savoir.nlu.evaluation.pipeline import Pipeline

__all__ = ["evaluate_understanding", "regressions", "run"]

CONFIG = PROJECT / "config.yml"
DATA = PROJECT / "data" / "nlu"
THRESHOLDS = PROJECT / "tests" / "understanding" / "thresholds.json"
POINT = 0.01
console = Console(stderr=True)


def evaluate_understanding(
    model_or_config: Path, tests: Sequence[Path], data: Path = DATA, work: Path | None = None
) -> dict[str, Any]:
    """Figures by test file of a trained model (`.tar.gz`), or of a configuration that is trained on the data first."""
    pipeline = _pipeline(model_or_config, data, work or PROJECT / "var" / "evaluation")
    return {path.stem: measuring.on_file(pipeline, test_set.read(path)) for path in tests}


def run(test_files: list[Path], out: Path, quick: bool) -> dict[str, Any]:
    """Train as configured, measure on every file, write report and JSON into `out`, return the figures.

    `quick` leaves out hurried writings, data quality, the crossing of languages and Rasa's default pipeline, and takes
    the newest trained model. Progress goes to stderr. Raises Problem when a test file can't be read.
    """
    phrases = {path.stem: test_set.read(path) for path in test_files}
    with console.status("training the understanding…"):
        newest = max((PROJECT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, default=None) if quick else None
        pipeline = _pipeline(newest or CONFIG, DATA, out)
    figures: dict[str, Any] = {"when": datetime.now(timezone.utc).isoformat(timespec="seconds"), "config": CONFIG.name, "files": {}}
    trained = measuring.training_phrases(DATA)[0]
    for name, listed in phrases.items():
        with console.status(f"{name}: {len(listed)} phrases…"):
            figures["files"][name] = measuring.on_file(pipeline, listed, trained)
        if not quick:
            with console.status(f"{name}: hurried writings…"):
                figures["files"][name]["writings"] = measuring.under_noise(pipeline, listed)
    if not quick:
        _long_figures(figures, pipeline, phrases, out)
    figures["aims"] = reporting.aims(figures)
    figures["regressions"] = regressions(figures)
    report = reporting.write(figures, out)
    _print(figures, report)
    return figures


def regressions(figures: dict[str, Any]) -> list[str]:
    """Figures that are more than a point under those kept in tests/understanding/thresholds.json, each in a sentence."""
    kept = json.loads(THRESHOLDS.read_text())["as_configured"] if THRESHOLDS.exists() else {}
    worse = []
    for name, wanted in kept.items():
        for figure, value in wanted.items():
            reached = figures["files"].get(name, {}).get(figure)
            if reached is not None and reached < value - POINT:
                worse.append(f"{figure} on {name} is {reached:.1%}, more than a point under the {value:.1%} that is kept.")
    return worse


def _long_figures(figures: dict[str, Any], pipeline: Pipeline, phrases: dict[str, list[test_set.TestPhrase]], out: Path) -> None:
    if "fr" in phrases:
        with console.status("English only, tested on French…"):
            figures["english_only_on_french"] = measuring.across_languages(CONFIG, DATA, phrases["fr"])
    with console.status("the quality of the training phrases…"):
        figures["quality"] = measuring.data_quality(CONFIG, DATA)
    with console.status("the first encoding…"):
        figures["training"] = {
            "phrases": len(measuring.training_phrases(DATA)[0]),
            "seconds": pipeline.training_seconds,
            "cpu_seconds": pipeline.training_cpu_seconds,
            "encoding": measuring.encoding_seconds(CONFIG, DATA),
        }
    with console.status("Rasa's default pipeline on the same data (trained once for each state of the data, many minutes)…"):
        figures["baseline"] = baseline.figures(phrases, DATA, out)


def _pipeline(model_or_config: Path, data: Path, work: Path) -> Pipeline:
    if model_or_config.suffix in (".yml", ".yaml"):
        return Pipeline.train(model_or_config, data, work / "models", "understanding")
    return Pipeline(model_or_config)


def _print(figures: dict[str, Any], report: Path) -> None:
    table = Table("figure", "reached", "aim")
    for row in figures["aims"]:
        colour = "green" if row["met"] else "red"
        table.add_row(row["figure"], f"[{colour}]{row['reached']}[/]", row["aim"])
    console.print(table)
    for sentence in figures["regressions"]:
        console.print(f"[red]✗[/] {sentence}")
    console.print(f"report: {report}")
