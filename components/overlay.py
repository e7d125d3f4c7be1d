"""A photo with its keypoints, bones and measured lines, drawn as SVG in the browser.

Its controls cause no rerun; a keypoint that was moved by hand causes one, when it is let go.
"""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import streamlit as st
from PIL import Image

from components.assets import read_assets
from components.keypoint_edits import current_edit, keep_edit
from posedeck.pose.lines import MetricLine, line_slopes, metric_lines, turn_sign
from posedeck.pose.pose import Pose
from posedeck.pose.posture import METRIC_BY_KEY, View
from posedeck.services.assessment import Assessment, MetricAssessment
from posedeck.services.photos import Photo
from posedeck.services.wording import degrees_text, half_width_text, level
from posedeck.texts import Texts

#: Longest side of the displayed copy in pixels: sharp at the width of half a page, small on the wire.
_DISPLAY_SIDE = 1000
#: The copy goes to the browser as a data URI with every new result, so it is squeezed to this many bytes.
_DISPLAY_BYTES = 150_000
_QUALITIES = (85, 75, 60, 45)

_mount = st.components.v2.component(
    "posedeck_overlay",
    html='<div class="overlay"></div>',
    css=read_assets("overlay.css"),
    js=read_assets("dom.js", "overlay_drawing.js", "overlay_editing.js", "overlay_input.js", "overlay.js"),
)


@dataclass(frozen=True)
class AngleLine:
    """A measured line with what is written at it.

    Attributes:
        line: Where it runs, in pixels of the photo.
        name: Short name of its metric.
        value: Value with the half width of its interval.
        level: 0 normal, 1 caution, 2 danger, None for no grade.
        borderline: Whether no grade is likely enough.
    """

    line: MetricLine
    name: str
    value: str
    level: int | None
    borderline: bool


def posture_lines(assessment: Assessment, view: View, t: Texts) -> list[AngleLine]:
    """The measured lines of a photo with values and grades; what was not measured has no line."""
    if view not in assessment.poses:
        return []
    entries = {entry.metric.key: entry for entry in assessment.metrics if entry.estimate}
    lines = [line for line in metric_lines(assessment.poses[view], view) if line.metric_key in entries]
    return [_angle_line(line, entries[line.metric_key], assessment, t) for line in lines]


def _angle_line(line: MetricLine, entry: MetricAssessment, assessment: Assessment, t: Texts) -> AngleLine:
    if entry.estimate is None:
        raise ValueError(f"{line.metric_key} was not measured")
    value = degrees_text(entry.estimate.value, assessment.profile.bands.get(line.metric_key))
    return AngleLine(
        line=line,
        name=t(f"metric.{line.metric_key}.short"),
        value=f"{value} {half_width_text(entry.estimate)}",
        level=level(entry.grade),
        borderline=entry.borderline,
    )


def overlay_viewer(
    photo: Photo,
    pose: Pose,
    *,
    alt: str,
    key: str,
    t: Texts,
    lines: Sequence[AngleLine] = (),
    edits: Mapping[str, tuple[float, float]] | None = None,
    editable: bool = False,
    max_height_px: int = 760,
) -> None:
    """Show a photo with its pose, and let the keypoints be moved.

    Args:
        photo: The photo that the pose was found in.
        pose: Keypoints as found, in pixels of that photo; missing ones are not drawn.
        alt: What the photo shows, for screen readers.
        key: Stable key of the component.
        t: Texts of the session.
        lines: Measured lines with their labels, of the pose with its edits.
        edits: Keypoints that were moved by hand, in pixels of the photo.
        editable: Whether keypoints can be moved; ``edits`` are then those of ``keypoint_edits`` for the same key.
        max_height_px: The photo is drawn no taller than this on the screen.
    """
    edits = edits or {}
    shown = pose.with_points(edits)
    _mount(
        key=key,
        data={
            "image": display_uri(photo),
            "width": photo.width,
            "height": photo.height,
            "alt": alt,
            "max_height_px": max_height_px,
            **_drawing(pose, t),
            "lines": [_wire_line(line, shown if editable else None) for line in lines],
            "edits": edits,
            "edit": msgspec.to_builtins(current_edit(key, photo, pose)) if editable else None,
            "text": _controls(t),
        },
        on_edit_change=keep_edit(key) if editable else None,
    )


