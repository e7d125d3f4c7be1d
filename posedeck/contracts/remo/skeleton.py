"""``POST /api/analysis-skeleton``: front and side photo in, eleven graded values out."""

from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import UNSET, UnsetType

from posedeck.contracts.images import decode_base64_image
from posedeck.contracts.remo.coords import read_coords
from posedeck.pose.pose import Pose
from posedeck.pose.posture import METRICS, View
from posedeck.pose.skeleton import BLAZEPOSE_33

PATH = "/api/analysis-skeleton"
API_NAME = "Analysis_skeleton"
#: What one analysis costs.
CREDITS = 1
REQUIRED_FIELDS = ("Email", "UserKey", "APIKey", "forigimg", "sorigimg")
#: A caller's ``uuid`` is echoed, so it is bounded; UUIDs have 36 characters.
MAX_UUID_CHARS = 200
#: Ours only: the profile that the caller wants the grades by.
PROFILE_HEADER = "X-PoseDeck-Profile"

#: Wire names of a metric's value and grade.
FIELDS = {
    "head_tilt": ("far_head_bal_m_", "far_head_bal_grade"),
    "shoulder_tilt": ("far_shoulder_bal_m_", "far_shoulder_bal_grade"),
    "pelvis_tilt": ("far_pelvic_bal_m_", "far_pelvic_bal_grade"),
    "knee_tilt": ("far_knee_bal_m_", "far_knee_bal_grade"),
    "body_tilt": ("far_tilt_m_", "far_tilt_grade"),
    "left_leg": ("far_left_qang_m_", "far_left_qang_grade"),
    "right_leg": ("far_right_qang_m_", "far_right_qang_grade"),
    "turtle_neck": ("turtle_neck_m_", "turtle_neck_grade"),
    "round_shoulder": ("round_shoulder_m_", "round_shoulder_grade"),
    "side_body_tilt": ("sar_tilt_m_", "sar_tilt_grade"),
    "side_head_tilt": ("sar_head_tilt_m_", "sar_head_tilt_grade"),
}
COORDS = {View.FRONT: "far_coords", View.SIDE: "sar_coords"}
IMAGES = {View.FRONT: "forigimg", View.SIDE: "sorigimg"}

#: The live service has been seen to send the grade of ``sar_tilt`` under this name instead.
_MISNAMED_GRADE = {"sar_tilt_grade": "bar_left_qang_grade"}


class SkeletonRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Body of the request. Fields default to empty so that a missing one can be told from a malformed body."""

    Email: str = ""
    UserKey: str = ""
    APIKey: str = ""
    forigimg: str = ""
    sorigimg: str = ""
    uuid: Annotated[str, msgspec.Meta(max_length=MAX_UUID_CHARS)] = ""

    def __repr__(self) -> str:
        return f"SkeletonRequest(uuid={self.uuid!r})"

    def missing(self) -> list[str]:
        """Names of required fields that are missing or empty."""
        return [name for name in REQUIRED_FIELDS if not getattr(self, name).strip()]


class WirePose(msgspec.Struct, frozen=True):
    """A pose of ours on the wire (``x_pose``): pixels of the sent picture, floats; null where a point is missing."""

    names: list[str]
    xy_px: list[list[float | None]]
    score: list[float | None]
    sigma_px: list[float | None] | None = None


class WireMethod(msgspec.Struct, frozen=True):
    """How our engine came to its values (``x_method``)."""

    engine: str
    models: list[str]
    passes: int
    calibration: str | None
    profile: str
    head_source: dict[str, str]


class SkeletonAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A parsed success.

    Attributes:
        values: Metric key to degrees, as printed; a metric the vendor left out is absent.
        grades: Metric key to grade; absent where the vendor sent none.
        images: Pictures with the result drawn, as sent; undecodable ones are absent.
        coords: The 22 points per photo.
        credit: Balance after the call; None when the answer does not say.
        raw_values, poses, method: Our server's own extras (``x_raw``, ``x_pose``, ``x_method``), else None or empty.
    """

    values: dict[str, float]
    grades: dict[str, int]
    images: dict[View, bytes]
    coords: dict[View, Pose]
    credit: int | None
    credit_change: int | None
    uuid: str
    raw_values: dict[str, float]
    poses: dict[View, Pose]
    method: WireMethod | None


