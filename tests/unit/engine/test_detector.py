"""Anchors, overlap and weighted suppression of the detectors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.engine.detector import (
    FACE_LAYOUT,
    MIN_OVERLAP,
    POSE_LAYOUT,
    DetectorLayout,
    anchor_centres,
    overlap,
    weighted_suppression,
)


@pytest.mark.parametrize(("side", "layout", "expected"), [(224, POSE_LAYOUT, 2254), (128, FACE_LAYOUT, 896)])
def test_the_number_of_anchors_fits_the_models(side: int, layout: DetectorLayout, expected: int) -> None:
    """The anchors are as many as the model's outputs have rows."""
    assert len(anchor_centres(side, layout.grids)) == expected


def test_anchors_run_row_by_row_with_repeats() -> None:
    """Two anchors per cell of a 2 x 2 grid, then one anchor in the middle."""
    expected = [(0.25, 0.25)] * 2 + [(0.75, 0.25)] * 2 + [(0.25, 0.75)] * 2 + [(0.75, 0.75)] * 2 + [(0.5, 0.5)]
    assert anchor_centres(16, ((8, 2), (16, 1))).tolist() == [list(centre) for centre in expected]


def test_overlap_of_known_boxes() -> None:
    """Half shared of equal squares is a third of their union; apart is 0; the same is 1; empty boxes share nothing."""
    box = np.array([[0.0, 0.0], [2.0, 2.0]])
    others = np.array([[[1.0, 0.0], [3.0, 2.0]], [[5.0, 5.0], [6.0, 6.0]], [[0.0, 0.0], [2.0, 2.0]]])
    empty = np.zeros((1, 2, 2))
    assert overlap(box, others).tolist() == pytest.approx([1 / 3, 0.0, 1.0])
    assert overlap(np.zeros((2, 2)), empty).tolist() == [0.0]


def test_overlapping_candidates_are_averaged_by_score() -> None:
    """Two overlapping boxes merge to their mean weighted by score, keypoints too; a distant one stays as it is."""
    first = np.array([[0.0, 0.0], [10.0, 10.0], [5.0, 5.0]])
    second = first + np.array([4.0, 0.0])
    distant = first + np.array([100.0, 0.0])
    groups = weighted_suppression(np.array([0.25, 0.5, 0.75]), np.stack([distant, first, second]))
    (best, merged), (other, alone) = groups
    assert best == 0.75
    assert merged.tolist() == pytest.approx(first + np.array([4.0 * 0.6, 0.0]))
    assert other == 0.25
    assert alone.tolist() == distant.tolist()


@given(
    st.lists(
        st.tuples(st.floats(0.5, 1.0), st.floats(0, 100), st.floats(0, 100), st.floats(1, 50), st.floats(1, 50)),
        max_size=12,
        unique_by=lambda row: row[0],
    )
)
def test_suppression_keeps_every_candidate_in_one_group(rows: list[tuple[float, ...]]) -> None:
    """Groups come best first, and each lies within the boxes that overlap its leader."""
    score = np.array([row[0] for row in rows])
    boxes = np.array([[[x, y], [x + w, y + h]] for _, x, y, w, h in rows]).reshape(-1, 2, 2)
    groups = weighted_suppression(score, boxes)
    scores = [group[0] for group in groups]
    assert scores == sorted(scores, reverse=True)
    assert scores[:1] == ([score.max()] if rows else [])
    for weight, merged in groups:
        members = boxes[overlap(boxes[score == weight][0], boxes) > MIN_OVERLAP]
        assert (merged >= members.min(axis=0) - 1e-9).all()
        assert (merged <= members.max(axis=0) + 1e-9).all()
