"""Keeps every answer as a run, in the step in which it is got.

A use-case that records calls ``recorded`` in the thread of the call, so a page run that is killed meanwhile, or a
process that is killed right after, loses nothing. How the answers of a page become runs and are read back is in a
module per page, such as ``posture_runs``.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from posedeck.net.answers import without_secrets
from posedeck.net.errors import (
    AmbiguousOutcome,
    AnswerRefused,
    ConnectionLost,
    DeadlineExceeded,
    ServiceStarting,
    UnparseableAnswer,
    VendorError,
)
from posedeck.net.exchange import Exchange
from posedeck.net.matching import request_key
from posedeck.net.record import ExchangeRecord
from posedeck.net.recording import seen
from posedeck.net.redact import redact_text
from posedeck.runs.run import Ending, Run, RunError, RunInput, new_id, now
from posedeck.runs.store import Content, RunStore
from posedeck.services.photos import Photo
from posedeck.services.sources import Source, answered_by
from posedeck.services.thumbnail import thumbnail_jpeg

Answer = TypeVar("Answer")

#: Pages whose answers hold pictures of people's bodies: nothing but metadata is kept of them until the user saves.
SAVED_BY_HAND = frozenset({"future-shape"})
#: Pages of which the installation may choose the same.
MAY_BE_SAVED_BY_HAND = ("posture",)
_KEEPS = "runs.keeps."
_THUMBNAIL_SIDE = 96
#: Errors after which there is something to look at. Before them nothing reached the vendor.
_ENDINGS: tuple[tuple[type[VendorError], Ending], ...] = (
    (AnswerRefused, Ending.REFUSED),
    (AmbiguousOutcome, Ending.UNKNOWN),
    (UnparseableAnswer, Ending.FAILED),
    (ConnectionLost, Ending.FAILED),
    (DeadlineExceeded, Ending.FAILED),
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Draft:
    """What an answer leaves behind: the run, what to keep of it by name (see ``Run.contents``), and its picture."""

    run: Run
    contents: Mapping[str, Content] = field(repr=False)
    thumbnail: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Question:
    """What is asked, as far as it is known before an answer.

    Attributes:
        page, vendor, source, base_url: As in ``Run``.
        photos: The pictures by name.
        group: Runs that are asked for together share it.
        params: What else it takes to ask again.
        clips: What is known of clips, by name.
    """

    page: str
    vendor: str
    source: Source
    base_url: str = ""
    photos: Mapping[str, Photo] = field(default_factory=dict)
    group: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    clips: Mapping[str, RunInput] = field(default_factory=dict)


class Recorder:
    """Keeps answers in a ``store`` of runs as far as the installation's choices allow. Safe between threads."""

    def __init__(self, store: RunStore) -> None:
        self.store = store

    def keeps(self, page: str) -> bool:
        """Whether answers of a page are kept with their pictures without being asked."""
        return page not in SAVED_BY_HAND and self.store.choices.get(_KEEPS + page) != "no"

    def choose(self, page: str, *, keeps: bool) -> None:
        """Choose that for one of ``MAY_BE_SAVED_BY_HAND``."""
        self.store.choices.set(_KEEPS + page, "yes" if keeps else "no")

    def record(self, draft: Draft) -> Run | None:
        """Keep an answer, its metadata only where the page's answers are saved by hand.

        Returns None when it could not be kept, which is logged: an answer that was paid for is worth more than its
        run, so it is shown all the same, and the page says that it is not kept.
        """
        contents = draft.contents if self.keeps(draft.run.page) else {}
        return _kept(lambda: self.store.save(draft.run, contents, thumbnail=draft.thumbnail))

    def known(self, draft: Draft) -> Run | None:
        """The newest kept run of the very same answer of the same place to the same request, if there is one."""
        if not draft.run.request_key:
            return None

        def same(run: Run) -> bool:
            fields = ("source", "base_url", "answer_sha256")
            return all(getattr(run, field) == getattr(draft.run, field) for field in fields)

        def newest() -> Run | None:
            return next((each.run for each in self.store.answers_to(draft.run.request_key) if same(each.run)), None)

        return _kept(newest)

    def complete(self, draft: Draft) -> Run | None:
        """Write a run that is kept already anew, with more of it; None as in ``record``, also when it has gone."""
        return _kept(lambda: self.store.complete(draft.run, draft.contents, thumbnail=draft.thumbnail))

    def keep(self, run_id: str, draft: Draft) -> Run:
        """Keep the whole of a run of which only metadata was kept. Raises as ``RunStore`` does."""
        return self.store.keep(run_id, draft.contents, thumbnail=draft.thumbnail)


