"""Results as JSON files: written, read back, and refused when they are something else."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest

from posedeck.pose.calibration import load_calibration
from posedeck.pose.grades import SHIPPED_NAMES, load_profile
from posedeck.pose.posture import View
from posedeck.services.assessment import assess
from posedeck.services.collapse import collapse_base64
from posedeck.services.posture import PostureResult
from posedeck.services.saved import MAX_EXPORT_BYTES, export_json, read_export, save_result
from tests.app.support import sample_result
from tests.support.results import own_result

EDITS = {View.FRONT: {"left_shoulder": (480.0, 240.0)}}


def exported(result: PostureResult | None = None, profile: str = "remo-2024", **options: Any) -> bytes:
    result = result or own_result()
    return export_json(result, assess(result, load_profile(profile), **options))


def changed(change: Callable[[dict[str, Any]], Any]) -> bytes:
    document = json.loads(exported())
    change(document)
    return json.dumps(document).encode()


@pytest.mark.parametrize("profile", SHIPPED_NAMES)
@pytest.mark.parametrize("calibrated", [True, False])
@pytest.mark.parametrize("edits", [None, EDITS])
@pytest.mark.parametrize("build", [own_result, sample_result])
def test_what_is_written_is_read_back(build: Any, edits: Any, calibrated: bool, profile: str) -> None:
    """Ours or a vendor's, calibrated, corrected or not: the file says exactly what was assessed."""
    result = build()
    assessment = assess(result, load_profile(profile), calibrated=calibrated, edits=edits)
    expected = msgspec.structs.replace(save_result(result, assessment), answer=collapse_base64(result.body))
    assert read_export(export_json(result, assessment)) == expected


def test_the_file_holds_the_assessment() -> None:
    """Value, interval, grade, probabilities and what the answer said stand in the file, three decimals each."""
    result = own_result()
    assessment = assess(result, load_profile("remo-2025"), edits=EDITS)
    saved = read_export(export_json(result, assessment))
    for entry in assessment.metrics:
        metric = saved.metric(entry.metric.key)
        assert metric is not None
        assert entry.estimate is not None
        assert metric.estimate is not None
        assert metric.value == round(entry.estimate.value, 3)
        assert metric.interval_95 == pytest.approx(entry.estimate.interval_95, abs=6e-4)
        assert (metric.grade, metric.borderline, metric.corrected) == (entry.grade, entry.borderline, entry.corrected)
        assert metric.probabilities == pytest.approx(entry.probabilities, abs=6e-5)
        assert metric.answered.value == entry.answered_value
    assert (saved.profile, saved.calibration) == (load_profile("remo-2025"), load_calibration().version)
    assert assessment.common is not None
    assert saved.common_mode is not None
    assert saved.common_mode.value_deg == pytest.approx(assessment.common.estimate.value, abs=6e-4)
    assert saved.poses[View.FRONT].corrected == ("left_shoulder",)
    assert saved.photos[View.SIDE].sha256 == result.photos[View.SIDE].sha256


def test_keypoints_come_back() -> None:
    """A pose of the file is the assessed pose to a thousandth of a pixel, missing points included."""
    result = sample_result()
    assessment = assess(result, load_profile("remo-2024"))
    saved = read_export(export_json(result, assessment))
    for view, pose in assessment.poses.items():
        np.testing.assert_allclose(saved.poses[view].pose().xy_px, pose.xy_px, atol=6e-4)
        assert saved.poses[view].pose().skeleton is pose.skeleton


def test_pictures_are_not_in_the_file() -> None:
    """The answer stands in the file with its pictures collapsed."""
    answer = read_export(exported()).answer
    assert set(answer["forigimg"]) == {"base64"}
    assert len(exported()) < MAX_EXPORT_BYTES / 10


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not the JSON of a result"),
        (b"\xff\xfe", "not the JSON of a result"),
        (b"[1, 2]", "not the JSON of a result"),
        (b"[" * 100_000, "not the JSON of a result"),
        (b" " * (MAX_EXPORT_BYTES + 1), "larger than"),
        (b"{}", "not an exported result"),
        (b'{"state": true, "credit": 97}', "not an exported result"),
        (changed(lambda d: d.update(format_version=2)), "format_version is 2"),
        (changed(lambda d: d.pop("profile")), "missing required field `profile`"),
        (changed(lambda d: d["profile"]["bands"]["head_tilt"].update(edges=[4, 1])), "edges must ascend"),
        (changed(lambda d: d["metrics"][0].update(value="2.5")), "Expected `float | null`, got `str`"),
        (changed(lambda d: d["metrics"][0].update(key="nose_length")), "unknown metric 'nose_length'"),
        (changed(lambda d: d["metrics"][0].update(sigma_deg=None)), "only one of value and sigma_deg"),
        (changed(lambda d: d["metrics"][0].update(sigma_deg=-1)), "Expected `float` >= 0"),
        (changed(lambda d: d["metrics"][0].update(grade=3)), "Expected `int` <= 2"),
        (changed(lambda d: d["metrics"].append(d["metrics"][0])), "twice"),
        (changed(lambda d: d.update(answered_at="2026-01-02T03:04:05")), "timezone"),
        (changed(lambda d: d["source"].update(kind="rumour")), "Invalid enum value 'rumour'"),
        (changed(lambda d: d["poses"]["front"]["names"].pop()), "neither our 33 nor the vendor's 22"),
        (changed(lambda d: d["poses"]["front"]["score"].pop()), "33 keypoints need as many score, got 32"),
        (changed(lambda d: d["poses"]["front"].update(corrected=["tail"])), "unknown keypoints: tail"),
    ],
)
def test_anything_else_is_refused(data: bytes, reason: str) -> None:
    """A file that is no result of ours is refused with a reason."""
    with pytest.raises(ValueError, match=r".") as caught:
        read_export(data)
    assert reason in str(caught.value)
