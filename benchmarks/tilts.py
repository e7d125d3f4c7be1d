"""Frontal tilts as the engine reads them against rendered truth, by number of passes.

    python -m benchmarks.tilts FOLDER

FOLDER holds pictures with a truth file of the same name (``joints_2d`` per person, see assets/samples). Pictures of
several people and profiles are left out. A tilt is the angle of the line from the subject's right to the left, positive
when the subject's left is higher.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from posedeck.engine.models import ensure_models
from posedeck.engine.people import PoseEngine
from posedeck.pose.geometry import line_deg
from posedeck.pose.skeleton import BLAZEPOSE_33

Joints = Mapping[str, np.ndarray]

PASSES = (1, 2, 8)
# Narrower shoulders than this share of the torso are a profile, where frontal tilts mean nothing.
MIN_SHOULDER_WIDTH = 0.4


def across(joint: str) -> Callable[[Joints], float]:
    """The tilt of the line between the right and the left joint, in degrees."""
    return lambda joints: line_deg(joints[f"right_{joint}"], joints[f"left_{joint}"])


def eyes_and_ears(joints: Joints) -> float:
    """The tilt of the sum of the eye vector and the ear vector, in degrees."""
    vector = joints["left_eye"] - joints["right_eye"] + joints["left_ear"] - joints["right_ear"]
    return line_deg(np.zeros(2), vector)


# name: (how it is read, how it is in truth)
LINES: dict[str, tuple[Callable[[Joints], float], Callable[[Joints], float]]] = {
    "shoulders": (across("shoulder"), across("shoulder")),
    "pelvis": (across("hip"), across("hip")),
    "knees": (across("knee"), across("knee")),
    "head: eyes": (across("eye"), across("eye")),
    "head: ears": (across("ear"), across("eye")),
    "head: eyes+ears": (eyes_and_ears, across("eye")),
}


def frontal_truths(folder: Path) -> dict[Path, Joints]:
    """Pictures of a single person from the front, with the true joints."""
    found = {}
    for picture in sorted(folder.glob("*.jpg")):
        people = json.loads(picture.with_suffix(".json").read_text())["people"]
        joints = {name: np.array(xy) for name, xy in people[0]["joints_2d"].items()}
        width = np.hypot(*(joints["left_shoulder"] - joints["right_shoulder"]))
        trunk = joints["left_shoulder"] + joints["right_shoulder"] - joints["left_hip"] - joints["right_hip"]
        if len(people) == 1 and width > MIN_SHOULDER_WIDTH * np.hypot(*trunk) / 2.0:
            found[picture] = joints
    return found


def main() -> None:
    """Print one row per line and number of passes, and each picture's values when there are few."""
    truths = frontal_truths(Path(sys.argv[1]))
    engine = PoseEngine(ensure_models())
    read: dict[tuple[str, int], list[float]] = {(line, passes): [] for line in LINES for passes in PASSES}
    from_face = 0
    for picture in truths:
        for passes in PASSES:
            person = engine.estimate(picture.read_bytes(), passes)
            assert person is not None, f"nobody found in {picture.name}"
            from_face += person.head_source == "face"
            joints = {name: person.pose[name] for name in BLAZEPOSE_33.names}
            for line, (measure, _) in LINES.items():
                read[line, passes].append(measure(joints))
    print(f"{len(truths)} pictures; head from the face model in {from_face} of {len(truths) * len(PASSES)} readings\n")
    print("| line | passes | mean abs. error ° | slope | bias ° | correlation |\n|---|---|---|---|---|---|")
    for (line, passes), values in read.items():
        true = np.array([LINES[line][1](joints) for joints in truths.values()])
        print(f"| {line} | {passes} | {' | '.join(_agreement(true, np.array(values)))} |")
    if len(truths) <= 10:
        print("\n| picture | line | true ° | 1 pass | mirrored mean | 8 passes |\n|---|---|---|---|---|---|")
        for number, (picture, joints) in enumerate(truths.items()):
            for line, (_, true_tilt) in LINES.items():
                values = " | ".join(f"{read[line, passes][number]:.1f}" for passes in PASSES)
                print(f"| {picture.stem} | {line} | {true_tilt(joints):.1f} | {values} |")


def _agreement(true: np.ndarray, values: np.ndarray) -> list[str]:
    error = f"{np.abs(values - true).mean():.2f}"
    if np.ptp(true) < 1.0 or len(true) < 10:
        return [error, "-", f"{(values - true).mean():+.2f}", "-"]
    slope = np.polyfit(true, values, 1)[0]
    return [error, f"{slope:.2f}", f"{(values - true).mean():+.2f}", f"{np.corrcoef(true, values)[0, 1]:.3f}"]


if __name__ == "__main__":
    main()
