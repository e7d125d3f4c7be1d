"""The report of a comparison: one HTML file that needs nothing else, to read offline and to print."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from posedeck import __version__
from posedeck.net.redact import redact_text
from posedeck.pose.agreement import AngleDifference, BoneRatio, JointAgreement, MetricDifference, PersonAgreement
from posedeck.pose.pose import Pose
from posedeck.services.keypoint_comparison import UNDISPUTED, KeypointComparison
from posedeck.services.keypoint_wording import (
    answer_text,
    joint_text,
    number_text,
    percent_text,
    ratio_text,
    sent_text,
    side_text,
    summary_text,
)
from posedeck.services.keypoints import KeypointAnswer
from posedeck.services.templating import report_fonts, template
from posedeck.services.thumbnail import thumbnail_uri
from posedeck.services.wording import degrees_text, grade_text, level
from posedeck.texts import Texts

_TEMPLATE = "keypoint_report.html.jinja"
#: Longest side of a picture in the report in pixels: sharp at 10 cm on paper.
_PHOTO_SIDE = 900
#: The bars of distances end at this share of the torso; the number beside them is always exact.
_BAR_LIMIT = 0.3
BAR_WIDTH = 90.0
_HEAD = ("nose", "left_eye", "right_eye", "left_ear", "right_ear")
#: What a profile of the user's own says of itself can be long.
_MAX_FACT_CHARS = 460


@dataclass(frozen=True)
class _Figure:
    """One answer drawn on the picture, in pixels of a small copy; ``uri`` is empty when there is no picture."""

    title: str
    people: int
    facts: tuple[str, str]
    uri: str
    width: int
    height: int
    bones: list[str]
    points: list[tuple[float, float]]
    labels: list[tuple[float, float, int]]


@dataclass(frozen=True)
class _Joint:
    name: str
    verdict: str
    verdict_text: str
    bar: float | None
    distance: str
    shift: str
    scores: tuple[str, str]
    outlier: str


@dataclass(frozen=True)
class _Cell:
    value: str
    level: int | None
    grade: str


@dataclass(frozen=True)
class _Metric:
    name: str
    cells: list[_Cell]
    flips: bool
    change: str
    cause: str


@dataclass(frozen=True)
class _Person:
    """One person that both have; texts are ready to print."""

    number: int
    summary: str
    joints: list[_Joint]
    metrics: list[_Metric]
    angles: list[tuple[str, str, str, str]]
    bones: list[tuple[str, str]]
    numbers: list[tuple[str, str, str]]


def comparison_html(comparison: KeypointComparison, t: Texts) -> bytes:
    """The report of a comparison as HTML (UTF-8) in the language of ``t``: both pictures, and each person in full."""
    agreement = comparison.agreement
    page = template(_TEMPLATE).render(
        t=t,
        fonts=report_fonts(),
        bar_width=BAR_WIDTH,
        made=f"{comparison.right.answered_at:%Y-%m-%d %H:%M:%S %Z}",
        sides=[("left", comparison.left.source.value), ("right", comparison.right.source.value)],
        figures=[
            _figure(answer, people, [getattr(pair, side) for pair in agreement.pairs], comparison.has_picture, t)
            for side, answer, people in zip(
                ("left", "right"), (comparison.left, comparison.right), comparison.people, strict=True
            )
        ],
        only=[
            t(f"keypoints.only_{side}", count=len(people))
            for side, people in (("left", agreement.only_left), ("right", agreement.only_right))
            if people
        ],
        people=[_person(number, pair, comparison, t) for number, pair in enumerate(agreement.pairs, 1)],
        asked_third=bool(comparison.consensus),
        has_picture=comparison.has_picture,
        metrics_note=t("keypoints.metrics.note", profile=comparison.profile.title),
        facts=_facts(comparison, t),
    )
    return page.encode("utf-8")


def _figure(answer: KeypointAnswer, people: Sequence[Pose], order: Sequence[int], known: bool, t: Texts) -> _Figure:
    photo = answer.photo
    scale = min(1.0, _PHOTO_SIDE / max(photo.width, photo.height))
    poses = [pose.with_xy((pose.xy_px + 0.5) * scale - 0.5) for pose in people]
    points = [point for pose in poses for point in pose.xy_px[np.isfinite(pose.xy_px).all(axis=1)].tolist()]
    return _Figure(
        title=side_text(answer, t),
        people=len(people),
        facts=(answer_text(answer, t), sent_text(answer, t)),
        uri=thumbnail_uri(photo, _PHOTO_SIDE) if known else "",
        width=round(photo.width * scale),
        height=round(photo.height * scale),
        bones=[
            " ".join(f"{x:.1f},{y:.1f}" for x, y in pose.xy_px[pose.skeleton.indices(edge)])
            for pose in poses
            for edge in pose.skeleton.edges
            if pose.has(edge)
        ],
        points=[(round(x, 1), round(y, 1)) for x, y in points],
        labels=[(*_above(poses[place]), number) for number, place in enumerate(order, 1)],
    )


def _above(pose: Pose) -> tuple[float, float]:
    """Where a person's number stands: over the head if that was found, but in the picture."""
    head = pose.xy_px[pose.skeleton.indices(_HEAD)]
    found = head if np.isfinite(head).any() else pose.xy_px
    x, y = found[int(np.nanargmin(found[:, 1]))]
    return round(float(x), 1), round(max(float(y) - 40.0, 22.0), 1)


