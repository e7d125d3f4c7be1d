"""``POST /api/analysis-soccer`` and its four reads: a clip of a kick in, nine graded values out, later.

Submit answers at once with how long to wait; result, score, angle and draw are read by e-mail and uuid.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

from posedeck.contracts.images import decode_base64_image
from posedeck.pose.kick.analysis import KickAnalysis
from posedeck.pose.kick.metrics import METRICS

SUBMIT_PATH = "/api/analysis-soccer"
RESULT_PATH = "/api/analysis-soccer-result"
SCORE_PATH = "/api/analysis-soccer-score"
ANGLE_PATH = "/api/analysis-soccer-angle"
DRAW_PATH = "/api/analysis-soccer-draw"
#: Where the vendor's own sample code posts by mistake.
MISNAMED_PATH = "/api/analysis-golf"
#: What one analysis costs here.
CREDITS = 4
MIN_FRAMES, MAX_FRAMES = 30, 900
MIN_HEIGHT_CM, MAX_HEIGHT_CM = 80.0, 230.0
MAX_BODY_BYTES = 300_000_000
#: A wait is told between these, in seconds.
MIN_WAIT_S, MAX_WAIT_S = 2, 60
#: Field of the submit that holds the clip, and field of the drawn one.
CLIP_FIELD = "base64_video"
REQUIRED_FIELDS = ("Email", "UserKey", "APIKey", "height", "uuid")
READ_FIELDS = ("id", "uuid")
MAX_UUID_CHARS = 200
LINE_NAMES = ("KneeLine", "Pelvis", "ShoulderLine")

Key = tuple[str, str]
#: The twelve documented values, by metric and phase.
KEYS: tuple[Key, ...] = tuple((metric.key, metric.phase) for metric in METRICS)
_DECIMALS = 3
PHASES = ("before_impact", "impact", "after_impact")
# The phase-first layout files the after-impact value of this metric under its real phase.
_PHASE_FIRST_NAMES = {("upper_pelvis_shoulder_y", "impact"): "after_impact"}


class SoccerRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Body of the submit. Fields default to empty so that a missing one can be told from a malformed body.

    ``x_upload`` names a file that was uploaded before and stands for ``base64_video``.
    """

    Email: str = ""
    UserKey: str = ""
    APIKey: str = ""
    base64_video: str = ""
    height: str | float = ""
    uuid: Annotated[str, msgspec.Meta(max_length=MAX_UUID_CHARS)] = ""
    x_upload: str = ""

    def __repr__(self) -> str:
        return f"SoccerRequest(uuid={self.uuid!r})"

    def missing(self) -> list[str]:
        """Names of required fields that are missing or empty."""
        absent = [name for name in REQUIRED_FIELDS if not str(getattr(self, name)).strip()]
        if not self.base64_video.strip() and not self.x_upload.strip():
            absent.append("base64_video")
        return absent


class ReadRequest(msgspec.Struct, frozen=True):
    """Body of the four reads: the e-mail and the uuid, no key."""

    id: str = ""
    uuid: Annotated[str, msgspec.Meta(max_length=MAX_UUID_CHARS)] = ""

    def __repr__(self) -> str:
        return f"ReadRequest(uuid={self.uuid!r})"

    def missing(self) -> list[str]:
        """Names of required fields that are missing or empty."""
        return [name for name in READ_FIELDS if not getattr(self, name).strip()]


def read_height_cm(height: str | float) -> float | None:
    """Body height in cm as the submit carries it, as text or number; None when it is no number within the limits."""
    try:
        value = float(height)
    except ValueError:
        return None
    return value if MIN_HEIGHT_CM <= value <= MAX_HEIGHT_CM else None


class SubmitSuccess(msgspec.Struct, frozen=True, kw_only=True):
    """Success body of the submit, its keys in the order of the vendor's example. ``credit`` is what the job costs."""

    state: int = 1
    wait_time: int
    file_exist: bool
    uuid: str
    message: str = "success"
    credit: int = CREDITS
    x_balance: int
    x_job: str


class WireValidity(msgspec.Struct, frozen=True):
    """What one value is worth (``x_validity``): its 95 % interval, or the reason why it is withheld."""

    status: Literal["reported", "range", "withheld"]
    reason: str | None
    low: float | None
    high: float | None


def write_result(analysis: KickAnalysis) -> dict[str, Any]:
    """The documented result, metric first; beside it what each value is worth, the side, and the whole analysis."""
    body: dict[str, Any] = _nested({(v.metric, v.phase): _printed(v.value) for v in analysis.values})
    body["x_validity"] = _nested(
        {
            (v.metric, v.phase): WireValidity(v.status, v.reason, _printed(v.low), _printed(v.high))
            for v in analysis.values
        }
    )
    body["x_kicking_side"] = analysis.side
    body["x_kick"] = analysis
    return body


def write_score(analysis: KickAnalysis) -> dict[str, Any]:
    """The documented score in the nesting of the result, with ``total_score`` and ``x_scored``."""
    body: dict[str, Any] = _nested({(v.metric, v.phase): v.points for v in analysis.values})
    body["total_score"] = analysis.total_score
    body["x_scored"] = analysis.scored
    return body


def write_angle(analysis: KickAnalysis) -> dict[str, Any]:
    """The documented angles, ``[frames][3]`` degrees, null where a line was not seen; beside them the kicking knee."""
    body: dict[str, Any] = {
        name: [[_printed(angle) for angle in row] for row in analysis.lines_deg[name]] for name in LINE_NAMES
    }
    body["x_knee_at_impact"] = analysis.knee_at_impact
    return body


