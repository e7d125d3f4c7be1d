"""Accuracy of our own engine's frontal values on people whose true joints are known.

    python benchmarks/accuracy.py FOLDER --json     figures per metric, as JSON
    python benchmarks/accuracy.py FOLDER            the same as a table
    python benchmarks/accuracy.py FOLDER --fit      fit the calibration on the folder, leave one person out

FOLDER holds pictures (``*.jpg``) of one person each from the front, and beside each a JSON file of the same name with
``people[0].joints_2d``: joint name to [x, y] in pixels. Per metric: ``n`` people, ``mae_raw`` and ``mae`` mean absolute
error in degrees before and after calibration, ``corr`` correlation of value and truth, ``inside_95`` share of truths
inside the stated 95 % interval. Without ``--fit`` the shipped calibration is used, so on the people that it was fitted
on the figures are optimistic; with ``--fit`` each person is judged by a calibration that was fitted on the others.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from posedeck.engine.models import ensure_models
from posedeck.engine.people import PoseEngine
from posedeck.pose.calibration import Calibration, MetricCalibration, load_calibration
from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.posture import METRICS, View
from posedeck.pose.roll import TILT_KEYS, common_mode
from posedeck.pose.skeleton import BLAZEPOSE_33
from posedeck.pose.uncertainty import Z_95, Estimate, keypoint_sigma_deg
from posedeck.server.inference import ANALYSIS_PASSES

FRONT = tuple(metric for metric in METRICS if metric.view is View.FRONT)
LEGS = ("left_leg", "right_leg")


@dataclass(frozen=True)
class Subject:
    """One person: true, raw and keypoint-noise degrees by metric key."""

    name: str
    truth: dict[str, float]
    raw: dict[str, float]
    noise: dict[str, float]


def read_truth(path: Path) -> Pose:
    """The true joints of the first person in a truth file; keypoints without one are NaN."""
    joints = json.loads(path.read_text("utf-8"))["people"][0]["joints_2d"]
    xy = np.full((len(BLAZEPOSE_33), 2), np.nan)
    for name, point in joints.items():
        if name in BLAZEPOSE_33.index:
            xy[BLAZEPOSE_33.index[name]] = point
    return Pose(BLAZEPOSE_33, xy, np.isfinite(xy[:, 0]).astype(float))


def measure(folder: Path) -> tuple[list[Subject], list[str]]:
    """All people of the folder, and the names of pictures in which nobody was found."""
    engine = PoseEngine(ensure_models())
    subjects, missed = [], []
    for picture in sorted(folder.glob("*.jpg")):
        if not picture.with_suffix(".json").exists():
            continue
        person = engine.estimate(picture.read_bytes(), passes=ANALYSIS_PASSES)
        if person is None or person.pose.sigma_px is None:
            missed.append(picture.name)
            continue
        truth, pose, sigma = read_truth(picture.with_suffix(".json")), person.pose, person.pose.sigma_px
        subjects.append(
            Subject(
                picture.stem,
                {metric.key: metric.measure(truth) for metric in FRONT},
                {metric.key: metric.measure(pose) for metric in FRONT},
                {metric.key: keypoint_sigma_deg(metric, pose, sigma) for metric in FRONT},
            )
        )
    return subjects, missed


def fit(subjects: Sequence[Subject]) -> Calibration:
    """Slope of each calibrated line's deviation from the common mode, and one offset for both legs.

    No offset for lines: the mean over mirrored passes prefers no side. No slope below 1: where these people move a line
    together with the body axis (pelvis, knees), regression would shrink a true deviation.
    """
    shipped = load_calibration().metrics
    metrics = dict(shipped)
    centres = np.array([_centre(subject) for subject in subjects])
    raw, truth = _column(subjects, "raw", "shoulder_tilt"), _column(subjects, "truth", "shoulder_tilt")
    deviation = raw - centres
    slope = max(1.0, float(deviation @ (truth - centres) / (deviation @ deviation)))
    metrics["shoulder_tilt"] = msgspec.structs.replace(shipped["shoulder_tilt"], slope=slope)
    offset = float(np.mean([_column(subjects, "truth", key) - _column(subjects, "raw", key) for key in LEGS]))
    for key in LEGS:
        metrics[key] = msgspec.structs.replace(shipped[key], offset_deg=offset)
    return Calibration("fitted", "this folder", metrics)


def _centre(subject: Subject) -> float:
    return common_mode({key: Estimate(subject.raw[key], 0.0) for key in TILT_KEYS}).estimate.value


def _column(subjects: Sequence[Subject], kind: str, key: str) -> FloatArray:
    return np.array([getattr(subject, kind)[key] for subject in subjects])


def figures(subjects: Sequence[Subject], calibrations: Sequence[Calibration]) -> dict[str, dict[str, float]]:
    """Figures per metric; each subject is judged by the calibration of its own place."""
    values = [c.apply(subject.raw) for c, subject in zip(calibrations, subjects, strict=True)]
    table = {}
    for metric in FRONT:
        key = metric.key
        truth, raw = _column(subjects, "truth", key), _column(subjects, "raw", key)
        value = np.array([each[key] for each in values])
        entries: list[MetricCalibration] = [c.metrics[key] for c in calibrations]
        noise = _column(subjects, "noise", key) * [entry.slope for entry in entries]
        sigma = np.hypot(noise, [entry.residual_deg for entry in entries])
        error = value - truth
        table[key] = {
            "n": len(subjects),
            "mae_raw": round(float(np.mean(np.abs(raw - truth))), 3),
            "mae": round(float(np.mean(np.abs(error))), 3),
            "corr": round(float(np.corrcoef(value, truth)[0, 1]), 3),
            "inside_95": round(float(np.mean(np.abs(error) <= Z_95 * sigma)), 3),
            "rms_raw": round(float(np.sqrt(np.mean((raw - truth) ** 2))), 3),
            "rms": round(float(np.sqrt(np.mean(error**2))), 3),
        }
    return table


def main() -> int:
    """Measure, print. Returns 1 when the folder holds nobody."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--fit", action="store_true", help="fit on the folder, leave one person out")
    options = parser.parse_args()
    subjects, missed = measure(options.folder)
    if not subjects:
        print(f"nobody found in {options.folder}", file=sys.stderr)
        return 1
    if options.fit:
        calibrations = [fit([*subjects[:i], *subjects[i + 1 :]]) for i in range(len(subjects))]
    else:
        calibrations = [load_calibration()] * len(subjects)
    table = figures(subjects, calibrations)
    if options.json:
        print(json.dumps(table, indent=2))
        return 0
    print(f"{len(subjects)} people, {len(missed)} not found {missed or ''}")
    names = list(next(iter(table.values())))
    print("metric".ljust(16), *(name.rjust(10) for name in names))
    for key, row in table.items():
        print(key.ljust(16), *(str(value).rjust(10) for value in row.values()))
    if options.fit:
        whole = fit(subjects)
        shoulder, leg = whole.metrics["shoulder_tilt"], whole.metrics["left_leg"]
        print(f"\nfitted on all: shoulder_tilt slope {shoulder.slope:.2f}, legs offset {leg.offset_deg:+.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
