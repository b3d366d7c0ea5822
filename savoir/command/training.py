"""Training a model with Rasa."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from rich.console import Console

from savoir.command.serving import rasa_environment
from savoir.core.settings import PROJECT, settings

console = Console(stderr=True)


def train() -> int:
    """Trains into models/; returns Rasa's exit code."""
    console.print("[bold]•[/] Training the assistant (three minutes the first time, then little more than one)")
    began = time.monotonic()
    arguments = [sys.executable, "-m", "rasa", "train", "--out", "models", "--quiet"]
    log = settings().var / "log" / "train.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w") as output, console.status("training…"):
        result = subprocess.run(
            arguments, cwd=PROJECT, env={**os.environ, **rasa_environment(settings())}, stdout=output, stderr=subprocess.STDOUT, check=False
        )
    if result.returncode:
        console.print(f"[red]✗[/] The training failed; see {log}. Its last lines:")
        console.print("\n".join(log.read_text().splitlines()[-15:]), markup=False)
    else:
        console.print(f"  trained in {time.monotonic() - began:.0f} s")
    return result.returncode
