"""The evaluation as a table of aims, an HTML report and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional

from jinja2 import Environment, FileSystemLoader, select_autoescape

from savoir.nlu.evaluation import pictures

NUMBERS = ("order_number", "ticket_number", "repair_number", "serial_number", "email", "phone")
WORDS = ("product_type", "product_model", "symptom", "date")
HURRIED = "typos, no accents, no punctuation"


def aims(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every figure that has an aim: what was reached, what is wanted, and whether it is met."""
    rows: list[dict[str, Any]] = []

    def row(figure: str, value: Optional[float], aim: float, as_text: str = "{:.1%}", at_most: bool = False) -> None:
        if value is not None:
            met = value <= aim if at_most else value >= aim
            rows.append(
                {"figure": figure, "reached": as_text.format(value), "value": value, "aim": as_text.format(aim), "met": met}
            )

    for name, file in figures["files"].items():
        row(f"intents, {name}", file["accuracy"], 0.93)
        row(f"intents, without phrases that stand in the training data too, {name}", file.get("accuracy_apart"), 0.93)
        if "writings" in file:
            row(
                f"points lost when hurried, {name}", 100 * (file["accuracy"] - file["writings"][HURRIED]), 3, "{:.1f}", at_most=True
            )
        strangers = file["strangers"]
        row(f"out of scope, 3 % of the rest refused, {name}", strangers.get("recall_at_3%_refused"), 0.9)
        row(f"out of scope as configured, {name}", strangers.get("recall"), 0.9)
        row(f"in scope refused as configured, {name}", strangers.get("in_scope_refused"), 0.03, at_most=True)
        for kinds, aim in ((NUMBERS, 0.95), (WORDS, 0.9)):
            for kind in kinds:
                row(f"{kind} F1, {name}", file["entities"]["kinds"].get(kind, {}).get("f1"), aim)
        row(f"CPU a message, ms, p50, {name}", file["cpu_milliseconds"]["p50"], 20, "{:.1f}", at_most=True)
    row("trained on English only, tested on French", figures.get("english_only_on_french"), 0.7)
    training = figures.get("training") or {}
    row("training, seconds, vectors known", training.get("seconds"), 60, "{:.0f}", at_most=True)
    row("the first training encodes for, seconds", (training.get("encoding") or {}).get("seconds"), 60, "{:.0f}", at_most=True)
    baseline = figures.get("baseline")
    for name, file in (baseline or {}).get("files", {}).items():
        row(f"points ahead of Rasa's default, {name}", 100 * (figures["files"][name]["accuracy"] - file["accuracy"]), 0, "{:.1f}")
    return rows


def write(figures: dict[str, Any], out: Path) -> Path:
    """Write pictures, `understanding.json` and `understanding.html` into the folder; returns the report's path."""
    out.mkdir(parents=True, exist_ok=True)
    shown = {"calibration": "calibration.png"}
    pictures.calibration(figures["files"], out / "calibration.png")
    pictures.writings(figures["files"], out / "writings.png")
    if any("writings" in file for file in figures["files"].values()):
        shown["writings"] = "writings.png"
    for name, file in figures["files"].items():
        shown[f"confusion-{name}"] = f"confusion-{name}.png"
        pictures.confusion(file, out / shown[f"confusion-{name}"])
    (out / "understanding.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1, default=str))
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(default=True))
    environment.filters["share"] = lambda value: "–" if value is None else f"{value:.1%}"
    report = out / "understanding.html"
    report.write_text(environment.get_template("report.html").render(figures=figures, pictures=shown))
    return report
