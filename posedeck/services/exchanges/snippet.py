"""What both kinds of copied calls have in common: the code, the files beside it, the variables to fill in."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec

from posedeck.net.bodies import Held
from posedeck.net.record import ExchangeRecord
from posedeck.services.exchanges.bodies import file_bytes, files_in, is_held, suffix_of, unfold
from posedeck.services.exchanges.holes import Outgoing

_ID_CHARS = 8
_HINTS = {
    "POSEDECK_TOKEN": "what the file named token in PoseDeck's data folder holds",
    "POSEDECK_TICKET": "python -m posedeck upload-ticket prints one; each is good for one upload",
}


@dataclass(frozen=True)
class Snippet:
    """A call as code.

    Attributes:
        name: File name for the code.
        code: The code; it runs in the folder that holds ``files``.
        files: Bodies by file name, read or made when they are asked for: a clip takes a while.
        variables: Names of the environment variables that hold the secrets; to be filled in first.
        missing: Names of files that the code needs and that are not held any more.
    """

    name: str
    code: str
    files: dict[str, Callable[[], bytes]] = field(repr=False)
    variables: tuple[str, ...]
    missing: tuple[str, ...]

    def bundle(self) -> bytes:
        """The code and its files as a ZIP archive."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, read in {self.name: self.code.encode, **self.files}.items():
                archive.writestr(name, read())
        return stream.getvalue()


@dataclass
class FileShelf:
    """The files of a snippet as they are found to be needed."""

    record: ExchangeRecord
    held: Mapping[str, Held] = field(repr=False)
    files: dict[str, Callable[[], bytes]] = field(default_factory=dict, repr=False)
    missing: list[str] = field(default_factory=list)

    def put_recorded(self, name: str, file: Mapping[str, Any]) -> str:
        """Add a file of the record; returns the name that it got, or would have."""
        held = is_held(file, self.held)
        return self._put(f"{name}.{suffix_of(file)}", partial(file_bytes, file, self.held) if held else None)

    def put_json(self, request: Outgoing) -> str:
        """Add the JSON body without its secrets; returns its name."""
        held = all(is_held(file, self.held) for file in files_in(request.value))
        return self._put("body.json", (lambda: msgspec.json.encode(unfold(request.value, self.held))) if held else None)

    def put_body(self, request: Outgoing) -> str | None:
        """Add a body that is neither JSON nor a form; returns its name, None when there is no body."""
        if request.kind == "text":
            return self._put("body.txt", str(request.value).encode)
        if request.kind == "binary":
            return self.put_recorded("body", request.value["file"])
        return None

    def _put(self, name: str, read: Callable[[], bytes] | None) -> str:
        full = f"exchange-{self.record.id[:_ID_CHARS]}-{name}"
        if read is None:
            self.missing.append(full)
        else:
            self.files[full] = read
        return full


def hints(variables: Iterable[str]) -> Iterator[str]:
    """Where the values of our own server's variables come from."""
    yield from (f"{name}: {_HINTS[name]}" for name in variables if name in _HINTS)


def head_line(record: ExchangeRecord) -> str:
    """What was recorded, and when."""
    moment = datetime.fromtimestamp(record.started_at, UTC)
    path = record.url.partition("://")[2].partition("/")[2].partition("?")[0]
    return f"{record.vendor}: {record.method} /{path}, recorded {moment:%Y-%m-%d %H:%M:%S} UTC by PoseDeck"
