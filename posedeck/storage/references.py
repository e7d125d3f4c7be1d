"""Who needs a blob. Whoever erases one asks here first, in the transaction in which it gives up its own need.

Needs change in the transaction of the row that names the blobs, so that a kill in between leaves neither a row without
its blob nor a blob that is kept for ever.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, delete, insert, select, text

from posedeck.storage.tables import blob_references, run_blobs

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
    """Those of the keys that a run, a job or an upload needs."""
    ordered = sorted(keys)
    needed: set[str] = set()
    for start in range(0, len(ordered), _VALUES_AT_ONCE):
        some = ordered[start : start + _VALUES_AT_ONCE]
        for table in (run_blobs, blob_references):
            needed.update(connection.execute(select(table.c.key).where(table.c.key.in_(some))).scalars())
    return needed


def hold(connection: Connection, owner: str, keys: Iterable[str]) -> None:
    """Keep blobs for a job or an upload, beside those that it has already.

    Args:
        connection: In a transaction that writes, and that has taken its turn.
        owner: ``job:<id>`` or ``upload:<id>``.
        keys: Keys of blobs that are there.
    """
    known = set(connection.execute(select(blob_references.c.key).where(blob_references.c.owner == owner)).scalars())
    fresh = sorted(set(keys) - known)
    if fresh:
        connection.execute(insert(blob_references), [{"key": key, "owner": owner} for key in fresh])


def release(connection: Connection, owner: str) -> None:
    """Give up all blobs of a job or an upload."""
    connection.execute(delete(blob_references).where(blob_references.c.owner == owner))
