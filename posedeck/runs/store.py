"""The store of runs: rows in the database, pictures and answers in the blob store."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from posedeck.runs.query import RunPage, RunQuery, RunRow, conditions, found_by, write_tags
from posedeck.runs.run import Ending, Review, ReviewState, Run, StoredRun, Summary, now
from posedeck.storage.blobs import Blobs, open_blobs
from posedeck.storage.choices import Choices
from posedeck.storage.database import open_migrated, reading
from posedeck.storage.references import needed_blobs, take_turns
from posedeck.storage.tables import run_blobs, runs

#: How long a deleted run can be brought back.
UNDO_S = 24 * 3600.0
#: Runs that are erased in one transaction: others wait that long.
_ERASED_AT_ONCE = 200
#: Databases limit how many values one statement takes.
_VALUES_AT_ONCE = 500
_LISTED = (
    runs.c.id, runs.c.created_at, runs.c.page, runs.c.vendor, runs.c.source, runs.c.ending, runs.c.kept,
    runs.c.summary, runs.c.thumbnail, runs.c.state, runs.c.tags, runs.c.notes,
)  # fmt: skip


#: What is kept of a run: bytes, or a file that may be larger than memory.
Content = bytes | Path


class RunStore:
    """Runs of one installation, with its ``choices``. Safe between threads and processes.

    Its methods raise ``sqlalchemy.exc.SQLAlchemyError`` or OSError when the database or the blob store cannot be used,
    and KeyError for a run that is not there.
    """

    def __init__(self, engine: Engine, blobs: Blobs) -> None:
        self._engine = engine
        self._blobs = blobs
        self.choices = Choices(engine)

    def close(self) -> None:
        """Close the connections to the database that wait for use."""
        self._engine.dispose()

    def save(self, run: Run, contents: Mapping[str, Content], *, thumbnail: bytes | None = None) -> Run:
        """Keep a run; when this returns, it outlives the process. Returns it with the keys of what was kept.

        Args:
            run: The run; its ``contents`` are set here.
            contents: What to keep of it by name (see ``Run.contents``); nothing keeps only its metadata.
            thumbnail: A small JPEG for lists.
        """
        kept = msgspec.structs.replace(run, contents=self._put(contents))
        with self._engine.begin() as connection:
            connection.execute(insert(runs).values(_columns(kept, Review(), thumbnail)))
            self._refer(connection, kept, contents)
        return kept

    def keep(self, run_id: str, contents: Mapping[str, Content], *, thumbnail: bytes | None = None) -> Run:
        """Keep the contents of a run of which only metadata was kept."""
        return self.complete(self.get(run_id).run, contents, thumbnail=thumbnail)

    def complete(self, run: Run, contents: Mapping[str, Content], *, thumbnail: bytes | None = None) -> Run:
        """Write a run that is kept already anew, with more of it: what is in ``run.contents`` stays kept."""
        kept = msgspec.structs.replace(run, contents=run.contents | self._put(contents))
        with self._engine.begin() as connection:
            take_turns(connection)
            review, before = _read(connection, run.id).review, _keys_of(connection, [run.id])
            connection.execute(delete(run_blobs).where(run_blobs.c.run_id == run.id))
            connection.execute(update(runs).where(runs.c.id == run.id).values(_columns(kept, review, thumbnail)))
            self._refer(connection, kept, contents)
            self._erase(connection, before - set(kept.contents.values()))
        return kept

    def get(self, run_id: str) -> StoredRun:
        """A run, one that was deleted but not swept included."""
        with reading(self._engine) as connection:
            return _read(connection, run_id)

    def content(self, run: Run, name: str) -> bytes:
        """What was kept of a run under a name. Raises FileNotFoundError when nothing was, or when it is gone."""
        if name not in run.contents:
            raise FileNotFoundError(f"the run keeps no {name}")
        return self._blobs.get(run.contents[name])

    @contextmanager
    def file(self, run: Run, name: str) -> Iterator[Path]:
        """What was kept of a run under a name as a file to read, for as long as the context lasts; errors as above."""
        if name not in run.contents:
            raise FileNotFoundError(f"the run keeps no {name}")
        local = self._blobs.local_path(run.contents[name])
        if local is not None:
            yield local
            return
        with TemporaryDirectory(prefix="posedeck-run-") as folder:
            path = Path(folder) / name
            self._blobs.fetch_to(run.contents[name], path)
            yield path

    def search(self, query: RunQuery, *, offset: int = 0, limit: int = 50) -> RunPage:
        """Those of the runs that a query finds which stand from ``offset`` on, the newest first."""
        where = conditions(query)
        with reading(self._engine) as connection:
            total = connection.execute(select(func.count()).select_from(runs).where(*where)).scalar_one()
            found = connection.execute(
                select(*_LISTED).where(*where).order_by(runs.c.created_at.desc(), runs.c.id).offset(offset).limit(limit)
            ).all()
        return RunPage(total, [_row(entry) for entry in found])

    def rows(self, run_ids: Sequence[str]) -> list[RunRow]:
        """Runs as a list shows them, in no particular order; those that are not there are left out."""
        with reading(self._engine) as connection:
            found = connection.execute(select(*_LISTED).where(runs.c.id.in_(run_ids))).all()
        return [_row(entry) for entry in found]

    def ids(self, query: RunQuery) -> list[str]:
        """The identities of all runs that a query finds, the newest first."""
        with reading(self._engine) as connection:
            found = select(runs.c.id).where(*conditions(query)).order_by(runs.c.created_at.desc(), runs.c.id)
            return list(connection.execute(found).scalars())

    def answers_to(self, request_key: str) -> list[StoredRun]:
        """The runs that answer a request, the newest first; also those of which only metadata is kept."""
        with reading(self._engine) as connection:
            found = connection.execute(
                select(runs)
                .where(runs.c.request_key == request_key, runs.c.deleted_at.is_(None))
                .order_by(runs.c.created_at.desc())
            ).all()
        return [_stored(row) for row in found]

    def tags(self) -> list[str]:
        """Every tag that a run has, in order."""
        with reading(self._engine) as connection:
            columns = connection.execute(select(runs.c.tags).where(runs.c.deleted_at.is_(None)).distinct()).scalars()
            return sorted({tag for column in columns for tag in msgspec.json.decode(column, type=tuple[str, ...])})

    def review(self, run_id: str, review: Review) -> None:
        """Write down what a reviewer made of a run."""
        with self._engine.begin() as connection:
            run = _read(connection, run_id).run
            connection.execute(update(runs).where(runs.c.id == run_id).values(_review_columns(run, review)))

    def delete(self, run_ids: Sequence[str]) -> None:
        """Delete runs; for ``UNDO_S`` seconds they can be brought back. Those that are not there are passed over."""
        self._mark(run_ids, now().timestamp())

    def undelete(self, run_ids: Sequence[str]) -> None:
        """Bring deleted runs back, those that are not erased yet."""
        self._mark(run_ids, None)

    def sweep(self, at: datetime | None = None) -> int:
        """Erase the runs that were deleted longer ago than ``UNDO_S``; how many."""
        latest = (at or now()).timestamp() - UNDO_S
        with reading(self._engine) as connection:
            old = connection.execute(select(runs.c.id).where(runs.c.deleted_at <= latest)).scalars().all()
        return self.erase(old)

    def erase_all(self) -> int:
        """Erase every run with its pictures and answers, for good; how many."""
        with reading(self._engine) as connection:
            everything = connection.execute(select(runs.c.id)).scalars().all()
        return self.erase(everything)

    def erase(self, run_ids: Sequence[str]) -> int:
        """Erase runs for good, with the blobs that neither another run nor a job needs; how many there were."""
        erased = 0
        for some in _pieces(run_ids, _ERASED_AT_ONCE):
            with self._engine.begin() as connection:
                take_turns(connection)
                keys = _keys_of(connection, some)
                connection.execute(delete(run_blobs).where(run_blobs.c.run_id.in_(some)))
                erased += connection.execute(delete(runs).where(runs.c.id.in_(some))).rowcount
                self._erase(connection, keys)
        return erased

    def _erase(self, connection: Connection, keys: set[str]) -> None:
        # Within the transaction, so that nobody begins to need one of them meanwhile.
        for key in keys - needed_blobs(connection, keys):
            self._blobs.delete(key)

    def _put(self, contents: Mapping[str, Content]) -> dict[str, str]:
        return {name: self._put_one(content) for name, content in contents.items()}

    def _put_one(self, content: Content) -> str:
        return self._blobs.put(content) if isinstance(content, bytes) else self._blobs.put_file(content)

    def _refer(self, connection: Connection, run: Run, contents: Mapping[str, Content]) -> None:
        """Note what a run needs, and put back what somebody erased since it was put."""
        take_turns(connection)
        if run.contents:
            rows = [{"run_id": run.id, "key": key} for key in sorted(set(run.contents.values()))]
            connection.execute(insert(run_blobs), rows)
        for name, content in contents.items():
            if not self._blobs.exists(run.contents[name]):
                self._put_one(content)

    def _mark(self, run_ids: Sequence[str], deleted_at: float | None) -> None:
        with self._engine.begin() as connection:
            for some in _pieces(run_ids, _VALUES_AT_ONCE):
                connection.execute(update(runs).where(runs.c.id.in_(some)).values(deleted_at=deleted_at))


def open_runs(data_dir: Path) -> RunStore:
    """The runs of an installation; makes the tables when they are not there.

    Raises:
        ValueError, OSError, sqlalchemy.exc.SQLAlchemyError: when a setting is wrong or the storage cannot be used.
    """
    blobs = open_blobs(data_dir)
    return RunStore(open_migrated(data_dir), blobs)


def _read(connection: Connection, run_id: str) -> StoredRun:
    row = connection.execute(select(runs).where(runs.c.id == run_id)).one_or_none()
    if row is None:
        raise KeyError(run_id)
    return _stored(row)


def _stored(row: Row[*tuple[Any, ...]]) -> StoredRun:
    return StoredRun(msgspec.json.decode(row.document, type=Run), _review(row), row.deleted_at is not None)


def _columns(run: Run, review: Review, thumbnail: bytes | None) -> dict[str, Any]:
    return {
        "id": run.id,
        "created_at": run.created_at.timestamp(),
        "page": run.page,
        "vendor": run.vendor,
        "source": run.source,
        "ending": run.ending.value,
        "group_id": run.group,
        "request_key": run.request_key,
        "grade": run.summary.grade,
        "kept": run.is_kept,
        "summary": msgspec.json.encode(run.summary).decode(),
        "thumbnail": thumbnail if run.is_kept else None,
        "document": msgspec.json.encode(run).decode(),
        **_review_columns(run, review),
    }


def _review_columns(run: Run, review: Review) -> dict[str, Any]:
    return {
        "state": review.state.value,
        "tags": write_tags(review.tags),
        "notes": review.notes,
        "found_by": found_by(run, review),
    }


def _review(row: Row[*tuple[Any, ...]]) -> Review:
    return Review(ReviewState(row.state), msgspec.json.decode(row.tags, type=tuple[str, ...]), row.notes)


def _row(row: Row[*tuple[Any, ...]]) -> RunRow:
    return RunRow(
        id=row.id,
        created_at=datetime.fromtimestamp(row.created_at, UTC),
        page=row.page,
        vendor=row.vendor,
        source=row.source,
        ending=Ending(row.ending),
        kept=row.kept,
        summary=msgspec.json.decode(row.summary, type=Summary),
        thumbnail=row.thumbnail,
        review=_review(row),
    )


def _keys_of(connection: Connection, run_ids: Sequence[str]) -> set[str]:
    return set(connection.execute(select(run_blobs.c.key).where(run_blobs.c.run_id.in_(run_ids))).scalars())


def _pieces(values: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (values[start : start + size] for start in range(0, len(values), size))
