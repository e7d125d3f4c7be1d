"""Files that were uploaded for a job to come."""

from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from posedeck.jobs.store import JobStore
from posedeck.storage.blobs import Blobs
from posedeck.storage.database import reading
from posedeck.storage.references import hold, take_turns
from posedeck.storage.tables import uploads

#: Folder in the data folder for bodies that are still coming in.
INCOMING_FOLDER = "incoming"
#: Seconds for which an upload that no job took is kept.
UPLOAD_KEPT_S = 3600.0


class UploadKnown(Exception):  # noqa: N818 - says what happened
    """Something was uploaded under this id already."""


class Uploads:
    """The uploads of one installation. Safe between threads and processes."""

    def __init__(self, store: JobStore, blobs: Blobs) -> None:
        self._store = store
        self._blobs = blobs

    def known(self, upload_id: str) -> bool:
        """Whether something was uploaded under this id."""
        return self.blob(upload_id) is not None

    def keep(self, upload_id: str, path: Path) -> str:
        """Keep a file under an id; key of its blob.

        Raises:
            UploadKnown: when something was uploaded under it already.
        """
        key = self._blobs.put_file(path)
        try:
            with self._store.database.begin() as connection:
                take_turns(connection)
                row = {"id": upload_id, "blob": key, "created_at": self._store.clock()}
                connection.execute(insert(uploads).values(row))
                hold(connection, upload_owner(upload_id), [key])
        except IntegrityError as error:
            raise UploadKnown(upload_id) from error
        return key

    def blob(self, upload_id: str) -> str | None:
        """Key of an upload's blob; None when there is none (any more)."""
        with reading(self._store.database) as connection:
            query = select(uploads.c.blob).where(uploads.c.id == upload_id)
            return connection.execute(query).scalar_one_or_none()


def upload_owner(upload_id: str) -> str:
    """Name of an upload as a holder of blobs."""
    return f"upload:{upload_id}"
