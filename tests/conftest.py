"""Fixtures of all tests. What needs a service starts it, or skips with the reason; SAVOIR_REQUIRE_SERVICES=1 makes that a failure."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Iterator

import pytest
import sqlalchemy as sa

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from savoir.core.context import Context
from savoir.core.database import Base, Database
from savoir.core.log import set_up
from savoir.core.settings import PROJECT, Settings
from tests.services import postgres

set_up("test", "WARNING")
for _tables in sorted((PROJECT / "savoir").glob("*/*tables.py")):
    __import__(f"savoir.{_tables.parent.name}.{_tables.stem}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one file run in one process, unless they say whom they share a house with."""
    items.sort(key=lambda item: "tests/whole" not in item.nodeid)  # the longest begin first
    for item in items:
        if "tests/web" in item.nodeid or "in_browser" in item.nodeid:
            item.add_marker(pytest.mark.flaky(reruns=2))  # two browsers on two loaded cores can miss a time-out
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(str(item.path)))


def missing(reason: str) -> None:
    """Skips, or fails where services are required."""
    if os.environ.get("SAVOIR_REQUIRE_SERVICES") == "1":
        pytest.fail(f"required, but {reason}", pytrace=False)
    pytest.skip(reason)


class Clock:
    """A clock that tests move by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 10, 0, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **delta: float) -> datetime:
        """Moves on; the new time."""
        self.at += timedelta(**delta)
        return self.at


@pytest.fixture
def clock() -> Clock:
    """Tuesday 24 November 2026, 11:00 in Paris."""
    return Clock()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with all tables, of each kind."""
    if request.param == "postgres":
        made = request.getfixturevalue("postgres_database")
        names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
        with made.engine.begin() as connection:
            connection.execute(sa.text(f"truncate {names} restart identity cascade"))
        yield made
        return
    made = Database(f"sqlite:///{tmp_path / 'savoir.db'}")
    Base.metadata.create_all(made.engine)
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[Database]:
    """A PostgreSQL database with all tables, one for all tests of this process: `database` empties it."""
    if postgres.server() is None:
        missing(postgres.why_not())
    url = postgres.new_database()
    made = Database(url)
    Base.metadata.create_all(made.engine)
    yield made
    made.close()
    postgres.drop_database(url)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings that read neither the environment's nor the project's files."""
    return Settings(_env_file=None, var=tmp_path / "var", secret="a secret for tests", opening_hours="mo-fr 09:00-19:00", holidays="")


@pytest.fixture
def context(settings: Settings, database: Database, clock: Clock) -> Iterator[Context]:
    """A process's context on that database and clock."""
    made = Context(settings, database, clock)
    yield made
    made.pool.shutdown(wait=True)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the machine's Chromium."""
    path = os.environ.get("SAVOIR_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("there is no Chromium on this machine (apt install chromium)")
    return str(path)
