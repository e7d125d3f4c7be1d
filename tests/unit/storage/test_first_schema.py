"""An installation that began with the first schema goes on with today's."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from posedeck.runs.query import RunQuery
from posedeck.runs.store import open_runs
from posedeck.storage.database import database_url, open_database, reading
from posedeck.storage.tables import accounts

#: The file as PoseDeck 0.1's first revision left it.
FIRST_SCHEMA = """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
INSERT INTO alembic_version VALUES ('0001');
CREATE TABLE accounts (
    email VARCHAR(320) NOT NULL,
    user_key_sha256 VARCHAR(64) NOT NULL,
    api_key_sha256 VARCHAR(64) NOT NULL,
    credit INTEGER NOT NULL,
    active BOOLEAN NOT NULL,
    CONSTRAINT pk_accounts PRIMARY KEY (email),
    CONSTRAINT ck_accounts_credit_not_negative CHECK (credit >= 0)
);
INSERT INTO accounts VALUES ('first@posedeck.local', 'aa', 'bb', 41, 1);
"""
#: A run as the first revision that had runs wrote it: everything that has a default left out.
FIRST_RUN = """
INSERT INTO runs (id, created_at, deleted_at, page, vendor, source, ending, group_id, request_key, grade, kept, summary,
    thumbnail, document, state, tags, notes, found_by)
VALUES ('first-run', 1767323045.0, NULL, 'posture', 'remo', 'local', 'answered', '', '', 1, 0,
    '{"grade": 1}', NULL,
    '{"id": "first-run", "page": "posture", "vendor": "remo", "source": "local", "created_at": "2026-01-02T03:04:05Z"}',
    'accepted', '["clinic"]', 'before the sale', 'first-run');
"""


def test_what_the_first_schema_wrote_is_still_there(tmp_path: Path) -> None:
    """Accounts keep their balance; runs can be kept from now on, and those of the first such revision are read."""
    file = tmp_path / "posedeck.db"
    with sqlite3.connect(file) as connection:
        connection.executescript(FIRST_SCHEMA)
    connection.close()
    with closing(open_runs(tmp_path)) as fresh:
        assert fresh.search(RunQuery()).total == 0
    with sqlite3.connect(file) as connection:
        connection.executescript(FIRST_RUN)
    connection.close()

    with closing(open_runs(tmp_path)) as store:
        stored = store.get("first-run")
        assert (stored.run.page, stored.review.tags, stored.review.notes) == ("posture", ("clinic",), "before the sale")
        assert store.search(RunQuery(tag="clinic", grade=1)).total == 1
    database = open_database(database_url(tmp_path))
    with reading(database) as reader:
        assert reader.execute(select(accounts.c.email, accounts.c.credit)).one() == ("first@posedeck.local", 41)
    database.dispose()
