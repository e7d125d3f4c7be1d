"""Finding the body in a picture: whose it is, its mask, and whether it can be reshaped."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from posedeck.engine.network import Network
from posedeck.engine.reshape.body import Body, ReshapeError, ReshapeFault, ReshapeWarning
from posedeck.engine.reshape.figure import SIDES, TRUNK_LIMITS, TRUNK_T, Figure
from posedeck.engine.reshape.mask import refined
from posedeck.engine.reshape.rasters import Raster, Rgb, grown
from posedeck.pose.pose import Pose

#: Least visibility of shoulders and hips, and of one of two knees or ankles; least torso as a share of the picture's
#: height; most lean; least frontalness of a front view. Beyond them results were looked at and found wanting.
MIN_TORSO_VISIBILITY = 0.5
MIN_LIMB_VISIBILITY = 0.4
MIN_TORSO_SHARE = 0.08
MAX_LEAN_DEG = 35.0
MIN_FRONTAL = 0.35
#: A thigh or shin shorter than this many torso lengths points at the camera.
MIN_THIGH = 0.45
#: Agreement (intersection over union) of the two mask models: below the first it is an error, below the second a
#: warning. Photos of one person in the open gave 0.93 to 0.98, crowded ones 0.61 to 0.94.
MIN_AGREEMENT, SURE_AGREEMENT = 0.70, 0.85
#: Area of the largest other person the selfie model sees, in areas of this one. Above it others were there in 11 of 12
#: photos of several people, but also where it took a truck for a person: so it warns and does not refuse.
MAX_OTHERS = 0.30

_SELFIE_SHARE = 0.35
_NEAR = 0.02
_GEOMETRY_SIDE = 448
#: Share of the torso below the chest that must be wider than joints make likely to tell loose clothes.
_LOOSE_SHARE = 0.3
#: A joint this near to the spine, in likely half widths, lies over the torso.
_ON_TORSO = 0.8


@dataclass(frozen=True)
class MaskEvidence:
    """What two mask models say of one body.

    Attributes:
        agreement: Intersection over union of both near the body, 0..1.
        others: Area of the largest other thing that the selfie model takes for a person, in areas of this one.
    """

    agreement: float
    others: float


class BodyReader:
    """Makes bodies of found people, with the selfie segmentation model as a second opinion on the mask."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def read(self, picture: Rgb, pose: Pose, pose_mask: NDArray[np.uint8], people: int) -> Body:
        """The body of a person.

        Args:
            picture: RGB (h, w, 3).
            pose: The person's, with world coordinates.
            pose_mask: (h, w) by the pose model, 0..255.
            people: How many were found in the picture.

        Raises:
            ReshapeError: when it cannot be reshaped.
        """
        fault = posture_fault(pose, picture.shape[0])
        if fault is not None:
            raise ReshapeError(fault)
        coarse = np.asarray(pose_mask / 255.0, np.float32)
        if not (coarse > 0.5).any():
            raise ReshapeError(ReshapeFault.MASK_UNRELIABLE)
        selfie, evidence = self._second_opinion(picture, coarse)
        fault = mask_fault(evidence, people)
        if fault is not None:
            raise ReshapeError(fault)
        near = grown(coarse > 0.5, max(1, round(_NEAR * picture.shape[0] / 2)))
        mixed = (1.0 - _SELFIE_SHARE) * coarse + _SELFIE_SHARE * np.where(near, selfie, 0.0)
        mask = refined(picture, mixed.astype(np.float32))
        warnings = (
            *mask_warnings(evidence, people),
            *pose_warnings(pose, picture.shape[1], picture.shape[0]),
            *figure_warnings(pose, mask),
        )
        return Body(pose, mask, warnings)

    def _second_opinion(self, picture: Rgb, coarse: Raster) -> tuple[Raster, MaskEvidence]:
        height, width = coarse.shape
        rows, columns = np.nonzero(coarse > 0.5)
        across, down = int(0.12 * np.ptp(columns)) + 8, int(0.06 * np.ptp(rows)) + 8
        box = (
            slice(max(int(rows.min()) - down, 0), min(int(rows.max()) + down + 1, height)),
            slice(max(int(columns.min()) - across, 0), min(int(columns.max()) + across + 1, width)),
        )
        selfie = np.zeros_like(coarse)
        selfie[box] = self._selfie(picture[box])
        body = coarse > 0.5
        near = grown(body, max(1, round(0.03 * height)))
        person = (selfie > 0.5) & near
        agreement = float((person & body).sum() / max((person | body).sum(), 1))
        return selfie, MaskEvidence(agreement, _largest_other(self._selfie(picture), body, near))

    def _selfie(self, part: Rgb) -> Raster:
        side = self._network.side
        small = np.asarray(cv2.resize(part, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
        (seen,) = self._network(small, 0.0, 1.0).values()
        size = (part.shape[1], part.shape[0])
        return np.asarray(cv2.resize(seen[..., 0], size, interpolation=cv2.INTER_LINEAR), np.float32)


def _largest_other(selfie: Raster, body: NDArray[np.bool_], near: NDArray[np.bool_]) -> float:
    _, _, stats, _ = cv2.connectedComponentsWithStats(((selfie > 0.5) & ~near).astype(np.uint8))
    areas = stats[1:, cv2.CC_STAT_AREA]
    return float(areas.max() / body.sum()) if len(areas) else 0.0


def posture_fault(pose: Pose, height: int) -> ReshapeFault | None:
    """Why a pose in a picture of a height in pixels cannot be reshaped; None when it can."""
    trunk = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
    if pose.score[pose.skeleton.indices(trunk)].min() < MIN_TORSO_VISIBILITY or _below(pose, "hip", height):
        return ReshapeFault.HIPS_HIDDEN
    if pose.torso_px < MIN_TORSO_SHARE * height:
        return ReshapeFault.TOO_SMALL
    lean = pose.middle("left_hip", "right_hip") - pose.middle("left_shoulder", "right_shoulder")
    if abs(np.degrees(np.arctan2(lean[0], lean[1]))) > MAX_LEAN_DEG:
        return ReshapeFault.NOT_UPRIGHT
    return None


def _below(pose: Pose, joint: str, height: int) -> bool:
    return any(pose[f"{side}_{joint}"][1] > height for side in SIDES)


def mask_fault(evidence: MaskEvidence, people: int) -> ReshapeFault | None:
    """Why the mask of one of so many people cannot be used; None when it can."""
    if evidence.agreement >= MIN_AGREEMENT:
        return None
    return ReshapeFault.CROWDED if people > 1 else ReshapeFault.MASK_UNRELIABLE


def mask_warnings(evidence: MaskEvidence, people: int) -> list[ReshapeWarning]:
    """What the masks and the number of people warn of."""
    warnings = []
    if people > 1 or evidence.others > MAX_OTHERS:
        warnings.append(ReshapeWarning.SEVERAL_PEOPLE)
    if evidence.agreement < SURE_AGREEMENT:
        warnings.append(ReshapeWarning.MASK_UNCERTAIN)
    return warnings


def pose_warnings(pose: Pose, width: int, height: int) -> list[ReshapeWarning]:
    """What a pose in a picture of a size in pixels warns of."""
    warnings = []
    if not all(_seen(pose, joint, width, height) for joint in ("knee", "ankle")):
        warnings.append(ReshapeWarning.LEGS_CUT_OFF)
    if not 0 <= pose["nose"][1] < height:
        warnings.append(ReshapeWarning.HEAD_CUT_OFF)
    thighs = [np.hypot(*(pose[f"{side}_knee"] - pose[f"{side}_hip"])) for side in SIDES]
    if min(thighs) < MIN_THIGH * pose.torso_px:
        warnings.append(ReshapeWarning.SEATED)
    return warnings


def _seen(pose: Pose, joint: str, width: int, height: int) -> bool:
    # From the side one leg hides the other: both must be in the picture, but only one has to be seen.
    pair = pose.skeleton.indices((f"left_{joint}", f"right_{joint}"))
    inside = (pose.xy_px[pair] >= 0).all() and (pose.xy_px[pair] < [width, height]).all()
    return bool(inside and pose.score[pair].max() > MIN_LIMB_VISIBILITY)


def figure_warnings(pose: Pose, mask: Raster) -> Sequence[ReshapeWarning]:
    """What the body's shape warns of."""
    figure = Figure(pose, mask, _GEOMETRY_SIDE)
    if figure.frontal < MIN_FRONTAL:
        return [ReshapeWarning.SIDE_VIEW]  # arms always lie over the torso from there
    warnings = []
    if any(_on_torso(figure, f"{side}_{joint}") for side in SIDES for joint in ("elbow", "wrist")):
        warnings.append(ReshapeWarning.ARMS_ON_BODY)
    below_chest = TRUNK_T > 0.5
    wide = figure.trunk_reach > TRUNK_LIMITS[1] * figure.trunk_likely
    if wide[:, below_chest].mean() > _LOOSE_SHARE:
        warnings.append(ReshapeWarning.LOOSE_CLOTHING)
    return warnings


def _on_torso(figure: Figure, name: str) -> bool:
    t, distance = figure.trunk.point(figure.point(name))
    half = min(np.interp(t, TRUNK_T, figure.trunk_likely), figure.torso)
    return 0.0 < t < 1.0 and abs(distance) < _ON_TORSO * half
