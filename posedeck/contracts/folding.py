"""Large base64 values inside JSON, folded to what a reader needs to know of them."""

import hashlib
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from posedeck.contracts.images import decode_base64_image

#: Shorter strings are shown as they are; every real picture is longer.
_MIN_LENGTH = 512
#: Of a file, enough to tell its type.
_HEAD_BYTES = 16
_DATA_URI = re.compile(r"data:([\w.+-]+/[\w.+-]+);base64,")


def fold_base64(value: Any, keep: Callable[[bytes], object] | None = None) -> Any:
    """The same JSON value with each long base64 string replaced by its type, size and hash.

    Args:
        value: Any JSON value.
        keep: Is given the bytes of each folded string, so that a caller may hold them by their hash.
    """
    if isinstance(value, dict):
        return {key: fold_base64(item, keep) for key, item in value.items()}
    if isinstance(value, list):
        return [item if isinstance(item, int | float) else fold_base64(item, keep) for item in value]
    if isinstance(value, str) and len(value) >= _MIN_LENGTH:
        return _fold(value, keep)
    return value


def describe_bytes(data: bytes) -> dict[str, Any]:
    """Size in bytes and SHA-256 of a file, its type, and for a picture width and height in pixels as stored."""
    summary: dict[str, Any] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    try:
        with Image.open(io.BytesIO(data)) as picture:
            summary |= {"type": Image.MIME.get(picture.format or "", "image"), "size": list(picture.size)}
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        summary["type"] = _type_of(data)
    return summary


def describe_file(path: Path) -> dict[str, Any]:
    """What ``describe_bytes`` tells of a file of any size that is no picture, without holding it."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
        stream.seek(0)
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": sha256, "type": _type_of(head)}


def _type_of(head: bytes) -> str:
    return "video/mp4" if head[4:8] == b"ftyp" else "application/octet-stream"


def _fold(text: str, keep: Callable[[bytes], object] | None) -> Any:
    try:
        data = decode_base64_image(text)
    except ValueError:
        return text
    if keep is not None:
        keep(data)
    summary = describe_bytes(data)
    if uri := _DATA_URI.match(text):
        summary["data_uri"] = uri[1]
    return {"base64": summary}
