"""A JSON object with one large file in it, sent in pieces and never held whole."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

# Three bytes make four characters, so pieces of a multiple of three join to one base64 text.
_PIECE_BYTES = 3 * 256 * 1024


@dataclass(frozen=True)
class JsonWithFile:
    """The pieces of such a body; it can be gone through again and again.

    Attributes:
        fields: What stands before the file, kept out of the repr since it may hold credentials; not empty.
        name: The field that holds the file in base64.
        path: The file.
    """

    fields: Mapping[str, str] = field(repr=False)
    name: str
    path: Path

    def __iter__(self) -> Iterator[bytes]:
        """Raises OSError when the file cannot be read."""
        head, tail = self._around()
        yield head
        with self.path.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                yield base64.b64encode(piece)
        yield tail

    @property
    def length(self) -> int:
        """Bytes of the whole body. Raises OSError when there is no file."""
        return sum(map(len, self._around())) + 4 * -(-self.path.stat().st_size // 3)

    def described(self, file: Mapping[str, Any]) -> dict[str, Any]:
        """What it holds as a record shows it, given what is to be told of the file."""
        return {**self.fields, self.name: {"base64": file}}

    def _around(self) -> tuple[bytes, bytes]:
        name = msgspec.json.encode(self.name)
        return msgspec.json.encode(self.fields)[:-1] + b"," + name + b':"', b'"}'
