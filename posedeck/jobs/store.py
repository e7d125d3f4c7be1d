"""Jobs in the database: reading them, and every change of their state.

A change is one transaction and names the states that it starts from. So of two that come at once (a cancel and an end,
an end and the same end by a worker that was thought dead) exactly one happens, and an ended job stays as it ended.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Engine, Row, Update, delete, func, insert, select, update

from posedeck.jobs.job import LIVE_STATES, RETENTION_S, Job, JobState, owner_of
from posedeck.storage.database import reading
from posedeck.storage.references import hold, release, take_turns
from posedeck.storage.tables import accounts, jobs

#: Starts of one step after which its job counts as one that ends its process each time: one and three recoveries.
MAX_ATTEMPTS = 4
#: Characters of an error's text that are kept.
_ERROR_CHARS = 1000


class JobStore:
    """The jobs of one database. Safe between threads and processes.

    Args:
        database: Where they are.
        clock: Seconds since 1970, UTC.
    """

    def __init__(self, database: Engine, clock: Callable[[], float] = time.time) -> None:
        self.database = database
        self.clock = clock

    def get(self, job_id: str) -> Job | None:
        """The job with this id, None when there is none (any more)."""
        with reading(self.database) as connection:
            return job_in(connection, job_id)

    def find(self, kind: str, account: str, client_uuid: str) -> Job | None:
        """The job that an account's caller named, None when there is none."""
        with reading(self.database) as connection:
            return named_job_in(connection, kind, account, client_uuid)

    def latest(self, limit: int, before: float | None = None, kind: str | None = None) -> list[Job]:
        """Jobs by the time of their submission, newest first.

        Args:
            limit: How many at most.
            before: Only those submitted before this time; for the next page, that of the last one seen.
            kind: Only those of this kind.
        """
        query = select(jobs).order_by(jobs.c.created_at.desc(), jobs.c.id).limit(limit)
        if before is not None:
            query = query.where(jobs.c.created_at < before)
        if kind is not None:
            query = query.where(jobs.c.kind == kind)
        with reading(self.database) as connection:
            return [_job(row) for row in connection.execute(query)]

    def ahead(self, job: Job) -> int:
        """Number of jobs that wait or run and were submitted before a waiting one."""
        query = select(func.count()).where(jobs.c.state.in_(LIVE_STATES), jobs.c.created_at < job.created_at)
        with reading(self.database) as connection:
            return connection.execute(query).scalar_one()

    def begin(self, job_id: str) -> Job | None:
        """Note that a step of a job starts, for the first time or again; the job as it is then.

        None when it has ended or is gone. ``attempts`` above ``MAX_ATTEMPTS`` means that it must not be tried again.
        """
        change = _from(LIVE_STATES, job_id).values(
            state=JobState.PROCESSING,
            attempts=jobs.c.attempts + 1,
            started_at=func.coalesce(jobs.c.started_at, self.clock()),
        )
        with self.database.begin() as connection:
            row = connection.execute(change.returning(*jobs.c)).one_or_none()
        return None if row is None else _job(row)

    def report(self, job_id: str, stage: str, frames_done: int, frames_total: int) -> bool:
        """Write progress down; False when the job is not running any more, so that its worker can stop."""
        change = _from((JobState.PROCESSING,), job_id).values(
            stage=stage, frames_done=frames_done, frames_total=frames_total
        )
        with self.database.begin() as connection:
            return connection.execute(change).rowcount == 1

    def finish_step(self, job_id: str) -> bool:
        """Note that a step of a running job is finished. False as in ``report``."""
        with self.database.begin() as connection:
            return connection.execute(_from((JobState.PROCESSING,), job_id).values(attempts=0)).rowcount == 1

    def finish_chunk(self, job_id: str, index: int, blob: str) -> bool:
        """Note that a chunk of a running job is finished, and keep the blob that it gave. False as in ``report``."""
        with self.database.begin() as connection:
            take_turns(connection)
            job = job_in(connection, job_id)
            if job is None:
                return False
            # What stands there from before a cancel, or from the same chunk done twice, is written over.
            chunks = [*job.chunks[:index], blob, *job.chunks[index + 1 :]]
            change = _from((JobState.PROCESSING,), job_id).values(attempts=0, chunks=chunks)
            running = connection.execute(change).rowcount == 1
            if running:
                hold(connection, job.owner, [blob])
        return running

    def succeed(self, job_id: str, result_blob: str, media: Mapping[str, str]) -> Job | None:
        """End a running job with its result; the job then. None when it has ended already or is gone.

        From then on it holds its input, result and media, and no chunks any more.
        """
        with self.database.begin() as connection:
            take_turns(connection)
            job = self._end(
                connection,
                (JobState.PROCESSING,),
                job_id,
                state=JobState.SUCCESS,
                result_blob=result_blob,
                media=dict(media),
                chunks=None,
                frames_done=func.coalesce(jobs.c.frames_total, jobs.c.frames_done),
            )
            if job is not None:
                release(connection, job.owner)
                hold(connection, job.owner, job.blobs)
        return job

    def fail(self, job_id: str, code: str, text: str) -> Job | None:
        """End a job for good without a result, and give its credits back; the job then. None as in ``succeed``."""
        values = {"state": JobState.FAILED, "error_code": code, "error_text": text[:_ERROR_CHARS], "chunks": None}
        return self._end_without_result(job_id, values)

    def cancel(self, job_id: str) -> Job | None:
        """End a job at its caller's wish, and give its credits back; the job then. None as in ``succeed``.

        It keeps its finished chunks for as long as it is kept, so that it can go on from there.
        """
        return self._end_without_result(job_id, {"state": JobState.CANCELLED})

    def delete(self, job_id: str) -> bool:
        """Forget a job, ended or not, and give up its blobs; False when there is none."""
        with self.database.begin() as connection:
            take_turns(connection)
            return delete_in(connection, job_id)

    def expired(self) -> Sequence[str]:
        """Ids of the jobs whose time is over."""
        with reading(self.database) as connection:
            return connection.execute(select(jobs.c.id).where(jobs.c.expires_at <= self.clock())).scalars().all()

    def claim_callback(self, job_id: str) -> bool:
        """Whether the caller is the one to send an ended job's callback: true once, whatever happens then."""
        change = (
            update(jobs)
            .where(jobs.c.id == job_id, jobs.c.callback_url.is_not(None), jobs.c.called_back_at.is_(None))
            .where(jobs.c.state.not_in(LIVE_STATES))
            .values(called_back_at=self.clock())
        )
        with self.database.begin() as connection:
            return connection.execute(change).rowcount == 1

    def _end_without_result(self, job_id: str, values: Mapping[str, object]) -> Job | None:
        with self.database.begin() as connection:
            take_turns(connection)
            job = self._end(connection, LIVE_STATES, job_id, refunded=jobs.c.cost > 0, **values)
            if job is not None:
                if job.refunded:
                    _give_back(connection, job)
                release(connection, job.owner)
                hold(connection, job.owner, job.blobs)
        return job

    def _end(self, connection: Connection, states: Sequence[JobState], job_id: str, **values: object) -> Job | None:
        now = self.clock()
        change = _from(states, job_id).values(ended_at=now, expires_at=now + RETENTION_S, **values)
        row = connection.execute(change.returning(*jobs.c)).one_or_none()
        return None if row is None else _job(row)


