"""The part of the audit that recomputes values from the answer's own coordinates.

From our server's answers every value is recomputed exactly (``x_pose``, ``x_raw``, ``x_method``). From a vendor's
answer only the metrics whose definition follows from their name are, and only as exactly as whole pixels allow.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from posedeck.contracts.finding import Finding
from posedeck.contracts.remo.coords import read_coords, to_remo_22
from posedeck.contracts.remo.skeleton import COORDS, FIELDS, WireMethod, WirePose, read_pose
from posedeck.pose.calibration import load_calibration
from posedeck.pose.pose import Pose
from posedeck.pose.posture import METRIC_BY_KEY, METRICS, View
from posedeck.pose.uncertainty import metric_gradient

#: Lines and legs that the coordinates alone define. The vendor's other values cannot be rebuilt from its 22 points.
_DEFINED = ("shoulder_tilt", "pelvis_tilt", "knee_tilt", "left_leg", "right_leg")
_MAY_BE_SWAPPED = (("left_leg", "right_leg"), ("pelvis_tilt", "knee_tilt"), ("shoulder_tilt", "pelvis_tilt"))
_HALF_PIXEL = 0.5
#: Printed with three decimals, from keypoints printed with three decimals.
_PRINTED_DEG = 0.0015
_PRINTED_PX = 0.0006


def audit_values(body: dict[str, Any]) -> Iterator[Finding]:
    """Findings about coordinates and about values that do not follow from them."""
    coords: dict[View, Pose] = {}
    for view, name in COORDS.items():
        if isinstance(body.get(name), str | list):
            try:
                coords[view] = read_coords(body[name])
            except ValueError as error:
                yield Finding("coords_unreadable", "error", name, str(error))
    yield from _sides(coords)
    ours, findings = _read_extras(body)
    yield from findings
    if ours is not None:
        yield from _audit_ours(body, coords, *ours)
    elif View.FRONT in coords and not findings:
        yield from _audit_vendors(body, coords[View.FRONT])


def _sides(coords: dict[View, Pose]) -> Iterator[Finding]:
    if View.FRONT not in coords:
        return
    front = coords[View.FRONT]
    pairs = ("shoulder", "elbow", "hip", "knee", "ankle")
    crossed = [pair for pair in pairs if front[f"left_{pair}"][0] < front[f"right_{pair}"][0]]
    if len(crossed) > len(pairs) / 2:
        message = f"in a front photo the subject's left is on the image's right; crossed: {', '.join(crossed)}"
        yield Finding("sides_swapped", "error", COORDS[View.FRONT], message)


Extras = tuple[dict[View, Pose], dict[str, float | None], WireMethod]


def _read_extras(body: dict[str, Any]) -> tuple[Extras | None, list[Finding]]:
    if not any(name in body for name in ("x_pose", "x_raw", "x_method")):
        return None, []
    try:
        poses = {view: read_pose(pose) for view, pose in msgspec.convert(body["x_pose"], dict[View, WirePose]).items()}
        raw = msgspec.convert(body["x_raw"], dict[str, float | None])
        method = msgspec.convert(body["x_method"], WireMethod)
    except KeyError as error:
        return None, [Finding("missing_field", "error", str(error.args[0]), "our server's answers have this field")]
    except (msgspec.ValidationError, ValueError) as error:
        return None, [Finding("extras_unreadable", "error", "x_pose", str(error))]
    return (poses, raw, method), []


def _audit_ours(
    body: dict[str, Any],
    coords: dict[View, Pose],
    poses: dict[View, Pose],
    raw: dict[str, float | None],
    method: WireMethod,
) -> Iterator[Finding]:
    for view, pose in poses.items():
        # A whole pixel stands for the pixel fraction that it was rounded from.
        if view in coords and _furthest(to_remo_22(pose), coords[view]) > _HALF_PIXEL + _PRINTED_PX:
            yield Finding("coords_mismatch", "error", COORDS[view], "the coordinates are not those of x_pose")
    recomputed = {metric.key: metric.measure(poses[metric.view]) for metric in METRICS if metric.view in poses}
    for key, value in recomputed.items():
        if not _close(raw.get(key), value, _PRINTED_DEG):
            message = f"x_pose gives {value:.3f} degrees, x_raw says {raw.get(key)}"
            yield Finding("raw_mismatch", "error", f"x_raw.{key}", message)
    values = {key: float("nan") if value is None else value for key, value in raw.items() if key in METRIC_BY_KEY}
    if method.calibration is not None:
        if method.calibration != load_calibration().version:
            message = f"calibrated by {method.calibration!r}, which this version does not have; values are not checked"
            yield Finding("calibration_unknown", "warning", "x_method.calibration", message)
            return
        values = load_calibration().apply(values)
    yield from _mismatches(body, values, dict.fromkeys(values, _PRINTED_DEG), f"x_raw and {method.calibration}")


def _audit_vendors(body: dict[str, Any], front: Pose) -> Iterator[Finding]:
    values, tolerance = {}, {}
    for key in _DEFINED:
        metric = METRIC_BY_KEY[key]
        values[key] = metric.measure(front)
        tolerance[key] = _PRINTED_DEG + float(np.abs(metric_gradient(metric, front)).sum()) * _HALF_PIXEL
    yield from _mismatches(body, values, tolerance, COORDS[View.FRONT])


def _mismatches(
    body: dict[str, Any], values: dict[str, float], tolerance: dict[str, float], source: str
) -> Iterator[Finding]:
    wrong = [key for key, value in values.items() if not _close(body.get(FIELDS[key][0]), value, tolerance[key])]
    for one, other in _MAY_BE_SWAPPED:
        if one in wrong and other in wrong and _fits_swapped(body, values, tolerance, one, other):
            message = f"both values fit {source} when they change places with {FIELDS[other][0]}"
            yield Finding("values_swapped", "error", FIELDS[one][0], message)
            wrong = [key for key in wrong if key not in (one, other)]
    for key in wrong:
        answered = body.get(FIELDS[key][0])
        message = f"{source} gives {values[key]:.3f} ± {tolerance[key]:.3f} degrees, the answer says {answered}"
        yield Finding("value_mismatch", "error", FIELDS[key][0], message)


def _fits_swapped(
    body: dict[str, Any], values: dict[str, float], tolerance: dict[str, float], one: str, other: str
) -> bool:
    return _close(body.get(FIELDS[one][0]), values[other], tolerance[other]) and _close(
        body.get(FIELDS[other][0]), values[one], tolerance[one]
    )


def _close(answered: Any, value: float, tolerance: float) -> bool:
    if answered is None or value != value:
        return answered is None and value != value
    if isinstance(answered, bool) or not isinstance(answered, int | float):
        return True  # its type is a finding of its own
    return abs(answered - value) <= tolerance


def _furthest(one: Pose, other: Pose) -> float:
    distance = np.abs(one.xy_px - other.xy_px)
    return float(np.nanmax(distance)) if np.isfinite(distance).any() else 0.0
