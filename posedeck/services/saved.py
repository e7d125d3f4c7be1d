"""A result as a JSON file: what is written, and how it is read back."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
import numpy as np

from posedeck import __version__
from posedeck.contracts.remo.coords import REMO_22
from posedeck.contracts.remo.skeleton import WireMethod
from posedeck.pose.grades import DECIMALS, Profile
from posedeck.pose.pose import Pose
from posedeck.pose.posture import METRIC_BY_KEY, View
from posedeck.pose.skeleton import BLAZEPOSE_33
from posedeck.pose.uncertainty import Estimate
from posedeck.services.assessment import Assessment, MetricAssessment
from posedeck.services.posture import PostureResult
from posedeck.services.sharing import shareable_answer
from posedeck.services.sources import Source, origin_of

FORMAT = "posedeck-posture"
FORMAT_VERSION = 1
#: Our own files have about 30 kB.
MAX_EXPORT_BYTES = 2_000_000

_PROBABILITY_DECIMALS = 4
_SKELETONS = {skeleton.names: skeleton for skeleton in (BLAZEPOSE_33, REMO_22)}

Grade = Annotated[int, msgspec.Meta(ge=-2, le=2)]
Sigma = Annotated[float, msgspec.Meta(ge=0)]
Pixels = Annotated[int, msgspec.Meta(gt=0)]
Probability = Annotated[float, msgspec.Meta(ge=0, le=1)]


class SavedApplication(msgspec.Struct, frozen=True):
    """What wrote the file."""

    name: str
    version: str


class SavedSource(msgspec.Struct, frozen=True):
    """Who answered."""

    kind: Source
    label: str
    base_url: str


class SavedPhoto(msgspec.Struct, frozen=True):
    """Which photo was sent: its hash and its size in pixels."""

    sha256: str
    width: Pixels
    height: Pixels


class SavedPose(msgspec.Struct, frozen=True):
    """Keypoints in pixels of the photo; null where one is missing.

    Attributes:
        corrected: Names of the keypoints that were moved by hand.
    """

    names: tuple[str, ...]
    xy_px: list[tuple[float | None, float | None]]
    score: list[float | None]
    sigma_px: list[Sigma | None] | None = None
    corrected: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.names not in _SKELETONS:
            raise ValueError("the keypoints are neither our 33 nor the vendor's 22")
        for name in ("xy_px", "score", "sigma_px"):
            values = getattr(self, name)
            if values is not None and len(values) != len(self.names):
                raise ValueError(f"{len(self.names)} keypoints need as many {name}, got {len(values)}")
        unknown = sorted(set(self.corrected) - set(self.names))
        if unknown:
            raise ValueError(f"corrected names unknown keypoints: {', '.join(unknown)}")

    def pose(self) -> Pose:
        """The keypoints as a pose."""
        return Pose(
            _SKELETONS[self.names],
            np.array(self.xy_px, dtype=np.float64),
            np.array(self.score, dtype=np.float64),
            None if self.sigma_px is None else np.array(self.sigma_px, dtype=np.float64),
        )


class SavedEstimate(msgspec.Struct, frozen=True):
    """An angle in degrees with its standard deviation and 95 % interval."""

    value_deg: float
    sigma_deg: Sigma
    interval_95_deg: tuple[float, float]


class SavedAnswered(msgspec.Struct, frozen=True):
    """What the answer itself says of a metric."""

    value: float | None
    grade: int | None


class SavedMetric(msgspec.Struct, frozen=True, kw_only=True):
    """One metric as it was assessed; degrees.

    Attributes:
        raw_value: Uncalibrated value.
        probabilities: Probability of each grade; empty without a band.
        corrected: Whether a keypoint of it was moved by hand.
    """

    key: str
    view: View
    unit: Literal["deg"] = "deg"
    value: float | None
    sigma_deg: Sigma | None
    interval_95: tuple[float, float] | None
    raw_value: float | None
    grade: Grade | None
    probabilities: dict[Grade, Probability]
    borderline: bool
    corrected: bool
    answered: SavedAnswered

    def __post_init__(self) -> None:
        if self.key not in METRIC_BY_KEY:
            raise ValueError(f"unknown metric {self.key!r}")
        if (self.value is None) != (self.sigma_deg is None):
            raise ValueError(f"{self.key} has only one of value and sigma_deg")

    @property
    def estimate(self) -> Estimate | None:
        """Value and standard deviation in degrees; None when it was not measured."""
        return None if self.value is None or self.sigma_deg is None else Estimate(self.value, self.sigma_deg)


class SavedResult(msgspec.Struct, frozen=True, kw_only=True):
    """A result as the file holds it.

    Attributes:
        calibration: Version of what the values were calibrated by; None when they are as measured.
        common_mode: What the frontal tilts share, camera roll or a lean of the whole body.
        poses: Keypoints as they were assessed, corrections included.
        answer: The answer with its pictures collapsed.
    """

    format: str = FORMAT
    format_version: int = FORMAT_VERSION
    application: SavedApplication
    source: SavedSource
    answered_at: Annotated[datetime, msgspec.Meta(tz=True)]
    uuid: str
    profile: Profile
    calibration: str | None
    common_mode: SavedEstimate | None
    method: WireMethod | None
    metrics: tuple[SavedMetric, ...]
    photos: dict[View, SavedPhoto]
    poses: dict[View, SavedPose]
    answer: Any = None

    def __post_init__(self) -> None:
        keys = [entry.key for entry in self.metrics]
        if len(set(keys)) != len(keys):
            raise ValueError("a metric stands in the file twice")

    def metric(self, key: str) -> SavedMetric | None:
        """The metric of a key; None when the file does not hold it."""
        return next((entry for entry in self.metrics if entry.key == key), None)


class _Head(msgspec.Struct):
    format: str = ""
    format_version: int = 0


def save_result(result: PostureResult, assessment: Assessment) -> SavedResult:
    """What the file of a result holds, without the answer itself."""
    common = assessment.common
    return SavedResult(
        application=SavedApplication("PoseDeck", __version__),
        source=SavedSource(result.source, result.source.label_for("remo", origin_of(result.exchange)), result.base_url),
        answered_at=result.answered_at,
        uuid=result.uuid,
        profile=assessment.profile,
        calibration=assessment.calibration.version if assessment.calibration else None,
        common_mode=_save_estimate(common.estimate) if common else None,
        method=result.method,
        metrics=tuple(_save_metric(entry) for entry in assessment.metrics),
        photos={view: SavedPhoto(photo.sha256, photo.width, photo.height) for view, photo in result.photos.items()},
        poses={view: _save_pose(pose, assessment.edits.get(view, {})) for view, pose in assessment.poses.items()},
    )


def export_json(result: PostureResult, assessment: Assessment) -> bytes:
    """The result as indented JSON: who answered, how it was graded, all numbers, and the answer without pictures."""
    document = msgspec.structs.replace(save_result(result, assessment), answer=shareable_answer(result.body))
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def read_export(data: bytes) -> SavedResult:
    """Read what ``export_json`` wrote.

    Raises:
        ValueError: when it is something else; the text says what is wrong with it.
    """
    if len(data) > MAX_EXPORT_BYTES:
        raise ValueError(f"larger than {MAX_EXPORT_BYTES} bytes")
    try:
        head = msgspec.json.decode(data, type=_Head)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"not the JSON of a result: {error}") from error
    if head.format != FORMAT:
        raise ValueError(f"not an exported result: format is {head.format!r}, not {FORMAT!r}")
    if head.format_version != FORMAT_VERSION:
        raise ValueError(f"format_version is {head.format_version}, this PoseDeck reads {FORMAT_VERSION}")
    try:
        return msgspec.json.decode(data, type=SavedResult)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _save_metric(entry: MetricAssessment) -> SavedMetric:
    estimate = entry.estimate
    return SavedMetric(
        key=entry.metric.key,
        view=entry.metric.view,
        value=None if estimate is None else _printed(estimate.value),
        sigma_deg=None if estimate is None else _printed(estimate.sigma),
        interval_95=None if estimate is None else _interval(estimate),
        raw_value=_printed(entry.raw_value),
        grade=entry.grade,
        probabilities={grade: round(share, _PROBABILITY_DECIMALS) for grade, share in entry.probabilities.items()},
        borderline=entry.borderline,
        corrected=entry.corrected,
        answered=SavedAnswered(entry.answered_value, entry.answered_grade),
    )


def _save_estimate(estimate: Estimate) -> SavedEstimate:
    return SavedEstimate(round(estimate.value, DECIMALS), round(estimate.sigma, DECIMALS), _interval(estimate))


def _save_pose(pose: Pose, moved: Collection[str]) -> SavedPose:
    return SavedPose(
        names=pose.skeleton.names,
        xy_px=[(_printed(x), _printed(y)) for x, y in pose.xy_px.tolist()],
        score=[_printed(score) for score in pose.score.tolist()],
        sigma_px=None if pose.sigma_px is None else [_printed(sigma) for sigma in pose.sigma_px.tolist()],
        corrected=tuple(name for name in pose.skeleton.names if name in moved),
    )


def _interval(estimate: Estimate) -> tuple[float, float]:
    low, high = estimate.interval_95
    return round(low, DECIMALS), round(high, DECIMALS)


def _printed(value: float | None) -> float | None:
    return None if value is None or value != value else round(value, DECIMALS)
