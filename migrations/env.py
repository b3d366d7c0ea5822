"""Alembic's environment: every room's tables, against the database that the caller names."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import sqlalchemy as sa
from alembic import context

from savoir.core.database import Base
from savoir.core.settings import settings

for tables in sorted((Path(__file__).parents[1] / "savoir").glob("*/*tables.py")):
    import_module(f"savoir.{tables.parent.name}.{tables.stem}")

url = context.config.attributes.get("url") or settings().database
engine = sa.create_engine(url, future=True)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
