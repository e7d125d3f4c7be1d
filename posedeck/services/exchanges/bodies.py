"""Recorded bodies made whole again: the folded files put back."""

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from posedeck.contracts.images import encode_base64_image
from posedeck.net.bodies import Held

_SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heif": "heic", "video/mp4": "mp4"}


class FileForgottenError(LookupError):
    """A file of an old exchange is not held any more; holds its description."""

    def __init__(self, file: Mapping[str, Any]) -> None:
        super().__init__(f"the file of {file.get('bytes')} bytes is not held any more")
        self.file = file


def file_bytes(file: Mapping[str, Any], files: Mapping[str, Held]) -> bytes:
    """The file of a description in a record. Raises FileForgottenError."""
    data = files.get(file.get("sha256", ""))
    if isinstance(data, Path):
        data = _read(data)
    if data is None:
        raise FileForgottenError(file)
    return data


def is_held(file: Mapping[str, Any], files: Mapping[str, Held]) -> bool:
    """Whether ``file_bytes`` would find the file."""
    data = files.get(file.get("sha256", ""))
    return data.is_file() if isinstance(data, Path) else data is not None


def files_in(value: Any) -> Iterator[Mapping[str, Any]]:
    """The descriptions of the files that are folded in a JSON value."""
    if isinstance(value, dict):
        file = value.get("base64") if len(value) == 1 else None
        if isinstance(file, dict) and "sha256" in file:
            yield file
        else:
            yield from chain.from_iterable(map(files_in, value.values()))
    elif isinstance(value, list):
        yield from chain.from_iterable(map(files_in, value))


def _read(path: Path) -> bytes | None:
    """A file that was sent from the disk, if it still lies there."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def unfold(value: Any, files: Mapping[str, Held]) -> Any:
    """The JSON value with its base64 strings as they were. Raises FileForgottenError."""
    if isinstance(value, dict):
        file = value.get("base64") if len(value) == 1 else None
        if isinstance(file, dict) and "sha256" in file:
            return encode_base64_image(file_bytes(file, files), file.get("data_uri"))
        return {key: unfold(item, files) for key, item in value.items()}
    if isinstance(value, list):
        return [unfold(item, files) for item in value]
    return value


def suffix_of(file: Mapping[str, Any]) -> str:
    """What the name of such a file ends in."""
    return _SUFFIXES.get(file.get("type", ""), "bin")
