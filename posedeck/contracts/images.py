"""Pictures inside JSON: base64, bare or as a data URI."""

import base64
import binascii
import re

_DATA_URI = re.compile(r"^data:[\w.+-]+/[\w.+-]+;base64,")


def decode_base64_image(text: str) -> bytes:
    """Bytes of a base64 picture with or without ``data:…;base64,`` in front; white space is ignored.

    Raises:
        ValueError: when the text is not base64 or holds nothing.
    """
    bare = "".join(_DATA_URI.sub("", text, count=1).split())
    try:
        data = base64.b64decode(bare, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if not data:
        raise ValueError("no bytes")
    return data


def encode_base64_image(data: bytes, mime: str | None = None) -> str:
    """Base64 text of a picture, as a data URI when its MIME type is given."""
    text = base64.b64encode(data).decode("ascii")
    return f"data:{mime};base64,{text}" if mime else text
