"""Forgets what has had its time: ended jobs, uploads that no job took, deleted runs, records of the queue, blobs."""

import logging
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from posedeck.jobs.durable import WORKFLOW_NAME
from posedeck.jobs.job import LIVE_STATES
from posedeck.jobs.kind import Fault
from posedeck.jobs.store import JobStore, delete_in
from posedeck.jobs.uploads import INCOMING_FOLDER, UPLOAD_KEPT_S, upload_owner
from posedeck.runs.store import RunStore
from posedeck.storage.blobs import Blobs
from posedeck.storage.database import reading
from posedeck.storage.references import needed_blobs, release, take_turns
from posedeck.storage.tables import jobs, uploads

if TYPE_CHECKING:
    from dbos import DBOSClient

_LOG = logging.getLogger(__name__)

#: A blob is put before anybody can need it: younger ones are left alone. The queue's records of an ended job serve
#: nobody, but a worker may be about to write one; they are kept as long.
GRACE_S = 3600.0
#: A job that was just accepted may not be visible everywhere in the same moment.
_SETTLED_S = 60.0
_AT_ONCE = 500


class Sweeper:
    """Sweeps one installation; several at once do no harm.

    Args:
        store: The jobs.
        blobs: The blobs.
        client: The queue.
        data_dir: Folder that unfinished uploads lie in.
    """

    def __init__(self, store: JobStore, blobs: Blobs, client: "DBOSClient", data_dir: Path) -> None:
        self._store = store
        self._blobs = blobs
        self._client = client
        self._runs = RunStore(store.database, blobs)
        self._incoming = data_dir / INCOMING_FOLDER

    def sweep(self) -> None:
        """Forget everything that has had its time."""
        self._jobs()
        self._uploads()
        self._runs.sweep(datetime.fromtimestamp(self._store.clock(), UTC))
        self._records()
        self._unfinished_uploads()
        self._blobs_of_nobody()

    def settle(self) -> None:
        """End jobs that the queue has given up or does not know, so that no caller waits for ever.

        It takes a database that was restored from an older copy, or a fault of ours, to get there.
        """
        old = self._store.clock() - _SETTLED_S
        query = select(jobs.c.id).where(jobs.c.state.in_(LIVE_STATES), jobs.c.created_at < old).limit(_AT_ONCE)
        with reading(self._store.database) as connection:
            live = list(connection.execute(query).scalars())
        if not live:
            return
        found = self._client.list_workflows(workflow_ids=live, load_input=False, load_output=False)
        going = {workflow.workflow_id for workflow in found if workflow.status in ("ENQUEUED", "DELAYED", "PENDING")}
        for job_id in live:
            if job_id not in going and self._store.fail(job_id, Fault.FAILED, "the queue has no record of this job"):
                _LOG.error("job %s was live without a record in the queue", job_id)

    def _jobs(self) -> None:
        expired = list(self._store.expired())
        for job_id in expired:
            with self._store.database.begin() as connection:
                take_turns(connection)
                delete_in(connection, job_id)
        if expired:
            _LOG.info("forgot %d jobs after their time", len(expired))

    def _uploads(self) -> None:
        with self._store.database.begin() as connection:
            take_turns(connection)
            old = uploads.c.created_at < self._store.clock() - UPLOAD_KEPT_S
            for upload in connection.execute(select(uploads.c.id).where(old)).scalars().all():
                release(connection, upload_owner(upload))
                connection.execute(delete(uploads).where(uploads.c.id == upload))

    def _records(self) -> None:
        before = datetime.fromtimestamp(self._store.clock() - GRACE_S, UTC).isoformat()
        while True:
            ended = self._client.list_workflows(
                name=WORKFLOW_NAME, completed_before=before, limit=_AT_ONCE, load_input=False, load_output=False
            )
            if not ended:
                return
            self._client.delete_workflows([workflow.workflow_id for workflow in ended])

    def _unfinished_uploads(self) -> None:
        # By the files' own times, which no clock of ours sets.
        if self._incoming.is_dir():
            for path in self._incoming.iterdir():
                if path.stat().st_mtime >= time.time() - GRACE_S:
                    continue
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)

    def _blobs_of_nobody(self) -> None:
        old = [info.key for info in self._blobs.infos() if self._is_old(info.written_at)]
        with reading(self._store.database) as connection:
            suspects = sorted(set(old) - needed_blobs(connection, old))
        for start in range(0, len(suspects), _AT_ONCE):
            some = suspects[start : start + _AT_ONCE]
            # Asked again in a transaction that nobody can begin to need one in.
            with self._store.database.begin() as connection:
                take_turns(connection)
                for key in set(some) - needed_blobs(connection, some):
                    if self._blobs.exists(key) and self._is_old(self._blobs.info(key).written_at):
                        self._blobs.delete(key)

    def _is_old(self, written_at: datetime) -> bool:
        return written_at.timestamp() < self._store.clock() - GRACE_S
