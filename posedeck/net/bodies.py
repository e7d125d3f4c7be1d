"""Reads bodies for their records: what kind each is, its value, its files folded and kept aside. Masks nothing."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from posedeck.contracts.folding import describe_bytes, describe_file, fold_base64
from posedeck.net.json_with_file import JsonWithFile
from posedeck.net.multipart import Part, StreamedForm, read_parts
from posedeck.net.record import BodyKind, RecordedBody

#: Larger bodies are recorded by their size alone: reading a clip of 300 MB twice would cost seconds and memory.
MAX_READ_BYTES = 64_000_000

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"

#: Bodies that say what they hold before they are sent.
Streamed = JsonWithFile | StreamedForm
#: A file that was folded: itself, or where it lies when it was sent from there.
Held = bytes | Path


def read_body(body: bytes, content_type: str, files: dict[str, Held]) -> RecordedBody:
    """The body with its files folded and kept in ``files`` by their SHA-256, its secrets still in it."""
    media = media_of(content_type)

    def keep(data: bytes) -> dict[str, Any]:
        summary = describe_bytes(data)
        files[summary["sha256"]] = data
        return summary

    kind, value = _value(body, content_type, media, keep)
    return RecordedBody(kind, media, len(body), value)


def read_streamed(content: Streamed, content_type: str, files: dict[str, Held]) -> RecordedBody:
    """The same for a body whose file lies on the disk: its place is kept, not its bytes. Raises OSError."""
    summary = describe_file(content.path)
    files[summary["sha256"]] = content.path
    kind: BodyKind = "json" if isinstance(content, JsonWithFile) else "multipart"
    return RecordedBody(kind, media_of(content_type), content.length, content.described(summary))


def unread_body(media: str, size: int) -> RecordedBody:
    """A body of which nothing is kept but its type and size."""
    file = {"bytes": size, "type": media or "application/octet-stream"}
    return RecordedBody("binary", media, size, {"file": file})


def media_of(content_type: str) -> str:
    """A Content-Type without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def _value(body: bytes, content_type: str, media: str, keep: Callable[[bytes], dict[str, Any]]) -> tuple[BodyKind, Any]:
    if not body:
        return "none", None
    if len(body) > MAX_READ_BYTES:
        unread = unread_body(media, len(body))
        return unread.kind, unread.value
    if media == _MULTIPART:
        parts = read_parts(content_type, body)
        if parts is not None:
            return "multipart", [_part(part, keep) for part in parts]
    if media == _FORM:
        return "form", [list(pair) for pair in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)]
    try:
        return "json", fold_base64(msgspec.json.decode(body), keep)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # whatever its type says, it is shown as what it is
    try:
        return "text", body.decode()
    except UnicodeDecodeError:
        return "binary", {"file": keep(body)}


def _part(part: Part, keep: Callable[[bytes], dict[str, Any]]) -> Mapping[str, Any]:
    if part.filename is None:
        return {"name": part.name, "value": part.data.decode("utf-8", "replace")}
    return {"name": part.name, "filename": part.filename, "type": part.media, "file": keep(part.data)}
