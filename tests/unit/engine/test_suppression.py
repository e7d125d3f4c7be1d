"""Windows over a picture, and each person once."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.engine.crops import Roi
from posedeck.engine.detector import Detection
from posedeck.engine.landmarks import Landmarks
from posedeck.engine.suppression import (
    WINDOW_SIZES,
    distinct_detections,
    distinct_people,
    heads_agree,
    similarity,
    windows,
)


def person_at(x: float, y: float, presence: float = 1.0, height: float = 300.0) -> Landmarks:
    """A made-up person: 33 points spread over a body of the given height around a centre."""
    shape = np.random.default_rng(3).uniform(-0.5, 0.5, (33, 2)) * [0.4, 1.0]
    return Landmarks(
        roi=Roi(np.array([x, y]), height),
        framing=np.zeros((2, 2)),
        xy_px=shape * height + [x, y],
        score=np.ones(33),
        xyz_m=np.zeros((33, 3)),
        presence=presence,
    )


def detection_at(x: float, y: float, score: float, reach: float = 100.0) -> Detection:
    """A detection whose region is centred at a point."""
    points = np.array([[x, y], [x, y - reach], [x, y], [x, y]])
    return Detection(score, np.array([x, y]), 50.0, points)


@given(st.integers(50, 4000), st.integers(50, 4000))
def test_windows_cover_the_picture(width: int, height: int) -> None:
    """Every point of the picture lies in a window of each size, and the number of windows stays bounded."""
    all_windows = list(windows(width, height))
    assert len(all_windows) <= 40
    for share in WINDOW_SIZES:
        same = [window for window in all_windows if window.size == share * max(width, height)]
        for x, y in ((0.0, 0.0), (width, height), (width / 2, height / 3), (0.0, height)):
            assert any(np.abs(window.centre - [x, y]).max() <= window.size / 2 + 1e-6 for window in same)


@given(st.integers(100, 3000), st.integers(100, 3000))
def test_windows_overlap(width: int, height: int) -> None:
    """Neighbouring windows of one size share at least a quarter of their side."""
    for share in WINDOW_SIZES:
        side = share * max(width, height)
        columns = sorted({float(window.centre[0]) for window in windows(width, height) if window.size == side})
        assert all(np.diff(columns) <= side * 0.75 + 1e-6)


def test_similarity_falls_with_distance() -> None:
    """The same pose has similarity 1; a body length away it has none."""
    person = person_at(0.0, 0.0)
    assert similarity(person, person) == pytest.approx(1.0)
    assert similarity(person, person_at(5.0, 0.0)) > 0.8
    assert similarity(person, person_at(300.0, 0.0)) < 0.01


def test_repeats_are_removed_and_neighbours_kept() -> None:
    """Of two looks at one person the surer stays; a neighbour is somebody else."""
    unsure, sure, neighbour = person_at(103.0, 100.0, 0.7), person_at(100.0, 100.0, 0.9), person_at(260.0, 100.0, 0.8)
    assert distinct_people([unsure, sure, neighbour]) == [sure, neighbour]


def test_one_detection_a_person() -> None:
    """Of one person's detections from several windows the best stays."""
    best, other = detection_at(100, 100, 0.9), detection_at(300, 100, 0.6)
    assert distinct_detections([detection_at(102, 98, 0.8), best, other]) == [best, other]


def test_a_child_before_an_adult_is_not_the_adult() -> None:
    """Detections with the same centre but very different sizes are two people, and so are their poses."""
    detections = [detection_at(100, 100, 0.9, reach=200.0), detection_at(100, 100, 0.8, reach=80.0)]
    assert distinct_detections(detections) == detections
    adult, child = person_at(100, 100, 0.95, height=400.0), person_at(100, 140, 0.6, height=200.0)
    assert distinct_people([child, adult]) == [adult, child]


def test_regions_of_a_few_pixels_are_dropped() -> None:
    """A person of a few pixels cannot be read."""
    assert distinct_detections([detection_at(100, 100, 0.9, reach=5.0)]) == []


@pytest.mark.parametrize(("presence", "expected"), [(0.6, 1), (0.9, 2)])
def test_a_ghost_within_a_surer_person_is_dropped(presence: float, expected: int) -> None:
    """Another pose of the same size inside of a person is a ghost when it is much less sure, else somebody close."""
    person = person_at(100, 100, 0.95)
    upside_down = replace(person_at(100, 100, presence), xy_px=2 * person.xy_px.mean(axis=0) - person.xy_px)
    inner = replace(upside_down, xy_px=(upside_down.xy_px - 100.0) * 0.9 + 100.0)
    assert similarity(inner, person) < 0.3
    assert len(distinct_people([inner, person])) == expected


@pytest.mark.parametrize(("offset", "expected"), [(0.0, True), (50.0, True), (70.0, False)])
def test_the_head_must_be_where_the_detector_saw_it(offset: float, expected: bool) -> None:
    """With a region of 300 pixels, 60 pixels between the two heads are the limit."""
    person = person_at(100, 100)
    head = person.xy_px[:11].mean(axis=0)
    assert heads_agree(detection_at(head[0] + offset, head[1], 0.9), person) is expected
