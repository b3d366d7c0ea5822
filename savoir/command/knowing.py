"""`savoir knowledge`: its commands; what they do is in calibrating.py, loaded when it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import typer

knowledge = typer.Typer(no_args_is_help=True, help="When the articles are given as answers.")
AS_JSON = typer.Option(False, "--json", help="One JSON object on stdout.")


@knowledge.callback()
def group() -> None:
    """When the articles are given as answers."""


@knowledge.command("calibrate")
def calibrate(
    queries: Optional[Path] = typer.Option(None, help="query<TAB>article id[,id], `-` for none; default the articles' own sample questions"),
    precision: float = typer.Option(0.95, help="the share of direct answers that must be right"),
    report: Optional[Path] = typer.Option(None, help="where the picture goes; default var/evaluation/knowledge-calibration.html"),
    try_only: bool = typer.Option(False, "--try", help="only show what it would give"),
    undo: bool = typer.Option(False, "--undo", help="take the last calibration back"),
    show: bool = typer.Option(False, "--show", help="the thresholds in force"), as_json: bool = AS_JSON,
) -> None:
    """From which confidence on articles are given as answers, chosen from the firm's own questions."""
    from savoir.command import calibrating

    if undo:
        calibrating.undo(as_json)
    elif show:
        calibrating.show(as_json)
    else:
        calibrating.calibrate(queries, precision, report, try_only, as_json)
