"""A drawn person with exact joints and an exact mask, so that nothing has to be found in a photo."""

from dataclasses import dataclass

import cv2
import numpy as np

from posedeck.engine.reshape.body import Body, ReshapeWarning
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import BLAZEPOSE_33

_SUPERSAMPLING = 4
#: All drawing is done for a picture of this size and then scaled.
_WIDTH, _HEIGHT = 700, 1200
_TORSO, _SHOULDER_Y = 300.0, 300.0
_HIP_Y = _SHOULDER_Y + _TORSO


@dataclass(frozen=True, eq=False)
class Mannequin:
    """RGB picture, body, and the background that the picture was drawn over."""

    picture: np.ndarray
    body: Body
    background: np.ndarray


def draw(
    scale: float = 0.5, arms_deg: float = 25.0, legs_deg: float = 4.0, warnings: tuple[ReshapeWarning, ...] = ()
) -> Mannequin:
    """A person from the front, arms and legs spread by an angle from the vertical, before a lined wall."""
    points = _points(arms_deg, legs_deg)
    fine = _silhouette(points)
    size = (round(_WIDTH * scale), round(_HEIGHT * scale))
    mask = cv2.resize(fine, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
    background, clothes = _wall(size, scale), _clothes(size, scale)
    picture = clothes * mask[..., None] + background * (1.0 - mask[..., None])
    xy = np.array([points[name] for name in BLAZEPOSE_33.names])
    world = np.column_stack([(xy - [_WIDTH / 2, _HIP_Y]) / 600.0, np.zeros(len(xy))])
    pose = Pose(BLAZEPOSE_33, xy * scale, np.ones(len(xy)), xyz_m=world)
    return Mannequin(picture.astype(np.uint8), Body(pose, mask, warnings), background.astype(np.uint8))


def _points(arms_deg: float, legs_deg: float) -> dict[str, np.ndarray]:
    middle = _WIDTH / 2.0
    points = {"nose": np.array([middle, _SHOULDER_Y - 105.0])}
    for side, sign in (("left", 1.0), ("right", -1.0)):

        def at(x: float, y: float, sign: float = sign) -> np.ndarray:
            return np.array([middle + sign * x, y])

        def along(degrees: float, length: float, sign: float = sign) -> np.ndarray:
            angle = np.radians(degrees)
            return length * np.array([sign * np.sin(angle), np.cos(angle)])

        shoulder, hip = at(105.0, _SHOULDER_Y), at(60.0, _HIP_Y)
        elbow = shoulder + along(arms_deg, 170.0)
        wrist = elbow + along(0.8 * arms_deg, 150.0)
        knee = hip + along(legs_deg, 230.0)
        ankle = knee + along(legs_deg, 220.0)
        named = {"shoulder": shoulder, "elbow": elbow, "wrist": wrist, "hip": hip, "knee": knee, "ankle": ankle}
        named |= dict.fromkeys(("pinky", "index", "thumb"), wrist + along(arms_deg, 45.0))
        named |= {"heel": ankle + np.array([0.0, 22.0]), "foot_index": ankle + np.array([sign * 14.0, 40.0])}
        named |= {"eye_inner": at(8.0, 175.0), "eye": at(15.0, 175.0), "eye_outer": at(22.0, 175.0)}
        named |= {"ear": at(42.0, 182.0)}
        points |= {f"{side}_{name}": point for name, point in named.items()}
        points[f"mouth_{side}"] = at(14.0, 218.0)
    return points


def _silhouette(points: dict[str, np.ndarray]) -> np.ndarray:
    fine = np.zeros((_HEIGHT * _SUPERSAMPLING, _WIDTH * _SUPERSAMPLING), np.uint8)
    middle = _WIDTH / 2.0

    def cone(start: np.ndarray, end: np.ndarray, first: float, last: float) -> None:
        for t in np.linspace(0.0, 1.0, 60):
            centre = (start + (end - start) * t) * _SUPERSAMPLING
            radius = (first + (last - first) * t) * _SUPERSAMPLING
            cv2.circle(fine, (round(centre[0]), round(centre[1])), round(radius), 255, -1)

    y = np.linspace(_SHOULDER_Y - 20.0, _HIP_Y + 60.0, 60)
    half = np.interp((y - _SHOULDER_Y) / _TORSO, [-0.1, 0.0, 0.3, 0.64, 1.02, 1.25], [40, 118, 112, 92, 118, 112])
    outline = np.concatenate([np.column_stack([middle - half, y]), np.column_stack([middle + half, y])[::-1]])
    cv2.fillPoly(fine, [np.round(outline * _SUPERSAMPLING).astype(np.int32)], 255)
    cone(np.array([middle, _SHOULDER_Y - 60.0]), np.array([middle, _SHOULDER_Y]), 34.0, 40.0)
    head = (round(middle * _SUPERSAMPLING), round((_SHOULDER_Y - 115.0) * _SUPERSAMPLING))
    cv2.ellipse(fine, head, (46 * _SUPERSAMPLING, 62 * _SUPERSAMPLING), 0, 0, 360, 255, -1)
    limbs = (
        ("shoulder", "elbow", 30.0, 24.0),
        ("elbow", "wrist", 24.0, 16.0),
        ("wrist", "index", 16.0, 12.0),
        ("hip", "knee", 56.0, 38.0),
        ("knee", "ankle", 38.0, 20.0),
        ("ankle", "foot_index", 20.0, 16.0),
    )
    for side in ("left", "right"):
        for start, end, first, last in limbs:
            cone(points[f"{side}_{start}"], points[f"{side}_{end}"], first, last)
    return fine


def _wall(size: tuple[int, int], scale: float) -> np.ndarray:
    x, y = np.meshgrid(np.arange(size[0]) / scale, np.arange(size[1]) / scale)
    waves = [200 + 20 * np.sin(x / 9.0), 190 + 20 * np.sin(y / 13.0), 180 + 20 * np.sin((x + y) / 17.0)]
    wall = np.ascontiguousarray(np.stack(waves, axis=-1))
    for start in range(-_HEIGHT, _WIDTH, 90):
        ends = [(round(px * scale), round(py * scale)) for px, py in ((start, 0), (start + 400, _HEIGHT))]
        cv2.line(wall, *ends, (60, 60, 80), max(1, round(3 * scale)), cv2.LINE_AA)
    return wall


def _clothes(size: tuple[int, int], scale: float) -> np.ndarray:
    x, y = np.meshgrid(np.arange(size[0]) / scale, np.arange(size[1]) / scale)
    return np.stack([120 + 40 * np.sin(y / 15.0), 80 + 30 * np.sin(x / 11.0), 90 + 20 * np.cos(y / 7.0)], axis=-1)