class _Extras(msgspec.Struct, frozen=True):
    x_raw: dict[str, float | None] | UnsetType = UNSET
    x_pose: dict[View, WirePose] | UnsetType = UNSET
    x_method: WireMethod | UnsetType = UNSET


def is_success(body: dict[str, Any]) -> bool:
    """Whether a body reports success; ``state`` may come as bool, number or text."""
    return body.get("state") in (True, 1, "1", "true", "True")


def error_code(body: dict[str, Any]) -> int | None:
    """The error code of a refusal from whichever of the vendor's field names carries it."""
    for name in ("status_code", "status", "statue_code"):
        value = body.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and value.isdigit():
            return int(value)
    return None


def parse_answer(body: dict[str, Any]) -> SkeletonAnswer:
    """A success body as the vendor or our server sends it, in all its known variants.

    Raises:
        ValueError: when it holds no value at all or a value is not a number.
    """
    values: dict[str, float] = {}
    grades: dict[str, int] = {}
    for metric in METRICS:
        value_name, grade_name = FIELDS[metric.key]
        value = _number(body, value_name)
        if value is not None:
            values[metric.key] = value
        grade = _number(body, grade_name)
        if grade is None and grade_name in _MISNAMED_GRADE:
            grade = _number(body, _MISNAMED_GRADE[grade_name])
        if grade is not None:
            grades[metric.key] = int(grade)
    if not values:
        raise ValueError("the answer holds none of the eleven values")
    try:
        extras = msgspec.convert({k: v for k, v in body.items() if k.startswith("x_")}, _Extras)
    except msgspec.ValidationError as error:
        raise ValueError(f"extra fields: {error}") from error
    raw = {} if extras.x_raw is UNSET else extras.x_raw
    poses = {} if extras.x_pose is UNSET else extras.x_pose
    return SkeletonAnswer(
        values=values,
        grades=grades,
        images=_images(body),
        coords={view: read_coords(body[name]) for view, name in COORDS.items() if body.get(name)},
        credit=_integer(body, "credit"),
        credit_change=_integer(body, "credit_change"),
        uuid=str(body.get("uuid") or ""),
        raw_values={key: value for key, value in raw.items() if value is not None},
        poses={view: read_pose(pose) for view, pose in poses.items()},
        method=None if extras.x_method is UNSET else extras.x_method,
    )


def write_pose(pose: Pose) -> WirePose:
    """Our pose as ``x_pose`` carries it, to a thousandth of a pixel so that every value can be recomputed from it."""
    return WirePose(
        names=list(pose.skeleton.names),
        xy_px=[[_printed(x), _printed(y)] for x, y in pose.xy_px.tolist()],
        score=[_printed(score) for score in pose.score.tolist()],
        sigma_px=None if pose.sigma_px is None else [_printed(sigma) for sigma in pose.sigma_px.tolist()],
    )


def read_pose(wire: WirePose) -> Pose:
    """The pose that ``write_pose`` wrote. Raises ValueError for other keypoints than our 33."""
    if tuple(wire.names) != BLAZEPOSE_33.names:
        raise ValueError("x_pose does not name our 33 keypoints")
    return Pose(
        BLAZEPOSE_33,
        np.array(wire.xy_px, dtype=np.float64),
        np.array(wire.score, dtype=np.float64),
        None if wire.sigma_px is None else np.array(wire.sigma_px, dtype=np.float64),
    )


def _printed(value: float) -> float | None:
    return None if value != value else round(value, 3)


def _number(body: dict[str, Any], name: str) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool):
        raise ValueError(f"{name} is a boolean")
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} is not a number") from error


def _integer(body: dict[str, Any], name: str) -> int | None:
    value = _number(body, name)
    return None if value is None else int(value)


def _images(body: dict[str, Any]) -> dict[View, bytes]:
    images = {}
    for view, name in IMAGES.items():
        text = body.get(name)
        if isinstance(text, str) and text:
            try:
                images[view] = decode_base64_image(text)
            except ValueError:
                continue  # a picture that does not decode must not hide the values; the raw answer still shows it
    return images
