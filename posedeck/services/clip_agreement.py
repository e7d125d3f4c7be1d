"""A clip's keypoints held against those of its single frames, and how that changes over time."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from posedeck.pose.agreement import PersonAgreement, Verdict, compare_people
from posedeck.pose.grades import Profile
from posedeck.pose.pose import Pose
from posedeck.pose.track import PoseTrack
from posedeck.services.clip_frames import SampledFrame
from posedeck.services.keypoints import KeypointAnswer


@dataclass(frozen=True, eq=False)
class FrameAgreement:
    """One frame as both sides see it.

    Attributes:
        index, time_s: Which frame of the clip, and when it is shown.
        agreement: The person in question; None when the other side does not have them.
        others: People that only the picture's answer has.
    """

    index: int
    time_s: float
    agreement: PersonAgreement | None
    others: int

    @property
    def oks(self) -> float:
        """Object keypoint similarity in 0..1; NaN when the person is missing on a side."""
        return math.nan if self.agreement is None else self.agreement.oks

    @property
    def disputed(self) -> tuple[str, ...]:
        """Keypoints that are not the same on both sides."""
        joints = () if self.agreement is None else self.agreement.joints
        return tuple(joint.name for joint in joints if joint.verdict not in (Verdict.GOOD, Verdict.JITTER))


def compare_frames(
    tracks: Mapping[int, PoseTrack], person: int, answers: Mapping[int, Sequence[Pose]], profile: Profile
) -> tuple[FrameAgreement, ...]:
    """How well one person of a clip agrees with what was answered about its single frames.

    Args:
        tracks: COCO-17 tracks of everybody by number, in pixels of the clip.
        person: Whom it is about; the others keep a neighbour from being taken for them.
        answers: COCO-17 poses in pixels of the clip by frame.
        profile: Bands of the posture metrics.
    """
    return tuple(_compare_frame(tracks, person, index, list(answers[index]), profile) for index in sorted(answers))


def _compare_frame(
    tracks: Mapping[int, PoseTrack], person: int, index: int, seen: list[Pose], profile: Profile
) -> FrameAgreement:
    there = [number for number, track in tracks.items() if track.seen[index]]
    agreement = compare_people([tracks[number].pose(index) for number in there], seen, profile)
    pair = next((pair for pair in agreement.pairs if there[pair.left] == person), None)
    return FrameAgreement(index, float(tracks[person].times_s[index]), pair, len(agreement.only_right))


def ask_frames(
    frames: Sequence[SampledFrame],
    ask: Callable[[SampledFrame], KeypointAnswer],
    done: Callable[[int], None],
) -> dict[int, list[Pose]]:
    """Ask about each frame in turn; people by frame.

    Args:
        frames: What to ask about.
        ask: Asks one vendor about one frame.
        done: Told how many frames are answered, after each.

    Raises what ``ask`` raises; what was answered before is left to its runs.
    """
    answers = {}
    for number, frame in enumerate(frames, start=1):
        answers[frame.index] = ask(frame).people
        done(number)
    return answers


def typical_oks(frames: Sequence[FrameAgreement]) -> float:
    """Median OKS over the frames that both sides have; NaN when there is none."""
    known = [frame.oks for frame in frames if not math.isnan(frame.oks)]
    return float(np.median(known)) if known else math.nan
