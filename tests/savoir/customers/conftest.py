"""Fixtures of the customers' room."""

from __future__ import annotations

import pytest

from savoir.core.database import Database
from tests.conftest import Clock

from .shop import Shop


@pytest.fixture
def shop(database: Database, clock: Clock) -> Shop:
    """A small shop, on each kind of database."""
    return Shop(database, clock)
