"""One picture with the keypoints of both sides, and the charts of one person: a joint pointed at lights up in all.

Pictures and charts are one component, so that pointing and focusing need no rerun.
"""

import math
from collections.abc import Sequence
from typing import Any

import streamlit as st

from components.assets import read_assets
from components.keypoints_sides import side_title
from components.overlay import display_uri
from posedeck.pose.agreement import AngleDifference, BoneRatio, JointAgreement, MetricDifference, PersonAgreement
from posedeck.pose.grades import Profile
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import COCO_17
from posedeck.services.keypoint_comparison import UNDISPUTED, KeypointComparison, Outlier
from posedeck.services.keypoint_wording import joint_text, number_text, percent_text, ratio_text
from posedeck.services.keypoints import KeypointAnswer
from posedeck.services.wording import degrees_text, grade_text, level
from posedeck.texts import Texts

#: Ends of the offset charts in shares of the torso: the first that holds all offsets is taken. What is beyond the last
#: one is drawn at the edge; the number is always printed.
_OFFSET_LIMITS = (0.05, 0.1, 0.3)
#: Bones longer or shorter than this are drawn at the edge.
_BONE_LIMIT_PERCENT = 30.0

_mount = st.components.v2.component(
    "posedeck_keypoints",
    html='<div class="keypoints"></div>',
    css=read_assets("keypoints.css", "keypoints_charts.css"),
    js=read_assets("dom.js", "keypoints_pictures.js", "keypoints_charts.js", "keypoints_tables.js", "keypoints.js"),
)


def keypoints_view(comparison: KeypointComparison, pair: PersonAgreement | None, t: Texts, *, key: str) -> None:
    """Show both answers on the picture, and the charts of one person that both found.

    Args:
        comparison: The two answers.
        pair: The person; None when the sides have nobody in common.
        t: Texts of the session.
        key: Stable key of the component.
    """
    sides = {
        "left": _side(comparison.left, comparison.people[0], pair.left if pair else None, t),
        "right": _side(comparison.right, comparison.people[1], pair.right if pair else None, t),
    }
    charts = _charts(comparison, pair, t) if pair else None
    _mount(key=key, data={**_picture(comparison.left, t), "sides": sides, "charts": charts, "text": _texts(t)})


def one_side_view(answer: KeypointAnswer, name: str, t: Texts, *, key: str) -> None:
    """Show the one answer that came."""
    sides = {name: _side(answer, answer.people, None, t)}
    # There is no table and no other picture to point to.
    words = {**_texts(t), "hint": t("keypoints.view.hint_one")}
    _mount(key=key, data={**_picture(answer, t), "sides": sides, "charts": None, "text": words})


def _picture(answer: KeypointAnswer, t: Texts) -> dict[str, Any]:
    photo = answer.photo
    edges = [[COCO_17.index[start], COCO_17.index[end]] for start, end in COCO_17.edges]
    names = [{"name": name, "title": t(f"keypoint.{name}")} for name in COCO_17.names]
    return {"image": display_uri(photo), "width": photo.width, "height": photo.height, "edges": edges, "names": names}


def _side(answer: KeypointAnswer, people: Sequence[Pose], chosen: int | None, t: Texts) -> dict[str, Any]:
    title = side_title(answer.vendor, answer.source, t)
    return {
        "title": title,
        "alt": t("keypoints.picture.alt", side=title, count=len(people)),
        "people": [[_point(pose, i) for i in range(len(COCO_17))] for pose in people],
        "chosen": chosen,
    }


def _point(pose: Pose, index: int) -> list[float] | None:
    x, y = (float(value) for value in pose.xy_px[index])
    return [round(x, 1), round(y, 1)] if math.isfinite(x) and math.isfinite(y) else None


def _charts(comparison: KeypointComparison, pair: PersonAgreement, t: Texts) -> dict[str, Any]:
    outliers = comparison.outliers(pair)
    furthest = max(
        (max(abs(joint.dx_torso), abs(joint.dy_torso)) for joint in pair.joints if joint.distance_torso > 0),
        default=0.0,
    )
    limit = next((each for each in _OFFSET_LIMITS if furthest <= each), _OFFSET_LIMITS[-1])
    return {
        "joints": [_joint(joint, outliers.get(joint.name), bool(comparison.consensus), t) for joint in pair.joints],
        "offset_limit": limit,
        "joints_note": t("keypoints.joints.note", limit=f"{100 * limit:.0f}"),
        "angles": [_angle(angle, t) for angle in pair.angles if math.isfinite(angle.difference_deg)],
        "bones": [_bone(bone, t) for bone in pair.bones],
        "metrics": [_metric(metric, comparison.profile, t) for metric in pair.metrics],
        "metrics_note": t("keypoints.metrics.note", profile=comparison.profile.title),
        "numbers": _numbers(pair, t),
    }


