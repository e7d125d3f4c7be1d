"""When two requests ask the same, whoever sends them, wherever they go."""

import hashlib
import re
from typing import Any
from urllib.parse import urlsplit

import msgspec

from posedeck.net.record import ExchangeRecord
from posedeck.net.redact import MASK, is_secret_key

#: Remo's name for the request, new each time.
_NOT_ASKED = frozenset({"uuid"})
_APP_KEY = re.compile(r"(?<=/appkeys/)[^/]+")


def request_key(record: ExchangeRecord) -> str:
    """Hash of method, path and body, without credentials, host and the names of requests and files."""
    path = _APP_KEY.sub(MASK, urlsplit(record.url).path)
    asked = (record.method, path, record.request.kind, _asked(record.request.value))
    return hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).hexdigest()


def _asked(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _asked(item) for name, item in value.items() if not (is_secret_key(name) or name in _NOT_ASKED)}
        return {name: item for name, item in kept.items() if name != "filename"}
    if isinstance(value, list):
        return [_asked(item) for item in value if not _is_secret_pair(item)]
    return value


def _is_secret_pair(item: Any) -> bool:
    """Whether a list's item is a form field of a secret name."""
    return isinstance(item, list) and len(item) == 2 and isinstance(item[0], str) and is_secret_key(item[0])
