"""Differences of two kicks and of two future shapes: by how much, and whether that is more than noise."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from posedeck.contracts.kick_track import parse_kick_track, write_kick_track
from posedeck.contracts.remo.future_shape import BodyPart, Direction
from posedeck.contracts.remo.soccer import write_result
from posedeck.pose.track import PoseTrack
from posedeck.services.kick_diff import bodies_at_contact, delta, event_deltas, metric_deltas
from posedeck.services.shape_diff import pictures_diff, width_deltas
from posedeck.services.soccer import KickResult
from posedeck.services.sources import Source
from tests.support.kick import SIZE_PX, ball_at, track_at, true_kick
from tests.support.shape_results import shape_result
from tests.support.soccer_vendor import true_analysis
from tests.unit.services.test_soccer import opened


def kick(track: PoseTrack | None = None) -> KickResult:
    """The rendered kick with its keypoints, or with others."""
    times = true_kick().times_s
    ball = ball_at(times)
    told = write_kick_track(track or track_at(times), ball.xy_px, ball.radius_px, SIZE_PX)
    body = msgspec.json.decode(msgspec.json.encode(write_result(true_analysis())))
    return replace(opened(body, Source.LOCAL), track=parse_kick_track(told))


@pytest.mark.parametrize(
    ("before", "after", "low", "high", "verdict"),
    [
        ((10.0, 7.0, 13.0), (15.0, 11.0, 19.0), 0.0, 10.0, "inside"),
        ((10.0, 7.0, 13.0), (16.0, 12.0, 20.0), 1.0, 11.0, "outside"),
        # Lopsided: the lower end takes the first's upper half and the second's lower one.
        ((10.0, 10.0, 13.0), (4.0, 0.0, 4.0), -11.0, -6.0, "outside"),
    ],
)
def test_a_change_is_held_against_both_intervals(
    before: tuple[float, float, float], after: tuple[float, float, float], low: float, high: float, verdict: str
) -> None:
    """By hand: halves of 3 and 4 make 5."""
    found = delta(before, after)
    assert (found.low, found.high, found.verdict) == (pytest.approx(low), pytest.approx(high), verdict)
    turned = delta(after, before)
    assert (turned.low, turned.high) == (pytest.approx(-high), pytest.approx(-low))


def test_equal_kicks_differ_in_nothing() -> None:
    one = kick()
    assert {each.delta.verdict for each in metric_deltas(one, one)} == {"inside", "unknown"}
    assert one.analysis is not None
    events = event_deltas(one.analysis, one.analysis)
    assert [each.name for each in events] == ["plant", "backswing", "follow_through"]
    assert all(each.delta.value == 0 and each.delta.verdict == "inside" for each in events)
    assert events[0].before_s < events[1].before_s < 0 < events[2].before_s
    bodies = bodies_at_contact(one, one)
    assert bodies is not None
    assert (bodies.mirrored, max(bodies.distances.values())) == (False, 0.0)


def test_values_without_intervals_are_compared_bare() -> None:
    """A vendor tells none, so nothing says what is noise."""
    one = kick()
    values = tuple(replace(metric, validity=None) for metric in one.metrics)
    deltas = metric_deltas(one, replace(one, metrics=values))
    assert {each.delta.verdict for each in deltas} == {"unknown"}
    assert all(each.delta.value == 0 for each in deltas if each.before.value is not None)
    assert all(each.delta.value is None for each in deltas if each.after.value is None)


def test_bodies_are_laid_on_each_other_wherever_they_stand() -> None:
    """Moved, twice as large, and kicking the other way: the same pose; a lifted arm is told by its joint."""
    times = true_kick().times_s
    seen = track_at(times)
    other = replace(seen, xy_px=seen.xy_px * [-2.0, 2.0] + [900.0, 40.0])
    bodies = bodies_at_contact(kick(), kick(other))
    assert bodies is not None
    assert bodies.mirrored
    assert max(bodies.distances.values()) < 0.01
    lifted = seen.xy_px.copy()
    lifted[:, seen.skeleton.index["left_wrist"], 1] -= 70.0
    bodies = bodies_at_contact(kick(), kick(replace(seen, xy_px=lifted)))
    assert bodies is not None
    assert next(iter(bodies.distances)) == "left_wrist"
    assert bodies_at_contact(kick(), replace(kick(), track=None)) is None


def test_pictures_differ_where_they_do() -> None:
    black = np.zeros((40, 20, 3), np.uint8)
    marked = black.copy()
    marked[10, 5] = 30
    found = pictures_diff(black, marked)
    assert (found.mean_levels, found.resized) == (pytest.approx(30 / 800), False)
    assert found.picture[10, 5].tolist() == [240, 240, 240]
    assert np.count_nonzero(found.picture) == 3
    larger = pictures_diff(black, np.zeros((80, 40, 3), np.uint8))
    assert (larger.resized, larger.mean_levels, larger.picture.shape) == (True, 0.0, (40, 20, 3))


def test_widths_are_compared_part_by_part() -> None:
    slim, wide = shape_result(Direction.BEST), shape_result(Direction.WORST)
    deltas = {each.part: each for each in width_deltas(slim, wide)}
    assert set(deltas) == set(BodyPart)
    waist = deltas[BodyPart.WAIST]
    assert waist.change == pytest.approx(wide.widths[BodyPart.WAIST].achieved / slim.widths[BodyPart.WAIST].achieved)
    bare = replace(wide, widths={})
    assert {each.change for each in width_deltas(slim, bare)} == {None}
    assert width_deltas(bare, bare) == []
