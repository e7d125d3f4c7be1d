"""Comparison of two results of one person."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.pose.grades import Bands, load_profile
from posedeck.pose.posture import METRICS, View, measure_posture
from posedeck.services.alignment import align_poses
from posedeck.services.comparison import Caveat, Comparison, MetricChange, Verdict, compare
from posedeck.services.saved import SavedResult
from posedeck.services.sources import Source
from tests.support.people import level_front, mirrored, moved, upright_profile
from tests.support.results import saved_result

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DEGREES = st.floats(-60, 60).map(lambda value: round(value, 3))
VALUES = st.dictionaries(st.sampled_from([metric.key for metric in METRICS]), st.none() | DEGREES)
SIGMAS = st.floats(0.1, 5).map(lambda value: round(value, 3))
RESULTS = st.builds(
    saved_result,
    VALUES,
    sigma=SIGMAS,
    profile=st.sampled_from(["remo-2024", "remo-2025", "literature"]).map(load_profile),
)
FLIPPED = {Verdict.IMPROVED: Verdict.WORSENED, Verdict.WORSENED: Verdict.IMPROVED}


def change(comparison: Comparison, key: str) -> MetricChange:
    return next(entry for entry in comparison.changes if entry.metric.key == key)


def compared(key: str, before: float | None, after: float | None, **options: float) -> MetricChange:
    return change(compare(saved_result({key: before}, **options), saved_result({key: after}, **options)), key)


@given(result=RESULTS)
def test_a_result_has_not_changed_against_itself(result: SavedResult) -> None:
    """Whatever was measured has no measurable change against itself."""
    verdicts = {entry.metric.key: entry.verdict for entry in compare(result, result).changes}
    expected = {entry.key: Verdict.UNKNOWN if entry.value is None else Verdict.UNCHANGED for entry in result.metrics}
    assert verdicts == expected


@given(before=RESULTS, after=RESULTS)
def test_swapping_flips_improved_and_worsened(before: SavedResult, after: SavedResult) -> None:
    """The other way round, improved is worsened and nothing else differs."""
    there, back = compare(before, after), compare(after, before)
    for entry in there.changes:
        other = change(back, entry.metric.key)
        assert other.verdict is FLIPPED.get(entry.verdict, entry.verdict)
        assert other.effect == -entry.effect


@given(before=RESULTS, after=RESULTS)
def test_sorted_from_most_improved_to_most_worsened(before: SavedResult, after: SavedResult) -> None:
    """All eleven metrics stand in the order of their effect; what cannot be compared comes last."""
    changes = compare(before, after).changes
    known = [entry for entry in changes if entry.change is not None]
    assert list(changes[: len(known)]) == known
    assert [entry.effect for entry in known] == sorted(entry.effect for entry in known)
    assert {entry.metric.key for entry in changes} == {metric.key for metric in METRICS}


@pytest.mark.parametrize(
    ("key", "before", "after", "deviation_change", "verdict"),
    [
        ("head_tilt", 6.0, 2.0, -4.0, Verdict.IMPROVED),
        ("head_tilt", -2.0, -6.0, 4.0, Verdict.WORSENED),
        ("head_tilt", 6.0, 0.0, -5.0, Verdict.IMPROVED),
        ("head_tilt", 3.0, -3.0, 0.0, Verdict.SHIFTED),
        ("left_leg", 5.0, -5.0, 0.0, Verdict.SHIFTED),
        ("turtle_neck", 60.0, 40.0, -20.0, Verdict.IMPROVED),
        ("turtle_neck", 30.0, 20.0, 0.0, Verdict.SHIFTED),
        ("turtle_neck", 30.0, 37.0, 3.0, Verdict.WORSENED),
        ("head_tilt", 3.0, 2.0, -1.0, Verdict.UNCHANGED),
    ],
)
def test_known_changes(key: str, before: float, after: float, deviation_change: float, verdict: Verdict) -> None:
    """Deviation is the distance to the normal band; a change within it, or to the other side, is neither."""
    entry = compared(key, before, after)
    assert (entry.deviation_change, entry.verdict) == (pytest.approx(deviation_change), verdict)


def test_the_smallest_change_that_counts() -> None:
    """It is 1.96 times the root of the summed squares of both standard deviations."""
    margin = 1.959964 * math.hypot(0.5, 0.5)
    assert compared("knee_tilt", 10.0, 10.0).margin_deg == pytest.approx(margin)
    assert compared("knee_tilt", 10.0, 10.0 - margin - 1e-3).verdict is Verdict.IMPROVED
    assert compared("knee_tilt", 10.0, 10.0 - margin + 1e-3).verdict is Verdict.UNCHANGED


def test_an_exact_change_comes_first() -> None:
    """Values without any uncertainty are told apart, and such a change outranks all others."""
    entry = compared("knee_tilt", 3.0, 2.0, sigma=0.0)
    assert (entry.verdict, entry.effect) == (Verdict.IMPROVED, -math.inf)


def test_missing_values_are_not_compared() -> None:
    """A metric that was measured once only has neither change nor verdict."""
    entry = compared("head_tilt", None, 2.0)
    assert (entry.change, entry.verdict, entry.effect, entry.grade_changed) == (None, Verdict.UNKNOWN, 0.0, False)


@pytest.mark.parametrize(("after", "changed"), [(2.0, True), (5.0, False)])
def test_grade_changes_are_told(after: float, changed: bool) -> None:
    """A grade change is one between two known grades."""
    assert compared("head_tilt", 6.0, after).grade_changed is changed


def test_different_limits_are_no_common_ruler() -> None:
    """Where the profiles' bands differ, the distance to 0 degrees decides."""
    before = saved_result({"left_leg": 9.0, "turtle_neck": 50.0}, profile=load_profile("remo-2024"))
    after = saved_result({"left_leg": 7.0, "turtle_neck": 30.0}, profile=load_profile("remo-2025"))
    comparison = compare(before, after)
    assert change(comparison, "left_leg").deviation_change == pytest.approx(-2.0)
    assert change(comparison, "turtle_neck").deviation_change == pytest.approx(-20.0)


