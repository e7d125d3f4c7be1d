"""What both kinds of copied calls have in common: the code, the files beside it, the variables to fill in."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from posedeck.net.bodies import Held
from posedeck.net.record import ExchangeRecord
from posedeck.services.exchanges.bodies import FileForgottenError, file_bytes, suffix_of, unfold
from posedeck.services.exchanges.holes import Outgoing

_ID_CHARS = 8


@dataclass(frozen=True)
class Snippet:
    """A call as code.

    Attributes:
        name: File name for the code.
        code: The code; it runs in the folder that holds ``files``.
        files: Bodies by file name.
        variables: Names of the environment variables that hold the secrets; to be filled in first.
        missing: Names of files that the code needs and that are not held any more.
    """

    name: str
    code: str
    files: dict[str, bytes] = field(repr=False)
    variables: tuple[str, ...]
    missing: tuple[str, ...]

    def bundle(self) -> bytes:
        """The code and its files as a ZIP archive."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in {self.name: self.code.encode(), **self.files}.items():
                archive.writestr(name, data)
        return stream.getvalue()


@dataclass
class FileShelf:
    """The files of a snippet as they are found to be needed."""

    record: ExchangeRecord
    held: Mapping[str, Held] = field(repr=False)
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    missing: list[str] = field(default_factory=list)

    def put(self, name: str, data: bytes) -> str:
        """Add a file; returns the name that it got."""
        full = f"exchange-{self.record.id[:_ID_CHARS]}-{name}"
        self.files[full] = data
        return full

    def put_recorded(self, name: str, file: Mapping[str, Any]) -> str:
        """Add a file of the record; returns the name that it got, or would have."""
        full = f"exchange-{self.record.id[:_ID_CHARS]}-{name}.{suffix_of(file)}"
        try:
            self.files[full] = file_bytes(file, self.held)
        except FileForgottenError:
            self.missing.append(full)
        return full

    def put_json(self, request: Outgoing) -> str:
        """Add the JSON body without its secrets; returns its name."""
        try:
            return self.put("body.json", msgspec.json.encode(unfold(request.value, self.held)))
        except FileForgottenError:
            full = f"exchange-{self.record.id[:_ID_CHARS]}-body.json"
            self.missing.append(full)
            return full

    def put_body(self, request: Outgoing) -> str | None:
        """Add a body that is neither JSON nor a form; returns its name, None when there is no body."""
        if request.kind == "text":
            return self.put("body.txt", str(request.value).encode())
        if request.kind == "binary":
            return self.put_recorded("body", request.value["file"])
        return None


def head_line(record: ExchangeRecord) -> str:
    """What was recorded, and when."""
    moment = datetime.fromtimestamp(record.started_at, UTC)
    path = record.url.partition("://")[2].partition("/")[2].partition("?")[0]
    return f"{record.vendor}: {record.method} /{path}, recorded {moment:%Y-%m-%d %H:%M:%S} UTC by PoseDeck"