def job_in(connection: Connection, job_id: str) -> Job | None:
    """``JobStore.get`` within a transaction."""
    row = connection.execute(select(jobs).where(jobs.c.id == job_id)).one_or_none()
    return None if row is None else _job(row)


def named_job_in(connection: Connection, kind: str, account: str, client_uuid: str) -> Job | None:
    """``JobStore.find`` within a transaction."""
    query = select(jobs).where(jobs.c.kind == kind, jobs.c.account == account, jobs.c.client_uuid == client_uuid)
    row = connection.execute(query).one_or_none()
    return None if row is None else _job(row)


def insert_in(connection: Connection, job: Job) -> None:
    """Keep a new job and its blobs, within a transaction."""
    connection.execute(insert(jobs).values(asdict(job)))
    hold(connection, job.owner, job.blobs)


def waiting_in(connection: Connection) -> int:
    """Number of waiting jobs, within a transaction."""
    return connection.execute(select(func.count()).where(jobs.c.state == JobState.WAITING)).scalar_one()


def delete_in(connection: Connection, job_id: str) -> bool:
    """``JobStore.delete`` within a transaction."""
    release(connection, owner_of(job_id))
    return connection.execute(delete(jobs).where(jobs.c.id == job_id)).rowcount == 1


def _from(states: Sequence[JobState], job_id: str) -> Update:
    return update(jobs).where(jobs.c.id == job_id, jobs.c.state.in_(states))


def _give_back(connection: Connection, job: Job) -> None:
    change = update(accounts).where(accounts.c.email == job.account).values(credit=accounts.c.credit + job.cost)
    connection.execute(change)


def _job(row: Row[tuple[object, ...]]) -> Job:
    values = dict(row._mapping)
    return Job(**{**values, "state": JobState(values["state"]), "chunks": values["chunks"] or []})
