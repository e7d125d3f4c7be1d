"""Bodies as no photo should show them: nothing breaks, and what is promised still holds."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from posedeck.engine.reshape.analyse import figure_warnings, pose_warnings, posture_fault
from posedeck.engine.reshape.anthropometry import Gender
from posedeck.engine.reshape.body import Body, ReshapeFault
from posedeck.engine.reshape.field import MIN_DETERMINANT
from posedeck.engine.reshape.pipeline import reshape
from tests.support.mannequin import draw


@cache
def odd_body(seed: int) -> tuple[np.ndarray, Body] | ReshapeFault | None:
    """A body in any pose with joints, depths and visibilities that lie, cut by the picture's edges, in a torn mask."""
    rng = np.random.default_rng(seed)
    drawn = draw(scale=0.15, arms_deg=rng.uniform(-5.0, 170.0), legs_deg=rng.uniform(-3.0, 30.0))
    pose, mask, picture = drawn.body.pose, drawn.body.mask, drawn.picture
    assert pose.xyz_m is not None
    pose = replace(
        pose,
        xy_px=pose.xy_px + rng.normal(0.0, rng.choice([0.0, 0.02, 0.1, 0.3]) * pose.torso_px, pose.xy_px.shape),
        score=rng.uniform(0.5, 1.0, len(pose.score)),
        xyz_m=pose.xyz_m + rng.normal(0.0, rng.choice([0.0, 0.1, 1.0]), pose.xyz_m.shape),
    )
    if rng.random() < 0.5:
        top, left = rng.integers(0, 60, 2)
        mask, picture = mask[top:150, left:90], picture[top:150, left:90]
        pose = pose.with_xy(pose.xy_px - [left, top])
    if rng.random() < 0.3:
        mask = mask * (rng.random(mask.shape) < 0.5)
    mask, picture = np.ascontiguousarray(mask, np.float32), np.ascontiguousarray(picture)
    height, width = mask.shape
    if not (mask > 0.5).any():
        return None
    fault = posture_fault(pose, height)
    warnings = (*pose_warnings(pose, width, height), *figure_warnings(pose, mask))
    return (picture, Body(pose, mask, warnings)) if fault is None else fault


@pytest.mark.parametrize("seed", range(24))
def test_an_odd_body_is_refused_or_reshaped_whole(seed: int) -> None:
    found = odd_body(seed)
    if not isinstance(found, tuple):
        return
    picture, body = found
    reshaped = reshape(picture, body, list(Gender)[seed % 2], 0.75 if seed % 3 else 1.4)
    assert reshaped.image.shape == picture.shape
    assert np.isfinite(reshaped.new_mask).all()
    assert reshaped.integrity.background_max == 0
    assert reshaped.integrity.min_determinant > MIN_DETERMINANT
    assert 0.0 < reshaped.integrity.amplitude <= 1.0


def test_most_odd_bodies_are_not_refused() -> None:
    assert sum(isinstance(odd_body(seed), tuple) for seed in range(24)) >= 12
