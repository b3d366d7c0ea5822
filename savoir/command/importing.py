"""`savoir import`."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Callable, Optional

import typer
from sqlalchemy.orm import Session

from savoir.core.context import Context
from savoir.core.settings import PROJECT, settings
from savoir.customers import importing as customers
from savoir.diagnosis import importing as diagnosis
from savoir.handoff import canned
from savoir.knowledge import exporting, revisions
from savoir.knowledge import importing as knowledge
from savoir.knowledge.service import encode_missing
from savoir.learning import corrections
from savoir.repairs import importing as repairs

DEMO = PROJECT / "data" / "demo"
DEMO_TODAY = datetime.fromisoformat("2026-11-24T12:00:00+01:00")
"""The moment at which the demo firm's files were written: their times are moved so that it is today."""

Importer = Callable[[Session, Path, timedelta], Any]
IMPORTERS: dict[str, Importer] = {
    "products": customers.import_products,
    "customers": customers.import_customers,
    "orders": customers.import_orders,
    "shipments": customers.import_shipments,
    "owned-products": customers.import_owned_products,
    "technicians": repairs.import_technicians,
    "repairs": repairs.import_repairs,
    "repair-prices": repairs.import_prices,
    "spare-parts": diagnosis.import_spare_parts,
    "canned-replies": canned.import_replies,
    "knowledge": lambda session, path, _: knowledge.import_folder(session, path),
}


def import_command(kind: str, path: Optional[Path], as_json: bool) -> None:
    """Imports one file or folder, or the whole demo firm, in one transaction."""
    if kind == "demo":
        counts = import_demo(Context(settings()))
    else:
        if kind not in IMPORTERS:
            raise typer.BadParameter(f"{kind!r} is none of {', '.join(IMPORTERS)}, demo")
        if path is None or not path.exists():
            raise typer.BadParameter(f"there is no file or folder {path}" if path else "name the file or folder to import")
        the = Context(settings())
        if kind == "knowledge":
            counts = {kind: _import_knowledge(the, path)}
        else:
            with the.database.writing() as session:
                counts = {kind: _count(IMPORTERS[kind](session, path, timedelta(0)))}
    typer.echo(json.dumps(counts) if as_json else "\n".join(f"{name}: {count}" for name, count in counts.items()))


def export_command(kind: str, folder: Path, as_json: bool) -> None:
    """Writes articles back to files, or what agents put right to `corrections.jsonl`."""
    if kind not in ("knowledge", "corrections"):
        raise typer.BadParameter(f"{kind!r} can't be exported; expected knowledge or corrections")
    if kind == "corrections":
        folder.mkdir(parents=True, exist_ok=True)
        with Context(settings()).database.reading() as session:
            lines = list(corrections.as_lines(session))
        (folder / "corrections.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        typer.echo(json.dumps({"corrections": len(lines)}) if as_json else f"corrections: {len(lines)}")
        return
    with Context(settings()).database.reading() as session:
        done = exporting.export_folder(session, folder)
    counts = {"articles": done.articles, "pictures": done.pictures}
    typer.echo(json.dumps(counts) if as_json else "\n".join(f"{name}: {count}" for name, count in counts.items()))


def _import_knowledge(the: Context, path: Path) -> int:
    """Articles out of a folder or a file: read first, which may take a while, then saved all at once."""
    notes: list[str] = []
    is_shown = sys.stderr.isatty()

    def progress(text: str) -> None:
        if is_shown:
            typer.echo(f"\r\033[K{text}", err=True, nl=False)

    with the.database.reading() as session:
        known = {str(row.id) for row in revisions.every_article(session)}
    try:
        files = knowledge.read_folder(path, known, notes=notes, progress=progress)
    finally:
        progress("")
    with the.database.writing() as session:
        count = knowledge.save_files(session, files, notes=notes)
    for note in notes:
        typer.echo(f"note: {note}", err=True)
    encode_missing(the.database)
    return count


def demo_shift(the: Context) -> timedelta:
    """By how much the demo's times are moved: whole days of the calendar, so that what arrives on its day arrives today, at whatever hour."""
    return timedelta(days=(the.today() - DEMO_TODAY.date()).days)


def import_demo(the: Context) -> dict[str, int]:
    """The demo firm, its times moved to today."""
    shift, counts = demo_shift(the), {}
    with the.database.writing() as session:
        for kind, name in (
            ("products", "products.csv"), ("customers", "customers.csv"), ("orders", "orders.csv"), ("shipments", "shipments.csv"),
            ("owned-products", "owned_products.csv"), ("technicians", "technicians.csv"), ("repairs", "repairs.csv"), ("repair-prices", "repair_prices.csv"), ("spare-parts", "spare_parts.csv"),
            ("canned-replies", "canned_replies.csv"),
        ):
            counts[kind] = _count(IMPORTERS[kind](session, DEMO / name, shift))
        counts["knowledge"] = _count(knowledge.import_folder(session, PROJECT / "data" / "knowledge"))
    encode_missing(the.database)
    return counts


def _count(result: Any) -> int:
    return result if isinstance(result, int) else len(result)
