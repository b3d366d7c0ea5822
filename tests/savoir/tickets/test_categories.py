"""What requests are filed under, how urgent they are, and by when a person answers."""

from __future__ import annotations

from datetime import datetime
from typing import Optional
from zoneinfo import ZoneInfo

import pytest

from savoir.core.clock import OpeningHours
from savoir.tickets import categories, service
from savoir.tickets.tables import URGENCIES

EXPECTED = {
    "hardware": "power screen battery audio camera connectivity overheating physical_damage other",
    "software": "update performance application data_loss other", "account": "login details other",
    "order": "tracking delivery cancellation return exchange refund", "billing": "invoice payment",
    "repair": "booking tracking spare_part warranty", "usage": "how_to product_information", "safety": "danger", "fraud": "report",
    "privacy": "export erasure", "feedback": "complaint praise", "general": "contact follow_up other",
}
QUEUES = {"technical", "orders", "repairs", "care", "trust"}
HOURS = OpeningHours.parse("mo-fr 09:00-12:30,14:00-18:00; sa 10:00-17:00", "Europe/Paris", "FR")


def test_there_are_the_forty_categories_each_with_names_a_queue_and_an_urgency() -> None:
    assert set(service.CATEGORIES) == {f"{group}.{name}" for group, names in EXPECTED.items() for name in names.split()}
    assert len(service.CATEGORIES) == 40
    for category in service.CATEGORIES:
        assert service.queue_of(category) in QUEUES
        assert service.urgency_of(category) in URGENCIES
        assert service.category_name(category, "fr") != category
        assert service.category_name(category, "en") != category


def test_every_mapping_leads_to_a_category() -> None:
    for mapping in (categories.CATEGORY_OF_SYMPTOM, categories.CATEGORY_OF_INTENT):
        assert set(mapping.values()) <= set(service.CATEGORIES)
    assert set(categories.URGENCY_OF) <= set(service.CATEGORIES)
    assert service.queue_of("nobody knows") == "triage"


@pytest.mark.parametrize(
    ("intent", "symptom", "category"),
    [
        ("report_fault", "screen", "hardware.screen"), ("report_fault", None, "hardware.other"), ("report_physical_damage", "screen", "hardware.physical_damage"),
        ("report_fault", "water", "hardware.physical_damage"), ("ask_refund", "screen", "order.refund"), (None, "battery", "hardware.battery"),
        ("report_safety_issue", "battery", "safety.danger"), (None, None, "general.other"), ("greet", None, "general.other"),
    ],
)
def test_intent_and_symptom_decide_together(intent: Optional[str], symptom: Optional[str], category: str) -> None:
    assert service.category_of(intent, symptom) == category


def test_who_is_blocked_upset_or_vulnerable_comes_sooner_but_nothing_comes_before_danger() -> None:
    assert service.urgency_of("usage.how_to") == "p4"
    assert service.urgency_of("usage.how_to", is_upset=True) == "p2"
    assert service.urgency_of("hardware.screen", is_vulnerable=True) == "p2"
    assert service.urgency_of("safety.danger", is_blocked=True) == "p1"


@pytest.mark.parametrize(
    ("urgency", "asked", "answered"),
    [
        ("p1", "2026-12-25T03:00", "2026-12-25T03:15"),  # at any hour, on Christmas too
        ("p2", "2026-11-24T10:00", "2026-11-24T11:00"), ("p2", "2026-11-24T12:00", "2026-11-24T14:30"),
        ("p2", "2026-11-28T16:30", "2026-11-30T09:30"),  # half an hour on Saturday, half on Monday
        ("p3", "2026-11-24T10:00", "2026-11-25T10:30"), ("p3", "2026-11-27T23:00", "2026-11-30T10:00"),
        ("p4", "2026-11-24T10:00", "2026-11-27T18:00"), ("p4", "2026-11-27T10:00", "2026-12-01T18:00"),
    ],
)
def test_the_promise_counts_the_time_in_which_people_answer(urgency: str, asked: str, answered: str) -> None:
    zone = ZoneInfo("Europe/Paris")
    assert service.promise(urgency, datetime.fromisoformat(asked).replace(tzinfo=zone), HOURS) == datetime.fromisoformat(answered).replace(tzinfo=zone)


def test_nothing_is_promised_where_nobody_ever_answers() -> None:
    never = OpeningHours.parse("", "Europe/Paris")
    at = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Europe/Paris"))
    assert [service.promise(urgency, at, never) is None for urgency in URGENCIES] == [False, True, True, True]
