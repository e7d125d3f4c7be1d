"""From a wish to a ratio."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.engine.reshape.plan import HEIGHT_CM, MAX_RATIO, MIN_BMI, MIN_RATIO, WEIGHT_KG, Goal, PlanError, PlanNote
from posedeck.engine.reshape.plan import plan as make_plan


def test_without_a_wish_the_usual_ratios_are_taken() -> None:
    assert make_plan(Goal.BEST).ratio == 0.85
    assert make_plan(Goal.WORST).ratio == 1.25


def test_weights_give_the_ratio() -> None:
    assert make_plan(Goal.BEST, height_cm=180.0, weight_kg=100.0, target_kg=80.0).ratio == pytest.approx(0.8)
    assert make_plan(Goal.WORST, weight_kg=60.0, target_kg=75.0).ratio == pytest.approx(1.25)


def test_more_than_can_be_drawn_is_limited() -> None:
    limited = make_plan(Goal.BEST, weight_kg=150.0, target_kg=75.0)
    assert (limited.ratio, limited.note) == (MIN_RATIO, PlanNote.LIMITED)
    limited = make_plan(Goal.WORST, weight_kg=60.0, target_kg=120.0)
    assert (limited.ratio, limited.note) == (MAX_RATIO, PlanNote.LIMITED)


def test_nobody_is_drawn_underweight() -> None:
    # 1.70 m and 18.5 make 53.5 kg.
    assert make_plan(Goal.BEST, height_cm=170.0, weight_kg=62.0, target_kg=54.0).note is None
    plan = make_plan(Goal.BEST, height_cm=170.0, weight_kg=62.0, target_kg=53.0)
    assert (plan.ratio, plan.note) == (1.0, PlanNote.UNDERWEIGHT)
    plan = make_plan(Goal.BEST, height_cm=170.0, weight_kg=60.0)
    assert (plan.ratio, plan.note) == (1.0, PlanNote.UNDERWEIGHT)


def test_a_thin_person_may_be_drawn_heavier() -> None:
    assert make_plan(Goal.WORST, height_cm=170.0, weight_kg=48.0, target_kg=52.0).note is None


@given(st.sampled_from(Goal), st.floats(*HEIGHT_CM), st.floats(*WEIGHT_KG), st.floats(*WEIGHT_KG))
def test_no_slimmer_picture_is_below_the_limit(goal: Goal, height: float, weight: float, target: float) -> None:
    try:
        plan = make_plan(goal, height_cm=height, weight_kg=weight, target_kg=target)
    except PlanError:
        assert (target > weight) is (goal is Goal.BEST)
        return
    assert MIN_RATIO <= plan.ratio <= MAX_RATIO
    if plan.ratio < 1.0:
        assert plan.ratio * weight / (height / 100.0) ** 2 >= MIN_BMI - 1e-9


@pytest.mark.parametrize(
    "wish",
    [
        {"ratio": 0.7},
        {"ratio": 1.5},
        {"ratio": 1.1},
        {"ratio": float("nan")},
        {"ratio": 0.9, "weight_kg": 80.0, "target_kg": 70.0},
        {"target_kg": 70.0},
        {"height_cm": 170.0},
        {"weight_kg": 80.0, "target_kg": 90.0},
        {"weight_kg": 5.0, "target_kg": 4.0},
        {"height_cm": 20.0, "weight_kg": 80.0},
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(wish: dict[str, float]) -> None:
    with pytest.raises(PlanError):
        make_plan(Goal.BEST, **wish)
