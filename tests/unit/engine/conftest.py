"""The real models, fetched once; a machine without them and without a package index fails here, it does not skip."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from posedeck.engine.models import ensure_models
from posedeck.engine.people import PoseEngine
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import BLAZEPOSE_33
from tests.support.people import SAMPLES


@pytest.fixture(scope="session")
def model_dir() -> Path:
    return ensure_models()


@pytest.fixture(scope="session")
def engine(model_dir: Path) -> PoseEngine:
    return PoseEngine(model_dir)


@dataclass(frozen=True)
class Truth:
    """The rendered joints (by name, pixels) that can be seen in the picture."""

    joints: dict[str, np.ndarray]

    @property
    def torso_px(self) -> float:
        trunk = self.middle("shoulder") - self.middle("hip")
        return float(np.hypot(*trunk))

    def middle(self, joint: str) -> np.ndarray:
        return (self.joints[f"left_{joint}"] + self.joints[f"right_{joint}"]) / 2.0

    def error(self, pose: Pose, visible: dict[str, bool]) -> float:
        """Mean distance of the visible joints that both know, in torso lengths."""
        names = [name for name in BLAZEPOSE_33.names if name in self.joints and visible[name]]
        distances = [np.hypot(*(pose[name] - self.joints[name])) for name in names]
        return float(np.mean(distances)) / self.torso_px


def people_of(picture: str) -> list[tuple[Truth, dict[str, bool]]]:
    """Truth and visibility of everybody in a sample picture."""
    people = json.loads((SAMPLES / f"{picture}.json").read_text())["people"]
    return [
        (Truth({name: np.array(xy) for name, xy in person["joints_2d"].items()}), person["visible"])
        for person in people
    ]


def picture_of(name: str) -> bytes:
    """A sample picture as bytes."""
    return (SAMPLES / f"{name}.jpg").read_bytes()
