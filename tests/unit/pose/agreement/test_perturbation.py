"""Perturbed pictures: known places go there and come back, and a known source is called what it is."""

import math

import numpy as np
import pytest

from posedeck.pose.agreement.perturbation import (
    Kind,
    Perturbation,
    Placement,
    Stability,
    perturbations,
    place,
    stability,
)
from posedeck.pose.pose import Pose
from tests.unit.pose.agreement.builders import exchanged, group, noisy, scored, shifted

#: The sample group's picture.
WIDTH, HEIGHT = 1024, 768
ALL = perturbations(tuple(Kind))


def seen(pose: Pose, placement: Placement) -> Pose:
    """What a perfect source answers for the perturbed picture."""
    moved = pose.with_xy(pose.xy_px @ placement.matrix[:, :2].T + placement.matrix[:, 2])
    return exchanged(moved) if placement.mirrored else moved


def test_each_kind_has_its_steps() -> None:
    """All five kinds are there; the mirror is one picture, the others are curves of at least four."""
    counts = {kind: len(perturbations([kind])) for kind in Kind}
    assert counts.pop(Kind.MIRROR) == 1
    assert min(counts.values()) >= 4


@pytest.mark.parametrize(
    ("kind", "amount", "size", "point", "placed"),
    [
        (Kind.MIRROR, 1.0, (200, 100), (0.0, 10.0), (199.0, 10.0)),
        (Kind.ROTATE, 90.0, (100, 200), (0.0, 0.0), (99.0, 0.0)),
        (Kind.CROP, 0.1, (160, 80), (20.0, 10.0), (0.0, 0.0)),
        (Kind.JPEG, 30.0, (200, 100), (7.0, 8.0), (7.0, 8.0)),
        (Kind.DOWNSCALE, 0.5, (100, 50), (0.5, 0.5), (0.0, 0.0)),
    ],
)
def test_places_by_hand(
    kind: Kind, amount: float, size: tuple[int, int], point: tuple[float, float], placed: tuple[float, float]
) -> None:
    """A point of a 200 × 100 picture lies where a ruler puts it; the upper left corner turns to the upper right."""
    placement = place(Perturbation(kind, amount), 200, 100)
    assert (placement.width, placement.height) == size
    found = placement.matrix[:, :2] @ np.array(point) + placement.matrix[:, 2]
    np.testing.assert_allclose(found, placed, atol=1e-9)


def test_nothing_left_is_refused() -> None:
    """A crop of everything is no picture."""
    with pytest.raises(ValueError, match="nothing"):
        place(Perturbation(Kind.CROP, 0.5), 200, 100)


@pytest.mark.parametrize("step", ALL, ids=lambda step: f"{step.kind}-{step.amount:g}")
def test_a_perfect_source_is_perfectly_stable(step: Perturbation) -> None:
    """Whoever answers the same about each version comes back to distance 0 and OKS 1, everybody found again."""
    placement = place(step, WIDTH, HEIGHT)
    found = stability(group(), [seen(pose, placement) for pose in group()], placement)
    assert (found.people, found.matched) == (3, 3)
    assert found.mean_distance_torso == pytest.approx(0.0, abs=1e-9)
    assert found.oks == pytest.approx(1.0)


def test_a_known_shift_is_the_distance() -> None:
    """A shift by a tenth of a person's torso is a mean distance of 0.1."""
    (person,) = group()[:1]
    torso = float(np.hypot(*(person["left_shoulder"] - person["right_hip"])))
    placement = place(Perturbation(Kind.JPEG, 50.0), WIDTH, HEIGHT)
    found = stability([person], [shifted(person, 0.1 * torso)], placement)
    assert found.mean_distance_torso == pytest.approx(0.1)
    assert 0.5 < found.oks < 1.0


def test_the_curve_rises_with_the_noise() -> None:
    """Three times as noisy a source has the larger distance and the lower OKS."""
    placement = place(Perturbation(Kind.ROTATE, 10.0), WIDTH, HEIGHT)
    results = []
    for times in (1, 3):
        rng = np.random.default_rng(4)
        answers = [pose.with_xy(pose.xy_px + times * (noisy(pose, rng).xy_px - pose.xy_px)) for pose in group()]
        results.append(stability(group(), [seen(pose, placement) for pose in answers], placement))
    assert results[1].mean_distance_torso == pytest.approx(3 * results[0].mean_distance_torso, rel=0.05)
    assert results[1].oks < results[0].oks


def test_a_source_that_swaps_sides_is_far_off_under_the_mirror() -> None:
    """Left for right in the mirrored picture shows as a distance of body widths, not of noise."""
    placement = place(Perturbation(Kind.MIRROR, 1.0), WIDTH, HEIGHT)
    found = stability(group(), [exchanged(seen(pose, placement)) for pose in group()], placement)
    assert found.matched == 3
    assert found.mean_distance_torso > 0.2


def test_what_the_crop_cuts_off_does_not_count() -> None:
    """A joint beyond the crop may be answered anywhere; a person all but cut off is nobody to find again."""
    placement = place(Perturbation(Kind.CROP, 0.15), WIDTH, HEIGHT)
    person = group()[1].with_points({"left_ankle": (500.0, 767.0)})
    gone = shifted(person, 5000.0)
    answer = seen(person, placement).with_points({"left_ankle": (0.0, 0.0)})
    found = stability([person, gone], [answer], placement)
    assert (found.people, found.matched) == (1, 1)
    assert found.mean_distance_torso == pytest.approx(0.0, abs=1e-9)
    assert found.oks == pytest.approx(1.0)


def test_a_placeholder_stays_absent() -> None:
    """(0, 0) with score 0 is no point, wherever the perturbation would put it."""
    placement = place(Perturbation(Kind.ROTATE, 20.0), WIDTH, HEIGHT)
    pose = scored(seen(group()[0], placement).with_points({"nose": (0.0, 0.0)}), nose=0.0)
    assert np.isnan(placement.back(pose)["nose"]).all()


def test_nobody_found_again_has_no_distance() -> None:
    """When the perturbed answer is empty there is nothing to measure."""
    placement = place(Perturbation(Kind.JPEG, 15.0), WIDTH, HEIGHT)
    found = stability(group(), [], placement)
    assert found == Stability(3, 0, pytest.approx(math.nan, nan_ok=True), pytest.approx(math.nan, nan_ok=True))
