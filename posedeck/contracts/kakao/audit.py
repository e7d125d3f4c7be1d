"""Audit of an answer of ``POST /pose`` against Kakao's document and against itself."""

from collections.abc import Iterator
from typing import Any

from posedeck.contracts.finding import AuditReport, Finding, count_fields
from posedeck.contracts.kakao.errors import KakaoCode
from posedeck.contracts.kakao.pose import BBOX_SCALE
from posedeck.contracts.person_audit import (
    Points,
    audit_extras,
    audit_fields,
    audit_scores,
    audit_sides,
    finding,
    is_number,
)
from posedeck.pose.skeleton import COCO_17

_NUMBER = ("number", (int, float))
_FIELDS: dict[str, tuple[str, type | tuple[type, ...]]] = {
    "area": _NUMBER,
    "bbox": ("array", list),
    "category_id": ("int", int),
    "keypoints": ("array", list),
    "score": _NUMBER,
}
#: Objects of a job carry their number over the frames.
_KNOWN = (*_FIELDS, "object_id")
_PER_POINT = 3
#: Shares: the vendor's own answers keep these relations to their printed decimals.
_AREA_TOLERANCE = 0.01
_BOX_TOLERANCE = 0.03
_SCORE_TOLERANCE = 0.05


def audit_kakao(body: Any) -> AuditReport:
    """Audit a decoded JSON body, success or refusal."""
    if isinstance(body, dict):
        return AuditReport(list(_refusal(body)), checked=count_fields(body))
    if not isinstance(body, list):
        return AuditReport([finding("not_an_array", "error", "", "the answer is neither people nor a refusal")])
    findings = [found for number, person in enumerate(body) for found in _person(person, f"[{number}]")]
    return AuditReport(findings, checked=count_fields(body, _KNOWN))


def _refusal(body: dict[str, Any]) -> Iterator[Finding]:
    yield from audit_fields(body, "", {"code": ("int", int), "msg": ("string", str)})
    yield from audit_extras(body, "", ("code", "msg"))
    if isinstance(body.get("code"), int) and body["code"] not in set(KakaoCode):
        yield finding("unknown_code", "warning", "code", f"{body['code']} is not in the document's table")


def _person(person: Any, place: str) -> Iterator[Finding]:
    if not isinstance(person, dict):
        yield finding("wrong_type", "error", place, "a person is an object")
        return
    yield from audit_fields(person, f"{place}.", _FIELDS)
    yield from audit_extras(person, f"{place}.", _KNOWN)
    if is_number(person.get("category_id")) and person["category_id"] != 1:
        yield finding("wrong_category", "error", f"{place}.category_id", f"a person is 1, not {person['category_id']}")
    points = _points(person.get("keypoints"))
    if points is None:
        message = f"{len(COCO_17)} times x, y, score are documented"
        yield finding("keypoints_malformed", "error", f"{place}.keypoints", message)
    box = person.get("bbox")
    if isinstance(box, list) and not (len(box) == 4 and all(map(is_number, box))):
        yield finding("box_malformed", "error", f"{place}.bbox", "x, y, width and height are documented")
        box = None
    if isinstance(box, list) and is_number(person.get("area")):
        yield from _area(person["area"], box, place)
    if points is None:
        return
    yield from audit_scores(points, f"{place}.")
    yield from audit_sides(points, place)
    if isinstance(box, list):
        yield from _box(points, box, place)
    mean = sum(score for _, _, score in points.values()) / len(points)
    if is_number(person.get("score")) and abs(person["score"] - mean) > _SCORE_TOLERANCE:
        message = f"the keypoints' scores have the mean {mean:.3f}, the answer says {person['score']}"
        yield finding("score_mismatch", "info", f"{place}.score", message)


def _points(keypoints: Any) -> Points | None:
    if not isinstance(keypoints, list) or len(keypoints) != len(COCO_17) * _PER_POINT:
        return None
    if not all(map(is_number, keypoints)):
        return None
    triples = zip(keypoints[::3], keypoints[1::3], keypoints[2::3], strict=True)
    return dict(zip(COCO_17.names, triples, strict=True))


def _area(area: float, box: list[float], place: str) -> Iterator[Finding]:
    expected = box[2] * box[3]
    if abs(area - expected) > _AREA_TOLERANCE * max(abs(expected), 1.0):
        message = f"the box has {expected:.1f} square pixels, the answer says {area}"
        yield finding("area_mismatch", "warning", f"{place}.area", message)


def _box(points: Points, box: list[float], place: str) -> Iterator[Finding]:
    seen = [(x, y) for x, y, score in points.values() if (x, y, score) != (0, 0, 0)]
    if not seen:
        return
    for axis, size in enumerate(box[2:]):
        values = [point[axis] for point in seen]
        expected = BBOX_SCALE * (max(values) - min(values))
        if abs(size - expected) > _BOX_TOLERANCE * max(expected, 1.0):
            side = ("width", "height")[axis]
            message = f"{BBOX_SCALE} times the keypoints' extent is a {side} of {expected:.1f}, the answer says {size}"
            yield finding("box_mismatch", "info", f"{place}.bbox", message)
