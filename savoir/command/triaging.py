"""`savoir triage` and `savoir evaluate triage`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Optional

import typer

from savoir.core.errors import invalid
from savoir.core.settings import PROJECT

AS_JSON = typer.Option(False, "--json", help="One JSON object on stdout.")
TOGETHER = 64


def add_to(app: typer.Typer, evaluate: typer.Typer) -> None:
    """Adds both commands."""
    app.command("triage")(triage)
    evaluate.command("triage")(measure)


def triage(file: Path = typer.Argument(..., help="JSON lines: subject, body, channel")) -> None:
    """Language, category, urgency, sentiment, product and flags of requests: one JSON result a line, in their order."""
    from savoir.triage import service

    requests = []
    if not file.is_file():
        raise invalid("no-file", f"There is no file {file}; expected JSON lines with subject, body and channel.")
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        try:
            told = json.loads(line)
            body = told.get("body", told.get("text"))
            if not isinstance(body, str):
                raise ValueError("`body` is missing or no text")
            requests.append(service.Request(body, str(told.get("subject") or ""), str(told.get("channel") or "mail")))
        except (ValueError, AttributeError) as error:
            raise invalid("bad-line", f"{file}, line {number}: {error}; expected an object with `body`, and perhaps `subject` and `channel`.") from None
    for start in range(0, len(requests), TOGETHER):
        for result in service.triage(requests[start : start + TOGETHER]):
            typer.echo(json.dumps(result.json(), ensure_ascii=False))


def measure(file: Optional[Path] = typer.Argument(None, help="labelled JSON lines; tests/triage/requests.jsonl when left out"), as_json: bool = AS_JSON) -> None:
    """Triage on requests written apart, beside TF-IDF with a linear model and rules of words."""
    from savoir.triage import evaluation

    path = file or PROJECT / "tests" / "triage" / "requests.jsonl"
    if not path.is_file():
        raise invalid("no-file", f"There is no file {path}; expected labelled requests as in data/triage.")
    figures = evaluation.evaluate(path)
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    for name, value in figures.items():
        typer.echo(f"{name:32} {value}")
