"""The face model: whom it believes, and what its points are."""

import numpy as np
import pytest

from posedeck.engine.crops import Picture
from posedeck.engine.face import HEAD, HEAD_VERTICES, FaceModel
from posedeck.engine.images import load_image
from posedeck.engine.people import PoseEngine
from posedeck.pose.skeleton import BLAZEPOSE_33
from tests.unit.engine.conftest import people_of, picture_of


@pytest.fixture(scope="module")
def face(engine: PoseEngine) -> FaceModel:
    return engine._face


def test_the_head_points_are_blazeposes_first_eleven() -> None:
    """The face's points replace the pose's, index by index."""
    assert HEAD.tolist() == list(range(11))
    assert tuple(HEAD_VERTICES) == BLAZEPOSE_33.names[:11]


@pytest.mark.parametrize("mirrored", [False, True])
def test_eyes_and_nose_lie_on_the_true_ones(engine: PoseEngine, face: FaceModel, mirrored: bool) -> None:
    """Plain or mirrored, eyes and nose are within 2 % of the torso of the truth, left being the subject's left."""
    ((truth, _),) = people_of("front_apose")
    image = picture_of("front_apose")
    landmarks = engine.pose_landmarks(image)
    assert landmarks is not None
    picture = Picture(load_image(image))
    roi = face.locate(picture, landmarks.xy_px, landmarks.roi.turn)
    assert roi is not None
    points = face.head_points(picture, roi.mirror() if mirrored else roi)
    for name in ("left_eye", "right_eye", "nose"):
        apart = np.hypot(*(points[BLAZEPOSE_33.index[name]] - truth.joints[name]))
        assert apart < 0.02 * truth.torso_px


def test_somebody_elses_face_is_not_taken(engine: PoseEngine, face: FaceModel) -> None:
    """A face that lies beside the head that the pose model saw is not that person's."""
    ((truth, _),) = people_of("front_apose")
    image = load_image(picture_of("front_apose"))
    landmarks = engine.pose_landmarks(image)
    assert landmarks is not None
    beside = landmarks.xy_px + np.array([0.35 * truth.torso_px, 0.0])
    assert face.locate(Picture(image), beside, 0.0) is None


def test_no_face_in_an_empty_head_region(face: FaceModel) -> None:
    """Without a face there is no region, even for degenerate landmarks."""
    assert face.locate(Picture(np.zeros((100, 100, 3), np.uint8)), np.zeros((33, 2)), 0.0) is None
