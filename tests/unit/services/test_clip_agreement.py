import math
from pathlib import Path

import numpy as np
import pytest

from posedeck.contracts.coco import as_coco_17
from posedeck.engine.video.errors import ClipError
from posedeck.pose.agreement import Verdict
from posedeck.pose.grades import REMO_2024, load_profile
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import COCO_17
from posedeck.pose.track import PoseTrack
from posedeck.services.clip_agreement import compare_frames, typical_oks
from posedeck.services.clip_frames import sample_frames, spread_indices
from tests.support.clips import numbered, write_clip
from tests.support.people import truth_pose

PROFILE = load_profile(REMO_2024)
PERSON = as_coco_17(truth_pose("front_apose"))
FRAMES = 8


def track(shift_px: float = 0.0) -> PoseTrack:
    """The sample person walking to the right, ten pixels a frame."""
    steps = np.stack([10.0 * np.arange(FRAMES) + shift_px, np.zeros(FRAMES)], axis=1)
    return PoseTrack(
        COCO_17, np.arange(FRAMES) / 25, PERSON.xy_px + steps[:, None], np.full((FRAMES, len(COCO_17)), 0.9)
    )


def test_the_same_answer_agrees_in_every_frame_and_neighbours_stay_out_of_it() -> None:
    people = {3: track(), 5: track(shift_px=700.0)}
    answers = {index: [people[5].pose(index), people[3].pose(index)] for index in (1, 6)}

    frames = compare_frames(people, 3, answers, PROFILE)

    assert [(frame.index, frame.time_s) for frame in frames] == [(1, 1 / 25), (6, 6 / 25)]
    assert [frame.oks for frame in frames] == [1.0, 1.0]
    assert all(frame.disputed == () and frame.others == 0 for frame in frames)


def test_a_frame_in_which_a_wrist_is_elsewhere_says_so() -> None:
    wrong = track().pose(2)
    wrong = wrong.with_points({"left_wrist": tuple(wrong["left_wrist"] + 400.0)})

    (frame,) = compare_frames({0: track()}, 0, {2: [wrong]}, PROFILE)

    assert frame.disputed == ("left_wrist",)
    assert frame.agreement is not None
    verdicts = {joint.name: joint.verdict for joint in frame.agreement.joints}
    assert verdicts["left_wrist"] is Verdict.MISS
    assert 0.9 < frame.oks < 1.0


def test_a_person_whom_one_side_lacks_has_no_agreement() -> None:
    nobody: list[Pose] = []
    (unseen,) = compare_frames({0: track()}, 0, {4: nobody}, PROFILE)
    gone = track()
    gone.xy_px[4] = np.nan
    (lost,) = compare_frames({0: gone}, 0, {4: [track().pose(4)]}, PROFILE)

    assert math.isnan(unseen.oks)
    assert math.isnan(lost.oks)
    assert lost.others == 1
    assert math.isnan(typical_oks([unseen, lost]))


@pytest.mark.parametrize(
    ("frames", "count", "indices"), [(10, 2, [2, 7]), (3, 12, [0, 1, 2]), (100, 4, [12, 37, 62, 87])]
)
def test_samples_are_spread_over_the_clip(frames: int, count: int, indices: list[int]) -> None:
    assert spread_indices(frames, count) == indices


def test_sampled_frames_are_the_frames_of_their_numbers(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "c.mp4", numbered(6, 320, 240), [0, 40, 80, 120, 160, 200])

    sampled = sample_frames(clip, [1, 4, 99])

    assert [frame.index for frame in sampled] == [1, 4]
    assert all((frame.photo.width, frame.photo.height) == (320, 240) for frame in sampled)
    assert sampled[0].photo.sha256 != sampled[1].photo.sha256


def test_what_is_no_clip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.mp4"
    path.write_bytes(b"no clip")

    with pytest.raises(ClipError):
        sample_frames(path, [0])
