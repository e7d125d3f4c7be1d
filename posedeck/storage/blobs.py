"""Blobs: bytes under the hash of their content, in the data folder by default, in an object store by URL.

A blob is there whole or not at all, and equal bytes are kept once. What a blob is for is a matter of the database.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

BLOB_URL_VARIABLE = "POSEDECK_BLOB_URL"
_FOLDER = "blobs"
_KEY = re.compile(r"[0-9a-f]{64}")
#: Pieces in which a blob is read or written, so that memory does not depend on its size.
PIECE_BYTES = 1 << 20
_PART_BYTES = 8 << 20
#: Parts of one blob that are under way at once; each is held in memory.
_PARALLEL_PARTS = 2


@dataclass(frozen=True)
class BlobInfo:
    """A blob's key, size in bytes and time of its last writing (UTC)."""

    key: str
    size: int
    written_at: datetime


class Blobs:
    """Blobs in one store. Safe between threads and processes.

    A key that is not one, or that nothing is kept under, raises FileNotFoundError.
    """

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        """``folder`` is where the store keeps its files, when it is one of this machine."""
        self._store = store
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keep bytes; their key. Keeping them again makes them as new, so that no sweep takes them for forgotten."""
        key = hashlib.sha256(data).hexdigest()
        obstore.put(self._store, _path(key), data)
        return key

    def put_file(self, path: Path) -> str:
        """Keep a file's bytes; their key. The file may be larger than memory, and must not change meanwhile."""
        with path.open("rb") as stream:
            key = hashlib.file_digest(stream, "sha256").hexdigest()
        with path.open("rb") as stream:
            obstore.put(self._store, _path(key), stream, chunk_size=_PART_BYTES, max_concurrency=_PARALLEL_PARTS)
        return key

    def get(self, key: str) -> bytes:
        """All bytes of a blob."""
        return obstore.get(self._store, _path(key)).bytes().to_bytes()

    def info(self, key: str) -> BlobInfo:
        """Size and age of a blob."""
        meta = obstore.head(self._store, _path(key))
        return BlobInfo(key, meta["size"], meta["last_modified"])

    def exists(self, key: str) -> bool:
        """Whether a blob is there."""
        try:
            obstore.head(self._store, _path(key))
        except FileNotFoundError:
            return False
        return True

    def stream(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """A blob's bytes from ``start`` up to but not including ``end``, in pieces of about a MiB.

        The first piece is asked for at once, so that a missing blob shows before the iteration.
        """
        path = _path(key)
        if start == 0 and end is None:
            return _pieces(obstore.get(self._store, path))
        size = obstore.head(self._store, path)["size"]
        last = size if end is None else min(end, size)
        if start >= last:
            return iter(())
        return _pieces(obstore.get(self._store, path, options={"range": (start, last)}))

    def local_path(self, key: str) -> Path | None:
        """The file of a blob, to be read only; None when the store is not a folder of this machine."""
        if self._folder is None:
            return None
        path = self._folder / _path(key)
        if not path.is_file():
            raise FileNotFoundError(key)
        return path

    def fetch_to(self, key: str, path: Path) -> None:
        """Write a blob into a file of the caller's."""
        source = self.local_path(key)
        if source is not None:
            shutil.copyfile(source, path)
            return
        with path.open("wb") as stream:
            stream.writelines(self.stream(key))

    def delete(self, key: str) -> None:
        """Forget a blob; nothing happens when it is not there."""
        try:
            obstore.delete(self._store, _path(key))
        except FileNotFoundError:
            return

    def infos(self) -> Iterator[BlobInfo]:
        """Every blob, in no particular order."""
        for batch in obstore.list(self._store):
            for meta in batch:
                key = meta["path"].rpartition("/")[2]
                if _KEY.fullmatch(key):
                    yield BlobInfo(key, meta["size"], meta["last_modified"])

    def keys(self) -> Iterator[str]:
        """The key of every blob, in no particular order."""
        return (info.key for info in self.infos())


def open_blobs(data_dir: Path) -> Blobs:
    """The blobs of an installation: a folder in the data folder, or the store of ``POSEDECK_BLOB_URL``.

    An object store's credentials come from its own environment variables (``AWS_…`` for ``s3://bucket/prefix``).

    Raises:
        ValueError: when the URL is none of a store that is known. The text does not repeat it: it may hold a key.
    """
    url = os.environ.get(BLOB_URL_VARIABLE)
    if not url:
        folder = data_dir / _FOLDER
        return Blobs(LocalStore(folder, mkdir=True), folder)
    try:
        return Blobs(from_url(url))
    except (BaseError, ValueError) as error:
        raise ValueError(
            f"{BLOB_URL_VARIABLE} is not the URL of an object store, for instance s3://bucket/prefix"
        ) from error


def _path(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise FileNotFoundError("that is no key of a blob")
    # Two levels, as some file systems are slow with many files in one folder.
    return f"{key[:2]}/{key}"


def _pieces(result: "obstore.GetResult") -> Iterator[bytes]:
    return (bytes(piece) for piece in result.stream(min_chunk_size=PIECE_BYTES))
