"""Kick jobs, run for real in a slot."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from posedeck.contracts.kick_track import parse_kick_track
from posedeck.contracts.remo.soccer import write_angle, write_result
from posedeck.engine.images import load_image
from posedeck.engine.video.decode import read_frames
from posedeck.engine.video.errors import ClipError
from posedeck.engine.video.probe import ClipLimits, probe
from posedeck.jobs import soccer
from posedeck.jobs.kick_captions import captions
from posedeck.jobs.kind import Fault, JobRefused, Outcome, Work
from posedeck.jobs.slot_messages import Refused
from posedeck.jobs.slots import JobSlot
from posedeck.jobs.soccer import NO_KICK
from posedeck.pose.kick.analysis import KickAnalysis, decode_analysis
from tests.support.clips import numbered, write_clip
from tests.support.kick import true_knee_deg
from tests.support.people import SAMPLES
from tests.unit.engine.video import kick
from tests.unit.jobs.clip_jobs import ClipJob, Note

HEIGHT_CM = 174.8


@pytest.fixture(scope="module")
def slot() -> Iterator[JobSlot]:
    one = JobSlot()
    yield one
    one.end()


@dataclass(frozen=True)
class Done:
    analysis: KickAnalysis
    media: dict[str, Path]
    notes: list[Note]


@pytest.fixture(scope="module")
def done(slot: JobSlot, tmp_path_factory: pytest.TempPathFactory) -> Done:
    job = ClipJob(slot, "remo-soccer", kick.CLIP, tmp_path_factory.mktemp("kick"), height_cm=HEIGHT_CM)
    outcome = job.run()
    assert isinstance(outcome, Outcome), outcome
    return Done(decode_analysis(outcome.result), dict(outcome.media), job.notes)


def true_time_s(event: str) -> float:
    """When an event of the rendered kick happens."""
    return float(json.loads((SAMPLES / "soccer_kick.json").read_text())["events"][event])


def test_side_and_events_are_those_of_the_rendered_kick(done: Done) -> None:
    assert done.analysis.side == "right"
    for name, event in (("plant", "plant"), ("backswing", "max_backswing"), ("impact", "impact")):
        assert abs(done.analysis.event(name).time_s - true_time_s(event)) <= 2.0 / 30.0, name
    assert done.analysis.height_cm == HEIGHT_CM


def test_no_leg_is_swapped_in_what_was_analysed(done: Done) -> None:
    track = parse_kick_track(done.media["track.json"].read_bytes()).track()

    assert track.seen.all()
    assert kick.swapped_legs(track.xy_px) == []
    assert np.nanmean(kick.joint_errors(track.xy_px)) < 0.095


def test_the_kicking_knee_at_impact_is_right_within_8_degrees(done: Done) -> None:
    """The very number that page, wire and drawn clip show, against the true joints in space at the true contact."""
    knee = done.analysis.knee_at_impact

    assert knee is not None
    assert knee.value == pytest.approx(true_knee_deg(), abs=8.0)
    assert knee.low is not None
    assert knee.high is not None
    assert knee.low <= true_knee_deg() <= knee.high
    written = [line for line in captions(done.analysis)[-1] if line.startswith("At contact")]
    assert written == [f"At contact: knee {knee.value:.0f} deg ({knee.low:.0f} to {knee.high:.0f})"]
    assert write_angle(done.analysis)["x_knee_at_impact"] == knee
    assert write_result(done.analysis)["x_kick"].knee_at_impact == knee


def test_the_clips_play_at_the_times_of_the_original(done: Done) -> None:
    for name, width in (("drawn.mp4", 768), ("frames.mp4", 768)):
        facts = probe(done.media[name], ClipLimits(max_bytes=10_000_000))
        assert (facts.frames, facts.width) == (63, width)
        np.testing.assert_allclose(facts.times_s, done.analysis.times_s, atol=1e-4)


def test_progress_goes_from_following_to_drawing(done: Done) -> None:
    stages = list(dict.fromkeys(stage for stage, _, _ in done.notes))

    assert stages == ["track", "swing", "draw"]
    assert all(0 < frames <= total for _, frames, total in done.notes)
    assert done.notes[-1] == ("draw", 63, 63)


def test_a_clip_without_people_is_refused(slot: JobSlot, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "c.mp4", numbered(31, 320, 240), [40 * i for i in range(31)])
    refused = ClipJob(slot, "remo-soccer", clip, tmp_path).run()

    assert isinstance(refused, Refused)
    assert refused.code == Fault.NOBODY


@pytest.mark.parametrize(("shown", "code"), [(29, Fault.TRACKED_TOO_SHORT), (36, NO_KICK)])
def test_somebody_who_stands_there_is_no_kick(slot: JobSlot, tmp_path: Path, shown: int, code: str) -> None:
    person = cv2.resize(load_image((SAMPLES / "body_slim.jpg").read_bytes()), (240, 320))
    empty = np.full_like(person, 90)
    pictures = [person if number < shown else empty for number in range(36)]
    clip = write_clip(tmp_path / "c.mp4", pictures, [33 * i for i in range(36)])
    refused = ClipJob(slot, "remo-soccer", clip, tmp_path).run()

    assert isinstance(refused, Refused), refused
    assert refused.code == code


@pytest.mark.parametrize(("frames", "code"), [(29, Fault.TOO_SHORT), (901, Fault.TOO_LONG)])
def test_limits_are_the_vendors(slot: JobSlot, tmp_path: Path, frames: int, code: str) -> None:
    clip = write_clip(tmp_path / "c.mp4", [numbered(1)[0]] * frames, [20 * i for i in range(frames)])
    refused = ClipJob(slot, "remo-soccer", clip, tmp_path).run()

    assert isinstance(refused, Refused)
    assert refused.code == code


def test_a_clip_that_breaks_in_the_last_step_keeps_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ClipError("unreadable", "the video cannot be read")

    monkeypatch.setattr(soccer, "read_kicker", broken)
    work = Work({}, kick.CLIP, tmp_path, tmp_path, lambda *_: None)

    with pytest.raises(JobRefused) as refused:
        soccer.finish(work, [])
    assert (refused.value.code, refused.value.text) == (Fault.UNDECODABLE, "the video cannot be read")


def test_the_mirrored_kick_is_a_left_footed_one_with_the_same_knee(slot: JobSlot, tmp_path: Path) -> None:
    facts = kick.facts()
    pictures = [np.ascontiguousarray(frame.pixels[:, ::-1]) for frame in read_frames(kick.CLIP, facts)]
    clip = write_clip(tmp_path / "c.mp4", pictures, [round(1000 * time) for time in facts.times_s])
    outcome = ClipJob(slot, "remo-soccer", clip, tmp_path).run()

    assert isinstance(outcome, Outcome), outcome
    mirrored = decode_analysis(outcome.result)
    assert mirrored.side == "left"
    assert mirrored.impact_by_ball
    assert mirrored.knee_at_impact is not None
    assert mirrored.knee_at_impact.value == pytest.approx(true_knee_deg(), abs=8.0)
