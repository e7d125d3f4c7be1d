"""A clip that the browser sent to our server, as a file that can be sent on."""

from pathlib import Path

from posedeck.jobs.store import JobStore
from posedeck.jobs.uploads import Uploads
from posedeck.storage.blobs import open_blobs
from posedeck.storage.database import database_url, open_database


def uploaded_clip(upload: str, data_dir: Path) -> Path:
    """The file of an upload, to be read only.

    Args:
        upload: Its name.
        data_dir: Folder that this process shares with the server that took it.

    Raises:
        FileNotFoundError: when it was swept, or lies with a server elsewhere.
    """
    database = open_database(database_url(data_dir))
    try:
        blobs = open_blobs(data_dir)
        key = Uploads(JobStore(database), blobs).blob(upload)
        path = None if key is None else blobs.local_path(key)
    finally:
        database.dispose()
    if path is None:
        raise FileNotFoundError(upload)
    return path
