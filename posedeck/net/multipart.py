"""Forms with files: ``multipart/form-data`` (RFC 7578), written and read."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser

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
    # 128 random bits: the data holding them is not to be expected, and nobody can make it so.
    boundary = secrets.token_hex(16)
    pieces = []
    for part in parts:
        named = f'name="{_escaped(part.name)}"'
        head = f"--{boundary}\r\nContent-Disposition: form-data; {named}"
        if part.filename is not None:
            head += f'; filename="{_escaped(part.filename)}"\r\nContent-Type: {part.media}'
        pieces += [f"{head}\r\n\r\n".encode(), part.data, b"\r\n"]
    return f"multipart/form-data; boundary={boundary}", b"".join([*pieces, f"--{boundary}--\r\n".encode()])


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


def _parameter(head: str, header: str, name: str) -> str | None:
    message: Message = HeaderParser().parsestr(head)
    value = message.get_param(name, header=header)
    return value if isinstance(value, str) else None


def _escaped(name: str) -> str:
    return re.sub(r'["\r\n]', lambda found: _ESCAPED[found[0]], name)
