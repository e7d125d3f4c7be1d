"""Grades at the exact boundaries of both published profiles."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.pose.grades import PROFILE_NAMES, SHIPPED_NAMES, Bands, load_profile, read_profile
from posedeck.pose.posture import METRICS

TILTS = ["head_tilt", "shoulder_tilt", "pelvis_tilt", "knee_tilt", "body_tilt", "side_head_tilt"]
BOUNDARIES_2024 = [
    *[(key, value, grade) for key in [*TILTS, "side_body_tilt"] for value, grade in
      [(-4.001, -2), (-4, -2), (-3.999, -1), (-1, -1), (-0.999, 0), (0, 0), (0.999, 0), (1, 1), (3.999, 1), (4, 2)]],
    *[(key, value, grade) for key in ("left_leg", "right_leg") for value, grade in
      [(-12, -2), (-11.999, -1), (-6, -1), (-5.999, 0), (5.999, 0), (6, 1), (11.999, 1), (12, 2)]],
    ("round_shoulder", 8, 0), ("round_shoulder", 8.001, 1), ("round_shoulder", 14.999, 1), ("round_shoulder", 15, 2),
    ("turtle_neck", 34, 0), ("turtle_neck", 34.001, 1), ("turtle_neck", 39.999, 1), ("turtle_neck", 40, 2),
]  # fmt: skip
BOUNDARIES_2025 = [
    *[(key, value, grade) for key in TILTS for value, grade in
      [(-5, -2), (-4.999, -1), (-1.5, -1), (-1.499, 0), (1.499, 0), (1.5, 1), (4.999, 1), (5, 2)]],
    *[("side_body_tilt", value, grade) for value, grade in
      [(-5, -2), (-1.5, -1), (-1.499, 0), (2.999, 0), (3, 1), (9.999, 1), (10, 2)]],
    *[(key, value, grade) for key in ("left_leg", "right_leg") for value, grade in
      [(-10, -2), (-5, -1), (-4.999, 0), (4.999, 0), (5, 1), (10, 2)]],
    ("round_shoulder", 4.999, 0), ("round_shoulder", 5, 1), ("round_shoulder", 14.999, 1), ("round_shoulder", 15, 2),
    ("turtle_neck", 30, 0), ("turtle_neck", 30.001, 1), ("turtle_neck", 39.999, 1), ("turtle_neck", 40, 2),
]  # fmt: skip


@pytest.mark.parametrize(("metric", "value", "grade"), BOUNDARIES_2024)
def test_boundaries_of_2024(metric: str, value: float, grade: int) -> None:
    """The document of 2024 decides which side of a cut point a value on it belongs to."""
    assert grade == load_profile("remo-2024").grade(metric, value)


@pytest.mark.parametrize(("metric", "value", "grade"), BOUNDARIES_2025)
def test_boundaries_of_2025(metric: str, value: float, grade: int) -> None:
    """The document of 2025 has wider bands and other rules for round shoulder and side body tilt."""
    assert grade == load_profile("remo-2025").grade(metric, value)


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_every_metric_has_a_band(name: str) -> None:
    """Both profiles of the vendor grade all eleven metrics."""
    assert {metric.key for metric in METRICS} == set(load_profile(name).bands)


def test_values_are_graded_as_printed() -> None:
    """A value that prints as 1.000 is graded as 1.000."""
    assert load_profile("remo-2024").grade("head_tilt", 0.99951) == 1


def test_a_missing_value_has_no_grade() -> None:
    """NaN and an unknown metric have no grade."""
    assert load_profile("remo-2024").grade("head_tilt", float("nan")) is None
    assert load_profile("remo-2024").grade("tail_tilt", 1.0) is None


@given(st.floats(-90, 90), st.floats(-90, 90))
def test_a_larger_value_never_has_a_smaller_grade(one: float, other: float) -> None:
    """Grades rise with the value."""
    low, high = sorted((one, other))
    for metric, bands in load_profile("remo-2024").bands.items():
        assert bands.grade(low) <= bands.grade(high), metric


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("edges = [4, 1]\ngrades=[0,1,2]\nedge_belongs=['above','above']", "ascend"),
        ("edges = [1, 4]", "need 3 grades"),
        ("edges = [1]\ngrades=[0, 7]\nedge_belongs=['above']", "-2..2"),
        ("edges = [1]\ngrades=[0, 1]\nedge_belongs=[]", "edge_belongs"),
    ],
)
def test_bands_that_make_no_sense_are_refused(text: str, why: str) -> None:
    """A profile says what is wrong with its numbers."""
    with pytest.raises(msgspec.ValidationError, match=why):
        msgspec.toml.decode(text, type=Bands)


OWN = b"""
name = "clinic"
version = "3"
title = "Our clinic"
source = "own measurements"
[bands.head_tilt]
edges = [-6, -2, 2, 6]
"""
KEYS = [metric.key for metric in METRICS]


def test_a_profile_of_the_users_own() -> None:
    """A TOML file of the same form grades at once; metrics without a band have no grade."""
    profile = read_profile(OWN, KEYS)
    assert (profile.name, profile.version) == ("clinic", "3")
    assert profile.grade("head_tilt", 2.5) == 1
    assert profile.grade("knee_tilt", 2.5) is None


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"name = ", "[Ii]nvalid"),
        (b"\xff\xfe", "utf-8|Invalid"),
        (b"name = 'x'", "missing required field"),
        (OWN.replace(b"head_tilt", b"tail_tilt"), "unknown metrics: tail_tilt"),
        (OWN.replace(b"-6, -2", b"-2, -6"), "ascend"),
        (OWN.replace(b'"clinic"', b'"remo-2024"'), "belongs to"),
        (OWN.replace(b'"3"', b'" "'), "needed"),
        (OWN + b"[bands.head_tilt.more]\nx=1", "[Uu]nknown field|unexpected"),
        (b"#" * 70_000, "larger than"),
    ],
)
def test_a_profile_that_is_none_says_why(data: bytes, why: str) -> None:
    """An uploaded file that cannot be used names its fault."""
    with pytest.raises(ValueError, match=why):
        read_profile(data, KEYS)


def test_published_bands_say_whom_and_how() -> None:
    """Each band of the literature profile has population, method and source; the profile says why others are empty."""
    literature = load_profile("literature")
    assert literature.bands
    assert all(band.population and band.method and band.source for band in literature.bands.values())
    assert "no single accepted criterion" in literature.source


def test_all_shipped_profiles_load() -> None:
    """Every shipped profile is named as its file."""
    assert [load_profile(name).name for name in SHIPPED_NAMES] == list(SHIPPED_NAMES)
