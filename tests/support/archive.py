"""A store of runs in a folder, with its recorder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from posedeck.runs.store import RunStore
from posedeck.services.recording import Recorder
from posedeck.storage.blobs import open_blobs
from posedeck.storage.database import database_url, migrate, open_database


@contextmanager
def archive(folder: Path) -> Iterator[tuple[RunStore, Recorder]]:
    """The store and the recorder of a folder, closed at the end."""
    engine = open_database(database_url(folder))
    migrate(engine, folder)
    store = RunStore(engine, open_blobs(folder))
    try:
        yield store, Recorder(store)
    finally:
        engine.dispose()
