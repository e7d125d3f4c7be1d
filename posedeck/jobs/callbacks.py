"""Tells callers that their job has ended: once, at the address that they gave, whatever comes of it."""

import logging
from collections.abc import Iterable
from typing import Protocol

from sqlalchemy import select

from posedeck.jobs.job import LIVE_STATES
from posedeck.jobs.kakao_answer import body_of
from posedeck.jobs.store import JobStore
from posedeck.net.fetch import FetchError
from posedeck.storage.blobs import Blobs
from posedeck.storage.database import reading
from posedeck.storage.tables import jobs

_LOG = logging.getLogger(__name__)
_DEADLINE_S = 30.0
_AT_ONCE = 50


class Deliver(Protocol):
    """As ``posedeck.net.fetch.Fetcher.deliver``."""

    def __call__(self, url: str, body: Iterable[bytes], size: int, deadline_s: float) -> None:
        """Post a body. Raises FetchError."""


class Callbacks:
    """Sends what is due. Several workers may do it at once: each job's is claimed by one before it is sent.

    So a worker that is killed in that moment has sent it or not, but nobody sends it again.
    """

    def __init__(self, store: JobStore, blobs: Blobs, deliver: Deliver) -> None:
        self._store = store
        self._blobs = blobs
        self._deliver = deliver

    def send_due(self) -> None:
        """Tell the end of every job that has ended and not told it yet."""
        due = (
            select(jobs.c.id)
            .where(jobs.c.callback_url.is_not(None), jobs.c.called_back_at.is_(None))
            .where(jobs.c.state.not_in(LIVE_STATES))
            .limit(_AT_ONCE)
        )
        with reading(self._store.database) as connection:
            found = connection.execute(due).scalars().all()
        for job_id in found:
            if self._store.claim_callback(job_id):
                self._send(job_id)

    def _send(self, job_id: str) -> None:
        job = self._store.get(job_id)
        if job is None or job.callback_url is None:
            return
        try:
            body = body_of(job.id, job, self._blobs)
            self._deliver(job.callback_url, body.pieces, body.size, _DEADLINE_S)
        except (FetchError, FileNotFoundError) as error:
            # No address in it: it may hold a secret of the caller's.
            _LOG.warning("the callback of job %s was not taken: %s", job_id, error)
