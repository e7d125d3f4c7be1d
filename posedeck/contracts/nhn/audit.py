"""Audit of an answer of NHN's Pose Estimation against the document and against itself."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from posedeck.contracts.finding import AuditReport, Finding, count_fields
from posedeck.contracts.nhn.errors import MESSAGES, NhnCode, is_success
from posedeck.contracts.nhn.pose import BODY, EXTRA_POINTS, FILE_TYPES
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

_Fields = dict[str, tuple[str, type | tuple[type, ...]]]
_HEADER: _Fields = {"isSuccessful": ("bool", bool), "resultCode": ("int", int), "resultMessage": ("string", str)}
_RESULT: _Fields = {"fileType": ("string", str), "numberOfPerson": ("int", int), "keyPointList": ("array", list)}
_NUMBER = ("number", (int, float))
_POINT: _Fields = {"name": ("string", str), "part": ("string", str), "x": _NUMBER, "y": _NUMBER, "score": _NUMBER}
#: The document spells the list both ways, sometimes within one answer.
_LISTS = ("inferKeypointList", "inferKeypoints")
_KNOWN = {"header", "result", "personId", *_LISTS, *_HEADER, *_RESULT, *_POINT}
_PARTS = {BODY, *(part for part, _ in EXTRA_POINTS.values())}


def audit_nhn(body: Any) -> AuditReport:
    """Audit a decoded JSON body, success or refusal."""
    if not isinstance(body, dict):
        return AuditReport([finding("not_an_object", "error", "", "the answer is not a JSON object")])
    header = body.get("header")
    if not isinstance(header, dict):
        return AuditReport([finding("missing_field", "error", "header", "every answer has a header")])
    findings = [*audit_fields(header, "header.", _HEADER), *audit_extras(header, "header.", _HEADER)]
    findings += audit_extras(body, "", ("header", "result"))
    findings += _success(body, header) if is_success(body) else _refusal(body, header)
    return AuditReport(findings, checked=count_fields(body, _KNOWN))


def _refusal(body: dict[str, Any], header: dict[str, Any]) -> Iterator[Finding]:
    if header.get("isSuccessful") is True:
        message = f"isSuccessful is true, resultCode is {header.get('resultCode')}"
        yield finding("success_unclear", "error", "header", message)
    elif type(header.get("resultCode")) is int and header["resultCode"] not in set(NhnCode):
        message = f"{header['resultCode']} is not in the document's table"
        yield finding("unknown_code", "warning", "header.resultCode", message)
    if body.get("result") is not None:
        yield finding("unexpected_field", "warning", "result", "a refusal does not have this field")


def _success(body: dict[str, Any], header: dict[str, Any]) -> Iterator[Finding]:
    if header.get("resultMessage") != MESSAGES[NhnCode.SUCCESS]:
        message = f"documented as {MESSAGES[NhnCode.SUCCESS]!r}, got {header.get('resultMessage')!r}"
        yield finding("other_spelling", "info", "header.resultMessage", message)
    result = body.get("result")
    if not isinstance(result, dict):
        yield finding("missing_field", "error", "result", "a success has a result")
        return
    yield from audit_fields(result, "result.", _RESULT)
    yield from audit_extras(result, "result.", _RESULT)
    file_type = result.get("fileType")
    if isinstance(file_type, str) and file_type not in FILE_TYPES.values():
        message = f"documented as {' or '.join(FILE_TYPES.values())}, got {file_type!r}"
        yield finding("other_spelling", "warning", "result.fileType", message)
    people = result.get("keyPointList")
    if not isinstance(people, list):
        return
    if is_number(result.get("numberOfPerson")) and result["numberOfPerson"] != len(people):
        message = f"keyPointList has {len(people)}, the answer says {result['numberOfPerson']}"
        yield finding("count_mismatch", "error", "result.numberOfPerson", message)
    for number, person in enumerate(people):
        yield from _person(person, f"result.keyPointList[{number}]")


def _person(person: Any, place: str) -> Iterator[Finding]:
    if not isinstance(person, dict):
        yield finding("wrong_type", "error", place, "a person is an object")
        return
    yield from audit_extras(person, f"{place}.", ("personId", *_LISTS))
    if "personId" not in person:
        message = "the document lists this field; the answer lacks it"
        yield finding("missing_field", "error", f"{place}.personId", message)
    elif not isinstance(person["personId"], str):
        yield finding("wrong_type", "warning", f"{place}.personId", "documented as a string")
    name = next((each for each in _LISTS if each in person), None)
    if name is None:
        message = "the document lists this field; the answer lacks it"
        yield finding("missing_field", "error", f"{place}.{_LISTS[0]}", message)
        return
    if name != _LISTS[0]:
        yield finding("other_spelling", "warning", f"{place}.{name}", f"the document's table says {_LISTS[0]}")
    if not isinstance(person[name], list):
        yield finding("wrong_type", "error", f"{place}.{name}", "documented as an array")
        return
    yield from _keypoints(person[name], f"{place}.{name}")


def _keypoints(keypoints: list[Any], place: str) -> Iterator[Finding]:
    body: dict[str, tuple[float, float, float]] = {}
    names = Counter[tuple[str, str]]()
    for number, point in enumerate(keypoints):
        if not isinstance(point, dict):
            yield finding("wrong_type", "error", f"{place}[{number}]", "a keypoint is an object")
            continue
        wrong = [*audit_fields(point, f"{place}[{number}].", _POINT)]
        yield from wrong
        if wrong:
            continue
        if point["part"] not in _PARTS:
            message = f"documented are {', '.join(sorted(_PARTS))}, got {point['part']!r}"
            yield finding("unknown_part", "warning", f"{place}[{number}].part", message)
        names[point["part"], point["name"]] += 1
        if point["part"] == BODY:
            body.setdefault(point["name"], (point["x"], point["y"], point["score"]))
    for (part, name), count in names.items():
        if count > 1:
            yield finding("duplicate_point", "error", f"{place}.{name}", f"{count} points of {part} have this name")
    yield from _body(body, place)


def _body(points: Points, place: str) -> Iterator[Finding]:
    if missing := [name for name in COCO_17.names if name not in points]:
        yield finding("missing_point", "info", place, f"not in the answer: {', '.join(missing)}")
    yield from audit_scores(points, f"{place}.")
    yield from audit_sides(points, place)
