"""Forms with files: ``multipart/form-data`` (RFC 7578), written and read."""

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

#: Pieces in which a file is read.
_PIECE_BYTES = 1 << 20
#: RFC 7578 leaves names to the HTML standard, which percent-encodes just these (section "multipart form data").
_ESCAPED = {'"': "%22", "\r": "%0D", "\n": "%0A"}


@dataclass(frozen=True)
class Part:
    """One field of a form; a file when it has a file name."""

    name: str
    filename: str | None
    media: str
    data: bytes


def encode_upload(field: str, filename: str, mime: str, data: bytes) -> tuple[str, bytes]:
    """One file as the only part of a form.

    Args:
        field: The part's name.
        filename: Its file name; many servers take a part without one for text.
        mime: Type of the data.
        data: The file.

    Returns:
        The value of Content-Type and the body.
    """
    return encode_parts([Part(field, filename, mime, data)])


def encode_parts(parts: Iterable[Part]) -> tuple[str, bytes]:
    """A form of these parts: the value of Content-Type and the body."""
    boundary = _new_boundary()
    pieces = [piece for part in parts for piece in (_head(boundary, part), part.data, b"\r\n")]
    return _content_type(boundary), b"".join([*pieces, _tail(boundary)])


class StreamedForm:
    """A form whose last part is a file that is read while it is sent, so that it is never held whole.

    It can be iterated again, as for a second try.

    Attributes:
        fields: The parts before the file.
        file: The file's part, its ``data`` empty.
        path: Where its bytes are; it must not change meanwhile.
        content_type: Value of Content-Type.
        length: Bytes of the whole form.
    """

    def __init__(self, fields: Sequence[Part], file: Part, path: Path) -> None:
        self.fields = tuple(fields)
        self.file = file
        self.path = path
        boundary = _new_boundary()
        before = [piece for part in self.fields for piece in (_head(boundary, part), part.data, b"\r\n")]
        self._head = b"".join([*before, _head(boundary, file)])
        self._tail = b"\r\n" + _tail(boundary)
        self.content_type = _content_type(boundary)
        self.length = len(self._head) + path.stat().st_size + len(self._tail)

    def described(self, file: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Its parts as a record shows them, given what is to be told of the file."""
        last = {"name": self.file.name, "filename": self.file.filename, "type": self.file.media, "file": file}
        return [*({"name": part.name, "value": part.data.decode()} for part in self.fields), last]

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        with self.path.open("rb") as stream:
            while piece := stream.read(_PIECE_BYTES):
                yield piece
        yield self._tail


def read_parts(content_type: str, body: bytes) -> list[Part] | None:
    """The parts of a form that we wrote; None when the body is not such a form.

    Not for bodies of strangers: it holds the whole body in memory and takes what it finds.
    """
    boundary = _parameter(f"Content-Type: {content_type}", "content-type", "boundary")
    if not boundary:
        return None
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        return None
    parts = []
    for piece in pieces[1:-1]:
        head, _, data = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        text = head.decode("utf-8", "replace")
        name = _parameter(text, "content-disposition", "name")
        media = HeaderParser().parsestr(text).get_content_type()
        parts.append(Part(name or "", _parameter(text, "content-disposition", "filename"), media, data))
    return parts


def _new_boundary() -> str:
    # 128 random bits: the data holding them is not to be expected, and nobody can make it so.
    return secrets.token_hex(16)


def _content_type(boundary: str) -> str:
    return f"multipart/form-data; boundary={boundary}"


def _head(boundary: str, part: Part) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_escaped(part.name)}"'
    if part.filename is not None:
        head += f'; filename="{_escaped(part.filename)}"\r\nContent-Type: {part.media}'
    return f"{head}\r\n\r\n".encode()


def _tail(boundary: str) -> bytes:
    return f"--{boundary}--\r\n".encode()


def _parameter(head: str, header: str, name: str) -> str | None:
    message: Message = HeaderParser().parsestr(head)
    value = message.get_param(name, header=header)
    return value if isinstance(value, str) else None


def _escaped(name: str) -> str:
    return re.sub(r'["\r\n]', lambda found: _ESCAPED[found[0]], name)