@dataclass(frozen=True)
class SubmitAnswer:
    """A parsed submit.

    Attributes:
        uuid: Under which the result is read.
        wait_s: Seconds to wait before the first read.
        file_exist: Whether the vendor knew the uuid already and charged nothing more.
        cost: Credits that the job costs; None when the answer does not say.
        balance: Credits left; our server only.
        job: Id of the job; our server only.
    """

    uuid: str
    wait_s: float
    file_exist: bool
    cost: int | None
    balance: int | None
    job: str | None


@dataclass(frozen=True)
class ResultAnswer:
    """A parsed result.

    Attributes:
        values: By metric and documented phase; a value that was left out or is null is None.
        validity: What each value is worth; our server only.
        analysis: The whole analysis; our server only.
    """

    values: dict[Key, float | None]
    validity: dict[Key, WireValidity]
    analysis: KickAnalysis | None


@dataclass(frozen=True)
class ScoreAnswer:
    """A parsed score: points by metric and phase, and the total 0..100; None where the vendor sent none."""

    points: dict[Key, float | None]
    total: float | None


def parse_submit(body: dict[str, Any]) -> SubmitAnswer:
    """A successful submit in either spelling. Raises ValueError when it tells neither uuid nor a wait."""
    wait = _first(body, "wait_time", "waitTime")
    uuid = str(body.get("uuid") or "")
    if not uuid and wait is None:
        raise ValueError("the answer tells neither uuid nor wait_time")
    exists = _first(body, "file_exist", "fileExist")
    return SubmitAnswer(
        uuid=uuid,
        wait_s=max(_number(wait, "wait_time") or 0.0, 0.0),
        file_exist=exists in (True, 1, "1", "true", "True"),
        cost=_integer(body.get("credit"), "credit"),
        balance=_integer(body.get("x_balance"), "x_balance"),
        job=body["x_job"] if isinstance(body.get("x_job"), str) else None,
    )


def is_result(body: dict[str, Any]) -> bool:
    """Whether a body holds soccer values in either layout; a finished result carries no ``state``."""
    return any(name in body for name, _ in KEYS) or any(isinstance(body.get(phase), dict) for phase in PHASES)


def parse_result(body: dict[str, Any]) -> ResultAnswer:
    """A result, metric first or phase first.

    Raises:
        ValueError: when it holds none of the nine metrics or a value is not a number.
    """
    values = {key: _number(value, ".".join(key)) for key, value in leaves(body)}
    if not values:
        raise ValueError("the answer holds none of the nine metrics")
    try:
        analysis = msgspec.convert(body["x_kick"], KickAnalysis) if body.get("x_kick") else None
        validity = {key: msgspec.convert(value, WireValidity) for key, value in leaves(body.get("x_validity") or {})}
    except msgspec.ValidationError as error:
        raise ValueError(f"extra fields: {error}") from error
    return ResultAnswer({key: values.get(key) for key in KEYS}, validity, analysis)


def parse_score(body: dict[str, Any]) -> ScoreAnswer:
    """A score in the nesting of either result layout.

    Raises:
        ValueError: when it holds no points and no total, or one is not a number.
    """
    points = {key: _number(value, ".".join(key)) for key, value in leaves(body)}
    total = _number(body.get("total_score"), "total_score")
    if not points and total is None:
        raise ValueError("the answer holds no score")
    return ScoreAnswer({key: points.get(key) for key in KEYS}, total)


def parse_angle(body: dict[str, Any]) -> dict[str, list[tuple[float | None, float | None, float | None]]]:
    """The three line angles, ``[frames][3]``. Raises ValueError when one is missing or not of that form."""
    lines = {}
    for name in LINE_NAMES:
        try:
            lines[name] = msgspec.convert(
                body.get(name), list[tuple[float | None, float | None, float | None]], strict=False
            )
        except msgspec.ValidationError as error:
            raise ValueError(f"{name}: {error}") from error
    return lines


def parse_draw(body: dict[str, Any]) -> bytes:
    """The drawn MP4. Raises ValueError when there is none or it is not base64."""
    text = body.get("base64_video")
    if not isinstance(text, str) or not text:
        raise ValueError("the answer holds no base64_video")
    return decode_base64_image(text)


def _nested(values: dict[Key, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for (metric, phase), value in values.items():
        body.setdefault(metric, {})[phase] = value
    return body


def leaves(body: dict[str, Any]) -> Iterator[tuple[Key, Any]]:
    """Every documented leaf that the body holds, whichever of the two layouts it has."""
    for key in KEYS:
        metric, phase = key
        by_metric = body.get(metric)
        if isinstance(by_metric, dict):
            for name in (phase, _PHASE_FIRST_NAMES.get(key, phase)):
                if name in by_metric:
                    yield key, by_metric[name]
                    break
            continue
        by_phase = body.get(_PHASE_FIRST_NAMES.get(key, phase))
        if isinstance(by_phase, dict) and metric in by_phase:
            yield key, by_phase[metric]


def _first(body: dict[str, Any], *names: str) -> Any:
    return next((body[name] for name in names if body.get(name) is not None), None)


def _number(value: Any, name: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool):
        raise ValueError(f"{name} is a boolean")
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} is not a number") from error


def _integer(value: Any, name: str) -> int | None:
    number = _number(value, name)
    return None if number is None else int(number)


def _printed(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS) + 0.0
