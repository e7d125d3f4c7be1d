import numpy as np

from posedeck.engine.crops import Roi
from posedeck.engine.landmarks import Landmarks
from posedeck.engine.video.identity import Known, assign
from tests.support.people import level_front

BODY = level_front().xy_px
HEIGHT_PX = 800.0


def known(dx: float, lost: bool = False) -> Known:
    return Known(BODY + np.array([dx, 0.0]), HEIGHT_PX, lost)


def reading(dx: float) -> Landmarks:
    xy = BODY + np.array([dx, 0.0])
    n = len(xy)
    return Landmarks(Roi(xy.mean(axis=0), HEIGHT_PX), xy[:2], xy, np.ones(n), np.zeros((n, 3)), 1.0)


def test_each_keeps_who_is_nearest() -> None:
    assert assign([known(0.0), known(400.0)], [reading(390.0), reading(15.0)]) == {0: 1, 1: 0}


def test_together_likeness_counts_where_two_want_the_same() -> None:
    # Both are likest to the first reading; only one of them has an alternative.
    assert assign([known(0.0), known(-90.0)], [reading(-20.0), reading(60.0)]) == {0: 1, 1: 0}


def test_somebody_far_off_is_somebody_else() -> None:
    assert assign([known(0.0)], [reading(600.0)]) == {}


def test_who_was_lost_may_have_walked_on_a_little() -> None:
    assert assign([known(0.0, lost=True)], [reading(500.0)]) == {0: 0}
    assert assign([known(0.0, lost=True)], [reading(1000.0)]) == {}


def test_nobody_matches_nobody() -> None:
    assert assign([], [reading(0.0)]) == {}
    assert assign([known(0.0)], []) == {}
