"""The exchanges of one browser session, the latest of them, with the files to send them again; bounded in memory."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from posedeck.net.bodies import Held, unread_body
from posedeck.net.record import ExchangeRecord, RecordedBody
from posedeck.services.exchanges.outcome import Ending, ending_of

#: A long session forgets its oldest exchanges, and sooner their bodies and files.
MAX_RECORDS = 500
MAX_BODY_BYTES = 64_000_000
MAX_FILE_BYTES = 96_000_000


class _Bodies(msgspec.Struct, frozen=True):
    """What a record may hold megabytes of; kept as JSON, which takes a tenth of the memory of its objects."""

    request: RecordedBody
    response: RecordedBody | None


@dataclass(frozen=True)
class Listed:
    """An exchange as a list shows it: its bodies by kind and size alone (as ``unread_body``), and how it ended."""

    record: ExchangeRecord
    ending: Ending


class ExchangeLog:
    """Holds exchanges in memory only; thread-safe, since calls end in threads of their own.

    Args:
        source_of: Who answers at an address, as a value of ``Source``.
    """

    def __init__(self, source_of: Callable[[ExchangeRecord], str]) -> None:
        self._source_of = source_of
        self._lock = threading.Lock()
        self._heads: OrderedDict[str, Listed] = OrderedDict()
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._body_bytes = 0
        self._files: OrderedDict[str, Held] = OrderedDict()
        self._file_bytes = 0
        self._whole: ExchangeRecord | None = None

    def observe(self, record: ExchangeRecord, files: Mapping[str, Held]) -> None:
        """Take in an exchange, or how far one has come; an observer of ``Transport``."""
        record = msgspec.structs.replace(record, source=self._source_of(record))
        head = Listed(_without_bodies(record), ending_of(record))
        with self._lock:
            goes_on = record.phase is not None and record.id in self._heads
        # While it goes on, its request is what it was when it began, but for the count of a stream.
        bodies = b"" if goes_on else msgspec.json.encode(_Bodies(record.request, record.response))
        with self._lock:
            self._heads[record.id] = head
            if not goes_on:
                self._keep_bodies(record.id, bodies)
                self._keep_files(files)
            while len(self._heads) > MAX_RECORDS:
                oldest, _ = self._heads.popitem(last=False)
                self._body_bytes -= len(self._bodies.pop(oldest, b""))

    def _keep_bodies(self, record_id: str, bodies: bytes) -> None:
        self._body_bytes += len(bodies) - len(self._bodies.pop(record_id, b""))
        self._bodies[record_id] = bodies
        while self._body_bytes > MAX_BODY_BYTES:
            self._body_bytes -= len(self._bodies.popitem(last=False)[1])

    def _keep_files(self, files: Mapping[str, Held]) -> None:
        for sha256, data in files.items():
            self._file_bytes += _size(data) - _size(self._files.pop(sha256, b""))
            self._files[sha256] = data
        while self._file_bytes > MAX_FILE_BYTES:
            self._file_bytes -= _size(self._files.popitem(last=False)[1])

    def listed(self) -> list[Listed]:
        """All exchanges held, the latest first."""
        with self._lock:
            return list(reversed(self._heads.values()))

    def records(self) -> list[ExchangeRecord]:
        """All exchanges held, the latest first, as whole as they are still held."""
        return [record for head in self.listed() if (record := self.get(head.record.id)) is not None]

    def get(self, record_id: str) -> ExchangeRecord | None:
        """The exchange with this id, as whole as it is still held; None when it is not held any more."""
        with self._lock:
            listed, bodies, last = self._heads.get(record_id), self._bodies.get(record_id), self._whole
        if listed is None or bodies is None:
            return None if listed is None else listed.record
        if last is None or last.id != record_id or last.phase is not None:
            read = msgspec.json.decode(bodies, type=_Bodies)
            last = msgspec.structs.replace(listed.record, request=read.request, response=read.response)
            self._whole = last  # the one that is looked at is looked at again
        return last

    def files(self) -> dict[str, Held]:
        """The files that are still held, by their SHA-256."""
        with self._lock:
            return dict(self._files)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._heads.clear()
            self._bodies.clear()
            self._files.clear()
            self._body_bytes = self._file_bytes = 0
            self._whole = None


def _without_bodies(record: ExchangeRecord) -> ExchangeRecord:
    return msgspec.structs.replace(
        record, request=_light(record.request), response=record.response and _light(record.response)
    )


def _light(body: RecordedBody) -> RecordedBody:
    return body if body.kind == "none" else unread_body(body.media, body.bytes)


def _size(data: Held) -> int:
    """Bytes in memory; a file on the disk takes none."""
    return len(data) if isinstance(data, bytes) else 0
