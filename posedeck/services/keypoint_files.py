"""Two saved answers of either vendor, read and compared without a browser."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from posedeck.engine.images import ImageError
from posedeck.pose.grades import Profile
from posedeck.services.keypoint_comparison import KeypointComparison
from posedeck.services.keypoints import KeypointAnswer, RecordedAnswerError, read_recorded, recorded_vendor
from posedeck.services.photos import Photo, prepare_photo

#: In place of a picture that was not given: so large that every answer's keypoints lie on it.
_ANYWHERE = Photo(b"", "image/png", 100_000, 100_000, converted=False)
#: The blank drawing ends so far beyond the last keypoint, as a share of where that is.
_MARGIN = 0.05


class FileUnusable(ValueError):  # noqa: N818 - says what happened
    """A file that cannot be compared; the message names it and says why."""


def compare_files(
    left: Path, right: Path, picture: Path | None, profile: Profile, least_score: float = 0.0
) -> KeypointComparison:
    """Compare two saved answers about one picture; whose they are is told by their form.

    Args:
        left, right: JSON bodies as Kakao or NHN Cloud sent them.
        picture: The picture that they are about; without it they are drawn on a blank ground.
        profile: Bands that the posture metrics are graded by.
        least_score: Keypoints with a lower score count as absent.

    Raises:
        FileUnusable: a file cannot be read, is no successful answer, or is not about that picture.
    """
    photo = _ANYWHERE if picture is None else _photo(picture)
    first, second = _answer(left, photo), _answer(right, photo)
    if picture is None:
        ground = _ground((first, second))
        first, second = replace(first, photo=ground), replace(second, photo=ground)
    return KeypointComparison(first, second, profile, least_score, has_picture=picture is not None)


def _answer(path: Path, photo: Photo) -> KeypointAnswer:
    data = _bytes(path)
    try:
        return read_recorded(recorded_vendor(data), data, photo)
    except RecordedAnswerError as error:
        raise FileUnusable(f"{path}: {error}") from error


def _photo(path: Path) -> Photo:
    try:
        return prepare_photo(_bytes(path))
    except ImageError as error:
        raise FileUnusable(f"{path}: {error}") from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileUnusable(f"{path}: {error.strerror or error}") from error


def _ground(answers: Sequence[KeypointAnswer]) -> Photo:
    """A place without bytes that holds all keypoints."""
    points = np.concatenate([np.zeros((1, 2)), *(pose.xy_px for answer in answers for pose in answer.people)])
    width, height = (max(math.ceil((1.0 + _MARGIN) * float(side)), 1) for side in np.nanmax(points, axis=0))
    return Photo(b"", "image/png", width, height, converted=False)
