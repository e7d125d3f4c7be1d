"""Plans cover their frames."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.jobs.kind import Plan, even_chunks


@given(frames=st.integers(1, 2000), size=st.integers(1, 500))
def test_even_chunks_make_a_plan(frames: int, size: int) -> None:
    """They cover every frame once, and none is larger than asked."""
    plan = Plan(frames, even_chunks(frames, size), {"fps": 29.97})

    assert sum(stop - start for start, stop in plan.chunks) == frames
    assert max(stop - start for start, stop in plan.chunks) <= size
    assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan


@pytest.mark.parametrize(
    ("frames", "chunks"),
    [(0, ()), (10, ()), (10, ((0, 9),)), (10, ((1, 10),)), (10, ((0, 5), (6, 10))), (10, ((0, 6), (5, 10))),
     (10, ((0, 5), (5, 5), (5, 10)))],
)  # fmt: skip
def test_a_plan_with_gaps_is_refused(frames: int, chunks: tuple[tuple[int, int], ...]) -> None:
    """So a kind's mistake shows before any work is done."""
    with pytest.raises(ValueError, match="chunks must cover"):
        Plan(frames, chunks)


@pytest.mark.parametrize(("frames", "size"), [(0, 5), (5, 0), (-1, 5)])
def test_no_frames_make_no_chunks(frames: int, size: int) -> None:
    """A clip without frames is a refusal of the kind, not an empty plan."""
    with pytest.raises(ValueError, match="at least one frame"):
        even_chunks(frames, size)