def _joint(joint: JointAgreement, outlier: Outlier | None, asked: bool, t: Texts) -> dict[str, Any]:
    known = math.isfinite(joint.distance_torso)
    name, verdict = t(f"keypoint.{joint.name}"), t(f"keypoints.verdict.{joint.verdict.value}")
    distance = percent_text(joint.distance_torso)
    return {
        "name": joint.name,
        "title": name,
        "verdict": joint.verdict.value,
        "verdict_text": verdict,
        "outlier": t(f"keypoints.outlier.{outlier or 'none'}") if asked and joint.verdict not in UNDISPUTED else "",
        "distance": round(joint.distance_torso, 4) if known else None,
        "distance_text": distance,
        "dx": round(joint.dx_torso, 4) if known else None,
        "dy": round(joint.dy_torso, 4) if known else None,
        "label": t("keypoints.joint.label", joint=name, verdict=verdict, distance=distance),
        "scores": [number_text(score, 2) for score in (joint.left_score, joint.right_score)],
        "ranks": [joint.left_rank, joint.right_rank],
    }


def _angle(angle: AngleDifference, t: Texts) -> dict[str, Any]:
    return {
        "joints": [angle.name] if angle.name in COCO_17.index else _trunk_joints(angle.name),
        "title": joint_text(angle.name, t),
        "values": [round(angle.left_deg, 1), round(angle.right_deg, 1)],
        "texts": [f"{value:.0f}°".replace("-", "−") for value in (angle.left_deg, angle.right_deg)],
        "difference": degrees_text(angle.difference_deg),
    }


def _trunk_joints(name: str) -> list[str]:
    other = "hip" if name == "trunk" else "ear"
    return [f"{side}_{part}" for part in ("shoulder", other) for side in ("left", "right")]


def _bone(bone: BoneRatio, t: Texts) -> dict[str, Any]:
    title = t("keypoints.bone", start=t(f"keypoint.{bone.start}"), end=t(f"keypoint.{bone.end}"))
    known = math.isfinite(bone.log_ratio)
    return {
        "joints": [bone.start, bone.end],
        "title": title,
        "percent": round(100.0 * math.expm1(bone.log_ratio), 1) if known else None,
        "text": ratio_text(bone.log_ratio),
        "limit": _BONE_LIMIT_PERCENT,
    }


def _metric(metric: MetricDifference, profile: Profile, t: Texts) -> dict[str, Any]:
    bands = profile.bands.get(metric.key)
    cells = [
        {"value": degrees_text(value, bands), "grade": grade_text(grade, t), "level": level(grade)}
        if math.isfinite(value)
        else {"value": "–", "grade": t("table.missing"), "level": None}
        for value, grade in ((metric.left_deg, metric.left_grade), (metric.right_deg, metric.right_grade))
    ]
    cause = metric.cause
    return {
        "key": metric.key,
        "title": t(f"metric.{metric.key}.name"),
        "cells": cells,
        "flips": metric.flips,
        "joints": [cause] if cause else [],
        "change": t("keypoints.flip.yes" if metric.flips else "keypoints.flip.no"),
        "cause": t("keypoints.flip.cause", joint=t(f"keypoint.{cause}"), share=degrees_text(metric.attribution[cause]))
        if cause
        else "",
    }


def _numbers(pair: PersonAgreement, t: Texts) -> list[dict[str, str]]:
    numbers = [
        {
            "title": t("keypoints.oks"),
            "value": number_text(pair.oks, 3),
            "note": t("keypoints.oks.note", count=pair.joints_used, scale=number_text(pair.scale_px, 0)),
        }
    ]
    torso = number_text(pair.torso_px, 0)
    for alpha, share in pair.pck.items():
        numbers.append(
            {
                "title": t("keypoints.pck", alpha=f"{alpha:g}"),
                "value": percent_text(share),
                "note": t("keypoints.pck.note", reach=number_text(alpha * pair.torso_px, 1), torso=torso),
            }
        )
    return numbers


def _texts(t: Texts) -> dict[str, str]:
    names = (
        "left", "right", "controls", "view", "side_by_side", "overlaid", "blink", "opacity", "bones", "hint",
        "joints.title", "column.joint", "column.across", "column.down", "column.distance",
        "column.verdict", "body.title", "body.note", "body.alt", "rank.title", "rank.note", "rank.alt",
        "angles.title", "angles.note", "angles.alt", "bones.title", "bones.note", "column.bone", "column.chart",
        "column.ratio", "metrics.title", "metrics.none", "column.metric", "column.change",
        "column.cause", "numbers.title", "numbers.note", "rank.absent",
    )  # fmt: skip
    return {name: t(f"keypoints.view.{name}") for name in names}
