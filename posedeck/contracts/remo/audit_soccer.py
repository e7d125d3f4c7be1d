"""Audit of answers of ``analysis-soccer-result`` against the vendor's document and against themselves.

Works on any answer, live, recorded or our own; the document has two layouts and publishes no ranges, so a value is held
only against what a body can do.
"""

from collections.abc import Iterator
from typing import Any, Literal, TypeGuard

from posedeck.contracts.finding import AuditReport, Finding, count_fields
from posedeck.contracts.remo.skeleton import error_code
from posedeck.contracts.remo.soccer import KEYS, PHASES, leaves
from posedeck.contracts.remo.soccer_errors import SoccerCode

#: Beyond these a value is a fault: ball diameters of a stride, degrees of a joint, degrees a second of a hip.
_MOST: dict[str, float] = {"stepping_foot_position": 15.0, "kick_right_hip_x": 2000.0}
_MOST_DEGREES = 225.0
_OUR_EXTRAS = "x_"
_METRICS = tuple(dict.fromkeys(metric for metric, _ in KEYS))
_TOTALS = ("total", "total_score")


def audit_kick(body: Any) -> AuditReport:
    """Audit a decoded result, finished or refused."""
    if not isinstance(body, dict) or not any(True for _ in leaves(body)):
        return refusal_report(body)
    findings = [*_form(body), *_values(body), *_validity(body)]
    return AuditReport(findings, checked=count_fields(body, {*_METRICS, *PHASES, *_TOTALS}))


def refusal_report(body: Any) -> AuditReport:
    """The audit of an answer that holds no result."""
    return AuditReport(list(_refusal(body)), checked=count_fields(body))


def _refusal(body: Any) -> Iterator[Finding]:
    """What is wrong with an answer that holds no result: a refusal, or that the job still runs."""
    if not isinstance(body, dict):
        yield finding("not_an_object", "error", "", "the answer is not a JSON object")
        return
    code = error_code(body)
    if code is None:
        yield finding("missing_code", "error", "", "neither values nor a code in status, status_code or statue_code")
    elif code not in set(SoccerCode):
        yield finding("unknown_code", "warning", "status", f"{code} is not in the document's tables")
    for name in ("state", "message"):
        if name not in body:
            yield finding("missing_field", "error", name, "it is missing")


def _form(body: dict[str, Any]) -> Iterator[Finding]:
    by_metric = [name for name in _METRICS if name in body]
    by_phase = [name for name in PHASES if isinstance(body.get(name), dict)]
    if by_metric and by_phase:
        yield finding("layouts_mixed", "error", "", f"{by_metric[0]} and {by_phase[0]} both stand outermost")
    found = {key for key, _ in leaves(body)}
    for key in KEYS:
        if key not in found:
            yield finding("missing_field", "error", ".".join(key), "it is missing")
    for name in body:
        if name not in (*_METRICS, *PHASES, *_TOTALS) and not name.startswith(_OUR_EXTRAS):
            yield finding("unexpected_field", "info", name, "it is not in the document")


def _values(body: dict[str, Any]) -> Iterator[Finding]:
    explained = {key for key, _ in leaves(body.get("x_validity") or {})}
    for key, value in leaves(body):
        name = ".".join(key)
        if value is None:
            if key not in explained:
                yield finding("null_field", "warning", name, "null, without a reason")
        elif isinstance(value, bool) or not isinstance(value, int | float):
            yield finding("wrong_type", "error", name, f"expected a number, got {type(value).__name__}")
        elif abs(value) > (most := _MOST.get(key[0], _MOST_DEGREES)):
            yield finding("implausible_value", "error", name, f"{value} is beyond what a body does (±{most:g})")


def _validity(body: dict[str, Any]) -> Iterator[Finding]:
    values = dict(leaves(body))
    for key, told in leaves(body.get("x_validity") or {}):
        if not isinstance(told, dict):
            continue
        value, low, high = values.get(key), told.get("low"), told.get("high")
        if told.get("status") == "withheld":
            if value is not None or not told.get("reason"):
                yield finding("withheld_oddly", "error", ".".join(key), "withheld with a value or without a reason")
        elif is_number(value) and is_number(low) and is_number(high) and not low <= value <= high:
            yield finding("interval_misses", "error", ".".join(key), f"{value} is not within {low} to {high}")


def is_number(value: Any) -> TypeGuard[float]:
    """Whether a JSON value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def finding(name: str, severity: Literal["error", "warning", "info"], field: str, message: str) -> Finding:
    """A finding about a kick's answer."""
    return Finding(name=name, severity=severity, field=field, message=message)
