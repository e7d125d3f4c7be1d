"""Bodies too large for memory: written to disk as they come, and JSON with a base64 file in it read from there.

The file is mapped into memory, where the system may drop it again, and the base64 field is decoded piece by piece: a
body of 100 MB costs a few megabytes, where parsing it in memory costs 350.
"""

import binascii
import contextlib
import mmap
import os
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
from starlette.requests import Request

from posedeck.jobs.uploads import INCOMING_FOLDER
from posedeck.server.http import body_within

#: Bytes of base64 text that are decoded at once.
PIECE_BYTES = 1 << 20
#: What the other fields of such a body may take together.
REST_LIMIT = 1_000_000
_DATA_URI = re.compile(rb"data:[\w.+-]+\\?/[\w.+-]+;base64,")
#: The longest escape in a JSON string is \uXXXX.
_ESCAPE_BYTES = 6
_WHITE_SPACE = b" \t\n\r\x0b\x0c"

Write = Callable[[bytes], object]


class NotBase64Error(ValueError):
    """The field is not base64 text."""


@dataclass(frozen=True)
class Rest:
    """What is left of a JSON object without its large field.

    Attributes:
        json: The object without it, as JSON text.
        size: Bytes that the field held, decoded; None when it is not there.
    """

    json: bytes
    size: int | None


@contextlib.asynccontextmanager
async def spooled(data_dir: Path, request: Request, limit: int) -> AsyncIterator[Path]:
    """The request body in a file of its own, which is removed afterwards.

    Raises:
        BodyTooLargeError: when it has more than ``limit`` bytes; no more than that is written.
    """
    folder = _incoming(data_dir)
    descriptor, name = tempfile.mkstemp(dir=folder)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            async for chunk in body_within(request, limit):
                file.write(chunk)
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def incoming_folder(data_dir: Path) -> Iterator[Path]:
    """An empty folder for files that come in, removed afterwards; what a killed server leaves there is swept."""
    with tempfile.TemporaryDirectory(dir=_incoming(data_dir), ignore_cleanup_errors=True) as name:
        yield Path(name)


def _incoming(data_dir: Path) -> Path:
    folder = data_dir / INCOMING_FOLDER
    folder.mkdir(exist_ok=True)
    return folder


def take_base64_field(body: Path, field: str, target: Path) -> Rest:
    """Decode one base64 field of a JSON object in a file into another file; what else is in the object.

    The text may begin with ``data:…;base64,``; white space in it is passed over.

    Args:
        body: File with the JSON text.
        field: Name of the field.
        target: Where its bytes go; not written when the field is not there or ``null``.

    Raises:
        NotBase64Error: when the field is there and is not base64 text.
        msgspec.DecodeError: when the body is not a JSON object, or its other fields are larger than ``REST_LIMIT``.
    """
    rest, large = _split(body, field)
    if large is None or bytes(large[:4]) == b"null":
        return Rest(rest, None)
    with target.open("wb") as out:
        return Rest(rest, _decode(large, out.write))


def without_field(body: Path, field: str) -> bytes:
    """A JSON object in a file without one of its fields, whatever that holds. Raises as ``take_base64_field``."""
    return _split(body, field)[0]


def _split(body: Path, field: str) -> tuple[bytes, memoryview | None]:
    """The object without the field, as JSON text, and where the field's value lies; None when it is not there."""
    with body.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            raise msgspec.DecodeError("the body is empty")
        # Not closed by hand: values that were decoded from it may still refer to it while an error is on its way.
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    try:
        fields = msgspec.json.decode(mapped, type=dict[str, msgspec.Raw])
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError("the body is not JSON") from error
    large = fields.pop(field, None)
    if sum(len(memoryview(value)) for value in fields.values()) > REST_LIMIT:
        raise msgspec.DecodeError(f"the fields beside {field} are too large")
    return msgspec.json.encode(fields), None if large is None else memoryview(large)


def _decode(raw: memoryview, write: Write) -> int:
    if bytes(raw[:1]) != b'"':
        raise NotBase64Error("not text")
    text = raw[1:-1]
    prefix = _DATA_URI.match(text)
    if prefix is not None:
        text = text[prefix.end() :]
        prefix = None  # it refers to the text as well
    decoder = _Decoder(write)
    held = b""
    for start in range(0, len(text), PIECE_BYTES):
        piece = held + bytes(text[start : start + PIECE_BYTES])
        # An escape that the piece may end in the middle of waits for the next one.
        escape = piece.rfind(b"\\", -_ESCAPE_BYTES + 1)
        held = b"" if escape < 0 else piece[escape:]
        decoder.feed(_plain(piece[: len(piece) - len(held)]))
    decoder.feed(_plain(held))
    return decoder.end()


def _plain(piece: bytes) -> bytes:
    if b"\\" in piece:
        piece = piece.replace(b"\\/", b"/")  # PHP writes it so
    if b"\\" in piece:
        try:
            piece = msgspec.json.decode(b'"%s"' % piece, type=str).encode("ascii")
        except (msgspec.DecodeError, UnicodeError) as error:
            raise NotBase64Error("not base64") from error
    return piece.translate(None, _WHITE_SPACE)


class _Decoder:
    """Base64 in pieces of any length, with the verdict of decoding it at once; padding only ever completes a group."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._pending = b""
        self._padded = False
        self._size = 0

    def feed(self, piece: bytes) -> None:
        """Decode as much as makes whole groups of four."""
        if not piece:
            return
        if self._padded:
            raise NotBase64Error("text after the end")
        text = self._pending + piece
        whole = len(text) // 4 * 4
        self._pending = text[whole:]
        self._take(text[:whole])

    def end(self) -> int:
        """Bytes that were written in all."""
        if self._pending:
            raise NotBase64Error("the end is missing")
        return self._size

    def _take(self, text: bytes) -> None:
        # Python lets padding stand behind a group that needs none, where it happens to see both at once.
        if text.endswith(b"==="):
            raise NotBase64Error("text after the end")
        try:
            data = binascii.a2b_base64(text, strict_mode=True)
        except (binascii.Error, ValueError) as error:
            raise NotBase64Error("not base64") from error
        self._padded = text.endswith(b"=")
        self._write(data)
        self._size += len(data)
