"""Agreement of two answers about one picture: people, joints, shape, posture metrics, left and right."""

from posedeck.pose.agreement.impact import MetricDifference
from posedeck.pose.agreement.joints import JointAgreement, Verdict, outlier
from posedeck.pose.agreement.mirror import MirrorTest, mirror_test, unmirror
from posedeck.pose.agreement.people import PCK_ALPHAS, TORSO_DIAGONAL, Agreement, PersonAgreement, compare_people
from posedeck.pose.agreement.shape import AngleDifference, BoneRatio
from posedeck.pose.agreement.similarity import SEGMENT_SHARE, oks

__all__ = [
    "PCK_ALPHAS",
    "SEGMENT_SHARE",
    "TORSO_DIAGONAL",
    "Agreement",
    "AngleDifference",
    "BoneRatio",
    "JointAgreement",
    "MetricDifference",
    "MirrorTest",
    "PersonAgreement",
    "Verdict",
    "compare_people",
    "mirror_test",
    "oks",
    "outlier",
    "unmirror",
]
