"""Kakao's video jobs, run for real in a slot."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from posedeck.contracts.kakao.job import VideoInfo, finished_head, parse_job
from posedeck.engine.video.decode import read_frames
from posedeck.jobs.kind import Fault, Outcome
from posedeck.jobs.slot_messages import Refused
from posedeck.jobs.slots import JobSlot
from posedeck.pose.skeleton import COCO_17
from posedeck.pose.track import PoseTrack
from tests.support.clips import numbered, write_clip
from tests.unit.engine.video import kick
from tests.unit.jobs.clip_jobs import ClipJob


@pytest.fixture(scope="module")
def slot() -> Iterator[JobSlot]:
    one = JobSlot()
    yield one
    one.end()


def kicker(job: ClipJob) -> tuple[PoseTrack, VideoInfo]:
    outcome = job.run()
    assert isinstance(outcome, Outcome)
    answer = parse_job(json.loads(finished_head("some id") + outcome.result[1:]))
    assert answer.tracks is not None
    assert answer.video is not None
    (track,) = answer.tracks.values()
    return track, answer.video


def test_the_kick_comes_back_in_kakaos_form(slot: JobSlot, tmp_path: Path) -> None:
    job = ClipJob(slot, "kakao-video", kick.CLIP, tmp_path, smoothing=False)
    track, video = kicker(job)

    assert video == VideoInfo(fps=30.0, frames=63, height=432, width=768)
    assert track.seen.all()
    truth = kick.true_joints()[:, [kick.BLAZEPOSE_33.index[name] for name in COCO_17.names]]
    off = np.hypot(*np.moveaxis(track.xy_px - truth, 2, 0)) / track.torso_px
    assert np.nanmedian(off) < 0.08
    assert job.notes == [(stage, frame, 63) for stage in ("track", "draw") for frame in range(1, 64)]


def test_smoothing_is_on_unless_it_is_switched_off(slot: JobSlot, tmp_path: Path) -> None:
    some = [frame.pixels for frame in read_frames(kick.CLIP, kick.facts(), 8, 24)]
    clip = write_clip(tmp_path / "c.mp4", some, [33 * number for number in range(len(some))])

    def restlessness(**params: bool) -> float:
        track, _ = kicker(ClipJob(slot, "kakao-video", clip, tmp_path, **params))
        return float(np.abs(np.diff(track.xy_px, n=2, axis=0)).mean())

    assert restlessness() < 0.95 * restlessness(smoothing=False)


def test_an_empty_clip_is_no_error(slot: JobSlot, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "c.mp4", numbered(3, 320, 240), [0, 40, 80])
    outcome = ClipJob(slot, "kakao-video", clip, tmp_path).run()

    assert isinstance(outcome, Outcome)
    assert [frame["objects"] for frame in json.loads(outcome.result)["annotations"]] == [[], [], []]


def test_what_is_no_clip_is_refused_by_name(slot: JobSlot, tmp_path: Path) -> None:
    path = tmp_path / "c.mp4"
    path.write_bytes(b"no video at all")
    refused = ClipJob(slot, "kakao-video", path, tmp_path).run()

    assert isinstance(refused, Refused)
    assert refused.code == Fault.UNDECODABLE
    assert "cannot be read" in refused.text
