"""JSON bodies as they come from outside."""

from typing import Any

import msgspec


def decode_object(body: bytes) -> dict[str, Any] | None:
    """The JSON object in a body; None when it is anything else."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
