"""`savoir evaluate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Optional

import typer
from rich import box
from rich.console import Console
from rich.table import Table

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


def knowledge(articles: Optional[Path], queries: Optional[Path], as_json: bool, with_framework: bool = True) -> None:
    """Whether the right article comes first, or none, beside what others find."""
    from savoir.knowledge import evaluation

    folder = articles or PROJECT / "data" / "knowledge"
    files = [queries] if queries else sorted((PROJECT / "tests" / "knowledge").glob("*.tsv"))
    for path in (folder, *files):
        if not path.exists():
            raise typer.BadParameter(f"there is no file or folder {path}")
    if not files:
        raise typer.BadParameter("there are no questions in tests/knowledge; name a file with --queries")
    with Console(stderr=True).status(f"{folder.name}: encoding the articles, asking the questions, asking the others"):
        figures = evaluation.evaluate(folder, files, with_framework=with_framework)
    kept = settings().var / "evaluation" / "knowledge.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(figures, ensure_ascii=False, indent=1))
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    console = Console()
    for name, part in (("all questions", figures), *figures.get("files", {}).items()):
        console.print(_table(name, part))
    console.print(
        f"{figures['articles']} articles, {figures['encoder']}, thresholds: {figures['thresholds']}, {figures['milliseconds']} ms of CPU a question. {kept}",
        highlight=False, soft_wrap=True,
    )
    for name, figures_of in figures["baselines"].items():
        if "skipped" in figures_of:
            console.print(f"{name} was skipped: {figures_of['skipped']}", style="yellow", highlight=False, soft_wrap=True)


RETRIEVAL = ("recall_at_1", "recall_at_3", "recall_at_10", "mrr_at_10", "ndcg_at_10", "coverage_at_95_precision", "refused_unanswerable")
ANSWERING = ("answered_directly", "direct_precision", "refused_answerable", "held_back_unanswerable")


def _table(name: str, figures: dict[str, Any]) -> Table:
    """Our figures beside the others', in per cent."""
    others = {other: each for other, each in figures["baselines"].items() if "skipped" not in each}
    answerable = figures["recall_at_10"] is not None
    table = Table(title=f"{name}: {figures['questions']}", title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("%")
    for column in ("savoir", *others):
        table.add_column(column, justify="right", style="bold" if column == "savoir" else "")
    for figure in (*RETRIEVAL, *ANSWERING):
        if answerable or not figure.startswith(("recall", "mrr", "ndcg", "coverage")):
            table.add_row(figure.replace("_", " "), *(_per_cent(each.get(figure)) for each in (figures, *others.values())))
    return table


def _per_cent(share: Optional[float]) -> str:
    return "–" if share is None else f"{100 * share:.1f}"
