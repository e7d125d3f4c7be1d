"""Two keypoint answers about one picture, compared, with a third opinion when one was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from posedeck.pose.agreement import Agreement, PersonAgreement, Verdict, compare_people, outlier
from posedeck.pose.grades import Profile
from posedeck.pose.pose import Pose
from posedeck.services.keypoints import KeypointAnswer

Outlier = Literal["left", "right", "both"]
#: Verdicts that leave nothing for a third opinion to decide.
UNDISPUTED = (Verdict.GOOD, Verdict.ABSENT)


@dataclass(frozen=True, eq=False)
class KeypointComparison:
    """Two answers about the same picture.

    Attributes:
        left, right: The answers as they came.
        profile: Bands that the posture metrics are graded by.
        least_score: Keypoints that their own answer is less sure of count as absent.
        consensus: Everybody in the picture by a third, local opinion; empty when it was not asked for.
        has_picture: Whether the answers' photo is the picture itself, and not a blank one in its place.
    """

    left: KeypointAnswer
    right: KeypointAnswer
    profile: Profile
    least_score: float = 0.0
    consensus: Sequence[Pose] = ()
    has_picture: bool = True

    @cached_property
    def people(self) -> tuple[list[Pose], list[Pose]]:
        """The people of both sides without the keypoints that are not sure enough."""
        left, right = ([sure_part(pose, self.least_score) for pose in side.people] for side in (self.left, self.right))
        return left, right

    @cached_property
    def agreement(self) -> Agreement:
        """Who is who, and how well each person agrees."""
        return compare_people(*self.people, self.profile)

    def outliers(self, pair: PersonAgreement) -> dict[str, Outlier]:
        """Which side stands alone at each disputed joint, by joint; empty without the third opinion on that person."""
        left, right = self.people[0][pair.left], self.people[1][pair.right]
        # The third opinion may agree with one side only, so either may say which of its people this is.
        found = [found for pose in (left, right) if (found := self._third(pose)) is not None]
        if not found:
            return {}
        disputed = [joint.name for joint in pair.joints if joint.verdict not in UNDISPUTED]
        sides = {name: outlier(name, left, right, found[0]) for name in disputed}
        return {name: side for name, side in sides.items() if side is not None}

    def _third(self, pose: Pose) -> Pose | None:
        pairs = compare_people([pose], self.consensus, self.profile).pairs
        return self.consensus[pairs[0].right] if pairs else None


def sure_part(pose: Pose, least_score: float) -> Pose:
    """The pose with the keypoints below a score missing; those without a score stay."""
    return pose.with_xy(np.where((pose.score < least_score)[:, None], np.nan, pose.xy_px))
