"""Object keypoint similarity: the definition, the scale rule, and what counts as a place."""

import math

import numpy as np
import pytest
from pycocotools.cocoeval import COCOeval

from posedeck.pose.agreement import oks
from posedeck.pose.agreement.similarity import common_area_px2, located
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import BLAZEPOSE_33, COCO_17
from tests.support.people import level_front
from tests.unit.pose.agreement.builders import FALLOFF, front, noisy, scored, shifted, without


def oks_of_pycocotools(truth: Pose, found: Pose, area_px2: float) -> float:
    """The similarity that COCO's own evaluation computes; keypoints missing in the truth are unlabelled there."""
    visible = np.isfinite(truth.xy_px[:, :1]) * 2.0
    evaluation = COCOeval(iouType="keypoints")
    key = (1, 1)
    evaluation._gts[key] = [
        {
            "keypoints": np.hstack([np.nan_to_num(truth.xy_px), visible]).ravel().tolist(),
            "bbox": [0, 0, 1, 1],
            "area": area_px2,
        }
    ]
    evaluation._dts[key] = [{"keypoints": np.hstack([found.xy_px, visible]).ravel().tolist(), "score": 1.0}]
    return float(evaluation.computeOks(*key)[0, 0])


@pytest.mark.parametrize("seed", range(40))
def test_agrees_with_the_coco_evaluation(seed: int) -> None:
    """With a given area OKS is that of pycocotools to 1e-6, unlabelled keypoints included."""
    rng = np.random.default_rng(seed)
    truth = without(front(), *rng.choice(COCO_17.names, size=seed % 10, replace=False))
    found = front().with_xy(front().xy_px + rng.normal(scale=rng.uniform(1, 60), size=(17, 2)))
    area_px2 = float(rng.uniform(2_000, 300_000))
    assert oks(truth, found, area_px2) == pytest.approx(oks_of_pycocotools(truth, found, area_px2), abs=1e-6)


def test_a_joint_two_sigma_off_has_the_value_of_the_definition() -> None:
    """A single joint at a distance of k s is exp(-1/2) alike, and the 16 others count 1."""
    scale_px = 300.0
    knee = COCO_17.index["left_knee"]
    xy = front().xy_px.copy()
    xy[knee, 0] += FALLOFF[knee] * scale_px
    assert oks(front(), front().with_xy(xy), scale_px**2) == pytest.approx((16 + math.exp(-0.5)) / 17)


@pytest.mark.parametrize("area_px2", [0.0, 1.0, 1e6])
def test_identical_poses_are_alike_at_any_scale(area_px2: float) -> None:
    """Identical poses have an OKS of exactly 1, even where the area is nothing."""
    assert oks(front(), front(), area_px2) == 1.0


def test_the_scale_is_half_the_geometric_mean_of_both_boxes() -> None:
    """s^2 is 0.53 x the geometric mean of both keypoint boxes, the same from either side."""
    small = front()
    large = small.with_xy(small.xy_px * 3.0)
    box = float(np.prod(np.ptp(small.xy_px, axis=0)))
    assert common_area_px2(small, large) == pytest.approx(0.53 * 3.0 * box)
    assert common_area_px2(large, small) == common_area_px2(small, large)


def test_a_zero_point_with_score_zero_is_no_place() -> None:
    """(0, 0) with score 0 is how vendors write "not found": it counts in no distance and in no box."""
    absent = scored(front().with_points({"left_wrist": (0.0, 0.0)}), left_wrist=0.0)
    assert np.isnan(located(absent)["left_wrist"]).all()
    assert common_area_px2(located(absent), located(absent)) == common_area_px2(*[without(front(), "left_wrist")] * 2)
    assert oks(absent, front(), 1e4) == 1.0


def test_half_a_point_is_no_place() -> None:
    """A keypoint with one coordinate missing or infinite is absent as a whole."""
    for bad in ((math.nan, 5.0), (5.0, math.inf)):
        assert np.isnan(located(front().with_points({"nose": bad}))["nose"]).all()


def test_a_score_of_zero_alone_is_a_place() -> None:
    """Kakao gives score 0 to keypoints with good coordinates; they are places, and so is the corner when scored."""
    assert np.isfinite(located(scored(front(), nose=0.0))["nose"]).all()
    assert np.isfinite(located(front().with_points({"nose": (0.0, 0.0)}))["nose"]).all()


def test_poses_without_a_common_joint_have_no_similarity() -> None:
    """OKS over no joint is NaN, neither 0 nor 1."""
    upper, lower = COCO_17.names[:11], COCO_17.names[11:]
    assert math.isnan(oks(without(front(), *upper), without(front(), *lower), 1e4))


def test_noise_of_a_pose_model_stays_above_a_second_annotator() -> None:
    """A single pass's noise leaves OKS above .91, the human-human median, and a far pose has next to none."""
    pose = noisy(front(), np.random.default_rng(1))
    assert oks(front(), pose, common_area_px2(front(), pose)) > 0.91
    far = shifted(front(), 3000)
    assert oks(front(), far, common_area_px2(front(), far)) < 1e-6


def test_another_skeleton_is_refused() -> None:
    """Only COCO-17 poses can be compared; the message names what came."""
    with pytest.raises(ValueError, match=BLAZEPOSE_33.name):
        located(level_front())
