"""`savoir knowledge calibrate`: from which confidence on articles are given as answers, chosen from the firm's own questions."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Optional

import typer
from rich.console import Console
from rich.progress import Progress

from savoir.core.clock import now
from savoir.core.context import Context
from savoir.core.errors import invalid
from savoir.core.settings import settings
from savoir.knowledge import calibration, calibration_report, service, thresholds
from savoir.knowledge.calibration import Calibration, Sample
from savoir.knowledge.evaluation import read_questions


def calibrate(queries: Optional[Path], precision: float, report: Optional[Path], try_only: bool, as_json: bool) -> None:
    """Asks, chooses, shows what it buys, and puts it in force."""
    if not 0.5 <= precision < 1:
        raise typer.BadParameter(f"--precision is {precision}; expected a share of right answers from 0.5 to 0.99, such as 0.95")
    if queries and not queries.is_file():
        raise typer.BadParameter(f"there is no file {queries}")
    encoder, samples = _samples(queries)
    done = calibration.calibrate(
        samples, before=thresholds.thresholds(encoder), precision=precision, at=now(), may_refuse_more=queries is not None
    )
    path = report or settings().var / "evaluation" / "knowledge-calibration.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    source = f"the questions of {queries.name}" if queries else "the sample questions of the articles, each left out in its turn"
    path.write_text(calibration_report.page(done, wanted=precision, source=source), "utf-8")
    if not try_only:
        thresholds.keep(done.chosen)
    if as_json:
        shown = {"in_force": not try_only, **asdict(done.chosen), "samples": done.samples, "precision": done.precision, "coverage": done.coverage}
        typer.echo(json.dumps({**shown, "refused": done.refused, "before": asdict(done.before), "report": str(path)}))
        return
    for line in _told(done, source):
        typer.echo(line)
    typer.echo(f"Picture: {path}")
    typer.echo("Nothing was changed (--try)." if try_only else "In force from the next question on. `savoir knowledge calibrate --undo` takes it back.")


def undo(as_json: bool) -> None:
    """Takes the newest calibration back."""
    now_in_force = thresholds.undo(service.encoders().name)
    if now_in_force is None:
        raise invalid("nothing-to-undo", "There is no calibration to take back: the defaults are in force.")
    typer.echo(json.dumps(asdict(now_in_force)) if as_json else f"In force again: {now_in_force.origin}, answers from a confidence of {now_in_force.sure:.2f} on.")


def show(as_json: bool) -> None:
    """The thresholds in force."""
    held = thresholds.thresholds(service.encoders().name)
    sentence = f"{held.origin}: answers from a confidence of {held.sure:.2f} on; on the subject from {held.on_subject:.2f} on ({held.encoder})."
    typer.echo(json.dumps(asdict(held)) if as_json else sentence)


def _samples(queries: Optional[Path]) -> tuple[str, list[Sample]]:
    the = Context(settings())
    service.encode_missing(the.database)
    with the.database.reading() as session:
        index = service.index(session)
    if not index.versions():
        raise invalid("no-articles", "There are no published articles; import some with `savoir import knowledge FOLDER`.")
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("asking the questions", total=None)

        def progress(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        if queries is None:
            return index.encoder.name, calibration.left_out(index, progress)
        questions = read_questions(queries, {id for id, _ in index.versions()})
        return index.encoder.name, calibration.asked(index, questions, progress)


def _told(done: Calibration, source: str) -> list[str]:
    before, chosen = done.before, done.chosen
    return [
        f"{done.samples} questions: {source}.",
        f"Until now ({before.confidence:.2f}): {before.coverage:.1%} answered directly, {before.precision:.1%} of them right.",
        f"Chosen ({chosen.sure:.2f}): {done.coverage:.1%} answered directly, {done.precision:.1%} of them right; {done.refused:.1%} refused, titles to choose from for the rest.",
    ]