def _kept(keep: Callable[[], Run | None]) -> Run | None:
    try:
        return keep()
    except (KeyError, OSError, SQLAlchemyError) as error:
        # The type only: messages of libraries may quote what they were given.
        _log.error("an answer could not be kept: %s", type(error).__name__)
        return None


def recorded(
    recorder: Recorder | None,
    question: Question,
    ask: Callable[[], Answer],
    draft: Callable[[Answer], Draft],
) -> tuple[Answer, Run | None]:
    """Ask, and keep what came before it is returned or raised. Raises what ``ask`` does.

    Args:
        recorder: Who keeps it; None keeps nothing.
        question: What is asked: the run of an error consists of it.
        ask: Gets the answer.
        draft: Makes the answer's run.
    """
    with seen() as records:
        try:
            answer = ask()
        except VendorError as error:
            failure = failure_draft(question, error, records[-1] if records else None)
            if recorder is not None and failure is not None:
                recorder.record(failure)
            raise
    return answer, None if recorder is None else recorder.record(draft(answer))


def new_run(question: Question, body: Any, exchange: Exchange | None, **facts: Any) -> tuple[Run, bytes]:
    """A run of an answer, and the answer's bytes without secrets.

    Args:
        question: What was asked.
        body: The answer's JSON as it came.
        exchange: What it came by; None when it was read from a file.
        facts: Further fields of ``Run``.
    """
    record = None if exchange is None else _from(question.source, exchange.record)
    answer = msgspec.json.encode(without_secrets(body, exchange))
    run = Run(
        id=new_id(),
        **_asked(question, record),
        **({"created_at": now()} | facts),
        exchange=record,
        request_key="" if record is None else request_key(record),
        answer_sha256=hashlib.sha256(answer).hexdigest(),
    )
    return run, answer


def failure_draft(question: Question, error: VendorError, record: ExchangeRecord | None = None) -> Draft | None:
    """The run of a call that gave no result; None when nothing reached the vendor, or it was only not ready yet."""
    ending = next((ending for kind, ending in _ENDINGS if isinstance(error, kind)), None)
    if ending is None or isinstance(error, ServiceStarting):
        return None
    came = RunError(type(error).__name__, error.code, error.detail, error.message_key)
    run = Run(
        id=new_id(),
        **_asked(question, record),
        created_at=now(),
        ending=ending,
        error=came,
        exchange=_from(question.source, record),
        request_key="" if record is None else request_key(record),
    )
    return Draft(run, photo_contents(question.photos), thumbnail(question.photos))


def photo_contents(photos: Mapping[str, Photo]) -> dict[str, bytes]:
    """What to keep of pictures."""
    return {name: photo.data for name, photo in photos.items()}


def thumbnail(photos: Mapping[str, Photo]) -> bytes | None:
    """A small copy of the first picture; None when there is none."""
    return next((thumbnail_jpeg(photo, _THUMBNAIL_SIDE) for photo in photos.values()), None)


class Contents(Protocol):
    """Where what is kept of a run can be read, such as a ``RunStore``."""

    def content(self, run: Run, name: str) -> bytes:
        """What is kept under a name. Raises FileNotFoundError when nothing is."""
        ...


def read_photo(store: Contents, run: Run, name: str) -> Photo:
    """A picture of a run. Raises FileNotFoundError when it was not kept."""
    entry = run.inputs[name]
    return Photo(store.content(run, name), entry.mime, entry.width, entry.height, converted=False)


def read_exchange(record: ExchangeRecord | None) -> Exchange | None:
    """The exchange that a run keeps, without its body; None when no answer came."""
    if record is None or record.status is None:
        return None
    return Exchange(
        status=record.status,
        headers=record.response_headers or {},
        body=b"",
        started_at=record.started_at,
        timings=record.timings,
        attempts=record.attempts,
        bytes_sent=record.bytes_sent,
        bytes_received=record.bytes_received,
        record=record,
    )


def _from(source: Source, record: ExchangeRecord | None) -> ExchangeRecord | None:
    return None if record is None else msgspec.structs.replace(record, source=answered_by(record, source).value)


def _asked(question: Question, record: ExchangeRecord | None) -> dict[str, Any]:
    return {
        "page": question.page,
        "vendor": question.vendor,
        "source": answered_by(record, question.source).value,
        "base_url": redact_text(question.base_url),
        "group": question.group,
        "params": dict(question.params),
        "inputs": {
            name: RunInput(photo.sha256, photo.mime, len(photo.data), photo.width, photo.height)
            for name, photo in question.photos.items()
        }
        | dict(question.clips),
    }
