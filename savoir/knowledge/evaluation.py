"""How good search is on sets of questions, beside what is usual: SQLite's full-text search, bm25s and Haystack, in the same run."""

from __future__ import annotations

import math
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional, Sequence, Union

from savoir.core.importing import Fault, FaultyFile

from . import terms
from .answer import answer_from
from .baselines import retrieve_all
from .encoding import Encoders, encoders
from .importing import ArticleFile, read_folder
from .index import Document, KnowledgeIndex
from .passages import pieces_of
from .thresholds import Thresholds, thresholds

DEPTH = 10
PRECISION = 0.95
ONE_LANGUAGE = 0.8
"""From this share of questions that tell a language on, a file is taken to be in it altogether."""


@dataclass(frozen=True)
class Question:
    """A question, the ids of the articles that answer it (none if there is no such article), and its language."""

    text: str
    right: frozenset[str]
    language: str


@dataclass(frozen=True)
class Outcome:
    """What a method found: ids best first, how sure it is of the first (higher is surer), and what it would do: `direct`, `choices`, `none`."""

    ranked: list[str]
    confidence: float
    kind: str = "direct"


def evaluate(
    articles_dir: Path, queries: Union[Path, Sequence[Path]], using: Optional[Encoders] = None, language: Optional[str] = None,
    with_framework: bool = True, limits: Optional[Thresholds] = None,
) -> dict[str, Any]:
    """Measures our search and the baselines on a folder of articles and files of `question<TAB>article id[,id]` (`-` for none).

    Nothing is stored. `language` is that of the questions; told from each file and question if None. `limits` are the thresholds of
    answering, those in force if None. Returns the figures of `measure` for our method, with `answered_directly`, `direct_precision`
    (None if none was), `held_back_unanswerable` and `milliseconds` of CPU a question; under `baselines` the figures of each other method, or
    `{"skipped": reason}`; and under `files` those of each file, where there are several. Raises FaultyFolder or FaultyFile.
    """
    paths = [queries] if isinstance(queries, Path) else list(queries)
    files = read_folder(articles_dir)
    known = {file.id for file in files}
    read = {path.stem: read_questions(path, known, language) for path in paths}
    questions = [question for each in read.values() for question in each]
    index = index_of(files, using or encoders())
    limits = limits or thresholds(index.encoder.name)
    started = time.process_time()
    outcomes = [answered(index, question, limits) for question in questions]
    spent = time.process_time() - started
    retrieved = retrieve_all(files, [(question.text, question.language) for question in questions], with_framework)
    others: dict[str, Union[str, list[Outcome]]] = {
        name: rankings if isinstance(rankings, str) else [_ranked_only(ranking) for ranking in rankings] for name, rankings in retrieved.items()
    }
    figures: dict[str, Any] = {
        "articles": len(files), "questions": len(questions), "encoder": index.encoder.name, "thresholds": limits.origin,
        **_compared(questions, outcomes, others, slice(None)), "milliseconds": round(1000 * spent / max(1, len(questions)), 1),
    }
    if len(read) > 1:
        first, figures["files"] = 0, {}
        for name, each in read.items():
            part = slice(first, first + len(each))
            figures["files"][name] = {"questions": len(each), **_compared(questions, outcomes, others, part)}
            first += len(each)
    return figures


def index_of(files: Sequence[ArticleFile], using: Encoders) -> KnowledgeIndex:
    """The articles of a folder in an index of their own, with the encoder loaded, which is no question's cost."""
    index = KnowledgeIndex(using)
    for file in files:
        pieces = tuple(pieces_of(file.title, file.body, file.questions))
        index.put(Document(file.id, file.language, file.title, file.body, tuple(file.products), pieces))
    if files:
        index.search("?", language="fr")
    return index


