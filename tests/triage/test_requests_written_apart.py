"""The requests on which triage is measured: well formed, as many as promised, and none that triage has learned from."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz, process

from savoir.core.text import fold
from savoir.tickets.categories import CATEGORIES
from savoir.tickets.tables import URGENCIES

HOUSE = Path(__file__).parents[2]
FILE = HOUSE / "tests" / "triage" / "requests.jsonl"
LEARNED = sorted((HOUSE / "data" / "triage").glob("requests-*.jsonl"))
FIELDS = ["subject", "text", "channel", "language", "category", "urgency", "sentiment", "product", "flags"]
FLAGS = {"spam", "auto_reply", "vulnerable", "legal"}
NOISE = {"spam", "auto_reply"}
TOO_ALIKE = 85
"""Of 100, by letters in order: such a text could be known by heart."""


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


REQUESTS = _lines(FILE)
ASKED = [request for request in REQUESTS if not NOISE & set(request["flags"])]


def _products() -> set[str]:
    with (HOUSE / "data" / "demo" / "products.csv").open(encoding="utf-8", newline="") as catalogue:
        return {row["id"] for row in csv.DictReader(catalogue)}


def test_every_line_has_the_fields_of_the_training_data_and_names_of_the_vocabulary() -> None:
    products = _products()
    wrong = [
        f"line {number}: {request.get('subject')!r}"
        for number, request in enumerate(REQUESTS, 1)
        if list(request) != FIELDS
        or not request["text"].strip()
        or request["channel"] not in ("mail", "form")
        or request["language"] not in ("fr", "en")
        or request["category"] not in CATEGORIES
        or request["urgency"] not in URGENCIES
        or request["sentiment"] not in ("negative", "neutral", "positive")
        or request["product"] not in products | {None}
        or not set(request["flags"]) <= FLAGS
    ]
    assert not wrong, wrong


def test_labels_keep_the_rules_that_can_be_checked() -> None:
    for request in REQUESTS:
        if NOISE & set(request["flags"]):
            assert (request["category"], request["urgency"], request["sentiment"]) == ("general.other", "p4", "neutral"), request
        if "vulnerable" in request["flags"]:
            assert request["urgency"] in ("p1", "p2"), request
        if request["category"] == "safety.danger":
            assert request["urgency"] == "p1", request
        if request["urgency"] == "p1":
            assert request["category"] in ("safety.danger", "fraud.report"), request


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_language_has_its_150_requests_over_all_categories_and_its_noise(language: str) -> None:
    mine = Counter(request["category"] for request in ASKED if request["language"] == language)
    assert sum(mine.values()) == 150
    assert not {category for category in CATEGORIES if mine[category] < 3}
    for flag in NOISE:
        assert sum(flag in request["flags"] for request in REQUESTS if request["language"] == language) == 12


def test_at_least_fourteen_requests_cannot_wait() -> None:
    assert sum(request["urgency"] == "p1" for request in ASKED) >= 14


def test_no_request_is_nearly_one_that_triage_learns_from_or_stands_twice() -> None:
    here = [fold(request["text"]) for request in REQUESTS]
    learned = [(file.name, number, request["text"]) for file in LEARNED for number, request in enumerate(_lines(file), 1)]
    assert learned, "no training requests found, so nothing was compared"
    alike = process.cdist(here, [fold(text) for _, _, text in learned], scorer=fuzz.ratio, score_cutoff=TOO_ALIKE)
    twice = process.cdist(here, here, scorer=fuzz.ratio, score_cutoff=TOO_ALIKE)
    named = [f"line {row + 1} ~ {learned[column][0]} line {learned[column][1]}" for row, column in zip(*alike.nonzero())]
    named += [f"line {row + 1} ~ line {column + 1}" for row, column in zip(*twice.nonzero()) if row < column]
    assert not named, named
