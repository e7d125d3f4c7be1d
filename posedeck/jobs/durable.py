"""The engine under the queue: DBOS Transact, in the same database as everything else.

What it does on its own and what we set instead:

- It leaves SQLite's journal as it is, and fails on SQLite before 3.42 under Python 3.12: our own engine sees to both.
- It pickles into the database: we have it write JSON.
- It recovers only jobs of the same version of the workflow's code, by default a hash of it: we name the version, and
  change it when recorded steps would not fit any more.
- It recovers only jobs of its own executor id: ours are stable and held by one process at a time
  (``posedeck.jobs.executor``), and those of hosts that are gone are taken over (``posedeck.jobs.reaper``).
- It takes two seconds to import: a pose server does so at its first job, a page never.
"""

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock
from sqlalchemy import URL, Engine, create_engine, event

from posedeck.storage.database import set_up_sqlite

if TYPE_CHECKING:
    from dbos import DBOSClient, DBOSConfig

APP_NAME = "posedeck"
#: Of the workflow in ``posedeck.jobs.workflow``: its steps, their order, arguments and results.
APP_VERSION = "wire-1"
QUEUE_NAME = "jobs"
WORKFLOW_NAME = "job"
_LOCK_NAME = "queue-migration.lock"
_POOL_SIZE = 8


def open_durable_database(url: URL) -> Engine:
    """The queue's own engine on a database. Unlike ``open_database`` it leaves opening transactions to the driver."""
    if url.get_backend_name() != "sqlite":
        return create_engine(url, hide_parameters=True, pool_size=_POOL_SIZE, pool_pre_ping=True)
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _set_up)
    return engine


def migrate_queue(url: URL, data_dir: Path) -> None:
    """Bring the queue's own tables to the newest revision; processes of one machine take turns."""
    from dbos import DBOS

    with FileLock(data_dir / _LOCK_NAME):
        DBOS.migrate(url.render_as_string(hide_password=False))


def open_client(engine: Engine) -> "DBOSClient":
    """A client of the queue, which enqueues and cancels but runs nothing."""
    from dbos import DBOSClient, DBOSPortableJSONSerializer

    return DBOSClient(system_database_engine=engine, serializer=DBOSPortableJSONSerializer())


def worker_config(engine: Engine, executor_id: str) -> "DBOSConfig":
    """What a worker launches DBOS with; the tables are there already."""
    from dbos import DBOSPortableJSONSerializer

    return {
        "name": APP_NAME,
        "system_database_engine": engine,
        "application_version": APP_VERSION,
        "executor_id": executor_id,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
    }


def _set_up(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = "IMMEDIATE"
    set_up_sqlite(connection)
