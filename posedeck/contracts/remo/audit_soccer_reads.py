"""Audit of the other answers about a kick: submit, score, angles and drawn clip, against what the vendor documents.

Works on any answer, live, recorded or our own. The vendor's document shows the submit; the forms of the reads are those
of its examples, which publish no ranges, so a number is held only against what it is said to be.
"""

from collections.abc import Iterator
from typing import Any

from posedeck.contracts.finding import AuditReport, Finding, count_fields
from posedeck.contracts.images import decode_base64_image
from posedeck.contracts.remo.audit_soccer import finding, is_number, refusal_report
from posedeck.contracts.remo.skeleton import is_success
from posedeck.contracts.remo.soccer import CLIP_FIELD, LINE_NAMES, PHASES, leaves
from posedeck.contracts.remo.soccer import KEYS as VALUES
from posedeck.pose.kick.score import FULL_MARKS, points, total_score

#: Documented fields of the submit with the type that its table gives, and the other spelling that clients have met.
_SUBMIT = {
    "state": ("int", int, None),
    "message": ("string", str, None),
    "uuid": ("string", str, None),
    "wait_time": ("int", int, "waitTime"),
    "file_exist": ("bool", bool, "fileExist"),
    "credit": ("int", int, None),
}
_STATES = ("state", "message", "status", "status_code")
_TOTALS = ("total", "total_score")
_METRICS = tuple(dict.fromkeys(metric for metric, _ in VALUES))
#: A total is printed with one decimal.
_TOTAL_ROUNDING = 0.051
#: An angle about an axis is told within one turn either way.
_MOST_DEGREES = 360.0
_OUR_EXTRAS = "x_"


def audit_submit(body: Any) -> AuditReport:
    """Audit the decoded answer of the submit, accepted or refused."""
    if not isinstance(body, dict) or not is_success(body):
        return refusal_report(body)
    spellings = {other for _, _, other in _SUBMIT.values()}
    return _report(body, [*_submit_fields(body)], {*_SUBMIT, *spellings})


def audit_score(body: Any, result: Any = None) -> AuditReport:
    """Audit the decoded answer of the score.

    Args:
        body: The answer, finished or refused.
        result: The answer of the result for the same job; when it is given, the points are held against its values.
    """
    if not isinstance(body, dict) or not (any(True for _ in leaves(body)) or "total_score" in body):
        return refusal_report(body)
    findings = [*_missing_points(body), *_points(body, result if isinstance(result, dict) else {}), *_total(body)]
    return _report(body, [*findings], {*_METRICS, *PHASES, *_TOTALS, *_STATES})


def audit_angle(body: Any, frames: int | None = None) -> AuditReport:
    """Audit the decoded answer of the angles: three lines, ``[frames][3]`` degrees.

    Args:
        body: The answer, finished or refused.
        frames: Frames of the clip, when they are known.
    """
    if not isinstance(body, dict) or not any(name in body for name in LINE_NAMES):
        return refusal_report(body)
    return _report(body, [*_lines(body, frames)], {*LINE_NAMES, *_STATES})


def audit_draw(body: Any) -> AuditReport:
    """Audit the decoded answer of the drawn clip: an MP4 in base64."""
    if not isinstance(body, dict) or CLIP_FIELD not in body:
        return refusal_report(body)
    return _report(body, [*_clip(body[CLIP_FIELD])], {CLIP_FIELD, *_STATES})


def _report(body: dict[str, Any], findings: list[Finding], known: set[str | None]) -> AuditReport:
    names = {name for name in known if name is not None}
    return AuditReport([*findings, *_unexpected(body, known)], checked=count_fields(body, names))


def _submit_fields(body: dict[str, Any]) -> Iterator[Finding]:
    for name, (label, kind, other) in _SUBMIT.items():
        if name not in body:
            if other in body:
                yield finding("other_spelling", "info", other or "", f"documented as {name}")
            else:
                yield finding("missing_field", "error", name, "the document lists this field; the answer lacks it")
            continue
        value = body[name]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            yield finding("wrong_type", "warning", name, f"documented as {label}, got {type(value).__name__}")
    if body.get("uuid") == "":
        yield finding("empty_uuid", "warning", "uuid", "the uuid is empty")
    for name in ("wait_time", "credit"):
        if is_number(body.get(name)) and body[name] < 0:
            yield finding("implausible_value", "error", name, f"{body[name]} is less than nothing")


