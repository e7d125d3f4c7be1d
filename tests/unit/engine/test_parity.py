"""Parity with MediaPipe's own PoseLandmarker over the same two models.

The fixture was recorded once in the environment of benchmarks/requirements.txt, see benchmarks/mediapipe_peer.py.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from posedeck.engine.people import PoseEngine
from posedeck.pose.skeleton import BLAZEPOSE_33
from tests.unit.engine.conftest import picture_of

RECORDED = json.loads((Path(__file__).parents[2] / "data" / "mediapipe_landmarks.json").read_text())["pictures"]


@pytest.mark.parametrize("picture", sorted(RECORDED))
def test_landmarks_agree_with_mediapipe(engine: PoseEngine, picture: str) -> None:
    """On average below 3 % of the torso apart, no joint over 10 %."""
    expected = np.array(RECORDED[picture]["xy_px"])
    torso = np.hypot(*(_middle(expected, "shoulder") - _middle(expected, "hip")))
    found = engine.pose_landmarks(picture_of(picture.removesuffix(".jpg")))
    assert found is not None
    apart = np.hypot(*(found.xy_px - expected).T) / torso
    assert apart.mean() < 0.03
    assert apart.max() < 0.10


@pytest.mark.parametrize("picture", sorted(RECORDED))
def test_world_coordinates_and_visibility_agree_with_mediapipe(engine: PoseEngine, picture: str) -> None:
    """World coordinates are within 4 cm on average, visibility within 0.2."""
    recorded = RECORDED[picture]
    found = engine.pose_landmarks(picture_of(picture.removesuffix(".jpg")))
    assert found is not None
    assert np.abs(found.xyz_m - np.array(recorded["xyz_m"])).mean() < 0.04
    assert np.abs(found.score - np.array(recorded["score"])).max() < 0.2


def _middle(xy: np.ndarray, joint: str) -> np.ndarray:
    return xy[BLAZEPOSE_33.indices((f"left_{joint}", f"right_{joint}"))].mean(axis=0)
