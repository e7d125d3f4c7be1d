"""How a comparison of keypoints reads: its summary in a sentence, and the names of what it is about."""

from posedeck.pose.agreement import PersonAgreement, Verdict
from posedeck.pose.skeleton import COCO_17
from posedeck.texts import Texts

#: What a summary names joint by joint, the most serious first.
_NAMED = (Verdict.INVERSION, Verdict.SWAP, Verdict.MISS, Verdict.JITTER, Verdict.ABSENT)
#: More names than this do not help; their number does.
_MAX_NAMES = 4


def joint_text(name: str, t: Texts) -> str:
    """Name of a keypoint, or of an angle that no single keypoint names."""
    return t(f"keypoint.{name}") if name in COCO_17.index else t(f"keypoints.angle.{name}")


def summary_text(pair: PersonAgreement, t: Texts) -> str:
    """One sentence: how many joints agree, which do not and how, and which grades that changes."""
    by_verdict = {
        verdict: [joint_text(joint.name, t) for joint in pair.joints if joint.verdict is verdict] for verdict in Verdict
    }
    parts = [t("keypoints.summary.agree", good=len(by_verdict[Verdict.GOOD]), all=len(pair.joints))]
    if pair.sides_inverted:
        parts.append(t("keypoints.summary.inverted"))
    parts.extend(
        t(f"keypoints.summary.{verdict.value}", joints=_joined(by_verdict[verdict], t))
        for verdict in _NAMED
        if by_verdict[verdict]
    )
    parts.append(_grades(pair, t))
    return t("keypoints.summary.sentence", parts="; ".join(parts))


def _grades(pair: PersonAgreement, t: Texts) -> str:
    if not pair.metrics:
        return t("keypoints.summary.no_view")
    flips = [t(f"metric.{metric.key}.name") for metric in pair.metrics if metric.flips]
    return t("keypoints.summary.flips", metrics=_joined(flips, t)) if flips else t("keypoints.summary.no_flip")


def _joined(names: list[str], t: Texts) -> str:
    if len(names) <= _MAX_NAMES:
        return ", ".join(names)
    return t("keypoints.summary.more", names=", ".join(names[:_MAX_NAMES]), count=len(names) - _MAX_NAMES)
