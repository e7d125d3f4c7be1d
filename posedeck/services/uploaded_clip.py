"""A clip that the browser sent to our server, as a file that can be sent on to somebody else."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from posedeck.clients.own_jobs import JobsClient
from posedeck.net.errors import AnswerRefused

#: Bytes that are asked for at once, and so held in memory.
_PART_BYTES = 2_000_000
_GONE = 404


@contextmanager
def spooled_upload(client: JobsClient, upload: str) -> Iterator[Path]:
    """The file of an upload, fetched in parts from the server that took it; there for as long as the context lasts.

    Raises:
        FileNotFoundError: when it was swept.
        VendorError: when the server cannot be reached.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip"
        size, done = 1, 0
        with path.open("wb") as file:
            while done < size:
                try:
                    part, size = client.upload_part(upload, done, _PART_BYTES)
                except AnswerRefused as error:
                    if error.code == _GONE:
                        raise FileNotFoundError(upload) from error
                    raise
                file.write(part)
                done += len(part)
        yield path