def answered(index: KnowledgeIndex, question: Question, limits: Thresholds) -> Outcome:
    """What our search does with a question."""
    found = index.search(question.text, language=question.language, limit=DEPTH)
    answer = answer_from(found, question.language, index.encoder.name, limits)
    return Outcome([one.document.id for one in found], answer.confidence, answer.kind)


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
        f"recall_at_{depth}": _share(sum(rank is not None and rank <= depth for rank in ranks), len(ranks)) if ranks else None for depth in (1, 3, 10)
    }
    figures["mrr_at_10"] = _share(sum(1 / rank for rank in ranks if rank), len(ranks)) if ranks else None
    figures["ndcg_at_10"] = _share(sum(_ndcg(o.ranked, q.right) for q, o in answerable), len(ranks)) if ranks else None
    figures["coverage_at_95_precision"] = coverage(questions, outcomes)
    figures["refused_unanswerable"] = _share(sum(o.kind == "none" or not o.ranked for o in others), len(others)) if others else None
    return figures


def answering(questions: Sequence[Question], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What was answered at the thresholds: `answered_directly` (share of all questions), `direct_precision` (share of those with a right
    article), `refused_answerable`, and `held_back_unanswerable`: the share of the unanswerable ones that were refused or got titles to choose from."""
    pairs = list(zip(questions, outcomes, strict=True))
    direct = [q for q, o in pairs if o.kind == "direct"]
    right = sum(o.kind == "direct" and o.ranked[0] in q.right for q, o in pairs)
    answerable, others = [o for q, o in pairs if q.right], [o for q, o in pairs if not q.right]
    return {
        "answered_directly": _share(len(direct), len(pairs)), "direct_precision": _share(right, len(direct)) if direct else None,
        "refused_answerable": _share(sum(o.kind == "none" for o in answerable), len(answerable)) if answerable else None,
        "held_back_unanswerable": _share(sum(o.kind != "direct" for o in others), len(others)) if others else None,
    }


def coverage(questions: Sequence[Question], outcomes: Sequence[Outcome], precision: float = PRECISION) -> float:
    """The largest share of all questions that can be answered, surest first, with at least `precision` of the answers right."""
    surest = sorted(zip(questions, outcomes, strict=True), key=lambda pair: -pair[1].confidence)
    covered = right = 0
    for place, (question, outcome) in enumerate(surest, 1):
        right += bool(outcome.ranked) and outcome.ranked[0] in question.right
        if right >= precision * place:
            covered = place
    return _share(covered, len(questions))


def read_questions(path: Path, known: set[str], language: Optional[str] = None) -> list[Question]:
    """Reads a file of questions. Raises FaultyFile naming every bad line."""
    read: list[tuple[str, frozenset[str]]] = []
    faults = []
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
            read.append((text.strip(), right))
    if faults:
        raise FaultyFile(path, faults)
    told = [terms.language_of(text) for text, _ in read]
    usual, times = Counter(filter(None, told)).most_common(1)[0] if any(told) else ("fr", 0)
    of_all = language or (usual if times >= ONE_LANGUAGE * sum(map(bool, told)) else None)
    return [Question(text, right, of_all or own or usual) for (text, right), own in zip(read, told, strict=True)]


def _compared(questions: list[Question], outcomes: list[Outcome], others: dict[str, Union[str, list[Outcome]]], part: slice) -> dict[str, Any]:
    asked, ours = questions[part], outcomes[part]
    return {
        **measure(asked, ours), **answering(asked, ours),
        "baselines": {name: {"skipped": each} if isinstance(each, str) else measure(asked, each[part]) for name, each in others.items()},
    }


def _ranked_only(ranking: Sequence[tuple[str, float]]) -> Outcome:
    return Outcome([id for id, _ in ranking], ranking[0][1] if ranking else 0.0)


def _ndcg(ranked: Sequence[str], right: frozenset[str]) -> float:
    gained = sum(1 / math.log2(place + 1) for place, id in enumerate(ranked[:DEPTH], 1) if id in right)
    return gained / sum(1 / math.log2(place + 1) for place in range(1, min(len(right), DEPTH) + 1))


def _share(part: float, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
