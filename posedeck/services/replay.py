"""Old answers put to use: played in place of a vendor, shared as a cassette, and checked with today's checks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from posedeck.contracts.finding import Finding
from posedeck.contracts.remo.audit import audit_answer
from posedeck.net.cassette import Player, Recorded, write_cassette
from posedeck.net.errors import NotRecorded
from posedeck.pose.grades import load_profile
from posedeck.runs.run import Ending, Run
from posedeck.runs.store import RunStore
from posedeck.services import keypoint_runs, kick_tape, posture_runs
from posedeck.services.assessment import assess
from posedeck.services.json_diff import Change, json_diff
from posedeck.services.keypoint_export import save_side
from posedeck.services.run_diff import FindingsDiff, findings_diff
from posedeck.services.saved import save_result
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


@dataclass(frozen=True)
class Recheck:
    """What today's PoseDeck makes of an old answer.

    Attributes:
        findings: What the audit found then and finds now.
        values: Where the result as it was first shown differs from what is computed now.
    """

    findings: FindingsDiff
    values: list[Change]


def recheck(store: RunStore, run: Run) -> Recheck | None:
    """Today's checks on the answer of a run; None for a page without any. Nobody is asked.

    Raises:
        FileNotFoundError: when the answer was not kept.
        ValueError: when today's PoseDeck cannot read it.
    """
    check = _CHECKS.get(run.page)
    if check is None:
        return None
    findings, result = check(store, run)
    before = msgspec.json.decode(store.content(run, "result"))
    now = msgspec.structs.replace(run, findings=tuple(findings))
    return Recheck(findings_diff(run, now), json_diff(before, msgspec.json.decode(msgspec.json.encode(result))))


def _check_posture(store: RunStore, run: Run) -> tuple[list[Finding], Any]:
    result = posture_runs.reopen_posture(store, run)
    saved = save_result(result, assess(result, load_profile(run.params["profile"])))
    # Who computes it differs by nature.
    application = posture_runs.kept_result(store, run).application
    return audit_answer(result.body).findings, msgspec.structs.replace(saved, application=application)


def _check_keypoints(store: RunStore, run: Run) -> tuple[list[Finding], Any]:
    answer = keypoint_runs.reopen_keypoints(store, run)
    return keypoint_runs.audit_keypoints(answer.vendor, answer.body), save_side(answer)


_CHECKS: dict[str, Callable[[RunStore, Run], tuple[list[Finding], Any]]] = {
    posture_runs.PAGE: _check_posture,
    keypoint_runs.PAGE: _check_keypoints,
}