def _missing_points(body: dict[str, Any]) -> Iterator[Finding]:
    found = {key for key, _ in leaves(body)}
    for key in VALUES:
        if key not in found:
            yield finding("missing_field", "error", ".".join(key), "the score has the nesting of the result")
    if "total_score" not in body:
        yield finding("missing_field", "error", "total_score", "the score tells a total")


def _points(body: dict[str, Any], result: dict[str, Any]) -> Iterator[Finding]:
    values = dict(leaves(result))
    for key, given in leaves(body):
        name = ".".join(key)
        if given is None:
            continue
        if not is_number(given):
            yield finding("wrong_type", "error", name, f"expected points, got {type(given).__name__}")
        elif not 0 <= given <= FULL_MARKS:
            yield finding("points_out_of_range", "error", name, f"{given} is not within 0 to {FULL_MARKS}")
        elif is_number(value := values.get(key)) and abs(given - (own := points(*key, value) or 0)) > 1:
            # Whether a begun step costs the whole point is not published, so one point is no difference.
            yield finding("points_mismatch", "warning", name, f"{value} earns {own} by the bands, not {given}")


def _total(body: dict[str, Any]) -> Iterator[Finding]:
    total = body.get("total_score")
    given = [value for _, value in leaves(body) if is_number(value)]
    own = total_score([round(value) for value in given]) if all(float(value).is_integer() for value in given) else None
    if total is not None and not is_number(total):
        yield finding("wrong_type", "error", "total_score", f"expected a number, got {type(total).__name__}")
    elif is_number(total) and not 0 <= total <= 10 * FULL_MARKS:
        yield finding("points_out_of_range", "error", "total_score", f"{total} is not within 0 to 100")
    elif is_number(total) and own is not None and abs(total - own) > _TOTAL_ROUNDING:
        yield finding("total_mismatch", "warning", "total_score", f"ten times the mean is {own}, not {total}")


def _lines(body: dict[str, Any], frames: int | None) -> Iterator[Finding]:
    lengths: dict[str, int] = {}
    for name in LINE_NAMES:
        line = body.get(name)
        if name not in body:
            yield finding("missing_field", "error", name, "the answer has this line for every frame")
        elif not isinstance(line, list):
            yield finding("wrong_type", "error", name, f"expected [frames][3], got {type(line).__name__}")
        else:
            lengths[name] = len(line)
            yield from _line(name, line)
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {count}" for name, count in lengths.items())
        yield finding("frames_differ", "error", "", f"the lines have different numbers of frames: {told}")
    elif frames is not None and lengths and next(iter(lengths.values())) != frames:
        message = f"the clip has {frames} frames, the lines {next(iter(lengths.values()))}"
        yield finding("frames_differ", "warning", "", message)


def _line(name: str, line: list[Any]) -> Iterator[Finding]:
    """The first row of each kind of fault: a clip has hundreds of rows."""
    odd = next((i for i, row in enumerate(line) if not _is_row(row)), None)
    if odd is not None:
        yield finding("angle_malformed", "error", f"{name}[{odd}]", "expected three numbers or nulls: x, y, z")
        return
    far = next((i for i, row in enumerate(line) if any(abs(v) > _MOST_DEGREES for v in row if v is not None)), None)
    if far is not None:
        yield finding("implausible_value", "error", f"{name}[{far}]", f"{line[far]} is more than one turn")


def _is_row(row: Any) -> bool:
    return isinstance(row, list) and len(row) == 3 and all(value is None or is_number(value) for value in row)


def _clip(text: Any) -> Iterator[Finding]:
    if not isinstance(text, str):
        yield finding("wrong_type", "error", CLIP_FIELD, f"expected base64 text, got {type(text).__name__}")
        return
    try:
        data = decode_base64_image(text)
    except ValueError as error:
        yield finding("clip_not_base64", "error", CLIP_FIELD, f"the clip cannot be decoded: {error}")
        return
    # ISO/IEC 14496-12: a file begins with its ``ftyp`` box, whose name follows four bytes of length.
    if data[4:8] != b"ftyp":
        yield finding("clip_not_mp4", "error", CLIP_FIELD, "the bytes do not begin as an MP4 file does")


def _unexpected(body: dict[str, Any], known: set[str | None]) -> Iterator[Finding]:
    for name in body:
        if name not in known and not name.startswith(_OUR_EXTRAS):
            yield finding("unexpected_field", "info", name, "it is not in the document")
