from dataclasses import replace

import numpy as np
import pytest

from posedeck.pose.kicker import likely_kicker
from posedeck.pose.track import PoseTrack
from tests.support.people import level_front
from tests.unit.pose.test_swaps import true_kick


def standing(kick: PoseTrack, scale: float) -> PoseTrack:
    person = level_front()
    xy = np.tile(person.xy_px * scale, (len(kick), 1, 1))
    shaken = xy + np.random.default_rng(0).normal(0.0, 1.0, xy.shape)
    return PoseTrack(person.skeleton, kick.times_s, shaken, np.ones(xy.shape[:2]))


def test_the_kicker_is_found_beside_a_larger_spectator() -> None:
    kick = true_kick()

    assert likely_kicker({1: standing(kick, 0.6), 2: kick}) == 2


def test_the_same_kick_far_away_comes_second() -> None:
    kick = true_kick()

    assert likely_kicker({1: replace(kick, xy_px=kick.xy_px * 0.4), 2: kick}) == 2


def test_who_is_hardly_seen_comes_second() -> None:
    kick = true_kick()
    brief = kick.xy_px.copy()
    brief[10:] = np.nan

    assert likely_kicker({1: kick, 2: replace(kick, xy_px=brief)}) == 1


def test_there_must_be_somebody() -> None:
    with pytest.raises(ValueError, match="nobody"):
        likely_kicker({})
