"""The engine against rendered people whose true joints are known."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from posedeck.engine.images import load_image
from posedeck.engine.people import POSE_HEAD_SIGMA, PoseEngine
from posedeck.pose.geometry import line_deg
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import BLAZEPOSE_33
from tests.support.people import SAMPLES
from tests.unit.engine.conftest import people_of, picture_of

SINGLES = ["front_apose", "side_apose", "body_slim", "body_heavy"]
LIMBS = ["left_shoulder", "right_shoulder", "left_hip", "right_hip", "left_knee", "right_knee"]


@pytest.mark.parametrize("passes", [1, 2, 8])
@pytest.mark.parametrize("name", SINGLES)
def test_joints_lie_within_six_percent_of_the_torso(engine: PoseEngine, name: str, passes: int) -> None:
    """The mean error of the visible joints is below 6 % of the torso, whatever the number of passes."""
    ((truth, visible),) = people_of(name)
    person = engine.estimate(picture_of(name), passes)
    assert person is not None
    assert truth.error(person.pose, visible) < 0.06


def test_head_line_follows_the_true_head(engine: PoseEngine) -> None:
    """The eye line is within 2 degrees of the true one, which BlazePose's own eyes miss by 4."""
    ((truth, _),) = people_of("front_apose")
    person = engine.estimate(picture_of("front_apose"))
    expected = line_deg(truth.joints["right_eye"], truth.joints["left_eye"])
    assert person is not None
    assert person.head_source == "face"
    assert line_deg(person.pose["right_eye"], person.pose["left_eye"]) == pytest.approx(expected, abs=2.0)


@pytest.mark.parametrize(("name", "expected"), [("front_apose", "face"), ("side_apose", "pose")])
def test_the_source_of_the_head_is_told(engine: PoseEngine, name: str, expected: str) -> None:
    """A frontal head comes from the face model; in profile the mesh invents the hidden half and is not believed."""
    person = engine.estimate(picture_of(name), passes=1)
    assert person is not None
    assert person.head_source == expected


def test_a_head_without_a_face_is_less_sure(engine: PoseEngine) -> None:
    """Where no face is found, sigma of every head point is at least the documented share of the torso."""
    person = engine.estimate(picture_of("side_apose"))
    assert person is not None
    assert person.pose.sigma_px is not None
    head = person.pose.sigma_px[BLAZEPOSE_33.indices(("nose", "left_eye", "right_ear", "mouth_left"))]
    assert (head >= POSE_HEAD_SIGMA * person.pose.torso_px).all()


def test_everybody_in_the_group_is_found_once(engine: PoseEngine) -> None:
    """Three people stand in the picture: three are found, best first, each within 6 % of the torso of its own truth."""
    truths = people_of("group3")
    people = engine.find_people(picture_of("group3"))
    assert len(people) == 3
    nearest = [
        min(range(3), key=lambda index: truths[index][0].error(person.pose, truths[index][1])) for person in people
    ]
    assert sorted(nearest) == [0, 1, 2]
    for person, index in zip(people, nearest, strict=True):
        assert truths[index][0].error(person.pose, truths[index][1]) < 0.06
    assert [person.score for person in people] == sorted((person.score for person in people), reverse=True)


@pytest.mark.parametrize("name", SINGLES)
def test_a_single_person_is_found_once(engine: PoseEngine, name: str) -> None:
    """Windows that cut the body in two do not add ghosts."""
    assert len(engine.find_people(picture_of(name))) == 1


def test_no_more_people_than_asked_for(engine: PoseEngine) -> None:
    """``max_people`` bounds the answer, and the best stay."""
    best, second, _ = engine.find_people(picture_of("group3"))
    people = engine.find_people(picture_of("group3"), max_people=2)
    assert [person.score for person in people] == pytest.approx([best.score, second.score])


@pytest.mark.parametrize("max_people", [0, -1])
def test_max_people_must_be_positive(engine: PoseEngine, max_people: int) -> None:
    """Asking for nobody is an error, not an empty answer."""
    with pytest.raises(ValueError, match="max_people"):
        engine.find_people(picture_of("group3"), max_people=max_people)


def test_nobody_in_an_empty_picture(engine: PoseEngine) -> None:
    """A picture of noise holds nobody."""
    noise = np.random.default_rng(7).integers(0, 255, (400, 300, 3), dtype=np.uint8)
    assert engine.estimate(noise) is None
    assert engine.find_people(noise) == []


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (3, 2)])
def test_tiny_and_thin_pictures_do_not_crash(engine: PoseEngine, shape: tuple[int, int]) -> None:
    """The smallest pictures hold nobody."""
    assert engine.estimate(np.full((*shape, 3), 127, np.uint8)) is None


def test_a_small_person_is_found_through_the_windows(engine: PoseEngine) -> None:
    """A person of a ninth of the picture's height is found and lies where it was put."""
    person = cv2.resize(load_image(picture_of("front_apose")), (96, 128), interpolation=cv2.INTER_AREA)
    picture = np.full((1000, 1200, 3), 128, np.uint8)
    picture[600:728, 700:796] = person
    ((truth, visible),) = people_of("front_apose")
    found = engine.estimate(picture, passes=1)
    assert found is not None
    in_sample = found.pose.with_xy((found.pose.xy_px - [700, 600]) * 8.0)
    assert truth.error(in_sample, visible) < 0.1


