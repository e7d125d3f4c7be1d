"""Audit of an answer of ``analysis-skeleton`` against the vendor's own document and against itself.

Works on any answer, live, recorded or our own. Each finding has a name, so that a tester can count and compare them.
"""

import io
from collections.abc import Iterator
from typing import Any, Literal, TypeGuard

from PIL import Image

from posedeck.contracts.finding import AuditReport, Finding, count_fields
from posedeck.contracts.images import decode_base64_image
from posedeck.contracts.remo.audit_values import audit_values
from posedeck.contracts.remo.errors import RemoCode
from posedeck.contracts.remo.skeleton import API_NAME, COORDS, CREDITS, FIELDS, IMAGES, error_code, is_success
from posedeck.pose.grades import DECIMALS, PROFILE_NAMES, load_profile

__all__ = ["AuditReport", "Finding", "audit_answer"]

_VALUES = tuple(value for value, _ in FIELDS.values())
_GRADES = tuple(grade for _, grade in FIELDS.values())
_TEXTS = ("uuid", *IMAGES.values(), *COORDS.values())
_REQUIRED = ("state", "status_code", "credit_change", "credit", *_TEXTS, *_VALUES, *_GRADES)
#: In the document's example though not in its table.
_ALLOWED = ("APIName", "message")
_OUR_EXTRAS = "x_"
_ERROR_REQUIRED = ("state", "credit", "message")
_ERROR_ALLOWED = ("status", "status_code", "statue_code", "credit_change", "uuid", "APIName")
#: No standing body reads more; beyond it a value is a fault.
_MAX_PLAUSIBLE_DEG = 90.0


def audit_answer(body: Any, previous_credit: int | None = None) -> AuditReport:
    """Audit a decoded JSON body.

    Args:
        body: The answer, success or refusal.
        previous_credit: Balance before the call, when it is known; then the arithmetic is checked against it.
    """
    if not isinstance(body, dict):
        return AuditReport([_finding("not_an_object", "error", "", "the answer is not a JSON object")])
    if not is_success(body):
        findings = [*_error_form(body), *_state_type(body), *_credits(body, 0, previous_credit)]
        return AuditReport(findings, checked=count_fields(body, _ERROR_REQUIRED))
    follows = _followed_profiles(body)
    findings = [
        *_form(body),
        *_types(body),
        *_credits(body, CREDITS, previous_credit),
        *_pictures(body),
        *_grades(body, follows),
        *audit_values(body),
    ]
    return AuditReport(findings, follows, count_fields(body, _REQUIRED))


def _finding(name: str, severity: Literal["error", "warning", "info"], field: str, message: str) -> Finding:
    return Finding(name=name, severity=severity, field=field, message=message)


def _form(body: dict[str, Any]) -> Iterator[Finding]:
    for name in _REQUIRED:
        if name not in body:
            yield _finding("missing_field", "error", name, "the document lists this field; the answer lacks it")
        elif body[name] is None and name not in _VALUES and name not in _GRADES:
            yield _finding("null_field", "error", name, "the field is null")
    for name in body:
        if name not in _REQUIRED and name not in _ALLOWED and not name.startswith(_OUR_EXTRAS):
            yield _finding("unexpected_field", "warning", name, "the document does not list this field")
    if "status_code" in body and body["status_code"] != 200:
        yield _finding("status_not_200", "error", "status_code", f"a success says 200, this says {body['status_code']}")
    if body.get("APIName", API_NAME) != API_NAME:
        yield _finding("wrong_api_name", "warning", "APIName", f"expected {API_NAME!r}, got {body['APIName']!r}")


def _error_form(body: dict[str, Any]) -> Iterator[Finding]:
    for name in _ERROR_REQUIRED:
        if name not in body:
            yield _finding("missing_field", "error", name, "every refusal has this field")
    for name in body:
        if name not in _ERROR_REQUIRED and name not in _ERROR_ALLOWED and not name.startswith(_OUR_EXTRAS):
            yield _finding("unexpected_field", "warning", name, "a refusal does not have this field")
    code = error_code(body)
    if code is None:
        yield _finding("missing_code", "error", "status", "the refusal has no code")
    elif code not in set(RemoCode):
        yield _finding("unknown_code", "warning", "status", f"{code} is not in the document's table")


def _state_type(body: dict[str, Any]) -> Iterator[Finding]:
    if "state" in body and not isinstance(body["state"], bool):
        yield _finding("wrong_type", "warning", "state", f"documented as bool, got {_type(body['state'])}")


