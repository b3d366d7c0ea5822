"""`python -m tests.conversations [FILE…]`: plays conversation files, or all of them, in a house of their own and shows how they went."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import List, Optional

import typer
from rich.console import Console

from tests.conversations import playing
from tests.conversations.script import Unreadable, all_files, read_script
from tests.conversations.stage import Stage


def main(
    files: Optional[List[Path]] = typer.Argument(None, help="conversation files or folders of them; all when left out"),
    show: bool = typer.Option(False, "--show", help="also the transcripts of those that went as written"),
) -> None:
    """Exit 0 when all went as written, 1 when one did not, 2 when a file can't be read."""
    console = Console(highlight=False, soft_wrap=True, markup=False)
    paths = [found for path in files or [] for found in (sorted(path.rglob("*.yml")) if path.is_dir() else [path])] or all_files()
    try:
        for path in paths:
            read_script(path)
    except (Unreadable, OSError) as fault:
        console.print(str(fault), style="red")
        raise typer.Exit(2) from None
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="conversations-") as folder:
        stage = Stage(Path(folder) / "house")
        try:
            with Console(stderr=True).status("starting a house (about 20 s; a minute more when the model must be trained)…"):
                stage.start()
            outcomes = list(asyncio.run(playing.play_files(stage, paths)).values())
        finally:
            stage.stop()
    for outcome in outcomes:
        console.print(f"{'✓' if outcome.is_fine else '✗'} {outcome.script.name}", style="green" if outcome.is_fine else "red")
        if show or len(outcomes) == 1 or not outcome.is_fine:
            console.print("\n".join(outcome.transcript) + "\n")
    fine = sum(outcome.is_fine for outcome in outcomes)
    console.print(f"{fine} of {len(outcomes)} as written, {time.monotonic() - began:.0f} s")
    raise typer.Exit(0 if fine == len(outcomes) else 1)


if __name__ == "__main__":
    typer.run(main)
