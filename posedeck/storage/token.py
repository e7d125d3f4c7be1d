"""The token that opens our own routes (``/x/…``) to whoever can read the data folder."""

import os
import secrets
from pathlib import Path

_FILE_NAME = "token"
_TOKEN_BYTES = 32


def read_token(data_dir: Path) -> str | None:
    """The token in the data folder, None before a pose server first started with it."""
    try:
        return (data_dir / _FILE_NAME).read_text("ascii").strip()
    except FileNotFoundError:
        return None


def ensure_token(data_dir: Path) -> str:
    """The token in the data folder, made at the first call; its file is readable by the owner alone.

    Two processes that start at once end up with the same token: a complete file is linked into place, and only one link
    can succeed.
    """
    known = read_token(data_dir)
    if known:
        return known
    draft = data_dir / f"{_FILE_NAME}.{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(_TOKEN_BYTES))
        return _publish(draft, data_dir / _FILE_NAME)
    finally:
        draft.unlink()


def _publish(draft: Path, target: Path) -> str:
    try:
        os.link(draft, target)
    except FileExistsError:
        return target.read_text("ascii").strip()
    return draft.read_text("ascii")
