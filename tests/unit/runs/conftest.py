"""A store of runs on SQLite, or on the PostgreSQL of ``POSEDECK_TEST_DATABASE_URL``."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from posedeck.runs.store import RunStore
from posedeck.storage.blobs import Blobs, open_blobs
from tests.support.databases import empty_database


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    """The blob store of the test's folder."""
    return open_blobs(tmp_path)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    with empty_database(tmp_path) as opened:
        yield opened


@pytest.fixture
def store(engine: Engine, blobs: Blobs) -> RunStore:
    """An empty store."""
    return RunStore(engine, blobs)
