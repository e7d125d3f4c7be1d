"""From what a caller asks for to the weight ratio that is drawn."""

from dataclasses import dataclass
from enum import StrEnum

MIN_RATIO = 0.75
MAX_RATIO = 1.40
#: Below this body mass index an adult is underweight (WHO Technical Report Series 854, 1995).
MIN_BMI = 18.5


class Goal(StrEnum):
    """Which way: slimmer or heavier."""

    BEST = "best"
    WORST = "worst"


DEFAULT_RATIO = {Goal.BEST: 0.85, Goal.WORST: 1.25}


class PlanNote(StrEnum):
    """What was made of the wish."""

    #: The wish would end below ``MIN_BMI``: the picture stays as it is.
    BMI_FLOOR = "bmi_floor"
    #: The wish goes beyond what can be drawn: the nearest ratio is taken.
    RATIO_LIMITED = "ratio_limited"


@dataclass(frozen=True)
class Figures:
    """A person's height, weight, and weight wanted."""

    height_cm: float
    weight_kg: float
    target_kg: float

    @property
    def target_bmi(self) -> float:
        """Body mass index wanted, in kg/m²."""
        return self.target_kg / (self.height_cm / 100.0) ** 2


@dataclass(frozen=True)
class Plan:
    """The ratio to draw, weight after by weight now at the same height, and what there is to say about it."""

    ratio: float
    note: PlanNote | None = None


class PlanError(ValueError):
    """A wish that contradicts itself or is out of range; the text says which."""


def make_plan(goal: Goal, wish: float | Figures | None = None) -> Plan:
    """The ratio for a goal.

    Args:
        goal: Which way.
        wish: A ratio from ``MIN_RATIO`` to ``MAX_RATIO``; or figures, whose ratio is limited to that and, on the way
            down, stops at ``MIN_BMI``; or nothing, which takes ``DEFAULT_RATIO``.

    Raises:
        PlanError: when the wish contradicts the goal or the ratio is out of range.
    """
    if isinstance(wish, Figures):
        wanted = wish.target_kg / wish.weight_kg
    else:
        wanted = DEFAULT_RATIO[goal] if wish is None else wish
        if not MIN_RATIO <= wanted <= MAX_RATIO:
            raise PlanError(f"the ratio must be between {MIN_RATIO:g} and {MAX_RATIO:g}, got {wanted:g}")
    if (goal is Goal.BEST and wanted > 1.0) or (goal is Goal.WORST and wanted < 1.0):
        raise PlanError(f"{goal} means {'slimmer' if goal is Goal.BEST else 'heavier'}, but the ratio is {wanted:.3f}")
    if isinstance(wish, Figures) and wanted < 1.0 and wish.target_bmi < MIN_BMI:
        return Plan(1.0, PlanNote.BMI_FLOOR)
    drawn = min(max(wanted, MIN_RATIO), MAX_RATIO)
    return Plan(drawn, None if drawn == wanted else PlanNote.RATIO_LIMITED)
