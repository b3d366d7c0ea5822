"""How good search is on a set of questions, beside what is usual: plain BM25 and SQLite's full-text search."""

from __future__ import annotations

import math
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Iterable, Optional, Sequence

from savoir.core.encoder import Encoder, encoder
from savoir.core.importing import Fault, FaultyFile
from savoir.core.text import fold

from . import terms
from .answer import answer_from
from .importing import ArticleFile, read_folder
from .index import Document, KnowledgeIndex
from .lexical import Postings
from .passages import pieces_of

DEPTH = 10
PRECISION = 0.95


@dataclass(frozen=True)
class Question:
    """A question, the ids of the articles that answer it (none if there is no such article), and its language."""

    text: str
    right: frozenset[str]
    language: str


@dataclass(frozen=True)
class Outcome:
    """What a method found: ids best first, how sure it is of the first (higher is surer), and whether it refused to answer."""

    ranked: list[str]
    confidence: float
    refused: bool = False


def evaluate(articles_dir: Path, queries_file: Path, using: Optional[Encoder] = None, language: Optional[str] = None) -> dict[str, Any]:
    """Measures our search and the baselines on a folder of articles and a file of `question<TAB>article id[,id]` (`-` for none).

    Nothing is stored. `language` is that of the questions; told from each question if None. Returns the figures of `measure` for our
    method, with `answered_directly`, `direct_precision` (None if none was) and `milliseconds` of CPU a question,
    and under `baselines` those of each other method. Raises FaultyFolder or FaultyFile.
    """
    files = read_folder(articles_dir)
    questions = read_questions(queries_file, {file.id for file in files}, language)
    index = KnowledgeIndex(using or encoder())
    for file in files:
        pieces = tuple(pieces_of(file.title, file.body, file.questions))
        index.put(Document(file.id, file.language, file.title, file.body, tuple(file.products), pieces))
    if files:
        index.search("?", language="fr")  # loads the model, which is no question's cost
    started = time.process_time()
    outcomes, direct = [], []
    for question in questions:
        found = index.search(question.text, language=question.language, limit=DEPTH)
        answer = answer_from(found, question.language, index.encoder.name)
        outcomes.append(Outcome([one.document.id for one in found], answer.confidence, answer.kind == "none"))
        if answer.article:
            direct.append(answer.article.article in question.right)
    spent = time.process_time() - started
    return {
        "articles": len(files), "questions": len(questions), "encoder": index.encoder.name, **measure(questions, outcomes),
        "answered_directly": _share(len(direct), len(questions)),
        "direct_precision": _share(sum(direct), len(direct)) if direct else None,
        "milliseconds": round(1000 * spent / max(1, len(questions)), 1),
        "baselines": {
            name: measure(questions, [method(question.text) for question in questions])
            for name, method in (("sqlite_fts5", _fts5(files)), ("bm25", _bm25(files)))
        },
    }


def measure(questions: Sequence[Question], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The figures of a method.

    Recall at 1, 3 and 10 (share of answerable questions with a right article among the first so many), MRR and nDCG at 10
    (binary relevance) over the answerable questions; `coverage_at_95_precision`: the largest share of all questions that can be
    answered, surest first, with at least 95 % of those answers right; `refused_unanswerable`: the share of the unanswerable ones
    that got no article, None without any.
    """
    answerable = [(q, o) for q, o in zip(questions, outcomes, strict=True) if q.right]
    others = [o for q, o in zip(questions, outcomes, strict=True) if not q.right]
    ranks = [next((n for n, id in enumerate(o.ranked[:DEPTH], 1) if id in q.right), None) for q, o in answerable]
    figures: dict[str, Any] = {
        f"recall_at_{depth}": _share(sum(rank is not None and rank <= depth for rank in ranks), len(ranks)) for depth in (1, 3, 10)
    }
    figures["mrr_at_10"] = _share(sum(1 / rank for rank in ranks if rank), len(ranks))
    figures["ndcg_at_10"] = _share(sum(_ndcg(o.ranked, q.right) for q, o in answerable), len(ranks))
    figures["coverage_at_95_precision"] = _coverage(questions, outcomes)
    figures["refused_unanswerable"] = _share(sum(o.refused or not o.ranked for o in others), len(others)) if others else None
    return figures


def read_questions(path: Path, known: set[str], language: Optional[str] = None) -> list[Question]:
    """Reads a file of questions. Raises FaultyFile naming every bad line."""
    questions, faults = [], []
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        text, tab, ids = line.partition("\t")
        right = frozenset(id.strip() for id in ids.split(",") if id.strip() not in ("", "-"))
        if not tab or not text.strip() or not ids.strip():
            faults.append(Fault(number, "expected a question, a tab, and article ids separated by commas or `-`"))
        elif right - known:
            faults.append(Fault(number, f"no article is called {', '.join(sorted(right - known))}"))
        else:
            questions.append(Question(text.strip(), right, language or terms.language_of(text)))
    if faults:
        raise FaultyFile(path, faults)
    return questions


def _fts5(files: Sequence[ArticleFile]) -> Callable[[str], Outcome]:
    """SQLite's own index as it comes: words folded by unicode61, any of them, bm25()."""
    database = sqlite3.connect(":memory:")
    database.execute("create virtual table article using fts5(id unindexed, title, body)")
    database.executemany("insert into article values (?, ?, ?)", [(f.id, f.title, _indexed(f)) for f in files])

    def search(question: str) -> Outcome:
        asked = " OR ".join(f'"{word}"' for word in dict.fromkeys(fold(question).replace('"', " ").split()) if any(map(str.isalnum, word)))
        rows = database.execute(
            "select id, bm25(article) from article where article match ? order by 2 limit 40", (asked,)
        ).fetchall() if asked else []
        return _outcome((id, -score) for id, score in rows)

    return search


def _bm25(files: Sequence[ArticleFile]) -> Callable[[str], Outcome]:
    """BM25 over stems of title, sample questions and body together, as search libraries do it."""
    postings = Postings(0.75)
    for number, file in enumerate(files):
        postings.put(number, terms.stems(f"{file.title}\n{_indexed(file)}", file.language))

    def search(question: str) -> Outcome:
        asked = terms.asked_words(question)
        words = list(dict.fromkeys(terms.stems(asked, "fr") + terms.stems(asked, "en")))
        scores = postings.scores(words, len(files))
        return _outcome((files[n].id, float(scores[n])) for n in sorted(range(len(files)), key=lambda n: -scores[n])[:40] if scores[n] > 0)

    return search


def _indexed(file: ArticleFile) -> str:
    return "\n".join([*file.questions, file.body])


def _outcome(scored: Iterable[tuple[str, float]]) -> Outcome:
    best: dict[str, float] = {}
    for id, score in scored:
        best.setdefault(id, score)
    return Outcome(list(best)[:DEPTH], next(iter(best.values()), 0.0))


def _ndcg(ranked: Sequence[str], right: frozenset[str]) -> float:
    gained = sum(1 / math.log2(place + 1) for place, id in enumerate(ranked[:DEPTH], 1) if id in right)
    return gained / sum(1 / math.log2(place + 1) for place in range(1, min(len(right), DEPTH) + 1))


def _coverage(questions: Sequence[Question], outcomes: Sequence[Outcome]) -> float:
    surest = sorted(zip(questions, outcomes, strict=True), key=lambda pair: -pair[1].confidence)
    covered = right = 0
    for place, (question, outcome) in enumerate(surest, 1):
        right += bool(outcome.ranked) and outcome.ranked[0] in question.right
        if right >= PRECISION * place:
            covered = place
    return _share(covered, len(questions))


def _share(part: float, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
