from pathlib import Path

import numpy as np

from posedeck.engine.skeleton_drawing import HALO, SIDES
from posedeck.engine.video.decode import read_frames
from posedeck.engine.video.probe import ClipLimits, probe
from posedeck.engine.video.render import Overlay, render_clip, render_even_frames
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import COCO_17
from tests.support.clips import write_clip

LIMITS = ClipLimits(max_bytes=50_000_000)
GREY = 120


def pose_with_shoulders(left: tuple[float, float], right: tuple[float, float]) -> Pose:
    xy = np.full((len(COCO_17), 2), np.nan)
    xy[COCO_17.indices(["left_shoulder", "right_shoulder"])] = [left, right]
    return Pose(COCO_17, xy, np.where(np.isfinite(xy[:, 0]), 1.0, 0.0))


def pictures_of(path: Path) -> list[np.ndarray]:
    return [frame.pixels for frame in read_frames(path, probe(path, LIMITS))]


def test_the_drawn_clip_carries_the_skeleton_and_the_other_one_nothing(tmp_path: Path) -> None:
    grey = np.full((540, 1920, 3), GREY, np.uint8)
    clip = write_clip(tmp_path / "c.mp4", [grey] * 4, [0, 33, 100, 133])
    facts = probe(clip, LIMITS)
    done: list[int] = []
    drawn, frames = tmp_path / "drawn.mp4", tmp_path / "frames.mp4"

    def overlay(index: int) -> Overlay:
        shoulders = pose_with_shoulders((300.0 * (index + 1), 90.0), (300.0 * (index + 1), 240.0))
        return Overlay(() if index == 2 else (shoulders,), (f"frame {index}",))

    render_clip(clip, facts, overlay, drawn, frames, done.append)

    assert done == [1, 2, 3, 4]
    np.testing.assert_allclose(probe(drawn, LIMITS).times_s, facts.times_s, atol=1e-4)
    np.testing.assert_allclose(probe(frames, LIMITS).times_s, facts.times_s, atol=1e-4)
    plain = pictures_of(frames)
    assert plain[0].shape == (270, 960, 3)
    assert all(np.abs(picture.astype(int) - GREY).max() < 6 for picture in plain)
    pictures = pictures_of(drawn)
    assert pictures[0].shape == (360, 1280, 3)
    for index, picture in enumerate(pictures):
        at = picture[110, round(200.0 * (index + 1))].astype(int)  # half-way down the line, in the smaller picture
        if index == 2:
            assert np.abs(at - GREY).max() < 6
        else:
            assert np.abs(at - SIDES[""]).max() < 30


def test_captions_stand_in_both_lower_corners(tmp_path: Path) -> None:
    grey = np.full((200, 300, 3), GREY, np.uint8)
    clip = write_clip(tmp_path / "c.mp4", [grey] * 2, [0, 40])
    lines = ("a line that is far too long for so small a picture and is cut off", "2", "3")
    render_clip(clip, probe(clip, LIMITS), lambda _: Overlay((), lines), tmp_path / "d.mp4", tmp_path / "f.mp4")
    picture = pictures_of(tmp_path / "d.mp4")[0].astype(int)

    dark = np.abs(picture - HALO).max(axis=2) < 40
    assert dark[195, 8]
    assert dark[195, 290]
    assert not dark[:100].any()


def test_a_clip_for_answers_without_times_has_the_same_frames_at_even_times(tmp_path: Path) -> None:
    greys = [np.full((240, 320, 3), 40 * (number + 1), np.uint8) for number in range(4)]
    clip = write_clip(tmp_path / "c.mp4", greys, [0, 33, 100, 133])
    facts = probe(clip, LIMITS)

    render_even_frames(clip, facts, tmp_path / "frames.mp4")

    written = probe(tmp_path / "frames.mp4", LIMITS)
    np.testing.assert_allclose(written.times_s, np.arange(4) / facts.fps, atol=1e-4)
    shown = [round(float(picture.mean())) for picture in pictures_of(tmp_path / "frames.mp4")]
    np.testing.assert_allclose(shown, [40, 80, 120, 160], atol=4)
