"""Finding people in a picture: the engine's front door."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from posedeck.engine.crops import Picture, Roi, paste_mask
from posedeck.engine.detector import FACE_LAYOUT, POSE_LAYOUT, Detector
from posedeck.engine.face import HEAD, FaceModel
from posedeck.engine.images import load_image, shrunk
from posedeck.engine.landmarks import LandmarkModel, Landmarks, MaskedLandmarks, person_roi
from posedeck.engine.network import Network
from posedeck.engine.perturb import View, spread, views
from posedeck.engine.reading import people_among
from posedeck.engine.reshape.analyse import BodyReader
from posedeck.engine.reshape.anthropometry import Gender
from posedeck.engine.reshape.body import Body, ReshapeError, ReshapeFault
from posedeck.engine.reshape.pipeline import Reshaped, reshape
from posedeck.engine.suppression import Seen, distinct_detections, distinct_people, windows
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import BLAZEPOSE_33

# Standard deviation per axis of BlazePose's own eyes, ears and nose against each other, as a share of the torso. On 36
# rendered people with tilted heads the eye line errs by 4 degrees and the ear line by 5 (root mean square), which is
# 0.008 and 0.022 at their lengths; the offset that all head points share turns no line. The spread over passes does not
# show it, as every pass errs alike.
POSE_HEAD_SIGMA = 0.015

# Rounds until the region follows from the landmarks in it. Measured on six people, each turned by -5..5 degrees, with
# 16 passes: without rounds residual tilts move by up to 0.5 degrees, after three by less than 0.3.
SETTLING_ROUNDS = 3

# Regions looked at per person asked for: windows offer some that turn out empty or double.
ROIS_PER_PERSON = 3

# A picture is reshaped at this long side at most: beyond it nothing is gained on a screen, and memory stays bounded.
MAX_RESHAPE_SIDE = 2048
# A plain and a mirrored pass: enough for a body's bones.
RESHAPE_PASSES = 2
# People looked at to find the most prominent one.
REGARDED = 5

# What somebody at the picture's edge loses of his prominence: among people of one size the photo is of the middle one.
OFF_CENTRE_LOSS = 0.25

_SHOULDERS = BLAZEPOSE_33.indices(("left_shoulder", "right_shoulder"))
_HIPS = BLAZEPOSE_33.indices(("left_hip", "right_hip"))

Reader = Callable[[Picture, Roi], Seen]


@dataclass(frozen=True, eq=False)
class Person:
    """One person in a picture.

    Attributes:
        pose: The 33 BlazePose points in picture pixels, with world coordinates in metres, and with ``sigma_px`` when
            there was more than one pass: the standard deviation, per axis, of the mean position that is given.
        score: 0..1, presence times mean visibility.
        mask: (h, w) of the whole picture, 0 (not the person) to 255.
        head_source: Whether eyes, ears, nose and mouth come from the face model or, less exactly, from the pose model.
    """

    pose: Pose
    score: float
    mask: NDArray[np.uint8]
    head_source: Literal["face", "pose"]


class PoseEngine:
    """The loaded models. Not safe between threads."""

    def __init__(self, model_dir: Path, threads: int = 1) -> None:
        def network(name: str) -> Network:
            return Network((model_dir / name).read_bytes(), threads)

        self._detector = Detector(network("pose_detection.tflite"), POSE_LAYOUT)
        self._landmarks = LandmarkModel((model_dir / "pose_landmark_full.tflite").read_bytes(), threads)
        face_detector = Detector(network("face_detection_short_range.tflite"), FACE_LAYOUT)
        self._face = FaceModel(face_detector, network("face_landmark.tflite"))
        self._bodies = BodyReader(network("selfie_segmentation.tflite"))

    def estimate(self, image: bytes | NDArray[np.uint8], passes: int = 8) -> Person | None:
        """The most prominent person, or None when there is nobody.

        Args:
            image: RGB (h, w, 3) or an encoded picture; its EXIF orientation is applied.
            passes: 1 for a plain pass; an even number for that many perturbed passes, whose mean position and spread
                are given.

        Raises:
            ImageError: when the picture cannot be used.
            ValueError: when ``passes`` is neither 1 nor even.
        """
        looks = views(passes)
        picture = Picture(load_image(image))
        people = self._foremost_first(picture, self._landmarks.points_and_mask)
        return self._describe(picture, people[0], looks) if people else None

    def find_people(self, image: bytes | NDArray[np.uint8], max_people: int = 10, passes: int = 1) -> list[Person]:
        """Everybody in the picture, up to a number, best first.

        Arguments and errors as in ``estimate``. ``max_people`` must be positive, else ValueError.
        """
        return self.find_people_variously(image, max_people, (passes,))[0]

    def find_people_variously(
        self, image: bytes | NDArray[np.uint8], max_people: int, passes: Sequence[int]
    ) -> list[list[Person]]:
        """``find_people`` for several numbers of passes: people are looked for once, each list is as if asked alone."""
        if max_people < 1:
            raise ValueError(f"max_people must be positive, got {max_people}")
        looks = [views(count) for count in passes]
        picture = Picture(load_image(image))
        whole = Roi.whole(picture.width, picture.height)
        people = self._look(
            picture, [whole, *windows(picture.width, picture.height)], max_people, self._landmarks.points_and_mask
        )
        return [[self._describe(picture, person, each) for person in people] for each in looks]

    def pose_landmarks(self, image: bytes | NDArray[np.uint8]) -> Landmarks | None:
        """The pose model's own answer for the most prominent person in one pass: no face model, no mask.

        This is what MediaPipe's PoseLandmarker gives. Errors as in ``estimate``.
        """
        people = self._foremost_first(Picture(load_image(image)), self._landmarks.points)
        return people[0] if people else None

    def find_body(self, image: bytes | NDArray[np.uint8]) -> tuple[NDArray[np.uint8], Body]:
        """The picture, its long side at most ``MAX_RESHAPE_SIDE``, and the most prominent body in it.

        Raises:
            ImageError: when the picture cannot be used.
            ReshapeError: when there is nobody, or nobody who can be reshaped.
        """
        pixels = shrunk(load_image(image), MAX_RESHAPE_SIDE)
        picture = Picture(pixels)
        people = self._foremost_first(picture, self._landmarks.points_and_mask)
        if not people:
            raise ReshapeError(ReshapeFault.NO_PERSON)
        person = self._describe(picture, people[0], views(RESHAPE_PASSES))
        return pixels, self._bodies.read(pixels, person.pose, person.mask, len(people))

    def reshape(self, image: bytes | NDArray[np.uint8], gender: Gender, ratio: float) -> Reshaped:
        """The picture with its most prominent body slimmer or heavier: ``find_body``, then ``pipeline.reshape``.

        Raises:
            ImageError, ReshapeError: as ``find_body``.
            ValueError: when the ratio is out of range.
        """
        pixels, body = self.find_body(image)
        return reshape(pixels, body, gender, ratio)

    def _foremost_first(self, picture: Picture, read: Reader[Seen]) -> list[Seen]:
        # People who fill the picture are found at once; the windows are for a small one.
        whole = Roi.whole(picture.width, picture.height)
        people = self._look(picture, [whole], REGARDED, read)
        people = people or self._look(picture, windows(picture.width, picture.height), 1, read)
        return sorted(people, key=lambda each: -_prominence(each, picture.width))

    def _look(self, picture: Picture, through: Iterable[Roi], max_people: int, read: Reader[Seen]) -> list[Seen]:
        detections = [found for window in through for found in self._detector(picture, window)]
        likely = distinct_detections(detections)[: ROIS_PER_PERSON * max_people]
        people = people_among(likely, lambda regions: [read(picture, region) for region in regions])
        return distinct_people(people)[:max_people]

    def _describe(self, picture: Picture, first: MaskedLandmarks, looks: Sequence[View]) -> Person:
        if len(looks) > 1:
            first = self._landmarks.points_and_mask(picture, self._settled(picture, first.roi))
        passes = [first, *(self._landmarks.points(picture, look.of(first.roi)) for look in looks[1:])]
        positions = [each.xy_px for each in passes]
        xy, sigma = np.mean(positions, axis=0), spread(positions)
        face_roi = self._face.locate(picture, xy, first.roi.turn)
        if face_roi is not None:
            heads = [self._face.head_points(picture, look.of(face_roi)) for look in looks]
            xy[HEAD], head_sigma = np.mean(heads, axis=0), spread(heads)
            if sigma is not None and head_sigma is not None:
                sigma[HEAD] = head_sigma
        pose = Pose(
            skeleton=BLAZEPOSE_33,
            xy_px=xy,
            score=np.mean([each.score for each in passes], axis=0),
            sigma_px=sigma,
            xyz_m=np.mean([each.xyz_m for each in passes], axis=0),
        )
        return Person(
            pose=pose if face_roi is not None else _with_unsure_head(pose),
            score=first.confidence,
            mask=paste_mask(first.mask, first.roi, picture.width, picture.height),
            head_source="pose" if face_roi is None else "face",
        )

    def _settled(self, picture: Picture, roi: Roi) -> Roi:
        # The detector's region depends on how the photo is turned; the one that its own landmarks give back does not.
        # It is what keeps a residual tilt the same when the camera rolls (tests/unit/engine/test_roll.py).
        for _ in range(SETTLING_ROUNDS):
            pair = [self._landmarks.points(picture, each).framing for each in (roi, roi.mirror())]
            roi = person_roi(np.mean(pair, axis=0))
        return roi


def _prominence(person: Landmarks, width: int) -> float:
    """How much a photo of this width looks like one of this person: near the camera, seen well, in the middle.

    The length of the torso tells how near, since the region grows with a raised arm as well.
    """
    shoulders, hips = person.xy_px[_SHOULDERS].mean(axis=0), person.xy_px[_HIPS].mean(axis=0)
    off_centre = abs(hips[0] - width / 2.0) / (width / 2.0)
    return float(np.hypot(*(shoulders - hips)) * person.confidence * (1.0 - OFF_CENTRE_LOSS * min(off_centre, 1.0)))


def _with_unsure_head(pose: Pose) -> Pose:
    if pose.sigma_px is None:
        return pose
    sigma = pose.sigma_px.copy()
    sigma[HEAD] = np.hypot(sigma[HEAD], POSE_HEAD_SIGMA * pose.torso_px)
    return replace(pose, sigma_px=sigma)
