"""What others find on the same articles: SQLite's full-text search, the library bm25s, and Haystack's default retriever."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, Iterable, Sequence, Union

import Stemmer

from savoir.core.text import fold

from .importing import ArticleFile

DEPTH = 10
HAYSTACK = "haystack-ai>=2,<4"
"""Made on demand in an environment of its own, because its libraries don't go with Rasa's."""
INSTALLATION_SECONDS = 240

Ranked = list[tuple[str, float]]
"""Article ids with their scores, best first."""
Retrieved = Union[list[Ranked], str]
"""One ranking a question, or why there is none."""


def retrieve_all(files: Sequence[ArticleFile], questions: Sequence[tuple[str, str]], with_framework: bool = True) -> dict[str, Retrieved]:
    """By method, the ranking of each question (text, language), or a sentence that says why the method was left out."""
    methods: dict[str, Callable[[Sequence[ArticleFile], Sequence[tuple[str, str]]], Retrieved]] = {"sqlite_fts5": fts5, "bm25s": bm25s}
    found = {name: method(files, questions) for name, method in methods.items()}
    found["haystack"] = haystack(files, questions) if with_framework else "left out, as asked"
    return found


def fts5(files: Sequence[ArticleFile], questions: Sequence[tuple[str, str]]) -> Retrieved:
    """SQLite's own index as it comes: words folded by unicode61, any of them, bm25()."""
    database = sqlite3.connect(":memory:")
    database.execute("create virtual table article using fts5(id unindexed, title, body)")
    database.executemany("insert into article values (?, ?, ?)", [(f.id, f.title, _body(f)) for f in files])

    def search(question: str) -> Ranked:
        asked = " OR ".join(f'"{word}"' for word in dict.fromkeys(fold(question).replace('"', " ").split()) if any(map(str.isalnum, word)))
        if not asked:
            return []
        rows = database.execute("select id, -bm25(article) from article where article match ? order by 2 desc limit 40", (asked,)).fetchall()
        return _once(rows)

    return [search(question) for question, _ in questions]


def bm25s(files: Sequence[ArticleFile], questions: Sequence[tuple[str, str]]) -> Retrieved:
    """The library bm25s with its own stop words and Snowball stems, one index a language, as its documentation shows it."""
    try:
        import bm25s as library
    except ImportError:
        return "bm25s is not installed; it comes with requirements-dev.in"
    stemmers = {"fr": Stemmer.Stemmer("french"), "en": Stemmer.Stemmer("english")}

    def tokens(texts: list[str], language: str) -> Any:
        return library.tokenize(texts, stopwords=language, stemmer=stemmers[language], show_progress=False)

    indexes = {}
    for language in stemmers:
        mine = [file for file in files if file.language == language]
        if mine:
            index = library.BM25()
            index.index(tokens([f"{file.title}\n{_body(file)}" for file in mine], language), show_progress=False)
            indexes[language] = mine, index

    def search(question: str) -> Ranked:
        scored: list[tuple[str, float]] = []
        for language, (mine, index) in indexes.items():
            places, scores = index.retrieve(tokens([question], language), k=min(40, len(mine)), show_progress=False)
            scored += [(mine[place].id, float(score)) for place, score in zip(places[0], scores[0], strict=True) if score > 0]
        return _once(sorted(scored, key=lambda pair: -pair[1]))

    return [search(question) for question, _ in questions]


def haystack(files: Sequence[ArticleFile], questions: Sequence[tuple[str, str]]) -> Retrieved:
    """Haystack's InMemoryBM25Retriever with its defaults, run by `uv` in an environment of its own."""
    uv = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if uv is None:
        return "uv is not installed, which makes its environment; it comes with requirements-dev.in"
    given = {
        "documents": [{"id": file.id, "content": f"{file.title}\n{_body(file)}"} for file in files],
        "questions": [question for question, _ in questions],
    }
    command = [uv, "run", "--isolated", "--no-project", "--python", sys.executable, "--with", HAYSTACK, "python"]
    apart = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    try:
        done = subprocess.run(
            [*command, str(Path(__file__).with_name("haystack_retriever.py"))], input=json.dumps(given), capture_output=True, text=True,
            timeout=INSTALLATION_SECONDS, env={**apart, "HAYSTACK_TELEMETRY_ENABLED": "False"}, check=False,
        )
    except subprocess.TimeoutExpired:
        return f"Haystack was not installed and run in {INSTALLATION_SECONDS} seconds"
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        return f"Haystack could not be installed or run: {said[-1][:200]}"
    return [_once((id, score) for id, score in ranked) for ranked in json.loads(done.stdout.splitlines()[-1])]


def _body(file: ArticleFile) -> str:
    return "\n".join([*file.questions, file.body])


def _once(scored: Iterable[tuple[str, float]]) -> Ranked:
    """Each article by its better language."""
    best: dict[str, float] = {}
    for id, score in scored:
        best.setdefault(id, score)
    return list(best.items())[:DEPTH]
