"""The exchanges of one browser session, the latest of them, with the files to send them again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping

import msgspec

from posedeck.net.record import ExchangeRecord

#: A long session forgets its oldest exchanges, and sooner their files.
MAX_RECORDS = 200
MAX_FILE_BYTES = 96_000_000


class ExchangeLog:
    """Holds exchanges in memory only; thread-safe, since calls end in threads of their own.

    Args:
        source_of: Who answers at an address, as a value of ``Source``.
    """

    def __init__(self, source_of: Callable[[ExchangeRecord], str]) -> None:
        self._source_of = source_of
        self._lock = threading.Lock()
        self._records: OrderedDict[str, ExchangeRecord] = OrderedDict()
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._file_bytes = 0

    def observe(self, record: ExchangeRecord, files: Mapping[str, bytes]) -> None:
        """Take in one exchange; an observer of ``Transport``."""
        record = msgspec.structs.replace(record, source=self._source_of(record))
        with self._lock:
            self._records[record.id] = record
            while len(self._records) > MAX_RECORDS:
                self._records.popitem(last=False)
            for sha256, data in files.items():
                if sha256 not in self._files:
                    self._file_bytes += len(data)
                self._files[sha256] = data
                self._files.move_to_end(sha256)
            while self._file_bytes > MAX_FILE_BYTES:
                self._file_bytes -= len(self._files.popitem(last=False)[1])

    def records(self) -> list[ExchangeRecord]:
        """All exchanges held, the latest first."""
        with self._lock:
            return list(reversed(self._records.values()))

    def get(self, record_id: str) -> ExchangeRecord | None:
        """The exchange with this id; None when it is not held any more."""
        with self._lock:
            return self._records.get(record_id)

    def files(self) -> dict[str, bytes]:
        """The files that are still held, by their SHA-256."""
        with self._lock:
            return dict(self._files)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._records.clear()
            self._files.clear()
            self._file_bytes = 0
