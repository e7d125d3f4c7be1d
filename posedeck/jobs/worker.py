"""``python -m posedeck.jobs.worker``: takes jobs from the queue and runs them, until it is told to end.

It may be killed at any moment: what it was running goes on behind the last finished step when it starts again, or on
another worker. A pose server starts one beside itself, unless it is told not to.
"""

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from posedeck.engine.models import ensure_models
from posedeck.jobs.callbacks import Callbacks
from posedeck.jobs.durable import (
    QUEUE_NAME,
    migrate_queue,
    open_client,
    open_durable_database,
    worker_config,
)
from posedeck.jobs.executor import take_executor
from posedeck.jobs.kind import JobKind
from posedeck.jobs.kinds import KINDS
from posedeck.jobs.reaper import Reaper
from posedeck.jobs.runner import JobRunner
from posedeck.jobs.slots import JobSlots
from posedeck.jobs.store import JobStore
from posedeck.jobs.sweeper import Sweeper
from posedeck.net.fetch import Fetcher
from posedeck.storage.blobs import open_blobs
from posedeck.storage.database import database_url, migrate, open_database
from posedeck.storage.paths import data_dir

_LOG = logging.getLogger(__name__)

#: Tells a worker to end when its stdin does, which is when its parent does, however.
WITH_PARENT = "--with-parent"
_WORK_FOLDER = "work"
_BEAT_EVERY_S = 5.0
#: Within WORKER_LOST_S and this, the jobs of a dead machine are taken over.
_TAKE_OVER_EVERY_S = 15.0
_SWEEP_EVERY_S = 600.0
_CALL_BACK_EVERY_S = 2.0


@dataclass(frozen=True)
class WorkerSettings:
    """How a worker works.

    Attributes:
        data_dir: Folder of locks, files under way and, by default, the database and blobs.
        slots: Jobs that it runs at the same time.
        kinds: What it can run, by name.
        poll_s: Seconds between two looks into the queue.
    """

    data_dir: Path
    slots: int
    kinds: Mapping[str, JobKind]
    poll_s: float = 0.3


def main() -> None:
    """Work until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m posedeck.jobs.worker", description="Runs PoseDeck's queued jobs.")
    parser.add_argument("--slots", type=int, default=os.cpu_count() or 1, help="jobs at the same time (default: cores)")
    parser.add_argument(WITH_PARENT, action="store_true", help="end when stdin ends")
    arguments = parser.parse_args()
    if arguments.slots < 1:
        parser.error("at least one slot is needed")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("posedeck").setLevel(logging.INFO)
    work(WorkerSettings(data_dir(), arguments.slots, KINDS), with_parent=arguments.with_parent)


def work(settings: WorkerSettings, *, with_parent: bool) -> None:
    """Run jobs until a signal or, ``with_parent``, the end of stdin.

    Raises:
        ValueError, OSError, RuntimeError, sqlalchemy.exc.SQLAlchemyError: when it cannot start.
    """
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    if with_parent:
        threading.Thread(target=_end_with_stdin, name="parent", daemon=True).start()
    url = database_url(settings.data_dir)
    database = open_database(url)
    migrate(database, settings.data_dir)
    migrate_queue(url, settings.data_dir)
    durable = open_durable_database(url)
    executor = take_executor(settings.data_dir)
    store, blobs = JobStore(database), open_blobs(settings.data_dir)
    folder = settings.data_dir / _WORK_FOLDER / executor.id
    runner = JobRunner(store, blobs, JobSlots(settings.slots), settings.kinds, _Models(), folder)
    client = open_client(durable)
    reaper = Reaper(database, client, executor.id, settings.slots, time.time)
    reaper.beat()

    from dbos import DBOS

    from posedeck.jobs.workflow import register_workflow

    DBOS(config=worker_config(durable, executor.id))
    register_workflow(runner)
    DBOS.launch()
    DBOS.register_queue(
        QUEUE_NAME,
        worker_concurrency=settings.slots,
        polling_interval_sec=settings.poll_s,
        on_conflict="always_update",
    )
    _LOG.info("worker %s runs %d jobs at a time", executor.id, settings.slots)
    sweeper = Sweeper(store, blobs, client, settings.data_dir)
    _every(_BEAT_EVERY_S, reaper.beat)
    _every(_TAKE_OVER_EVERY_S, reaper.take_over)
    _every(_TAKE_OVER_EVERY_S, sweeper.settle)
    _every(_SWEEP_EVERY_S, sweeper.sweep)
    _every(_CALL_BACK_EVERY_S, Callbacks(store, blobs, Fetcher().deliver).send_due)
    stop.wait()
    reaper.leave()
    # At once: what is running is taken up again behind its last step, and slots end with their pipes.
    os._exit(0)


class _Models:
    """The model folder, fetched at the first question."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._lock = threading.Lock()

    def __call__(self) -> Path:
        with self._lock:
            if self._folder is None:
                self._folder = ensure_models()
            return self._folder


def _every(seconds: float, do: Callable[[], object]) -> None:
    def loop() -> None:
        while True:
            try:
                do()
            except Exception:  # noqa: BLE001 - a database that is away for a while must not end the worker
                _LOG.exception("housekeeping failed; next try in %.0f s", seconds)
            time.sleep(seconds)

    threading.Thread(target=loop, name="housekeeping", daemon=True).start()


def _end_with_stdin() -> None:
    while sys.stdin.buffer.read(1 << 16):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
