"""`python -m tests.bench.knowledge`: search at 1 thousand, 10 thousand (and 100 thousand) passages: time with encoding, memory, one article changed.

Articles are sentences of the demo articles, shuffled; their vectors are drawn by chance, because encoding them would take hours and
changes nothing in the time of a search. The questions are encoded as always, each for the first time.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from savoir.core.settings import PROJECT
from savoir.knowledge.encoding import Encoders, encoders
from savoir.knowledge.importing import read_folder
from savoir.knowledge.index import Document, KnowledgeIndex
from savoir.knowledge.passages import Piece, pieces_of

AIM_SEARCH_MS = 40.0
AIM_CHANGE_S = 1.0


def main() -> int:
    """Returns 0; the aims are printed beside what was reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    using = encoders()
    using.encode([("title", "?"), ("passage", "?")])  # loads the models
    rows = [measured(size, options.questions, using) for size in options.passages]
    path = PROJECT / "var" / "bench-knowledge.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"load": os.getloadavg(), "cores": psutil.cpu_count(), "rows": rows}, indent=2))
    table = Table(title="search, CPU time of one thread")
    for column in rows[0]:
        table.add_column(column.replace("_", " "), justify="right")
    for row in rows:
        table.add_row(*(f"{value:,}" for value in row.values()))
    console = Console()
    console.print(table)
    console.print(f"aims: search p95 {AIM_SEARCH_MS:.0f} ms at 10,000 passages, a change {AIM_CHANGE_S:.0f} s. Load {os.getloadavg()[0]:.1f}. {path}", highlight=False)
    return 0


def measured(passages: int, questions: int, using: Encoders) -> dict[str, Any]:
    """The figures at a number of passages: seconds to build without encoding, MB, ms of CPU of a search and of its part in the index."""
    chance = random.Random(7)
    gc.collect()
    before = psutil.Process().memory_info().rss
    index = KnowledgeIndex(using)
    started = time.process_time()
    last = _fill(index, passages, chance)
    built = time.process_time() - started
    memory = psutil.Process().memory_info().rss - before
    asked = _questions(questions, chance)
    index.search("?", language="fr")
    spent, without = [], []
    for question in asked:
        started = time.process_time()
        index.search(question, language="fr")
        spent.append(1000 * (time.process_time() - started))
        started = time.process_time()
        index.search(question, language="fr")  # its vectors are remembered now
        without.append(1000 * (time.process_time() - started))
    started, clock = time.process_time(), time.perf_counter()
    body = f"Une phrase nouvelle sur le zibulon.\n\n{last.body}"
    pieces = tuple(pieces_of(last.title, body, ["comment régler le zibulon"]))
    index.put(Document(last.id, last.language, last.title, body, last.products, pieces))
    found = index.search("le zibulon", language=last.language)
    assert found[0].document.id == last.id
    return {
        "passages": passages, "articles": len(index.versions()), "build_s": round(built, 1), "memory_mb": round(memory / 2**20),
        "search_p50_ms": _at(spent, 50), "search_p95_ms": _at(spent, 95), "index_p95_ms": _at(without, 95),
        "change_cpu_ms": round(1000 * (time.process_time() - started)), "change_wall_ms": round(1000 * (time.perf_counter() - clock)),
    }


def _fill(index: KnowledgeIndex, passages: int, chance: random.Random) -> Document:
    """Adds articles until there are so many passages; returns the last."""
    files = read_folder(PROJECT / "data" / "knowledge")
    sentences = {language: [line for file in files if file.language == language for line in file.body.splitlines() if len(line) > 40] for language in ("fr", "en")}
    numbers = np.random.default_rng(7)
    made, number = 0, 0
    while True:
        file = files[number % len(files)]
        body = "\n\n".join(chance.choices(sentences[file.language], k=12))
        pieces = tuple(pieces_of(f"{file.title} {number}", body, file.questions))
        document = Document(f"article-{number}", file.language, f"{file.title} {number}", body, tuple(file.products), pieces)
        index.put(document, [_by_chance(piece, index.encoder, numbers) for piece in pieces])
        made += sum(piece.kind == "passage" for piece in pieces)
        number += 1
        if made >= passages:
            return document


def _by_chance(piece: Piece, using: Encoders, numbers: np.random.Generator) -> Any:
    vector = numbers.standard_normal(using.of(piece.kind).dimension).astype(np.float32)
    return vector / np.linalg.norm(vector)


def _questions(count: int, chance: random.Random) -> list[str]:
    lines = [line.partition("\t")[0] for name in ("fr", "spoken-fr") for line in Path(PROJECT / "data" / "tuning" / f"knowledge-{name}.tsv").read_text().splitlines()]
    return [f"{line} {number}" for number, line in enumerate(chance.choices(lines, k=count))]


def _at(values: list[float], share: int) -> float:
    return round(float(np.percentile(values, share)), 1)


if __name__ == "__main__":
    raise SystemExit(main())
