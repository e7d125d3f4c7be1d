"""From two poses to what is answered: printed poses, values and grades."""

from dataclasses import dataclass

from posedeck.contracts.remo.skeleton import read_pose, write_pose
from posedeck.pose.calibration import Calibration
from posedeck.pose.grades import DECIMALS, Profile
from posedeck.pose.pose import Pose
from posedeck.pose.posture import measure_posture


@dataclass(frozen=True)
class Reading:
    """One metric as answered; all None when the photo does not give it.

    Attributes:
        value: Degrees with three decimals, calibrated where a calibration is used.
        raw: The same as measured.
        grade: Grade of the value.
    """

    value: float | None
    raw: float | None
    grade: int | None


def as_printed(pose: Pose) -> Pose:
    """The pose with coordinates as ``x_pose`` prints them, without world coordinates.

    Values are measured on it, so that whoever recomputes them from an answer finds no difference.
    """
    return read_pose(write_pose(pose))


def read_metrics(front: Pose, side: Pose, profile: Profile, calibration: Calibration | None) -> dict[str, Reading]:
    """Readings of all eleven metrics by key, from poses as printed."""
    # Rounded before calibrating, for the same reason: the raw values are printed too.
    raw = {key: _rounded(degrees) for key, degrees in measure_posture(front, side).items()}
    values = raw if calibration is None else {key: _rounded(v) for key, v in calibration.apply(raw).items()}
    return {
        key: Reading(None, None, None) if value != value else Reading(value, raw[key], profile.grade(key, value))
        for key, value in values.items()
    }


def _rounded(degrees: float) -> float:
    # + 0.0 turns -0.0, which rounding makes of small negative values, into 0.0.
    return round(degrees, DECIMALS) + 0.0