def _types(body: dict[str, Any]) -> Iterator[Finding]:
    yield from _state_type(body)
    expected: dict[str, tuple[str, type | tuple[type, ...]]] = {
        **dict.fromkeys(_VALUES, ("float", (int, float))),
        **dict.fromkeys((*_GRADES, "credit", "credit_change", "status_code"), ("int", int)),
        **dict.fromkeys(_TEXTS, ("string", str)),
    }
    for name, (label, kind) in expected.items():
        value = body.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, kind):
            yield _finding("wrong_type", "error", name, f"documented as {label}, got {_type(value)}")
    for name in _VALUES:
        if _is_number(body.get(name)) and abs(body[name]) > _MAX_PLAUSIBLE_DEG:
            yield _finding("implausible_value", "error", name, f"{body[name]} degrees is not a posture")
    if body.get("uuid") == "":
        yield _finding("empty_uuid", "warning", "uuid", "the uuid is empty")


def _credits(body: dict[str, Any], cost: int, previous: int | None) -> Iterator[Finding]:
    change, credit = body.get("credit_change"), body.get("credit")
    if _is_number(change) and change != -cost:
        yield _finding("credit_change_wrong", "error", "credit_change", f"expected {-cost}, got {change}")
    if not _is_number(credit):
        return
    if credit < 0:
        yield _finding("credit_negative", "error", "credit", f"the balance is {credit}")
    elif previous is not None and credit != previous - cost:
        message = f"{previous} before and a cost of {cost} leave {previous - cost}, the answer says {credit}"
        yield _finding("credit_balance_wrong", "error", "credit", message)


def _pictures(body: dict[str, Any]) -> Iterator[Finding]:
    for name in IMAGES.values():
        text = body.get(name)
        if not isinstance(text, str):
            continue
        try:
            data = decode_base64_image(text)
        except ValueError as error:
            yield _finding("picture_not_base64", "error", name, f"the picture cannot be decoded: {error}")
            continue
        try:
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
                picture.load()
                declared, actual = _declared_mime(text), Image.MIME[picture.format or ""]
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            yield _finding("picture_undecodable", "error", name, "the bytes are not a whole JPEG, PNG or WebP picture")
            continue
        if declared is not None and declared != actual:
            yield _finding("picture_mime_wrong", "warning", name, f"declared as {declared}, but it is {actual}")


def _grades(body: dict[str, Any], follows: list[str]) -> Iterator[Finding]:
    profile = load_profile(follows[0]) if follows else None
    for metric, (value_name, grade_name) in FIELDS.items():
        value, grade = body.get(value_name), body.get(grade_name)
        if value is None and grade is None and value_name in body:
            yield _finding("not_measured", "info", value_name, "the answer gives no value")
        elif (value is None) != (grade is None) and value_name in body and grade_name in body:
            yield _finding("grade_without_value", "error", grade_name, "only one of value and grade is given")
        if not (_is_number(value) and _is_number(grade)):
            continue
        if grade not in load_profile(PROFILE_NAMES[0]).bands[metric].grades:
            yield _finding("grade_out_of_range", "error", grade_name, f"{grade} is not one of the documented grades")
        elif profile is not None and profile.grade(metric, value) != grade:
            message = f"{profile.name} grades {value} as {profile.grade(metric, value)}, the answer says {grade}"
            yield _finding("grade_mismatch", "error", grade_name, message)
        if round(value, DECIMALS) != value:
            yield _finding("too_many_decimals", "info", value_name, f"{value} has more than {DECIMALS} decimals")


def _followed_profiles(body: dict[str, Any]) -> list[str]:
    """Published profiles with the fewest mismatches; the one that our server names decides for its own answers."""
    method = body.get("x_method")
    if isinstance(method, dict) and method.get("profile") in PROFILE_NAMES:
        return [method["profile"]]
    mismatches = {
        name: sum(
            load_profile(name).grade(metric, body[value]) != body[grade]
            for metric, (value, grade) in FIELDS.items()
            if _is_number(body.get(value)) and _is_number(body.get(grade))
        )
        for name in PROFILE_NAMES
    }
    fewest = min(mismatches.values())
    return [name for name, count in mismatches.items() if count == fewest]


def _declared_mime(text: str) -> str | None:
    return text[len("data:") : text.index(";")] if text.startswith("data:") and ";" in text else None


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _type(value: Any) -> str:
    return {bool: "bool", int: "int", float: "float", str: "string", list: "list", dict: "object"}.get(
        type(value), type(value).__name__
    )