def display_uri(photo: Photo) -> str:
    """The copy of a photo that the browser shows, as a ``data:`` URI."""
    return _display_uri(photo.sha256, photo.data)


@st.cache_data(max_entries=64, show_spinner=False)
def _display_uri(sha256: str, _data: bytes) -> str:  # noqa: ARG001 - the hash is the cache's key
    with Image.open(io.BytesIO(_data)) as picture:
        picture.draft("RGB", (_DISPLAY_SIDE, _DISPLAY_SIDE))
        shown = picture.convert("RGB")
    shown.thumbnail((_DISPLAY_SIDE, _DISPLAY_SIDE), Image.Resampling.LANCZOS)
    for quality in _QUALITIES:
        buffer = io.BytesIO()
        shown.save(buffer, "JPEG", quality=quality, optimize=True)
        if buffer.tell() <= _DISPLAY_BYTES:
            break
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _drawing(pose: Pose, t: Texts) -> dict[str, Any]:
    names = pose.skeleton.names
    found = [i for i, name in enumerate(names) if pose.has((name,))]
    place = {names[i]: position for position, i in enumerate(found)}
    return {
        "points": [
            {
                "name": names[i],
                "title": t(f"keypoint.{names[i]}"),
                "x": round(float(pose.xy_px[i, 0]), 2),
                "y": round(float(pose.xy_px[i, 1]), 2),
                "side": _side(names[i]),
                "score": None if pose.score[i] != pose.score[i] else round(float(pose.score[i]), 3),
                "label": _point_label(pose, i, t),
            }
            for i in found
        ],
        "bones": [[place[a], place[b], _bone_side(a, b)] for a, b in pose.skeleton.edges if a in place and b in place],
    }


def _side(name: str) -> str:
    for side in ("left", "right"):
        if name.startswith(f"{side}_") or name.endswith(f"_{side}"):
            return side
    return "centre"


def _bone_side(a: str, b: str) -> str:
    sides = {_side(a), _side(b)} - {"centre"}
    return sides.pop() if len(sides) == 1 else "centre"


def _point_label(pose: Pose, index: int, t: Texts) -> str:
    name, score = t(f"keypoint.{pose.skeleton.names[index]}"), float(pose.score[index])
    if score != score:
        return t("overlay.point.bare", name=name)
    sigma = float("nan") if pose.sigma_px is None else float(pose.sigma_px[index])
    if sigma != sigma:
        return t("overlay.point", name=name, score=f"{score:.2f}")
    return t("overlay.point.sigma", name=name, score=f"{score:.2f}", sigma=f"{sigma:.1f}")


def _wire_line(line: AngleLine, pose: Pose | None) -> dict[str, Any]:
    return {
        "name": line.name,
        "label": f"{line.name} {line.value}",
        "level": line.level,
        "borderline": line.borderline,
        "points": line.line.points.round(1).tolist(),
        "reference": line.line.reference.round(1).tolist(),
        "anchor": line.line.anchor.round(1).tolist(),
        "preview": None if pose is None else _preview(line.line.metric_key, pose),
    }


def _preview(metric_key: str, pose: Pose) -> dict[str, Any]:
    """What the browser needs to let a line and its value follow a keypoint until it is let go."""
    slopes = line_slopes(metric_key, pose)
    return {
        "value": METRIC_BY_KEY[metric_key].measure(pose),
        "turn_sign": turn_sign(metric_key, pose),
        "keypoints": [{"name": name, "slope": slope.round(3).tolist()} for name, slope in slopes.items()],
    }


def _controls(t: Texts) -> dict[str, Any]:
    names = (
        "controls", "bones", "points", "angles", "opacity", "hint", "keypoints", "edit", "edit_hint", "undo", "reset",
        "point_list", "corrected", "moved", "undone", "was_reset", "cancelled",
    )  # fmt: skip
    return {
        **{name: t(f"overlay.{name}") for name in names},
        "least": t("overlay.threshold"),
        "legend": {
            name: t(f"overlay.legend.{name}") for name in ("left", "right", "centre", "line", "reference", "corrected")
        },
    }
