"""Values, grades and sizes in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.pose.grades import REMO_2024, Bands, load_profile
from posedeck.pose.uncertainty import Z_95, Estimate
from posedeck.services.wording import (
    band_texts,
    degrees_text,
    directed_grade_text,
    direction_text,
    edge_text,
    grade_text,
    half_width_text,
    interval_text,
    level,
    probability_text,
    size_text,
)
from posedeck.texts import load_texts

TILT = load_profile(REMO_2024).bands["head_tilt"]


@pytest.mark.parametrize(
    ("value", "text"), [(2.14, "+2.1°"), (-2.14, "−2.1°"), (0.04, "0.0°"), (-0.04, "0.0°"), (29.711, "+29.7°")]
)
def test_value_has_sign_and_degree(value: float, text: str) -> None:
    """A value is printed with one decimal, its sign and the degree mark; what reads as zero has no sign."""
    assert degrees_text(value) == text


def test_value_near_an_edge_gets_more_decimals() -> None:
    """A value is never printed as if it were in another band."""
    assert degrees_text(0.96, TILT) == "+0.96°"
    assert degrees_text(0.996, TILT) == "+0.996°"
    assert degrees_text(1.0, TILT) == "+1.0°"


@given(st.floats(-20, 20))
def test_printed_value_has_the_grade_of_the_value(value: float) -> None:
    """A reader who grades the printed number gets the printed grade."""
    printed = float(degrees_text(value, TILT).rstrip("°").replace("−", "-"))
    assert TILT.grade(printed) == TILT.grade(value)


@pytest.mark.parametrize(("grade", "expected"), [(-2, 2), (-1, 1), (0, 0), (2, 2), (7, 2), (None, None)])
def test_level_is_the_gravity_of_a_grade(grade: int | None, expected: int | None) -> None:
    """The sign of a grade does not change how serious it is."""
    assert level(grade) == expected


def test_grade_in_words() -> None:
    """A grade reads as a word, a missing one too."""
    t = load_texts("en")
    assert [grade_text(grade, t) for grade in (0, -1, 2, None)] == ["Normal", "Caution", "Danger", "Not graded"]


def test_direction_in_words() -> None:
    """The sign reads as a direction of the body; zero has none."""
    t = load_texts("en")
    assert direction_text("shoulder_tilt", 2.0, t) == "left side higher"
    assert direction_text("right_leg", -7.0, t) == "X-leg, knee inwards"
    assert direction_text("shoulder_tilt", 0.01, t) == ""


def test_edges_keep_their_decimals() -> None:
    """A cut point is printed as it is defined."""
    assert [edge_text(edge) for edge in Bands(edges=(-5, -1.5, 1.5, 5)).edges] == ["−5", "−1.5", "1.5", "5"]


@pytest.mark.parametrize(("size", "text"), [(999, "999 B"), (45_370, "45 kB"), (2_340_000, "2.3 MB")])
def test_size_in_words(size: int, text: str) -> None:
    """A size is printed in powers of 1000."""
    assert size_text(size) == text


def test_interval_in_words() -> None:
    """An interval is printed as half its width and as its ends."""
    estimate = Estimate(2.5, 2.7 / Z_95)
    assert half_width_text(estimate) == "± 2.7"
    assert interval_text(estimate, load_texts("en")) == "−0.2° to +5.2°"


def test_no_interval_reads_as_exact() -> None:
    """However small the uncertainty, it is not printed as none."""
    assert half_width_text(Estimate(2.5, 0.001)) == "± 0.1"


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0.934, "93 %"), (0.0, "0 %"), (0.001, "< 1 %"), (1.0, "100 %"), (0.999, "> 99 %"), (0.8, "80 %")],
)
def test_probability_in_percent(probability: float, text: str) -> None:
    """A probability is printed in whole percent; what is possible never reads as impossible or certain."""
    assert probability_text(probability) == text


def test_grade_on_both_sides_has_a_direction() -> None:
    """A grade that the bands have on both sides is told apart by its direction; others are not."""
    t = load_texts("en")
    assert directed_grade_text("shoulder_tilt", -1, TILT, t) == "Caution (right side higher)"
    assert directed_grade_text("shoulder_tilt", 0, TILT, t) == "Normal"
    neck = load_profile(REMO_2024).bands["turtle_neck"]
    assert directed_grade_text("turtle_neck", 2, neck, t) == "Danger"


@given(st.floats(-20, 20))
def test_written_band_holds_its_values(value: float) -> None:
    """A value has the grade of the one written band that holds it."""
    printed = round(value, 3)
    fitting = []
    for text, grade in band_texts(TILT, load_texts("en")):
        parts = text.replace("°", "").replace("−", "-").split()
        at = parts.index("x")
        low = at == 0 or _holds(float(parts[0]), parts[1], printed)
        high = at == len(parts) - 1 or _holds(printed, parts[at + 1], float(parts[at + 2]))
        if low and high:
            fitting.append(grade)
    assert fitting == [grade_text(TILT.grade(value), load_texts("en"))]


def _holds(a: float, sign: str, b: float) -> bool:
    return a <= b if sign == "≤" else a < b
