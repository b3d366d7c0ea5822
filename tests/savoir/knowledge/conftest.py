"""A library that is made once for all tests that only search."""

from __future__ import annotations

from typing import Iterator

import pytest
from sqlalchemy.orm import Session

from savoir.core.database import Base, Database
from savoir.knowledge import service

from .library import fill


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with the articles of library.py; do not write to it."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('library') / 'savoir.db'}")
    Base.metadata.create_all(made.engine)
    with made.writing() as session:
        fill(session)
    service.prepare(made)
    yield made
    made.close()


@pytest.fixture
def reading(library: Database) -> Iterator[Session]:
    """A session on the library."""
    with library.reading() as session:
        yield session
