"""Heartbeats of workers, and taking over the jobs of those that are gone.

DBOS recovers a job only under the executor id that ran it. A worker that restarts has its id again; for one that does
not come back (its machine is gone) a living worker puts its jobs back into the queue. That such a job is not put back
for ever is counted with its starts (``attempts`` in ``posedeck.jobs.store``): DBOS's own count is set back by it.
"""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Engine, delete, insert, select, update

from posedeck.jobs.durable import QUEUE_NAME, WORKFLOW_NAME
from posedeck.jobs.estimate import WORKER_LOST_S
from posedeck.storage.database import reading
from posedeck.storage.references import take_turns
from posedeck.storage.tables import job_workers

if TYPE_CHECKING:
    from dbos import DBOSClient

_LOG = logging.getLogger(__name__)


class Reaper:
    """One worker's part in it.

    Args:
        database: Our engine.
        client: The queue.
        executor_id: This worker's name.
        slots: Its number of slots.
        clock: Seconds since 1970, UTC. Machines' clocks must agree within half a minute.
    """

    def __init__(
        self, database: Engine, client: "DBOSClient", executor_id: str, slots: int, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._client = client
        self._executor_id = executor_id
        self._slots = slots
        self._clock = clock

    def beat(self) -> None:
        """Say that this worker is alive."""
        values = {"slots": self._slots, "seen_at": self._clock()}
        mine = update(job_workers).where(job_workers.c.executor_id == self._executor_id)
        with self._database.begin() as connection:
            if not connection.execute(mine.values(values)).rowcount:
                connection.execute(insert(job_workers).values(executor_id=self._executor_id, **values))

    def leave(self) -> None:
        """Say that this worker ends; its jobs wait for its return or to be taken over."""
        with self._database.begin() as connection:
            connection.execute(delete(job_workers).where(job_workers.c.executor_id == self._executor_id))

    def take_over(self) -> list[str]:
        """Put the running jobs of lost workers back into the queue; their ids."""
        alive = select(job_workers.c.executor_id).where(job_workers.c.seen_at > self._clock() - WORKER_LOST_S)
        with reading(self._database) as connection:
            living = {self._executor_id, *connection.execute(alive).scalars()}
        running = self._client.list_workflows(name=WORKFLOW_NAME, status="PENDING", load_input=False, load_output=False)
        lost = [workflow.workflow_id for workflow in running if workflow.executor_id not in living]
        if lost:
            _LOG.warning("taking over %d jobs of a worker that is gone", len(lost))
            self._client.resume_workflows(lost, queue_name=QUEUE_NAME)
        self._forget_lost()
        return lost

    def _forget_lost(self) -> None:
        with self._database.begin() as connection:
            take_turns(connection)
            gone = job_workers.c.seen_at <= self._clock() - WORKER_LOST_S
            connection.execute(delete(job_workers).where(gone))
