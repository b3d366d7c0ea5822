"""Measures and prints; the figures also go to var/bench.json."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from savoir.core.settings import PROJECT
from tests.bench.bare_bot import ENVIRONMENT, SCRIPT, BareBot
from tests.bench.load import Load, bare_customer, measure, savoir_customer
from tests.house import PROCESSES, House

# every kind of turn: rules alone, forms that the action server checks, an order told, an answer searched, a ticket opened
TURNS = (
    "bonjour", "où est ma commande ?", "CMD-104233", "44000", "comment transférer mes données vers mon nouveau Nova ?", "merci",
    "mon nova 6 ne s'allume plus depuis hier matin", "où en est mon dossier ?",
)
CUSTOMERS = (1, 8, 32)
progress = Console(stderr=True)


def main() -> int:
    """Returns 0; the aims are printed beside what was reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each load")
    parser.add_argument("--without-training", action="store_true", help="leave the training times out")
    options = parser.parse_args()
    figures: dict[str, Any] = {"at": datetime.now(timezone.utc).isoformat(), "cores": psutil.cpu_count(), "load_before": os.getloadavg()}
    with tempfile.TemporaryDirectory(prefix="savoir-bench-") as folder:
        figures |= run(Path(folder), options.seconds, not options.without_training)
    path = PROJECT / "var" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(figures, indent=2))
    show(figures)
    progress.print(f"\n{path}")
    return 0


def run(folder: Path, seconds: float, with_training: bool) -> dict[str, Any]:
    """Both, one after the other, load for load."""
    figures: dict[str, Any] = {"training_s": {}, "start_s": {}, "loads": {"savoir": [], "bare": []}}
    bare, house = BareBot(folder / "bare"), House(folder / "house")
    try:
        progress.print("• training the bare bot")
        figures["training_s"]["bare"] = bare.make()
        if with_training:
            progress.print("• training Savoir")
            figures["training_s"]["savoir"] = train_savoir(folder)
        progress.print("• starting both")
        figures["start_s"]["bare"] = bare.start()
        began = time.monotonic()
        house.start()
        figures["start_s"]["savoir (with database, demo firm)"] = time.monotonic() - began
        for customers in CUSTOMERS:
            for name, begin, script, processes in (
                ("bare", bare_customer(bare.address), SCRIPT, bare.processes()), ("savoir", savoir_customer(house.address), TURNS, own(house)),
            ):
                progress.print(f"• {name}: {customers} customer{'s' * (customers > 1)}")
                load = asyncio.run(measure(begin, script, customers, seconds, processes))
                figures["loads"][name].append(asdict(load))
    finally:
        bare.stop()
        house.stop()
    return figures


def own(house: House) -> dict[str, psutil.Process]:
    """The three processes of Savoir."""
    found = {name: house.process(name) for name in PROCESSES}
    return {name: process for name, process in found.items() if process is not None}


def train_savoir(folder: Path) -> float:
    """Seconds of a whole training without anything cached."""
    began = time.monotonic()
    with open(folder / "train.log", "w") as output:
        subprocess.run(
            [sys.executable, "-m", "rasa", "train", "--force", "--out", str(folder / "models")], cwd=PROJECT, check=True, stdout=output,
            stderr=subprocess.STDOUT, env={**os.environ, **ENVIRONMENT, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(PROJECT)},
        )
    return time.monotonic() - began


def show(figures: dict[str, Any]) -> None:
    """The table, and the aims."""
    table = Table(title="A whole turn: message sent to reply received, everything stored (Savoir) or in memory (bare bot)")
    for column in ("", "customers", "turns/s", "p50 ms", "p95 ms", "p99 ms", "CPU ms a turn", "memory MB"):
        table.add_column(column, justify="left" if not column else "right")
    loads = {name: [Load(**load) for load in figures["loads"][name]] for name in ("bare", "savoir")}
    for bare, savoir in zip(loads["bare"], loads["savoir"]):
        for name, load in (("bare bot", bare), ("Savoir", savoir)):
            cpu = " + ".join(f"{v:.1f}" for v in load.cpu_a_turn.values())
            memory = " + ".join(f"{v:.0f}" for v in load.memory_mb.values())
            table.add_row(
                name, str(load.customers), f"{load.turns_a_second:.1f}", f"{load.p50:.0f}", f"{load.p95:.0f}", f"{load.p99:.0f}", cpu, memory
            )
    Console().print(table)
    best = {name: max(load.turns_a_second for load in loads[name]) for name in loads}
    times = Table("", "bare bot", "Savoir", title="Seconds")
    times.add_row("training", f"{figures['training_s']['bare']:.0f}", f"{figures['training_s'].get('savoir', float('nan')):.0f}")
    times.add_row("start", *(f"{value:.0f}" for value in figures["start_s"].values()))
    Console().print(times)
    for aim, reached in (
        (f"turns a second at least 1.5 times the bare bot's: {best['savoir'] / best['bare']:.2f}", best["savoir"] >= 1.5 * best["bare"]),
        (f"p50 with one customer no worse: {loads['savoir'][0].p50:.0f} ms, bare bot {loads['bare'][0].p50:.0f} ms",
         loads["savoir"][0].p50 <= loads["bare"][0].p50),
        (f"p95 with one customer under 100 ms: {loads['savoir'][0].p95:.0f} ms", loads["savoir"][0].p95 < 100),
    ):
        Console().print(f"{'[green]reached[/]' if reached else '[red]not reached[/]'}  {aim}")


if __name__ == "__main__":
    sys.exit(main())
