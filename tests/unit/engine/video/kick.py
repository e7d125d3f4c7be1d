"""The rendered kick and its true joints."""

import json

import numpy as np

from posedeck.engine.video.probe import ClipFacts, ClipLimits, probe
from posedeck.pose.skeleton import BLAZEPOSE_33
from posedeck.pose.swaps import LEG
from tests.support.people import SAMPLES

CLIP = SAMPLES / "soccer_kick.mp4"


def facts() -> ClipFacts:
    return probe(CLIP, ClipLimits(max_bytes=10_000_000))


def true_joints() -> np.ndarray:
    """(63, 33, 2) pixels, NaN where there is no truth."""
    frames = json.loads((SAMPLES / "soccer_kick.json").read_text())["frames"]
    truth = np.full((len(frames), len(BLAZEPOSE_33), 2), np.nan)
    for row, frame in zip(truth, frames, strict=True):
        for name, point in frame["joints_2d"].items():
            if name in BLAZEPOSE_33.index:
                row[BLAZEPOSE_33.index[name]] = point
    return truth


def joint_errors(xy_px: np.ndarray, frames: slice = slice(None)) -> np.ndarray:
    """(frames, 33) distances from the truth in torso lengths."""
    truth = true_joints()
    shoulders, hips = (
        truth[:, BLAZEPOSE_33.indices([f"left_{part}", f"right_{part}"])].mean(axis=1) for part in ("shoulder", "hip")
    )
    torso = np.hypot(*(shoulders - hips).T)
    apart: np.ndarray = np.hypot(*np.moveaxis(xy_px - truth, 2, 0)) / torso[:, None]
    return apart[frames]


def swapped_legs(xy_px: np.ndarray) -> list[int]:
    """Frames in which the legs fit the truth evidently better the other way round."""
    parts = [part for part in LEG if f"left_{part}" in BLAZEPOSE_33.index]
    legs = BLAZEPOSE_33.indices([f"{side}_{part}" for side in ("left", "right") for part in parts])
    plain = np.nanmean(joint_errors(xy_px)[:, legs], axis=1)
    crossed = np.nanmean(joint_errors(xy_px[:, BLAZEPOSE_33.mirror_order])[:, legs], axis=1)
    return [int(frame) for frame in np.flatnonzero((crossed < plain) & (plain > 0.2))]
