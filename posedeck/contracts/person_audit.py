"""What the audits of Kakao's and NHN's answers check alike."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypeGuard

from posedeck.contracts.finding import Finding

#: x, y in pixels and score 0..1 by the keypoint's COCO name.
Points = Mapping[str, tuple[float, float, float]]

_SURE_SCORE = 0.5
#: The eyes of a face seen from the front lie apart by a third of the way from them to the shoulders; seen from the
#: side by next to nothing. Below these shares of that way (times itself) nothing is said of left and right.
_MIN_EYES = 0.08
_MIN_SHOULDERS = 0.2


def finding(name: str, severity: Literal["error", "warning", "info"], field: str, message: str) -> Finding:
    """A finding by place."""
    return Finding(name=name, severity=severity, field=field, message=message)


def is_number(value: Any) -> TypeGuard[float]:
    """Whether a JSON value is a number; booleans are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def type_name(value: Any) -> str:
    """JSON's word for the value's type."""
    names = {bool: "bool", int: "int", float: "float", str: "string", list: "array", dict: "object", type(None): "null"}
    return names.get(type(value), type(value).__name__)


def audit_fields(
    value: Mapping[str, Any], place: str, expected: Mapping[str, tuple[str, type | tuple[type, ...]]]
) -> Iterator[Finding]:
    """Missing fields, and fields of another type than documented (JSON's name of it, Python's types)."""
    for name, (label, kind) in expected.items():
        field = f"{place}{name}"
        if name not in value:
            yield finding("missing_field", "error", field, "the document lists this field; the answer lacks it")
        elif not isinstance(value[name], kind) or (isinstance(value[name], bool) and kind is not bool):
            message = f"documented as {label}, got {type_name(value[name])}"
            yield finding("wrong_type", "error", field, message)


def audit_extras(value: Mapping[str, Any], place: str, known: Iterable[str]) -> Iterator[Finding]:
    """Fields that the document does not list; ours begin with ``x_``."""
    for name in value:
        if name not in set(known) and not name.startswith("x_"):
            yield finding("unexpected_field", "warning", f"{place}{name}", "the document does not list this field")


def audit_scores(points: Points, place: str) -> Iterator[Finding]:
    """Scores that are none."""
    for name, (_, _, score) in points.items():
        if not 0.0 <= score <= 1.0:
            yield finding("score_out_of_range", "error", f"{place}{name}", f"a score is 0 to 1, not {score}")


def audit_sides(points: Points, place: str) -> Iterator[Finding]:
    """Left and right exchanged: a face that is seen, with the subject's left eye and shoulder on the wrong side."""
    needed = ("nose", "left_eye", "right_eye", "left_shoulder", "right_shoulder")
    if any(points.get(name, (0.0, 0.0, 0.0))[2] < _SURE_SCORE for name in needed):
        return
    (lx, ly), (rx, ry) = points["left_eye"][:2], points["right_eye"][:2]
    (sx, sy), (tx, ty) = points["left_shoulder"][:2], points["right_shoulder"][:2]
    down_x, down_y = (sx + tx - lx - rx) / 2, (sy + ty - ly - ry) / 2
    way = down_x**2 + down_y**2
    if way == 0.0:
        return
    # From the subject's right to the left, across the way down: positive for who faces the camera, however it is held.
    eyes = ((lx - rx) * down_y - (ly - ry) * down_x) / way
    shoulders = ((sx - tx) * down_y - (sy - ty) * down_x) / way
    if eyes < -_MIN_EYES and shoulders < -_MIN_SHOULDERS:
        message = "the face is seen, yet the subject's left eye and shoulder lie where the right ones should"
        yield finding("sides_swapped", "warning", place.rstrip("."), message)
