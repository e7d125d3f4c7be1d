"""The pictures of a ZIP file, read one by one and never beyond their limits."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from posedeck.engine.images import ImageError
from posedeck.jobs.kind import Fault, JobRefused

_PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"}
#: What file managers leave in archives.
_LEFTOVERS = ("__MACOSX/", "Thumbs.db")
#: Largest annotation file that is looked at; COCO's own for 5,000 pictures has 10 MB.
MAX_JSON_BYTES = 50_000_000


@contextmanager
def open_archive(path: Path | None) -> Iterator[zipfile.ZipFile]:
    """The uploaded archive. Raises JobRefused when it is not a ZIP file."""
    if path is None:
        raise JobRefused(Fault.UNDECODABLE, "a batch needs an upload: a ZIP file with pictures")
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise JobRefused(Fault.UNDECODABLE, "the upload is not a ZIP file, or it is damaged") from error
    with archive:
        yield archive


def picture_names(archive: zipfile.ZipFile) -> list[str]:
    """Names of the pictures, in the archive's order; each once."""
    return list(dict.fromkeys(info.filename for info in _files(archive) if _suffix(info) in _PICTURES))


def json_names(archive: zipfile.ZipFile) -> list[str]:
    """Names of the JSON files."""
    return [info.filename for info in _files(archive) if _suffix(info) == ".json"]


def ignored_count(archive: zipfile.ZipFile) -> int:
    """How many files are neither pictures nor JSON by their names."""
    return sum(_suffix(info) not in {*_PICTURES, ".json"} for info in _files(archive))


def read_entry(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """One file. Raises ImageError when it is larger than the limit, encrypted or damaged."""
    if archive.getinfo(name).file_size > limit:
        raise ImageError("too_large", f"the file has more than {limit // 1_000_000} MB")
    try:
        with archive.open(name) as entry:
            # What the header says may be wrong: an archive can unpack to any size.
            data = entry.read(limit + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise ImageError("undecodable", f"the archive does not give this file: {error}") from error
    except zlib.error as error:
        raise ImageError("undecodable", "the file is damaged in the archive") from error
    if len(data) > limit:
        raise ImageError("too_large", f"the file has more than {limit // 1_000_000} MB")
    return data


def _files(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    for info in archive.infolist():
        hidden = PurePosixPath(info.filename).name.startswith(".")
        if not (info.is_dir() or hidden or info.filename.startswith(_LEFTOVERS)):
            yield info


def _suffix(info: zipfile.ZipInfo) -> str:
    return PurePosixPath(info.filename).suffix.lower()
