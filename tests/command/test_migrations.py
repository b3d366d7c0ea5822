"""Migrations: up from empty gives the tables that the code knows; down and up again works."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from savoir.core.database import Base, Database
from savoir.core.settings import PROJECT


def configuration(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    config.attributes["url"] = database.url
    return config


def test_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    Base.metadata.drop_all(database.engine)
    try:
        config = configuration(database)
        command.upgrade(config, "head")
        with database.engine.connect() as connection:
            differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
        assert differences == []
        command.downgrade(config, "base")
        assert set(sa.inspect(database.engine).get_table_names()) <= {"alembic_version"}
        command.upgrade(config, "head")
    finally:
        Base.metadata.drop_all(database.engine)
        with database.engine.begin() as connection:
            connection.execute(sa.text("drop table if exists alembic_version"))
        Base.metadata.create_all(database.engine)
