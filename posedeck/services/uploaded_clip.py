"""Files that our server has, fetched in parts: none of them is ever held whole."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from posedeck.clients.own_jobs import JobsClient
from posedeck.contracts.own_jobs import JobView
from posedeck.net.errors import AnswerRefused
from posedeck.services.remote_file import ReadPart

#: Bytes that are asked for at once, and so held in memory.
_PART_BYTES = 2_000_000
_GONE = 404


@contextmanager
def spooled_upload(client: JobsClient, upload: str) -> Iterator[Path]:
    """A file that the browser uploaded, so that it can be sent on; there for as long as the context lasts.

    Raises:
        FileNotFoundError: when it was swept.
        VendorError: when the server cannot be reached.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip"
        try:
            _spool(lambda start, length: client.upload_part(upload, start, length), path)
        except AnswerRefused as error:
            if error.code == _GONE:
                raise FileNotFoundError(upload) from error
            raise
        yield path


def spooled_file(client: JobsClient, job: JobView, name: str, path: Path) -> Path:
    """A file of a job, written to ``path``. Raises VendorError, and KeyError for a name that the job has not."""
    _spool(lambda start, length: client.file_part(job, name, start, length), path)
    return path


def _spool(read_part: ReadPart, path: Path) -> None:
    size, done = 1, 0
    with path.open("wb") as file:
        while done < size:
            part, size = read_part(done, _PART_BYTES)
            file.write(part)
            done += len(part)