def test_mirrored_picture_gives_the_mirrored_person(engine: PoseEngine) -> None:
    """With mirrored pairs the answer for the mirrored picture is the mirror image, left and right swapped."""
    image = load_image(picture_of("front_apose"))
    person = engine.estimate(image, passes=2)
    mirrored = engine.estimate(np.ascontiguousarray(image[:, ::-1]), passes=2)
    assert person is not None
    assert mirrored is not None
    back = mirrored.pose.xy_px[BLAZEPOSE_33.mirror_order]
    back[:, 0] = image.shape[1] - back[:, 0]
    distance = np.hypot(*(back - person.pose.xy_px).T)
    assert distance.mean() < 0.01 * person.pose.torso_px
    assert person.pose.xyz_m is not None
    assert mirrored.pose.xyz_m is not None
    world = mirrored.pose.xyz_m[BLAZEPOSE_33.mirror_order] * [-1.0, 1.0, 1.0]
    assert np.abs(world - person.pose.xyz_m).mean() < 0.01


def test_a_tilted_camera_turns_image_and_world_alike(engine: PoseEngine) -> None:
    """Turning the picture by 20 degrees turns the shoulder line by 20 degrees, in pixels and in metres."""
    image = load_image(picture_of("body_slim"))
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 20.0, 1.0)  # counter-clockwise as seen
    straight = engine.estimate(image, passes=2)
    turned = engine.estimate(cv2.warpAffine(image, turn, (width, height), borderValue=(127, 127, 127)), passes=2)
    assert straight is not None
    assert turned is not None
    assert _shoulders_deg(turned.pose) - _shoulders_deg(straight.pose) == pytest.approx(20.0, abs=2.0)
    assert _world_shoulders_deg(turned.pose) - _world_shoulders_deg(straight.pose) == pytest.approx(20.0, abs=4.0)


def _shoulders_deg(pose: Pose) -> float:
    return line_deg(pose["right_shoulder"], pose["left_shoulder"])


def _world_shoulders_deg(pose: Pose) -> float:
    assert pose.xyz_m is not None
    right, left = pose.xyz_m[BLAZEPOSE_33.indices(("right_shoulder", "left_shoulder")), :2]
    return line_deg(right, left)


@pytest.mark.parametrize("name", ["front_apose", "body_heavy"])
def test_the_mask_covers_the_person(engine: PoseEngine, name: str) -> None:
    """The mask has the picture's size and overlaps the true silhouette by more than 93 % (intersection over union)."""
    truth = np.asarray(Image.open(SAMPLES / f"{name}_mask.png").convert("L")) > 127
    person = engine.estimate(picture_of(name), passes=1)
    assert person is not None
    found = person.mask > 127
    assert found.shape == truth.shape
    assert (found & truth).sum() / (found | truth).sum() > 0.93


def test_a_single_pass_claims_no_sigma(engine: PoseEngine) -> None:
    """One pass says nothing about its spread."""
    person = engine.estimate(picture_of("front_apose"), passes=1)
    assert person is not None
    assert person.pose.sigma_px is None


def test_the_spread_of_many_passes_is_small_and_never_zero(engine: PoseEngine) -> None:
    """On a clear picture perturbed passes disagree about every point, by less than 5 % of the torso."""
    person = engine.estimate(picture_of("front_apose"), passes=8)
    assert person is not None
    assert person.pose.sigma_px is not None
    assert (person.pose.sigma_px > 0.0).all()
    assert (person.pose.sigma_px < 0.05 * person.pose.torso_px).all()


def test_the_same_picture_gives_the_same_answer(engine: PoseEngine) -> None:
    """Inference is deterministic, perturbations included."""
    first = engine.estimate(picture_of("body_slim"))
    again = engine.estimate(picture_of("body_slim"))
    assert first is not None
    assert again is not None
    assert np.array_equal(first.pose.xy_px, again.pose.xy_px)


def test_exif_orientation_is_applied(engine: PoseEngine) -> None:
    """A picture stored sideways with its EXIF orientation gives the pose of the upright one."""
    image = Image.fromarray(load_image(picture_of("front_apose")))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn 90 degrees clockwise to view
    stored = io.BytesIO()
    image.transpose(Image.Transpose.ROTATE_90).save(stored, "PNG", exif=exif)
    upright = engine.estimate(np.asarray(image), passes=1)
    person = engine.estimate(stored.getvalue(), passes=1)
    assert upright is not None
    assert person is not None
    assert np.allclose(upright.pose.xy_px, person.pose.xy_px)


@pytest.mark.parametrize("joint", LIMBS)
def test_left_is_the_subjects_left(engine: PoseEngine, joint: str) -> None:
    """Seen from the front, the subject's left lies on the picture's right."""
    ((truth, _),) = people_of("front_apose")
    person = engine.estimate(picture_of("front_apose"), passes=8)
    assert person is not None
    assert np.hypot(*(person.pose[joint] - truth.joints[joint])) < 0.1 * truth.torso_px


def test_looked_for_once_each_number_of_passes_answers_as_if_asked_alone(engine: PoseEngine) -> None:
    """One plain pass and the mean of two come out bit for bit as from two calls."""
    together = engine.find_people_variously(picture_of("group3"), 10, (1, 2))
    apart = [engine.find_people(picture_of("group3"), passes=passes) for passes in (1, 2)]
    for found, expected in zip(together, apart, strict=True):
        assert [person.score for person in found] == [person.score for person in expected]
        for person, other in zip(found, expected, strict=True):
            np.testing.assert_array_equal(person.pose.xy_px, other.pose.xy_px)