def test_a_band_without_normal_is_no_ruler() -> None:
    """A profile that calls nothing normal leaves the distance to 0 degrees."""
    profile = load_profile("remo-2024")
    bands = {"head_tilt": Bands(edges=(0,), grades=(-1, 1), edge_belongs=("above",))}
    odd = type(profile)(name="odd", version="1", title="Odd", source="", bands=bands)
    comparison = compare(saved_result({"head_tilt": 5.0}, profile=odd), saved_result({"head_tilt": 2.0}, profile=odd))
    assert change(comparison, "head_tilt").deviation_change == pytest.approx(-3.0)


@pytest.mark.parametrize(
    ("caveat", "options"),
    [
        (Caveat.PROFILE, {"profile": load_profile("remo-2025")}),
        (Caveat.SOURCE, {"source": Source.LIVE}),
        (Caveat.CALIBRATION, {"calibration": None}),
        (Caveat.ROLL, {"roll": 2.0}),
        (Caveat.CORRECTED, {"corrected": True}),
        (Caveat.ORDER, {"answered_at": NOW - timedelta(days=1)}),
        (Caveat.SAME, {"answered_at": NOW}),
    ],
)
def test_caveats(caveat: Caveat, options: dict) -> None:
    """Whatever makes two results unlike is named, and nothing else."""
    values = {"head_tilt": 1.0}
    later = {"answered_at": NOW + timedelta(days=1)}
    assert compare(saved_result(values, answered_at=NOW), saved_result(values, **later)).caveats == ()
    other = saved_result(values, **(later | options))
    assert compare(saved_result(values, answered_at=NOW), other).caveats == (caveat,)


def test_a_roll_within_the_interval_is_no_caveat() -> None:
    """Two shared tilts whose difference may be chance are like for like."""
    before = saved_result({}, answered_at=NOW)
    assert Caveat.ROLL not in compare(before, saved_result({}, roll=1.3)).caveats


@given(scale=st.floats(0.3, 3), shift=st.tuples(st.floats(-500, 500), st.floats(-500, 500)))
def test_size_and_place_do_not_show(scale: float, shift: tuple[float, float]) -> None:
    """The same body at another distance and place lies exactly upon itself."""
    pose = level_front()
    aligned = align_poses(pose.with_xy(pose.xy_px * scale + np.array(shift)), pose, View.FRONT)
    assert aligned is not None
    np.testing.assert_allclose(aligned.before, aligned.after, atol=1e-6)
    assert not aligned.mirrored


def test_tilts_stay_as_they_were() -> None:
    """The earlier skeleton is not turned: its shoulders keep their angle, the frame holds every bone."""
    tilted = moved(level_front(), left_shoulder=(0, -30))
    aligned = align_poses(tilted, level_front(), View.FRONT)
    assert aligned is not None
    edges = [edge for edge in tilted.skeleton.edges if tilted.has(edge)]
    left, right = aligned.before[edges.index(("left_shoulder", "right_shoulder"))]
    angle = math.degrees(math.atan2(-(left - right)[1], (left - right)[0]))
    assert angle == pytest.approx(measure_posture(tilted, upright_profile())["shoulder_tilt"])

    points = np.concatenate([*aligned.before, *aligned.after])
    x, y, width, height = aligned.frame
    assert (points >= (x, y)).all()
    assert (points <= (x + width, y + height)).all()


def test_a_profile_from_the_other_side_is_mirrored() -> None:
    """Two profiles that face opposite ways are laid over each other facing the same way."""
    pose = upright_profile()
    aligned = align_poses(mirrored(pose, 800), pose, View.SIDE)
    assert aligned is not None
    assert aligned.mirrored
    nose = [edge for edge in pose.skeleton.edges if pose.has(edge)].index(("nose", "left_eye"))
    assert aligned.before[nose][0] == pytest.approx(pose["nose"])


def test_without_ankles_the_torso_gives_the_scale() -> None:
    """A pose cut off at the knees is aligned by its torso; without hips there is nothing to align by."""
    pose = level_front()
    missing = pose.xy_px.copy()
    missing[pose.skeleton.indices(("left_ankle", "right_ankle"))] = np.nan
    cut = replace(pose, xy_px=missing * 2)
    aligned = align_poses(cut, pose, View.FRONT)
    assert aligned is not None
    np.testing.assert_allclose(aligned.before[0], aligned.after[0])

    missing[pose.skeleton.indices(("left_hip",))] = np.nan
    assert align_poses(replace(pose, xy_px=missing), pose, View.FRONT) is None
