"""How a comparison of keypoints reads: its summary in a sentence, and the names of what it is about."""

import math

from posedeck.pose.agreement import PersonAgreement, Verdict
from posedeck.pose.skeleton import COCO_17
from posedeck.services.keypoints import KeypointAnswer, latency_s
from posedeck.services.sources import VENDOR_NAMES, Source
from posedeck.services.wording import size_text
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


def side_text(answer: KeypointAnswer, t: Texts) -> str:
    """Whose format and whose answer, for example "Kakao format, local engine"."""
    return t(f"keypoints.side.{answer.source.value}", vendor=VENDOR_NAMES[answer.vendor])


def answer_text(answer: KeypointAnswer, t: Texts) -> str:
    """How many people an answer has, and for one that was asked for now how fast and how large it was."""
    facts = [t("keypoints.people", count=len(answer.people))]
    seconds = latency_s(answer)
    if answer.exchange is not None and seconds is not None:
        facts.append(t("keypoints.latency", milliseconds=f"{1000 * seconds:.0f}"))
        sizes = {"sent": answer.exchange.bytes_sent, "received": answer.exchange.bytes_received}
        facts.append(t("keypoints.bytes", **{name: size_text(size) for name, size in sizes.items()}))
    return " · ".join(facts)


def sent_text(answer: KeypointAnswer, t: Texts) -> str:
    """What was sent of the picture, and what was changed for it."""
    fitted = answer.fitted
    if fitted is None:
        if answer.exchange is not None:
            return t("keypoints.sent.address")
        return t("keypoints.sent.nothing" if answer.source is Source.RECORDED else "keypoints.sent.batch")
    photo = fitted.photo
    facts = {"width": photo.width, "height": photo.height, "size": size_text(len(photo.data))}
    if not fitted.changes:
        return t("keypoints.sent.original", **facts)
    changes = ", ".join(t(change) for change in fitted.changes)
    return t("keypoints.sent.changed", changes=changes, **facts)


def number_text(value: float, digits: int) -> str:
    """A number with so many decimals; a dash for what could not be computed."""
    return f"{value:.{digits}f}" if math.isfinite(value) else "–"


def percent_text(share: float) -> str:
    """A share in percent, with a decimal below ten; a dash for what could not be computed."""
    if not math.isfinite(share):
        return "–"
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"


def ratio_text(log_ratio: float) -> str:
    """A ratio of lengths, given by its natural logarithm, as the signed percent that one is longer."""
    if not math.isfinite(log_ratio):
        return "–"
    percent = 100.0 * math.expm1(log_ratio)
    text = f"{abs(percent):.1f} %"
    return text if text == "0.0 %" else f"{'−' if percent < 0 else '+'}{text}"


def _grades(pair: PersonAgreement, t: Texts) -> str:
    if not pair.metrics:
        return t("keypoints.summary.no_view")
    flips = [t(f"metric.{metric.key}.name") for metric in pair.metrics if metric.flips]
    return t("keypoints.summary.flips", metrics=_joined(flips, t)) if flips else t("keypoints.summary.no_flip")


def _joined(names: list[str], t: Texts) -> str:
    if len(names) <= _MAX_NAMES:
        return ", ".join(names)
    return t("keypoints.summary.more", names=", ".join(names[:_MAX_NAMES]), count=len(names) - _MAX_NAMES)
