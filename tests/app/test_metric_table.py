"""What the table of metrics sends to the browser."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from posedeck.pose.grades import LITERATURE, REMO_2024, load_profile
from posedeck.pose.posture import METRICS, View
from posedeck.services.assessment import assess
from posedeck.texts import LANGUAGES
from tests.app.support import sample_result


def table_script(
    values: dict[str, float | None] | None, profile_name: str, edited: dict[str, tuple[float, float]], language: str
) -> None:
    from components.metric_table import metric_table
    from posedeck.pose.grades import load_profile
    from posedeck.pose.posture import View
    from posedeck.services.assessment import assess
    from posedeck.texts import load_texts
    from tests.app.support import sample_result

    profile = load_profile(profile_name)
    assessment = assess(sample_result(values), profile, edits={View.FRONT: edited})
    metric_table(assessment.metrics, profile, key="metrics", t=load_texts(language))


def rows(
    values: dict[str, float | None] | None = None,
    profile_name: str = REMO_2024,
    edited: dict[str, tuple[float, float]] | None = None,
    language: str = "en",
) -> dict[str, Any]:
    """The table's rows by metric key."""
    script = AppTest.from_function(
        table_script, args=(values, profile_name, edited or {}, language), default_timeout=20
    )
    (table,) = script.run().get("bidi_component")
    return {row["key"]: row for group in json.loads(table.proto.json)["groups"] for row in group["rows"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_metric_has_its_row(language: str) -> None:
    """The table has all metrics in their order, in either language."""
    assert list(rows(language=language)) == [metric.key for metric in METRICS]


def test_value_stands_with_its_interval() -> None:
    """A value is never bare: half the width of its interval, its ends and the probability of each grade go with it."""
    estimate = assess(sample_result({"shoulder_tilt": 2.5}), load_profile(REMO_2024)).metrics[1].estimate
    assert estimate is not None
    low, high = estimate.interval_95

    row = rows({"shoulder_tilt": 2.5})["shoulder_tilt"]
    assert row["half"] == f"± {(high - low) / 2:.1f}"
    assert row["interval"] == f"{low:+.1f}° to {high:+.1f}°".replace("-", "−")
    assert sum(part["share"] for part in row["odds"]["parts"]) == pytest.approx(100, abs=1)


def test_unsure_grade_is_marked_borderline() -> None:
    """A value on a limit is borderline; one far beyond it is not."""
    assert rows({"shoulder_tilt": 1.0})["shoulder_tilt"]["borderline"] is True
    assert rows({"shoulder_tilt": 30.0})["shoulder_tilt"]["borderline"] is False


def test_metric_without_a_band_has_no_grade() -> None:
    """Where the profile has no cut-off the value and its interval stand without grade, chart and probabilities."""
    row = rows({"shoulder_tilt": 2.5}, LITERATURE)["shoulder_tilt"]
    assert (row["value"], row["grade"], row["level"], row["borderline"]) == ("+2.5°", "No agreed cut-off", None, False)
    assert "±" in row["half"]
    assert not {"chart", "odds"} & row.keys()
    assert row["answered"] is None


def test_answered_grade_is_told_when_it_differs() -> None:
    """A grade by another profile than the answer's stands beside the answered one."""
    assert rows({"left_leg": 4.0})["left_leg"]["answered"] is None
    row = rows({"left_leg": 4.0}, LITERATURE)["left_leg"]
    assert (row["grade"], row["answered"]) == ("Caution", "The answer says: Normal")


def test_corrected_metric_is_marked() -> None:
    """A metric of a moved keypoint says that it was corrected by hand; the others do not."""
    table = rows(edited={"left_shoulder": (480.0, 250.0)})
    assert {key for key, row in table.items() if row.get("corrected")} == {"shoulder_tilt", "body_tilt"}


def test_missing_value_says_why() -> None:
    """A metric that was not measured has no value, no interval and a reason."""
    row = rows({"shoulder_tilt": None, "knee_tilt": 0.0})["shoulder_tilt"]
    assert row["value"] is None
    assert "half" not in row
    assert View.FRONT.value in row["missing"].lower()
