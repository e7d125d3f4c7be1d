"""A file as a form's upload: ``multipart/form-data`` (RFC 7578)."""

import re
import secrets

#: RFC 7578 leaves names to the HTML standard, which percent-encodes just these (section "multipart form data").
_ESCAPED = {'"': "%22", "\r": "%0D", "\n": "%0A"}


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
    # 128 random bits: the data holding them is not to be expected, and nobody can make it so.
    boundary = secrets.token_hex(16)
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="{_escaped(field)}"; filename="{_escaped(filename)}"\r\n'
        f"Content-Type: {mime}\r\n\r\n"
    )
    body = b"".join((head.encode(), data, f"\r\n--{boundary}--\r\n".encode()))
    return f"multipart/form-data; boundary={boundary}", body


def _escaped(name: str) -> str:
    return re.sub(r'["\r\n]', lambda found: _ESCAPED[found[0]], name)
