"""An empty database: SQLite in a folder, or the PostgreSQL of ``POSEDECK_TEST_DATABASE_URL``."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from posedeck.storage.database import DATABASE_URL_VARIABLE, database_url, migrate, open_database

#: Only a database that is there for tests: its tables, and those of the queue, are dropped.
TEST_URL = "POSEDECK_TEST_DATABASE_URL"
#: Read before the tests' own environment takes it away.
POSTGRESQL_URL = os.environ.get(TEST_URL)
#: Where the queue's own tables are: beside ours on SQLite, in a schema of their own on PostgreSQL.
QUEUE_SCHEMA = None if POSTGRESQL_URL is None else "dbos"
_SCHEMAS = ("public", "dbos")


@contextmanager
def empty_database(folder: Path) -> Iterator[Engine]:
    """The database with all tables, also for processes that are started meanwhile; closed at the end."""
    with pytest.MonkeyPatch.context() as patch:
        if POSTGRESQL_URL is not None:
            patch.setenv(DATABASE_URL_VARIABLE, POSTGRESQL_URL)
        engine = open_database(database_url(folder))
        try:
            if POSTGRESQL_URL is not None:
                with engine.begin() as connection:
                    for schema in _SCHEMAS:
                        connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
                    connection.execute(text("CREATE SCHEMA public"))
            migrate(engine, folder)
            yield engine
        finally:
            engine.dispose()
