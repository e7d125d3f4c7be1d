"""Every exchange about one kick in order, as a cassette holds them: submit, polls, result, and the other reads."""

import threading
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec

from posedeck.contracts.remo import soccer
from posedeck.contracts.remo.skeleton import error_code
from posedeck.net.cassette import Recorded
from posedeck.net.exchange import Exchange
from posedeck.net.record import ExchangeRecord
from posedeck.runs.run import RunInput
from posedeck.services.soccer import KickAnswers
from posedeck.services.sources import Source, answered_by

#: Name among the contents of a run.
NAME = "exchanges"
#: Polls that are kept: more tell nothing new of a job that does not end.
_MOST_POLLS = 500
_UPLOAD = "x_upload"
_READS = {
    "submit": soccer.SUBMIT_PATH,
    "score": soccer.SCORE_PATH,
    "angle": soccer.ANGLE_PATH,
    "draw": soccer.DRAW_PATH,
}


class KickTape:
    """Grows with each exchange of a job. Safe between threads."""

    def __init__(self, exchanges: Iterable[Recorded] = ()) -> None:
        self._exchanges = list(exchanges)
        self._lock = threading.Lock()

    def add(self, body: dict[str, Any], exchange: Exchange, source: Source) -> None:
        """Note an answer with its files, without secrets; one of which no record was made is passed over."""
        record = exchange.record
        if record is None:
            return
        named = msgspec.structs.replace(record, source=answered_by(record, source).value)
        with self._lock:
            if len(self._exchanges) < _MOST_POLLS or not _is_poll(named):
                self._exchanges.append(Recorded(named, msgspec.Raw(msgspec.json.encode(body))))

    def resume(self, exchanges: Iterable[Recorded]) -> None:
        """Put before its own what an earlier session noted of the job, unless it begins with the submit itself."""
        with self._lock:
            if not self._exchanges or path_of(self._exchanges[0].record) != soccer.SUBMIT_PATH:
                self._exchanges[:0] = exchanges

    @property
    def exchanges(self) -> tuple[Recorded, ...]:
        """What was noted, the oldest first."""
        with self._lock:
            return tuple(self._exchanges)

    def encode(self) -> bytes:
        """As a run keeps it."""
        return msgspec.json.encode(self.exchanges)


def decode_tape(data: bytes) -> tuple[Recorded, ...]:
    """What ``KickTape.encode`` wrote. Raises ValueError when it is something else."""
    return msgspec.json.decode(data, type=tuple[Recorded, ...])


def answers_of(exchanges: Sequence[Recorded]) -> KickAnswers:
    """The other answers among the exchanges of one job."""
    return KickAnswers(**{name: _last(exchanges, path) for name, path in _READS.items()})


def clip_of(exchanges: Sequence[Recorded]) -> RunInput | None:
    """The clip that was submitted; None when the exchanges do not tell it."""
    for each in exchanges:
        value = each.record.request.value
        clip = value.get(soccer.CLIP_FIELD) if isinstance(value, dict) else None
        file = clip.get("base64") if isinstance(clip, dict) else None
        if isinstance(file, dict) and "sha256" in file:
            return RunInput(file["sha256"], file.get("type", ""), file.get("bytes", 0), 0, 0)
    return None


def with_clip(record: ExchangeRecord, clip: dict[str, Any]) -> ExchangeRecord:
    """The submit of an upload as the submit of the clip that it named, by the clip's description.

    An upload's name is good for an hour and for one server; the clip's hash says for ever what was asked about.
    """
    value = record.request.value
    if not isinstance(value, dict) or _UPLOAD not in value:
        return record
    told = {name: item for name, item in value.items() if name != _UPLOAD}
    told[soccer.CLIP_FIELD] = {"base64": clip}
    return msgspec.structs.replace(record, request=msgspec.structs.replace(record.request, value=told))


def path_of(record: ExchangeRecord) -> str:
    """Which of the five calls it is, by its path, wherever the server is mounted."""
    path = urlsplit(record.url).path
    return "/api/" + path.rpartition("/api/")[2]


def _last(exchanges: Sequence[Recorded], path: str) -> dict[str, Any] | None:
    bodies = (msgspec.json.decode(each.answer) for each in reversed(exchanges) if path_of(each.record) == path)
    return next((body for body in bodies if isinstance(body, dict) and error_code(body) in (None, 200)), None)


def _is_poll(record: ExchangeRecord) -> bool:
    return path_of(record) == soccer.RESULT_PATH and record.status != 200
