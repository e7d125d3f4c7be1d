"""A store of runs on SQLite, or on the PostgreSQL of ``POSEDECK_TEST_DATABASE_URL``."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text

from posedeck.runs.store import RunStore
from posedeck.storage.blobs import Blobs, open_blobs
from posedeck.storage.database import database_url, migrate, open_database

#: Only a database that is there for tests: its tables are dropped.
TEST_URL = "POSEDECK_TEST_DATABASE_URL"
_URL = os.environ.get(TEST_URL)


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    """The blob store of the test's folder."""
    return open_blobs(tmp_path)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    engine = open_database(make_url(_URL) if _URL else database_url(tmp_path))
    if _URL:
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    migrate(engine, tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine, blobs: Blobs) -> RunStore:
    """An empty store."""
    return RunStore(engine, blobs)
