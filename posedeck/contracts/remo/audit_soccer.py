"""Audit of answers of ``analysis-soccer-result`` and ``-score`` against the vendor's document and against themselves.

Works on any answer, live, recorded or our own; the document has two layouts and publishes no ranges, so a value is held
only against what a body can do.
"""

from collections.abc import Iterator
from typing import Any, Literal, TypeGuard

from posedeck.contracts.finding import AuditReport, Finding
from posedeck.contracts.remo.skeleton import error_code
from posedeck.contracts.remo.soccer import KEYS, PHASES, leaves
from posedeck.contracts.remo.soccer_errors import SoccerCode
from posedeck.pose.kick.score import FULL_MARKS, points, total_score

#: Beyond these a value is a fault: ball diameters of a stride, degrees of a joint, degrees a second of a hip.
_MOST: dict[str, float] = {"stepping_foot_position": 15.0, "kick_right_hip_x": 2000.0}
_MOST_DEGREES = 225.0
_OUR_EXTRAS = "x_"
_METRICS = tuple(dict.fromkeys(metric for metric, _ in KEYS))
_TOTALS = ("total", "total_score")
#: A total is printed with one decimal.
_TOTAL_ROUNDING = 0.051


def audit_kick(body: Any, score: Any = None) -> AuditReport:
    """Audit a decoded result, and the score that goes with it when there is one.

    Args:
        body: The answer of the result, finished or refused.
        score: The answer of the score for the same job; None leaves it out.
    """
    if not isinstance(body, dict):
        return AuditReport([_finding("not_an_object", "error", "", "the answer is not a JSON object")])
    if not any(True for _ in leaves(body)):
        return AuditReport(list(_refusal(body)))
    findings = [*_form(body), *_values(body), *_validity(body)]
    if isinstance(score, dict):
        findings += [*_points(body, score), *_total(score)]
    return AuditReport(findings)


def _refusal(body: dict[str, Any]) -> Iterator[Finding]:
    code = error_code(body)
    if code is None:
        yield _finding("missing_code", "error", "", "neither values nor a code in status, status_code or statue_code")
    elif code not in set(SoccerCode):
        yield _finding("unknown_code", "warning", "status", f"{code} is not in the document's tables")
    for name in ("state", "message"):
        if name not in body:
            yield _finding("missing_field", "error", name, "it is missing")


def _form(body: dict[str, Any]) -> Iterator[Finding]:
    by_metric = [name for name in _METRICS if name in body]
    by_phase = [name for name in PHASES if isinstance(body.get(name), dict)]
    if by_metric and by_phase:
        yield _finding("layouts_mixed", "error", "", f"{by_metric[0]} and {by_phase[0]} both stand outermost")
    found = {key for key, _ in leaves(body)}
    for key in KEYS:
        if key not in found:
            yield _finding("missing_field", "error", ".".join(key), "it is missing")
    for name in body:
        if name not in (*_METRICS, *PHASES, *_TOTALS) and not name.startswith(_OUR_EXTRAS):
            yield _finding("unexpected_field", "info", name, "it is not in the document")


def _values(body: dict[str, Any]) -> Iterator[Finding]:
    explained = {key for key, _ in leaves(body.get("x_validity") or {})}
    for key, value in leaves(body):
        name = ".".join(key)
        if value is None:
            if key not in explained:
                yield _finding("null_field", "warning", name, "null, without a reason")
        elif isinstance(value, bool) or not isinstance(value, int | float):
            yield _finding("wrong_type", "error", name, f"expected a number, got {type(value).__name__}")
        elif abs(value) > (most := _MOST.get(key[0], _MOST_DEGREES)):
            yield _finding("implausible_value", "error", name, f"{value} is beyond what a body does (±{most:g})")


def _validity(body: dict[str, Any]) -> Iterator[Finding]:
    values = dict(leaves(body))
    for key, told in leaves(body.get("x_validity") or {}):
        if not isinstance(told, dict):
            continue
        value, low, high = values.get(key), told.get("low"), told.get("high")
        if told.get("status") == "withheld":
            if value is not None or not told.get("reason"):
                yield _finding("withheld_oddly", "error", ".".join(key), "withheld with a value or without a reason")
        elif _is_number(value) and _is_number(low) and _is_number(high) and not low <= value <= high:
            yield _finding("interval_misses", "error", ".".join(key), f"{value} is not within {low} to {high}")


def _points(body: dict[str, Any], score: dict[str, Any]) -> Iterator[Finding]:
    values = dict(leaves(body))
    for key, given in leaves(score):
        name = ".".join(key)
        if given is None:
            continue
        if not _is_number(given):
            yield _finding("wrong_type", "error", name, f"expected points, got {type(given).__name__}")
        elif not 0 <= given <= FULL_MARKS:
            yield _finding("points_out_of_range", "error", name, f"{given} is not within 0 to {FULL_MARKS}")
        elif _is_number(value := values.get(key)) and abs(given - (own := points(*key, value) or 0)) > 1:
            # Whether a begun step costs the whole point is not published, so one point is no difference.
            yield _finding("points_mismatch", "warning", name, f"{value} earns {own} by the bands, not {given}")


def _total(score: dict[str, Any]) -> Iterator[Finding]:
    total = score.get("total_score")
    given = [value for _, value in leaves(score) if _is_number(value)]
    own = total_score([round(value) for value in given]) if all(float(value).is_integer() for value in given) else None
    if _is_number(total) and not 0 <= total <= 10 * FULL_MARKS:
        yield _finding("points_out_of_range", "error", "total_score", f"{total} is not within 0 to 100")
    elif _is_number(total) and own is not None and abs(total - own) > _TOTAL_ROUNDING:
        yield _finding("total_mismatch", "warning", "total_score", f"ten times the mean is {own}, not {total}")


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _finding(name: str, severity: Literal["error", "warning", "info"], field: str, message: str) -> Finding:
    return Finding(name=name, severity=severity, field=field, message=message)
