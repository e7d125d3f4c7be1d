"""Exchanged legs on the rendered kick, whose joints are known: single looks, the median of six, and after repair.

    .venv/bin/python -m benchmarks.leg_swaps

The kick is also shown halved, noisy, compressed, blurred and moved, since which look fails in which frame is chance.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

from posedeck.engine.crops import Picture, Roi
from posedeck.engine.landmarks import Landmarks, person_roi
from posedeck.engine.models import ensure_models
from posedeck.engine.video.decode import read_frames
from posedeck.engine.video.looking import Eyes
from posedeck.engine.video.probe import ClipLimits, probe
from posedeck.pose.skeleton import BLAZEPOSE_33
from posedeck.pose.swaps import repair_leg_swaps
from posedeck.pose.track import PoseTrack

KICK = Path("assets/samples/soccer_kick.mp4")
LOOKS = ("followed", "followed, mirrored", "detected", "detected, mirrored", "agreed", "agreed, mirrored")
MOVED = np.array([[0.9, 0.04, 30.0], [-0.04, 0.9, 13.0]])
HALF = np.array([[0.5, 0.0, 0.0], [0.0, 0.5, 0.0]])
SAME = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])

Change = Callable[[np.ndarray], np.ndarray]


def main() -> None:
    """Print a table for each way to show the kick."""
    dice = np.random.default_rng(0)
    ways: dict[str, tuple[Change, np.ndarray]] = {
        "as it is": (lambda picture: picture, SAME),
        "halved": (lambda picture: cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), HALF),
        "noise of 20 grey levels": (lambda picture: _clipped(picture + dice.normal(0, 20, picture.shape)), SAME),
        "JPEG of quality 15": (_compressed, SAME),
        "blurred by 3 px": (lambda picture: cv2.GaussianBlur(picture, (0, 0), 3), SAME),
        "turned, smaller, moved": (lambda picture: cv2.warpAffine(picture, MOVED, picture.shape[1::-1]), MOVED),
    }
    with Eyes(ensure_models(), 2) as eyes:
        for name, (change, affine) in ways.items():
            print(f"\n{name:24} error, frames with legs exchanged | the same repaired")
            looks = read(eyes, change, affine)
            for label, points in [*zip(LOOKS, looks, strict=True), ("median of the six", np.median(looks, axis=0))]:
                print(f"  {label:22} {against_truth(points)} | {against_truth(repaired(points))}")


def read(eyes: Eyes, change: Change, affine: np.ndarray) -> np.ndarray:
    """(6, frames, 33, 2) points of each look, in pixels of the kick itself."""
    facts = probe(KICK, ClipLimits(max_bytes=10**9))
    points = np.full((len(LOOKS), facts.frames, len(BLAZEPOSE_33), 2), np.nan)
    followed: Roi | None = None
    for frame in read_frames(KICK, facts):
        picture = Picture(np.ascontiguousarray(change(frame.pixels)))
        detections = eyes.detect(picture, [Roi.whole(picture.width, picture.height)])
        detected = person_roi(detections[0].points[:2]) if detections else followed
        followed = followed or detected
        if followed is None or detected is None:
            continue
        looks = _both_ways(eyes, picture, [followed, detected])
        looks += _both_ways(eyes, picture, [_agreed(looks)])
        followed = _agreed(looks)
        for number, look in enumerate(looks):
            points[number, frame.index] = (look.xy_px - affine[:, 2]) @ np.linalg.inv(affine[:, :2]).T
    return points


def _both_ways(eyes: Eyes, picture: Picture, regions: Sequence[Roi]) -> list[Landmarks]:
    return eyes.read([(picture, each) for region in regions for each in (region, region.mirror())])


def _agreed(looks: Sequence[Landmarks]) -> Roi:
    return person_roi(np.median([look.framing for look in looks], axis=0))


def _clipped(picture: np.ndarray) -> np.ndarray:
    return np.clip(picture, 0, 255).astype(np.uint8)


def _compressed(picture: np.ndarray) -> np.ndarray:
    _, coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 15])
    return cv2.imdecode(coded, cv2.IMREAD_COLOR)


def repaired(points: np.ndarray) -> np.ndarray:
    """The points with exchanged legs put right."""
    track = PoseTrack(BLAZEPOSE_33, np.arange(len(points)) / 30.0, points, np.ones(points.shape[:2]))
    return repair_leg_swaps(track).xy_px


def against_truth(points: np.ndarray) -> str:
    """Mean joint error in % of the torso, and the frames whose legs evidently fit better the other way round."""
    frames = json.loads(KICK.with_suffix(".json").read_text())["frames"]
    names = [name for name in BLAZEPOSE_33.names if name in frames[0]["joints_2d"]]
    truth = np.array([[frame["joints_2d"][name] for name in names] for frame in frames])
    trunk = [names.index(f"{side}_{part}") for part in ("shoulder", "hip") for side in ("left", "right")]
    torso = np.hypot(*(truth[:, trunk[:2]].mean(axis=1) - truth[:, trunk[2:]].mean(axis=1)).T)[:, None]
    parts = ("knee", "ankle", "heel", "foot_index")
    legs = [names.index(f"{side}_{part}") for side in ("left", "right") for part in parts]
    plain, crossed = (
        np.hypot(*np.moveaxis(each[:, BLAZEPOSE_33.indices(names)] - truth, 2, 0)) / torso
        for each in (points, points[:, BLAZEPOSE_33.mirror_order])
    )
    fit, other = plain[:, legs].mean(axis=1), crossed[:, legs].mean(axis=1)
    exchanged = np.flatnonzero((other < 0.8 * fit) & (fit > 0.15))
    return f"{100 * np.nanmean(plain):5.1f} % {len(exchanged):3}"


if __name__ == "__main__":
    main()
