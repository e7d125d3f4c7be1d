"""Jobs and their database for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, insert, select

from posedeck.jobs.job import Job, JobState
from posedeck.storage.database import reading
from posedeck.storage.tables import accounts, blob_references
from tests.support.databases import empty_database

ACCOUNT = "a@posedeck.local"
CREDIT = 100


class FakeClock:
    """Seconds since 1970 that stand still until they are moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def migrated(folder: Path) -> Iterator[Engine]:
    """A database with one account, closed at the end."""
    with empty_database(folder) as engine:
        row = {"email": ACCOUNT, "user_key_sha256": "", "api_key_sha256": "", "credit": CREDIT, "active": True}
        with engine.begin() as connection:
            connection.execute(insert(accounts).values(row))
        yield engine


def a_job(**changes: Any) -> Job:
    """A waiting job of the account."""
    job = Job(
        id=str(uuid4()),
        kind="test",
        account=ACCOUNT,
        client_uuid=None,
        state=JobState.WAITING,
        stage=None,
        frames_done=0,
        frames_total=None,
        params={},
        input_blob=None,
        result_blob=None,
        media={},
        error_code=None,
        error_text=None,
        callback_url=None,
        called_back_at=None,
        created_at=1_000_000.0,
        started_at=None,
        ended_at=None,
        expires_at=None,
        wait_s=None,
        cost=0,
        refunded=False,
        attempts=0,
    )
    return replace(job, **changes)


def held(engine: Engine, owner: str) -> set[str]:
    """Keys of the blobs that somebody holds."""
    with reading(engine) as connection:
        query = select(blob_references.c.key).where(blob_references.c.owner == owner)
        return set(connection.execute(query).scalars())


def credit(engine: Engine) -> int:
    """Balance of the account."""
    with reading(engine) as connection:
        return connection.execute(select(accounts.c.credit)).scalar_one()
