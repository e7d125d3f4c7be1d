"""Today's checks on old kicks and future shapes, and on many runs at once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from posedeck.contracts.kick_track import parse_kick_track, write_kick_track
from posedeck.contracts.remo.future_shape import Direction
from posedeck.pose.grades import LITERATURE, load_profile
from posedeck.runs.query import RunQuery
from posedeck.runs.run import Run
from posedeck.runs.store import RunStore
from posedeck.services.future_shape_runs import shape_draft
from posedeck.services.kick_again import changes_today
from posedeck.services.recording import Recorder
from posedeck.services.run_checks import recheck, recheck_all
from posedeck.services.soccer_runs import kick_draft
from tests.support.answers import clean_answer
from tests.support.archive import archive
from tests.support.kick import SIZE_PX, ball_at, track_at, true_kick
from tests.support.shape_results import shape_result
from tests.support.soccer_vendor import kicked
from tests.support.vendor import vendor
from tests.unit.services.test_posture_runs import analyse

Archive = tuple[RunStore, Recorder]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Archive]:
    with archive(tmp_path) as opened:
        yield opened


def rewritten(store: RunStore, run: Run, name: str, change: Any) -> Run:
    """The run with one of its JSON contents changed, as an older PoseDeck might have left it."""
    document = msgspec.json.decode(store.content(run, name))
    change(document)
    return store.complete(run, {name: msgspec.json.encode(document)})


def kick_run(kept: Archive) -> Run:
    """A kick with the keypoints that our server has of it."""
    store, recorder = kept
    result = kicked(recorder)
    times = true_kick().times_s
    ball = ball_at(times)
    track = parse_kick_track(write_kick_track(track_at(times), ball.xy_px, ball.radius_px, SIZE_PX))
    run = store.get(result.run_id or "").run
    return store.complete(run, kick_draft(replace(result, track=track), before=run).contents)


def test_a_kick_is_analysed_again_from_its_kept_keypoints(kept: Archive) -> None:
    """On the same version nothing differs, rounding included; what was answered otherwise then is told."""
    store, _ = kept
    run = kick_run(kept)
    same = recheck(store, run)
    assert same is not None
    assert (same.values, same.differs) == ([], False)

    def change(answer: dict[str, Any]) -> None:
        kick = answer["x_kick"]
        kick["values"][2]["value"] += 3.0
        kick["values"][1]["status"] = "reported"
        kick["events"][2]["time_s"] += 0.02
        answer["stepping_knee_x"]["impact"] += 3.0

    other = recheck(store, rewritten(store, run, "answer", change))
    assert other is not None
    paths = {change.path for change in other.values}
    assert {"analysis.stepping_knee_x.impact", "analysis.impact.time_s", "metrics[2].value"} <= paths
    assert any(path.endswith(".status") for path in paths)


def test_keypoints_that_show_no_kick_today_say_so(kept: Archive) -> None:
    result = kicked(kept[1])
    times = true_kick().times_s
    moving = track_at(times)
    still = replace(moving, xy_px=moving.xy_px[:1].repeat(len(times), axis=0))
    ball = ball_at(times)
    track = parse_kick_track(write_kick_track(still, ball.xy_px, ball.radius_px, SIZE_PX))
    (change,) = changes_today(replace(result, track=track))
    assert (change.path, change.before) == ("analysis", "kick")


def test_findings_of_today_are_held_against_those_of_then(kept: Archive) -> None:
    store, _ = kept
    run = kick_run(kept)
    changed = rewritten(store, run, "answer", lambda answer: answer.update(swing=3))
    checked = recheck(store, changed)
    assert checked is not None
    assert [finding.name for finding in checked.findings.only_after] == ["unexpected_field"]


def test_a_future_shape_is_measured_again_by_its_kept_keypoints(kept: Archive) -> None:
    store, _ = kept
    draft = shape_draft(shape_result(Direction.WORST))
    run = store.save(draft.run, draft.contents)
    same = recheck(store, run)
    assert same is not None
    assert not same.differs

    def change(result: dict[str, Any]) -> None:
        result["integrity"]["body_moved"] = 0.01

    checked = recheck(store, rewritten(store, run, "result", change))
    assert checked is not None
    assert "body_moved" in {change.path for change in checked.values}


def test_many_runs_are_checked_at_once_and_nothing_is_written(kept: Archive) -> None:
    """Under another profile the postures' grades change; what cannot be checked says why."""
    store, recorder = kept
    with vendor(clean_answer()) as url:
        posture = analyse(recorder, url)
    kick = kick_run(kept)
    recorder.record(shape_draft(shape_result()))
    ids = store.ids(RunQuery())
    before = [store.get(run_id) for run_id in ids]

    found = {each.run.page: each for each in recheck_all(store, [*ids, "gone"], load_profile(LITERATURE))}

    assert len(found) == 3
    assert (found["future-shape"].recheck, found["future-shape"].skipped) == (None, "not_kept")
    graded, kicked_again = found["posture"].recheck, found["soccer"].recheck
    assert graded is not None
    assert kicked_again is not None
    assert graded.grades
    assert all(then != now for then, now in graded.grades.values())
    assert not kicked_again.differs
    assert {each.run.id for each in found.values()} >= {posture.run_id, kick.id}
    assert [store.get(run_id) for run_id in ids] == before
