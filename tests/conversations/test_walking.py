"""Customers who say whatever comes are always answered, never left in a form, and never shown our insides."""

from __future__ import annotations

import asyncio

import pytest

from tests.conversations import walking
from tests.conversations.stage import Stage

CONVERSATIONS = 60

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("house")]


def test_walkers_find_nothing(stage: Stage) -> None:
    findings = asyncio.run(walking.walk_all(stage, conversations=CONVERSATIONS, seed=1))
    if findings:
        pytest.fail(walking.summary(findings), pytrace=False)
