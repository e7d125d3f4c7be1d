"""Large base64 values, collapsed to what a reader needs to know of them."""

import hashlib
import io
from typing import Any

from PIL import Image, UnidentifiedImageError

from posedeck.contracts.images import decode_base64_image

#: Shorter strings are shown as they are; every real picture is longer.
_MIN_LENGTH = 512


def collapse_base64(value: Any) -> Any:
    """The same JSON value with each long base64 string replaced by its type, size and hash."""
    if isinstance(value, dict):
        return {key: collapse_base64(item) for key, item in value.items()}
    if isinstance(value, list):
        return [collapse_base64(item) for item in value]
    if isinstance(value, str) and len(value) >= _MIN_LENGTH:
        return _describe(value)
    return value


def _describe(text: str) -> Any:
    try:
        data = decode_base64_image(text)
    except ValueError:
        return text
    summary: dict[str, Any] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    try:
        with Image.open(io.BytesIO(data)) as picture:
            summary |= {"type": Image.MIME.get(picture.format or "", "image"), "size": list(picture.size)}
    except UnidentifiedImageError:
        summary["type"] = "application/octet-stream"
    return {"base64": summary}