def _person(number: int, pair: PersonAgreement, comparison: KeypointComparison, t: Texts) -> _Person:
    outliers = comparison.outliers(pair)
    asked = bool(comparison.consensus)
    return _Person(
        number=number,
        summary=summary_text(pair, t),
        joints=[
            _joint(joint, t(f"keypoints.outlier.{outliers.get(joint.name, 'none')}") if asked else "", t)
            for joint in pair.joints
        ],
        metrics=[_metric(metric, comparison, t) for metric in pair.metrics],
        angles=[_angle(angle, t) for angle in pair.angles if math.isfinite(angle.difference_deg)],
        bones=[_bone(bone, t) for bone in pair.bones],
        numbers=_numbers(pair, t),
    )


def _joint(joint: JointAgreement, outlier: str, t: Texts) -> _Joint:
    known = math.isfinite(joint.distance_torso)
    return _Joint(
        name=t(f"keypoint.{joint.name}"),
        verdict=joint.verdict.value,
        verdict_text=t(f"keypoints.verdict.{joint.verdict.value}"),
        bar=round(BAR_WIDTH * min(joint.distance_torso / _BAR_LIMIT, 1.0), 1) if known else None,
        distance=percent_text(joint.distance_torso),
        shift=f"{_signed(joint.dx_torso)} / {_signed(joint.dy_torso)}" if known else "–",
        scores=(_score(joint.left_score, joint.left_rank), _score(joint.right_score, joint.right_rank)),
        outlier=outlier if joint.verdict not in UNDISPUTED else "",
    )


def _score(score: float, rank: int) -> str:
    return f"{number_text(score, 2)} ({rank})" if rank else "–"


def _signed(share: float) -> str:
    text = f"{abs(100 * share):.1f}"
    return text if text == "0.0" else f"{'−' if share < 0 else '+'}{text}"


def _metric(metric: MetricDifference, comparison: KeypointComparison, t: Texts) -> _Metric:
    bands = comparison.profile.bands.get(metric.key)
    sides = ((metric.left_deg, metric.left_grade), (metric.right_deg, metric.right_grade))
    cells = [
        _Cell(degrees_text(value, bands), level(grade), grade_text(grade, t))
        if math.isfinite(value)
        else _Cell("–", None, t("table.missing"))
        for value, grade in sides
    ]
    cause = metric.cause
    return _Metric(
        name=t(f"metric.{metric.key}.name"),
        cells=cells,
        flips=metric.flips,
        change=t("keypoints.flip.yes" if metric.flips else "keypoints.flip.no"),
        cause=t("keypoints.flip.cause", joint=t(f"keypoint.{cause}"), share=degrees_text(metric.attribution[cause]))
        if cause
        else "",
    )


def _angle(angle: AngleDifference, t: Texts) -> tuple[str, str, str, str]:
    left, right = (f"{value:.0f}°".replace("-", "−") for value in (angle.left_deg, angle.right_deg))
    return joint_text(angle.name, t), left, right, degrees_text(angle.difference_deg)


def _bone(bone: BoneRatio, t: Texts) -> tuple[str, str]:
    name = t("keypoints.bone", start=t(f"keypoint.{bone.start}"), end=t(f"keypoint.{bone.end}"))
    return name, ratio_text(bone.log_ratio)


def _numbers(pair: PersonAgreement, t: Texts) -> list[tuple[str, str, str]]:
    torso = number_text(pair.torso_px, 0)
    note = t("keypoints.oks.note", count=pair.joints_used, scale=number_text(pair.scale_px, 0))
    return [
        (t("keypoints.oks"), number_text(pair.oks, 3), note),
        *(
            (
                t("keypoints.pck", alpha=f"{alpha:g}"),
                percent_text(share),
                t("keypoints.pck.note", reach=number_text(alpha * pair.torso_px, 1), torso=torso),
            )
            for alpha, share in pair.pck.items()
        ),
    ]


def _facts(comparison: KeypointComparison, t: Texts) -> list[tuple[str, str]]:
    profile, photo = comparison.profile, comparison.left.photo
    picture = t("comparison_report.no_picture")
    if comparison.has_picture:
        picture = t("comparison_report.picture", width=photo.width, height=photo.height, sha256=photo.sha256)
    facts = [
        (t("comparison_report.picture.title"), picture),
        (t("report.profile"), t("profile.help", name=profile.title, version=profile.version, source=profile.source)),
        (t("keypoints.threshold"), f"{comparison.least_score:g}"),
        (t("report.application"), f"PoseDeck {__version__}"),
    ]
    return [(label, redact_text(text)[:_MAX_FACT_CHARS]) for label, text in facts]
