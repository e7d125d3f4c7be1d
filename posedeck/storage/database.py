"""The database: a SQLite file in the data folder by default, another one by URL."""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from filelock import FileLock
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

DATABASE_URL_VARIABLE = "POSEDECK_DATABASE_URL"
_FILE_NAME = "posedeck.db"
_LOCK_NAME = "migration.lock"
#: How long a writer waits for another one; writes here take milliseconds, so reaching it means something is stuck.
_BUSY_TIMEOUT_MS = 30_000
_READ_ONLY = "posedeck_read_only"
#: The first SQLite whose unixepoch() knows fractions of seconds.
_UNIXEPOCH_SUBSEC = (3, 42, 0)


def database_url(data_dir: Path) -> URL:
    """URL of the database: the configured one, else the SQLite file in the data folder. Its repr hides a password.

    Raises:
        ValueError: when the configured one is not a URL.
    """
    configured = os.environ.get(DATABASE_URL_VARIABLE)
    if not configured:
        return URL.create("sqlite", database=str(data_dir / _FILE_NAME))
    try:
        return make_url(configured)
    except Exception as error:  # SQLAlchemy's error would repeat the text, password included
        raise ValueError(f"{DATABASE_URL_VARIABLE} is not a database URL") from error


def open_database(url: URL) -> Engine:
    """Engine of the database. ``engine.begin()`` writes, ``reading(engine)`` reads.

    Errors do not repeat statement parameters: those hold e-mails and key hashes.
    """
    engine = create_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_transactions_ourselves)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def reading(engine: Engine) -> Connection:
    """A connection whose transactions only read: they never wait for a writer, nor hold one up."""
    return engine.connect().execution_options(**{_READ_ONLY: True})


def migrate(engine: Engine, data_dir: Path) -> None:
    """Bring the tables to the newest revision; does nothing when they are there already.

    Processes of one machine that start at once take turns. Several machines on one database should let one start first.
    """
    config = Config()
    config.set_main_option("script_location", "posedeck.storage:migrations")
    # Alembic's environment is a global of the process as well, so threads take turns by the same lock.
    with FileLock(data_dir / _LOCK_NAME), engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def open_migrated(data_dir: Path) -> Engine:
    """The database of an installation; makes its tables when they are not there.

    Raises:
        ValueError, OSError, sqlalchemy.exc.SQLAlchemyError: when a setting is wrong or it cannot be used.
    """
    engine = open_database(database_url(data_dir))
    try:
        migrate(engine, data_dir)
    except Exception:
        engine.dispose()
        raise
    return engine


def set_up_sqlite(connection: sqlite3.Connection) -> None:
    """Make a fresh SQLite connection durable, patient, and fit for what other libraries create in the same file."""
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={_BUSY_TIMEOUT_MS}", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    if sqlite3.sqlite_version_info < _UNIXEPOCH_SUBSEC:
        # The job queue's tables default to unixepoch('subsec') when they are made by Python 3.12 or newer, whatever
        # SQLite can do; an older one gives NULL there, and every insert fails.
        connection.create_function("unixepoch", 1, lambda _: time.time())


def _open_transactions_ourselves(connection: sqlite3.Connection, _record: Any) -> None:
    # sqlite3 opens transactions on its own and late, so two writers could both start as readers and then fail.
    # Switched off here; _begin_sqlite opens them.
    connection.isolation_level = None
    set_up_sqlite(connection)


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
