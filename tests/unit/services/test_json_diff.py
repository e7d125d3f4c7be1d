"""Where two JSON values differ."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.services.json_diff import Change, Kind, json_diff

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": True}, [Change("a", Kind.CHANGED, 1, True)]),
        ({"a": [1, 2, 3]}, {"a": [1, 5]}, [Change("a[1]", Kind.CHANGED, 2, 5), Change("a[2]", Kind.REMOVED, 3, None)]),
        ({"a": {"b": 1}}, {"c": {"d": [1]}}, [
            Change("a", Kind.REMOVED, {"b": 1}, None), Change("c", Kind.ADDED, None, {"d": [1]})
        ]),
        ([{"x": None}], [{"x": 0}], [Change("[0].x", Kind.CHANGED, None, 0)]),
        ([], {}, [Change("", Kind.CHANGED, [], {})]),
    ],
)  # fmt: skip
def test_differences_are_named_by_their_place(before: Any, after: Any, expected: list[Change]) -> None:
    """In the order of the values; what only one side has is one difference."""
    assert json_diff(before, after) == expected


def test_numbers_tell_by_how_much() -> None:
    """Nothing else does."""
    deltas = [change.delta for change in json_diff([1, "a", True, None], [2.5, "b", False, 0])]
    assert deltas == [1.5, None, None, None]


@given(JSON)
def test_a_value_does_not_differ_from_itself(value: Any) -> None:
    """Whatever it is."""
    assert json_diff(value, value) == []


@given(JSON, JSON)
def test_the_way_back_has_the_same_places(before: Any, after: Any) -> None:
    """Added becomes removed and the other way round."""
    back = {Kind.ADDED: Kind.REMOVED, Kind.REMOVED: Kind.ADDED, Kind.CHANGED: Kind.CHANGED}
    there = {(change.path, change.kind) for change in json_diff(before, after)}
    assert {(change.path, back[change.kind]) for change in json_diff(after, before)} == there
