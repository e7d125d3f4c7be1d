"""Old answers put to use: played in place of a vendor, shared as a cassette, and checked with today's checks."""

from collections.abc import Iterable, Sequence

import msgspec

from posedeck.net.cassette import Player, Recorded, write_cassette
from posedeck.net.errors import NotRecorded
from posedeck.runs.run import Ending, Run
from posedeck.runs.store import RunStore
from posedeck.services import kick_tape
from posedeck.services.sources import Source


def recordings_of(store: RunStore, run: Run) -> Sequence[Recorded]:
    """The exchanges of a run as a cassette holds them; none when nothing was sent, or no JSON answer of it is kept."""
    if kick_tape.NAME in run.contents:
        return kick_tape.decode_tape(store.content(run, kick_tape.NAME))
    record = run.exchange
    if record is None or record.response is None or record.response.kind != "json":
        return ()
    if "answer" in run.contents:
        return (Recorded(record, msgspec.Raw(store.content(run, "answer"))),)
    # Of an error answer the record holds all there is; what was folded in it is not kept.
    return (Recorded(record, msgspec.Raw(msgspec.json.encode(record.response.value))),) if run.error else ()


def cassette_of(store: RunStore, run_ids: Iterable[str]) -> bytes:
    """The cassette of some runs, the oldest first; those that cannot be played are left out."""
    runs = sorted((store.get(run_id).run for run_id in run_ids), key=lambda run: run.created_at)
    return write_cassette(each for run in runs for each in recordings_of(store, run))


def runs_player(store: RunStore, vendor: str) -> Player:
    """Answers calls from the runs that are kept: each by the newest result of the same request.

    Where there was an answer of which only metadata is kept, NotRecorded says so.
    """

    def find(key: str) -> list[Recorded]:
        answered = [stored.run for stored in store.answers_to(key) if _is_answer(stored.run)]
        found = [each for run in answered if run.has_result for each in recordings_of(store, run)]
        if answered and not found:
            raise NotRecorded("answered, but not saved", vendor=vendor, message_key="error.not_saved")
        return found[:1]

    return Player(vendor, find)


def _is_answer(run: Run) -> bool:
    return run.ending is Ending.ANSWERED and run.source != Source.FAULT
