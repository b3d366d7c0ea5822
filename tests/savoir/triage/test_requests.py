"""The requests that triage learns from: each line is well formed, in the product's vocabulary, and said only once."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from savoir.core.text import fold
from savoir.tickets.categories import CATEGORIES
from savoir.tickets.tables import URGENCIES

HOUSE = Path(__file__).parents[3]
FOLDER = HOUSE / "data" / "triage"
FILES = sorted(FOLDER.glob("requests-*.jsonl"))
FIELDS = ["subject", "text", "channel", "language", "category", "urgency", "sentiment", "product", "flags"]
FLAGS = {"spam", "auto_reply", "vulnerable", "legal"}
LEAST = 20
"""Requests of customers, for each category and language."""
LEAST_OF_NOISE = 24
"""Spam, and automatic replies, for each language."""
TOO_ALIKE = 88
"""Of 100, by letters in order: what stays below it was told in other words."""


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _all() -> list[dict[str, Any]]:
    return [request for file in FILES for request in _lines(file)]


def _where(file: Path, number: int) -> str:
    return f"{file.name}:{number}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_line_is_well_formed_and_keeps_to_the_vocabulary(file: Path) -> None:
    with (HOUSE / "data" / "demo" / "products.csv").open(encoding="utf-8", newline="") as catalogue:
        products = {row["id"] for row in csv.DictReader(catalogue)}
    wrong = []
    for number, request in enumerate(_lines(file), 1):
        where = _where(file, number)
        if list(request) != FIELDS:
            wrong.append(f"{where}: fields {list(request)}")
            continue
        texts, flags = (request["subject"], request["text"]), request["flags"]
        wrong += [f"{where}: {what}" for what, is_right in {
            "subject and text are strings": all(isinstance(text, str) for text in texts),
            "something is said": any(text.strip() for text in texts),
            "no blanks at the ends": all(text == text.strip() for text in texts),
            f"channel {request['channel']}": request["channel"] in ("mail", "form"),
            f"language {request['language']}": file.name.startswith(f"requests-{request['language']}-"),
            f"category {request['category']}": request["category"] in CATEGORIES,
            f"urgency {request['urgency']}": request["urgency"] in URGENCIES,
            f"sentiment {request['sentiment']}": request["sentiment"] in ("negative", "neutral", "positive"),
            f"product {request['product']}": request["product"] is None or request["product"] in products,
            f"flags {flags}": isinstance(flags, list) and set(flags) <= FLAGS and len(set(flags)) == len(flags),
        }.items() if not is_right]
    assert wrong == []


def test_labels_agree_with_each_other() -> None:
    wrong = []
    for file in FILES:
        for number, request in enumerate(_lines(file), 1):
            urgency, flags = request["urgency"], set(request["flags"])
            is_noise = bool(flags & {"spam", "auto_reply"})
            wrong += [f"{_where(file, number)}: {rule}" for rule, is_kept in {
                "danger is p1": request["category"] != "safety.danger" or urgency == "p1",
                "p1 is danger or fraud": urgency != "p1" or request["category"] in ("safety.danger", "fraud.report"),
                "vulnerable is at least p2": "vulnerable" not in flags or urgency <= "p2",
                "noise is general.other, p4, neutral and nothing else": not is_noise or (
                    len(flags) == 1 and (request["category"], urgency, request["sentiment"]) == ("general.other", "p4", "neutral")
                ),
                "praise is positive": request["category"] != "feedback.praise" or request["sentiment"] == "positive",
            }.items() if not is_kept]
    assert wrong == []


def test_every_category_has_enough_in_both_languages_and_from_both_channels() -> None:
    customers = [request for request in _all() if not {"spam", "auto_reply"} & set(request["flags"])]
    counts = Counter((request["category"], request["language"]) for request in customers)
    few = {(category, language): counts[category, language] for category in CATEGORIES for language in ("fr", "en")
           if counts[category, language] < LEAST}
    assert few == {}
    from_forms = {request["category"] for request in customers if request["channel"] == "form"}
    assert set(CATEGORIES) - from_forms == set()


def test_there_is_enough_spam_and_automatic_mail_to_learn_from() -> None:
    counts = Counter((flag, request["language"]) for request in _all() for flag in request["flags"])
    assert {(flag, language): counts[flag, language] for flag in ("spam", "auto_reply") for language in ("fr", "en")
            if counts[flag, language] < LEAST_OF_NOISE} == {}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_two_requests_are_nearly_the_same(language: str) -> None:
    requests = [request for request in _all() if request["language"] == language]
    texts = [fold(f"{request['subject']} {request['text']}") for request in requests]
    scores = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=TOO_ALIKE, dtype=np.uint8)
    pairs = [(texts[i], texts[j]) for i, j in np.argwhere(np.triu(scores, k=1))]
    assert pairs == []
    assert [text for text, times in Counter(fold(request["text"]) for request in requests if request["text"]).items() if times > 1] == []
