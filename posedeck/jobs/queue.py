"""Submitting, cancelling and deleting jobs.

A job's row, its place in the queue, its price and the check that the queue has room are one transaction. So an accepted
job is there whatever is killed next, a refused one has left nothing behind, and the limit holds exactly.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, update

from posedeck.jobs.durable import (
    APP_VERSION,
    QUEUE_NAME,
    WORKFLOW_NAME,
    migrate_queue,
    open_client,
    open_durable_database,
)
from posedeck.jobs.estimate import wait_in
from posedeck.jobs.job import Job, JobState
from posedeck.jobs.kind import JobKind
from posedeck.jobs.kinds import KINDS
from posedeck.jobs.store import JobStore, delete_in, insert_in, job_in, named_job_in, waiting_in
from posedeck.storage.blobs import Blobs
from posedeck.storage.references import take_turns
from posedeck.storage.tables import accounts, jobs

if TYPE_CHECKING:
    from dbos import DBOSClient

#: Jobs that may wait. At half a minute each on two slots the last one is done within five minutes.
QUEUE_LIMIT = 20


class QueueFull(Exception):  # noqa: N818 - says what happened
    """As many jobs wait as may."""


class NotCancelled(Exception):  # noqa: N818 - says what happened
    """Only a cancelled job can go on."""


class NotEnoughCredit(Exception):  # noqa: N818 - says what happened
    """The account cannot pay for the job."""


@dataclass(frozen=True)
class NewJob:
    """What is asked for.

    Attributes:
        kind: Name of its kind.
        account: Who it belongs to; the e-mail of the account that pays, when it costs.
        params: For the kind, as JSON.
        input_blob: Key of the uploaded file.
        client_uuid: The caller's own name of it: asked for again by that name, the first job is answered.
        callback_url: Where its end is told, once.
        cost: Credits.
        frames: Frames that it has, where the caller has looked; for the estimate.
    """

    kind: str
    account: str
    params: Mapping[str, Any] = field(default_factory=dict)
    input_blob: str | None = None
    client_uuid: str | None = None
    callback_url: str | None = None
    cost: int = 0
    frames: int | None = None


@dataclass(frozen=True)
class Submission:
    """An accepted job, and whether it was known already; ``balance`` is what the account has left, when it paid now."""

    job: Job
    known: bool
    balance: int | None = None


class JobQueue:
    """The queue of one database. Safe between threads and processes; the first submission takes a few seconds longer.

    Args:
        database: Engine of ``open_database``.
        blobs: Where inputs are.
        data_dir: Folder of locks.
        limit: Jobs that may wait.
        kinds: By name.
        clock: Seconds since 1970, UTC.
    """

    def __init__(
        self,
        database: Engine,
        blobs: Blobs,
        data_dir: Path,
        *,
        limit: int = QUEUE_LIMIT,
        kinds: Mapping[str, JobKind] = KINDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.store = JobStore(database, clock)
        self.blobs = blobs
        self._data_dir = data_dir
        self._limit = limit
        self._kinds = kinds
        self._opening = threading.Lock()
        self._durable: Engine | None = None
        self._client: DBOSClient | None = None

    def submit(self, new: NewJob) -> Submission:
        """Accept a job, or answer with the one that goes by that name already.

        A job that failed for good or was cancelled gives its name up to the new one.

        Raises:
            KeyError: for a kind that is not known.
            QueueFull: when as many jobs wait as may; nothing was charged.
            NotEnoughCredit: when the account cannot pay.
            FileNotFoundError: when the input is not there any more.
        """
        client = self._opened()
        with self.store.database.begin() as connection:
            take_turns(connection)
            known = self._named(connection, new)
            if known is not None:
                return Submission(known, known=True)
            return self._accept(connection, client, new)

    def resume(self, job_id: str) -> Submission:
        """Let a cancelled job go on behind its last finished chunk: as a job of its own, in the cancelled one's place.

        It keeps its name, pays again what was given back, and waits its turn.

        Raises:
            KeyError: when there is no such job, or its kind is not known.
            NotCancelled: when it was not cancelled.
            QueueFull, NotEnoughCredit, FileNotFoundError: as in ``submit``.
        """
        client = self._opened()
        with self.store.database.begin() as connection:
            take_turns(connection)
            old = job_in(connection, job_id)
            if old is None:
                raise KeyError(job_id)
            if old.state is not JobState.CANCELLED:
                raise NotCancelled(job_id)
            delete_in(connection, job_id)
            new = NewJob(
                old.kind,
                old.account,
                old.params,
                old.input_blob,
                old.client_uuid,
                old.callback_url,
                old.cost,
                old.frames_total,
            )
            return self._accept(connection, client, new, old.chunks)

    def _accept(
        self, connection: Connection, client: "DBOSClient", new: NewJob, chunks: Sequence[str] = ()
    ) -> Submission:
        if waiting_in(connection) >= self._limit:
            raise QueueFull
        if new.input_blob is not None and not self.blobs.exists(new.input_blob):
            raise FileNotFoundError(new.input_blob)
        balance = _charge(connection, new) if new.cost else None
        now = self.store.clock()
        wait_s = wait_in(connection, self._kinds, self._kinds[new.kind], new.frames, now)
        job = replace(_job(new, now, wait_s), chunks=list(chunks))
        insert_in(connection, job)
        client.enqueue_in_transaction(
            connection,
            {
                "queue_name": QUEUE_NAME,
                "workflow_name": WORKFLOW_NAME,
                "workflow_id": job.id,
                "app_version": APP_VERSION,
            },
            job.id,
        )
        return Submission(job, known=False, balance=balance)

    def cancel(self, job_id: str) -> Job | None:
        """Cancel a job: one that waits is never started, one that runs ends at its next chunk. The job then.

        None when it has ended already or is not there.
        """
        job = self.store.cancel(job_id)
        if job is not None:
            # The row decides; this only spares the worker from taking the job up to see it.
            self._opened().cancel_workflow(job_id)
        return job

    def delete(self, job_id: str) -> bool:
        """Forget a job and its result; one that has not ended is cancelled first. False when there is none."""
        self.cancel(job_id)
        return self.store.delete(job_id)

    def close(self) -> None:
        """Give the connections back."""
        with self._opening:
            if self._client is not None:
                self._client.destroy()
            if self._durable is not None:
                self._durable.dispose()
            self._client = self._durable = None

    def _opened(self) -> "DBOSClient":
        with self._opening:
            if self._client is None:
                url = self.store.database.url
                migrate_queue(url, self._data_dir)
                self._durable = open_durable_database(url)
                self._client = open_client(self._durable)
            return self._client

    def _named(self, connection: Connection, new: NewJob) -> Job | None:
        if new.client_uuid is None:
            return None
        job = named_job_in(connection, new.kind, new.account, new.client_uuid)
        if job is not None and job.state in (JobState.FAILED, JobState.CANCELLED):
            connection.execute(update(jobs).where(jobs.c.id == job.id).values(client_uuid=None))
            return None
        return job


def _charge(connection: Connection, new: NewJob) -> int:
    change = update(accounts).where(accounts.c.email == new.account, accounts.c.credit >= new.cost)
    paid = change.values(credit=accounts.c.credit - new.cost).returning(accounts.c.credit)
    balance = connection.execute(paid).scalar_one_or_none()
    if balance is None:
        raise NotEnoughCredit
    return int(balance)


def _job(new: NewJob, now: float, wait: float) -> Job:
    return Job(
        id=str(uuid4()),
        kind=new.kind,
        account=new.account,
        client_uuid=new.client_uuid,
        state=JobState.WAITING,
        stage=None,
        frames_done=0,
        frames_total=new.frames,
        params=dict(new.params),
        input_blob=new.input_blob,
        result_blob=None,
        media={},
        error_code=None,
        error_text=None,
        callback_url=new.callback_url,
        called_back_at=None,
        created_at=now,
        started_at=None,
        ended_at=None,
        expires_at=None,
        wait_s=wait,
        cost=new.cost,
        refunded=False,
        attempts=0,
    )
