"""Recorded kicks: listed from a cassette or from the runs, and played in place of whoever analysed them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from posedeck.clients.remo import VENDOR
from posedeck.clients.remo_soccer import NotReady, SoccerClient
from posedeck.contracts.own import DEMO_ACCOUNT
from posedeck.contracts.remo import soccer
from posedeck.net.cassette import BASE_URL, Recorded, play
from posedeck.net.errors import NotRecorded
from posedeck.net.record import ExchangeRecord, Origin
from posedeck.net.recording import Observer
from posedeck.runs.query import RunQuery
from posedeck.runs.run import Ending
from posedeck.runs.store import RunStore
from posedeck.services.kick_tape import KickTape, clip_of, path_of
from posedeck.services.recording import Recorder
from posedeck.services.replay import recordings_of
from posedeck.services.soccer import KickResult, SubmittedKick
from posedeck.services.soccer_runs import CLIP, PAGE, TRACK, fetch_and_record
from posedeck.services.sources import Source

#: Runs that are offered; older ones are opened from the list of runs.
MOST_OFFERED = 50
#: A recorded job that is not ready after so many polls never was while it was recorded.
_MOST_POLLS = 1000


@dataclass(frozen=True)
class RecordedKick:
    """A finished kick of a recording.

    Attributes:
        uuid: Its job's name.
        origin: Who answered, and when.
        clip_sha256: Hash of the clip; empty when the recording does not hold its submit.
        height_cm: The kicker's height as it was told; None likewise.
        exchanges: Gives what was recorded of it.
        track: Gives the kicker's keypoints, which a run of here keeps beside its exchanges; None where it does not.
    """

    uuid: str
    origin: Origin
    clip_sha256: str
    height_cm: float | None
    exchanges: Callable[[], Sequence[Recorded]] = field(repr=False, compare=False)
    track: Callable[[], bytes | None] = field(default=lambda: None, repr=False, compare=False)


def kicks_in(exchanges: Sequence[Recorded]) -> list[RecordedKick]:
    """The finished kicks of a cassette, the newest first."""
    kicks: dict[str, RecordedKick] = {}
    for each in exchanges:
        uuid = _uuid(each)
        if uuid and path_of(each.record) == soccer.RESULT_PATH and soccer.is_result(_body(each)):
            about = [other for other in exchanges if _uuid(other) == uuid]
            kicks[uuid] = _kick(uuid, each.record, about)
    return sorted(kicks.values(), key=lambda kick: -kick.origin.answered_at)


def kicks_of_runs(store: RunStore) -> list[RecordedKick]:
    """The newest kicks that this installation keeps; neither those that were played nor those under a fault."""
    query = RunQuery(page=PAGE, ending=Ending.ANSWERED)
    runs = (store.get(row.id).run for row in store.search(query, limit=MOST_OFFERED).rows if row.kept)
    return [
        RecordedKick(
            uuid=str(run.params.get("uuid", "")),
            origin=Origin(run.source, run.created_at.timestamp()),
            clip_sha256=run.inputs[CLIP].sha256 if CLIP in run.inputs else "",
            height_cm=run.params.get("height_cm"),
            exchanges=lambda run=run: recordings_of(store, run),  # type: ignore[misc]
            track=lambda run=run: store.content(run, TRACK) if TRACK in run.contents else None,  # type: ignore[misc]
        )
        for run in runs
        if run.source not in (Source.RECORDED, Source.FAULT) and run.exchange is not None
    ]


def find_kick(kicks: Sequence[RecordedKick], clip_sha256: str, height_cm: float) -> RecordedKick:
    """The newest kick of a clip and a height. Raises NotRecorded when there is none."""
    for kick in kicks:
        if (kick.clip_sha256, kick.height_cm) == (clip_sha256, height_cm):
            return kick
    raise NotRecorded("nothing was recorded for this clip and this height", vendor=VENDOR)


def play_and_record(recorder: Recorder | None, kick: RecordedKick, observer: Observer) -> KickResult:
    """The recorded result with all that was answered about it, kept as a run of its own; nobody is asked.

    Args:
        recorder: Who keeps it; None keeps nothing.
        kick: What to play: its polls in their order, without their waits.
        observer: Is told of each played exchange.

    Raises:
        NotRecorded: the recording ends before the result.
    """
    exchanges = kick.exchanges()
    client = SoccerClient(play(VENDOR, exchanges).for_session(observer), BASE_URL)
    tape = KickTape(_played(each) for each in exchanges if path_of(each.record) == soccer.SUBMIT_PATH)
    job = SubmittedKick(kick.uuid, Source.RECORDED, BASE_URL, time.time(), 0.0, None, None, known=True)
    for _ in range(_MOST_POLLS):
        got = fetch_and_record(recorder, client, DEMO_ACCOUNT[0], job, tape, find_track=kick.track)
        if not isinstance(got, NotReady):
            return replace(got, height_cm=kick.height_cm) if got.height_cm is None else got
    raise NotRecorded("the recording ends before the result", vendor=VENDOR)


def _kick(uuid: str, result: ExchangeRecord, about: list[Recorded]) -> RecordedKick:
    submit = next((each.record.request.value for each in about if path_of(each.record) == soccer.SUBMIT_PATH), None)
    told, clip = submit if isinstance(submit, dict) else {}, clip_of(about)
    return RecordedKick(
        uuid=uuid,
        origin=result.origin or Origin(result.source, result.started_at),
        clip_sha256="" if clip is None else clip.sha256,
        height_cm=soccer.read_height_cm(told.get("height", "")),
        exchanges=lambda: about,
    )


def _played(recorded: Recorded) -> Recorded:
    record = recorded.record
    origin = record.origin or Origin(record.source, record.started_at)
    return Recorded(msgspec.structs.replace(record, source=Source.RECORDED.value, origin=origin), recorded.answer)


def _uuid(recorded: Recorded) -> str:
    """Which job an exchange is about: the submit's own answer says how the job is called from then on."""
    if path_of(recorded.record) == soccer.SUBMIT_PATH:
        uuid = _body(recorded).get("uuid")
    else:
        value = recorded.record.request.value
        uuid = value.get("uuid") if isinstance(value, dict) else None
    return uuid if isinstance(uuid, str) else ""


def _body(recorded: Recorded) -> dict[str, object]:
    body = msgspec.json.decode(recorded.answer)
    return body if isinstance(body, dict) else {}
