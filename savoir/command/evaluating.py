"""`savoir evaluate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Optional

import typer

from savoir.core.settings import PROJECT, settings


def understanding(file: Optional[Path], as_json: bool) -> None:
    """Intents, entities and doubt."""
    from savoir.nlu import evaluation

    tests = [file] if file else [PROJECT / "tests" / "understanding" / f"{language}.tsv" for language in ("fr", "en")]
    for test in tests:
        if not test.exists():
            raise typer.BadParameter(f"there is no file {test}")
    figures = evaluation.run(tests, settings().var / "evaluation", quick=file is not None)
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False, default=str))
    if file is None and figures.get("regressions"):
        for regression in figures["regressions"]:
            typer.secho(f"worse than accepted: {regression}", fg="red", err=True)
        raise typer.Exit(1)


def knowledge(articles: Optional[Path], queries: Optional[Path], as_json: bool) -> None:
    """Whether the right article comes first, or none."""
    from savoir.knowledge import evaluation

    folder = articles or PROJECT / "data" / "knowledge"
    questions = [queries] if queries else sorted((PROJECT / "tests" / "knowledge").glob("*.tsv"))
    for path in (folder, *questions):
        if not path.exists():
            raise typer.BadParameter(f"there is no file or folder {path}")
    figures = {path.stem: evaluation.evaluate(folder, path) for path in questions}
    shown = next(iter(figures.values())) if queries else figures
    typer.echo(json.dumps(shown, ensure_ascii=False, default=str, indent=None if as_json else 2))
