"""What designers run: pictures of the flows, conversation tests, recordings of conversations."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Optional, Sequence

import typer

from savoir.core.context import Context
from savoir.core.settings import PROJECT, settings
from savoir.learning.flow_picture import page
from savoir.learning.flows import topics
from savoir.learning.project_files import read_project
from savoir.learning.recording import recorded


def flows(out: Optional[Path], language: str, project: Path = PROJECT) -> Path:
    """Writes the picture of the flows, to var/flows.html when `out` is left out; returns where."""
    if language not in ("fr", "en"):
        raise typer.BadParameter(f"the language is {language!r}; expected fr or en")
    path = out or settings().var / "flows.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(topics(read_project(project), language), language), encoding="utf-8")
    typer.echo(f"Open {path} in a browser.")
    return path


def record(conversation: str, out: Optional[Path]) -> None:
    """Writes a conversation of the database as a test, to the terminal when `out` is left out. Raises a 404 problem."""
    context = Context(settings())
    try:
        with context.database.reading() as session:
            text = recorded(session, conversation)
    finally:
        context.close()
    if out is None:
        typer.echo(text, nl=False)
        return
    if out.exists():
        raise typer.BadParameter(f"there is a file {out} already; choose another name")
    out.write_text(text, encoding="utf-8")
    typer.echo(f"{out}: read it once more, then `savoir conversations run {out}`.")


def play(files: Sequence[Path], show: bool) -> int:
    """Plays conversation files in a house of their own; the exit code of that."""
    for path in files:
        if not path.exists():
            raise typer.BadParameter(f"there is no file or folder {path}")
    arguments = [*(str(path.resolve()) for path in files), *(["--show"] if show else [])]
    return subprocess.run([sys.executable, "-m", "tests.conversations", *arguments], cwd=PROJECT, check=False).returncode
