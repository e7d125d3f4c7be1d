"""When two requests ask the same, whoever sends them, wherever they go."""

import hashlib
import re
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import msgspec

from posedeck.contracts.own import MOUNT_PATH
from posedeck.net.record import ExchangeRecord
from posedeck.net.redact import MASK, is_secret_key

#: Remo's name for a request: new each time when pictures are sent, but what is asked for when a job is read by it.
_REQUEST_NAME = "uuid"
#: What a form calls its files is chance.
_FILE_NAME = "filename"
#: Begins what our own server alone understands: the same is asked of it as of the vendor.
_OUR_EXTRAS = "x_"
_APP_KEY = re.compile(r"(?<=/appkeys/)[^/]+")


def request_key(record: ExchangeRecord) -> str:
    """Hash of method, path and body, without credentials, host, our extra fields, and names of requests and files."""
    path = _APP_KEY.sub(MASK, urlsplit(record.url).path.removeprefix(MOUNT_PATH))
    body = record.request.value
    passed_over = (_FILE_NAME, _REQUEST_NAME) if _has_file(body) else (_FILE_NAME,)
    asked = (record.method, path, record.request.kind, _asked(body, passed_over))
    return hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).hexdigest()


def _has_file(value: Any) -> bool:
    """Whether a folded file stands somewhere in a recorded body."""
    if isinstance(value, dict):
        return "sha256" in value or any(map(_has_file, value.values()))
    return isinstance(value, list) and any(map(_has_file, value))


def _asked(value: Any, passed_over: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {
            name: _asked(item, passed_over)
            for name, item in value.items()
            if not (is_secret_key(name) or name in passed_over or name.startswith(_OUR_EXTRAS))
        }
    if isinstance(value, list):
        return [_asked(item, passed_over) for item in value if not _is_secret_pair(item)]
    return value


def _is_secret_pair(item: Any) -> bool:
    """Whether a list's item is a form field of a secret name."""
    return isinstance(item, list) and len(item) == 2 and isinstance(item[0], str) and is_secret_key(item[0])
