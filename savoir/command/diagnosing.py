"""`savoir diagnosis`."""

from __future__ import annotations

from typing import Optional

import typer

from savoir.core.settings import PROJECT
from savoir.diagnosis import service as diagnosis


def show(tree: Optional[str], language: str) -> None:
    """Prints one tree, or the list of all."""
    if tree is not None:
        typer.echo(diagnosis.show(id=tree, language=language))
        return
    for each in diagnosis.trees():
        typer.echo(f"{each.id:28} {', '.join(each.products)}: {', '.join(each.symptoms)}")


def check(as_json: bool) -> int:
    """Prints what is wrong; returns 0 when there is no error, else 2."""
    from savoir.learning import diagnosis_checks, validation

    return validation.report(list(diagnosis_checks.check_diagnosis(PROJECT)), as_json)
