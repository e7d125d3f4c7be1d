"""The database: its pragmas, its transactions and its migrations."""

import logging
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from posedeck.jobs.durable import open_durable_database
from posedeck.storage.database import DATABASE_URL_VARIABLE, database_url, migrate, open_database, reading
from posedeck.storage.tables import accounts, metadata

ROW = {"email": "a@posedeck.local", "user_key_sha256": "u", "api_key_sha256": "a", "credit": 0, "active": True}
COUNTERS, STEPS = 4, 25


@contextmanager
def opened(folder: Path) -> Iterator[Engine]:
    """The database of a folder, closed at the end."""
    database = open_database(database_url(folder))
    try:
        yield database
    finally:
        database.dispose()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A migrated database."""
    with opened(tmp_path) as database:
        migrate(database, tmp_path)
        yield database


def test_the_default_is_a_file_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a URL it is SQLite."""
    monkeypatch.delenv(DATABASE_URL_VARIABLE, raising=False)

    assert f"sqlite:///{tmp_path / 'posedeck.db'}" == str(database_url(tmp_path))


def test_a_configured_url_wins_and_hides_its_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another database is chosen by URL; its repr has no password."""
    monkeypatch.setenv(DATABASE_URL_VARIABLE, "postgresql+psycopg://deck:hidden@db.posedeck.local/deck")
    url = database_url(tmp_path)

    assert url.drivername == "postgresql+psycopg"
    assert "hidden" not in repr(url)


def test_what_is_no_url_is_refused_without_repeating_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text may hold a password."""
    monkeypatch.setenv(DATABASE_URL_VARIABLE, "hidden")

    with pytest.raises(ValueError, match=DATABASE_URL_VARIABLE) as caught:
        database_url(tmp_path)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 1), ("busy_timeout", 30_000), ("foreign_keys", 1)]
)
def test_sqlite_is_set_up(engine: Engine, pragma: str, value: object) -> None:
    """Each connection has write-ahead logging, patience and foreign keys."""
    with reading(engine) as connection:
        assert value == connection.execute(text(f"PRAGMA {pragma}")).scalar_one()


def test_sqlite_knows_fractions_of_seconds(engine: Engine, tmp_path: Path) -> None:
    """Also one before 3.42, on both engines of a file: tables made by Python 3.12 and newer have them as a default."""
    durable = open_durable_database(database_url(tmp_path))
    for each in (engine, durable):
        with each.connect() as connection:
            now = connection.execute(text("SELECT unixepoch('subsec')")).scalar_one()
        assert now == pytest.approx(time.time(), abs=60)
        assert isinstance(now, float)
    durable.dispose()


def test_the_migrations_make_exactly_the_tables_in_the_code(engine: Engine) -> None:
    """Nobody changes a table without a migration."""
    with reading(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_again_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    """A restart keeps what is there."""
    with engine.begin() as connection:
        connection.execute(insert(accounts).values(ROW))
    migrate(engine, tmp_path)

    with reading(engine) as connection:
        assert [ROW["email"]] == connection.execute(select(accounts.c.email)).scalars().all()


def test_migrating_leaves_logging_alone(tmp_path: Path) -> None:
    """Alembic's own environments replace the process's log set-up; ours does not."""
    before = (list(logging.root.handlers), logging.root.level, logging.getLogger("posedeck").disabled)
    with opened(tmp_path) as database:
        migrate(database, tmp_path)

    assert before == (list(logging.root.handlers), logging.root.level, logging.getLogger("posedeck").disabled)


def test_a_balance_cannot_become_negative(engine: Engine) -> None:
    """The database itself refuses; the error does not repeat the parameters."""
    with engine.begin() as connection:
        connection.execute(insert(accounts).values(ROW))

    with pytest.raises(IntegrityError) as caught, engine.begin() as connection:
        connection.execute(update(accounts).where(accounts.c.email == ROW["email"]).values(credit=-1))
    assert str(ROW["email"]) not in str(caught.value)


def test_reading_goes_on_beside_a_writer(engine: Engine) -> None:
    """A reader sees the last commit and waits for nobody."""
    with engine.begin() as writer:
        writer.execute(insert(accounts).values(ROW))
        with reading(engine) as reader:
            assert reader.execute(select(accounts)).all() == []


def test_a_second_writer_is_held_back_from_its_first_statement(engine: Engine, tmp_path: Path) -> None:
    """Writers take turns from the start, so that none reads what another is about to change."""
    with opened(tmp_path) as impatient, engine.begin(), impatient.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA busy_timeout=0")
        with pytest.raises(OperationalError, match="locked"):
            connection.execute(select(accounts))


def _start_and_count(folder: Path) -> None:
    with opened(folder) as database:
        migrate(database, folder)
        for _ in range(STEPS):
            with database.begin() as connection:
                credit = connection.execute(select(accounts.c.credit)).scalar_one_or_none()
                if credit is None:
                    connection.execute(insert(accounts).values(ROW | {"credit": 1}))
                else:
                    connection.execute(update(accounts).values(credit=credit + 1))


def test_processes_may_start_and_write_at_the_same_time(tmp_path: Path) -> None:
    """Several processes migrate one new database and then count: no step is lost, none fails."""
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_start_and_count, args=(tmp_path,)) for _ in range(COUNTERS)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0] * COUNTERS
    with opened(tmp_path) as database, reading(database) as connection:
        assert connection.execute(select(accounts.c.credit)).scalar_one() == COUNTERS * STEPS
