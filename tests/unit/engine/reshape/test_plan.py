"""From a wish to a ratio."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.engine.reshape.plan import (
    MAX_RATIO,
    MIN_BMI,
    MIN_RATIO,
    Figures,
    Goal,
    Plan,
    PlanError,
    PlanNote,
    make_plan,
)


def test_without_a_wish_the_usual_ratios_are_taken() -> None:
    assert make_plan(Goal.BEST) == Plan(0.85)
    assert make_plan(Goal.WORST) == Plan(1.25)


def test_weights_give_the_ratio() -> None:
    assert make_plan(Goal.BEST, Figures(180.0, 100.0, 80.0)).ratio == pytest.approx(0.8)
    assert make_plan(Goal.WORST, Figures(170.0, 60.0, 75.0)).ratio == pytest.approx(1.25)


def test_more_than_can_be_drawn_is_limited() -> None:
    assert make_plan(Goal.BEST, Figures(170.0, 150.0, 75.0)) == Plan(MIN_RATIO, PlanNote.RATIO_LIMITED)
    assert make_plan(Goal.WORST, Figures(170.0, 60.0, 120.0)) == Plan(MAX_RATIO, PlanNote.RATIO_LIMITED)


def test_nobody_is_drawn_underweight() -> None:
    # At 1.70 m a body mass index of 18.5 is 53.5 kg.
    assert make_plan(Goal.BEST, Figures(170.0, 62.0, 54.0)).note is None
    assert make_plan(Goal.BEST, Figures(170.0, 62.0, 53.0)) == Plan(1.0, PlanNote.BMI_FLOOR)
    assert make_plan(Goal.BEST, Figures(170.0, 50.0, 48.0)) == Plan(1.0, PlanNote.BMI_FLOOR)


def test_a_thin_person_may_be_drawn_heavier() -> None:
    assert make_plan(Goal.WORST, Figures(170.0, 48.0, 52.0)).note is None


@given(st.sampled_from(Goal), st.floats(80, 250), st.floats(20, 300), st.floats(20, 300))
def test_no_slimmer_picture_is_below_the_limit(goal: Goal, height: float, weight: float, target: float) -> None:
    try:
        plan = make_plan(goal, Figures(height, weight, target))
    except PlanError:
        assert (target > weight) is (goal is Goal.BEST)
        return
    assert MIN_RATIO <= plan.ratio <= MAX_RATIO
    if plan.ratio < 1.0:
        assert plan.ratio * weight / (height / 100.0) ** 2 >= MIN_BMI - 1e-9


@pytest.mark.parametrize(
    ("goal", "wish"),
    [
        (Goal.BEST, 0.7),
        (Goal.WORST, 1.5),
        (Goal.BEST, 1.1),
        (Goal.WORST, 0.9),
        (Goal.BEST, float("nan")),
        (Goal.BEST, Figures(170.0, 80.0, 90.0)),
        (Goal.WORST, Figures(170.0, 80.0, 70.0)),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(goal: Goal, wish: float | Figures) -> None:
    with pytest.raises(PlanError):
        make_plan(goal, wish)
