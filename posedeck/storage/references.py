"""Who needs a blob. Whoever erases one asks here first, in the transaction in which it gives up its own need."""

from collections.abc import Collection

from sqlalchemy import Connection, select, text

from posedeck.storage.tables import run_blobs

#: Databases limit how many values one statement takes.
_VALUES_AT_ONCE = 500
#: Name of a PostgreSQL advisory lock: "pose" in ASCII.
_LOCK = 0x706F7365


def take_turns(connection: Connection) -> None:
    """Wait until no other transaction begins or gives up to need blobs, and let none do so until this one ends.

    SQLite's writers take turns anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": _LOCK})


def needed_blobs(connection: Connection, keys: Collection[str]) -> set[str]:
    """Those of the keys that a run needs."""
    ordered = sorted(keys)
    needed: set[str] = set()
    for start in range(0, len(ordered), _VALUES_AT_ONCE):
        some = ordered[start : start + _VALUES_AT_ONCE]
        needed.update(connection.execute(select(run_blobs.c.key).where(run_blobs.c.key.in_(some))).scalars())
    return needed
