"""From what a caller asks for to the weight ratio that is drawn."""

from dataclasses import dataclass
from enum import StrEnum

MIN_RATIO = 0.75
MAX_RATIO = 1.40
#: Below this body mass index an adult is underweight (WHO Technical Report Series 854, 1995).
MIN_BMI = 18.5

#: Heights and weights that are believed.
HEIGHT_CM = (80.0, 250.0)
WEIGHT_KG = (20.0, 300.0)


class Goal(StrEnum):
    """Which way: slimmer or heavier."""

    BEST = "best"
    WORST = "worst"


DEFAULT_RATIO = {Goal.BEST: 0.85, Goal.WORST: 1.25}


class PlanNote(StrEnum):
    """What was made of the wish."""

    #: The wish would end below ``MIN_BMI``: the picture stays as it is.
    UNDERWEIGHT = "underweight"
    #: The wish goes beyond what can be drawn: the nearest ratio is taken.
    LIMITED = "limited"


@dataclass(frozen=True)
class Plan:
    """The weight ratio to draw, weight wanted by weight now at the same height, and what there is to say about it."""

    ratio: float
    note: PlanNote | None = None


class PlanError(ValueError):
    """A wish that contradicts itself or is out of range; the text says which."""


def plan(
    goal: Goal,
    *,
    ratio: float | None = None,
    height_cm: float | None = None,
    weight_kg: float | None = None,
    target_kg: float | None = None,
) -> Plan:
    """The ratio for a goal.

    Either ``ratio`` itself, or ``weight_kg`` with ``target_kg``, or neither, which takes ``DEFAULT_RATIO``. With
    ``height_cm`` and ``weight_kg`` nothing slimmer than ``MIN_BMI`` is drawn. A ratio given must lie in ``MIN_RATIO``
    to ``MAX_RATIO``; one that follows from weights is limited to it.

    Raises:
        PlanError: when values contradict each other or the goal, or are out of range.
    """
    _check_range("height_cm", height_cm, HEIGHT_CM)
    _check_range("weight_kg", weight_kg, WEIGHT_KG)
    _check_range("target_kg", target_kg, WEIGHT_KG)
    _check_range("ratio", ratio, (MIN_RATIO, MAX_RATIO))
    if ratio is not None and target_kg is not None:
        raise PlanError("give either a ratio or a target weight")
    if target_kg is not None and weight_kg is None:
        raise PlanError("a target weight needs the weight now")
    if height_cm is not None and weight_kg is None:
        raise PlanError("a height needs the weight now")
    wanted = DEFAULT_RATIO[goal] if ratio is None else ratio
    if target_kg is not None and weight_kg is not None:
        wanted = target_kg / weight_kg
    if (goal is Goal.BEST and wanted > 1.0) or (goal is Goal.WORST and wanted < 1.0):
        raise PlanError(f"{goal} means {'slimmer' if goal is Goal.BEST else 'heavier'}, but the ratio is {wanted:.2f}")
    drawn = min(max(wanted, MIN_RATIO), MAX_RATIO)
    if height_cm is not None and weight_kg is not None and drawn < 1.0:
        bmi = min(wanted, drawn) * weight_kg / (height_cm / 100.0) ** 2
        if bmi < MIN_BMI:
            return Plan(1.0, PlanNote.UNDERWEIGHT)
    return Plan(drawn, None if drawn == wanted else PlanNote.LIMITED)


def _check_range(name: str, value: float | None, limits: tuple[float, float]) -> None:
    if value is not None and not limits[0] <= value <= limits[1]:
        raise PlanError(f"{name} must be between {limits[0]:g} and {limits[1]:g}, got {value:g}")
