"""The components of the posture page, run in a script without a browser."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from components.metric_table import band_chart
from components.overlay import posture_lines
from posedeck.pose.capture import CaptureFault
from posedeck.pose.grades import PROFILE_NAMES, REMO_2024, load_profile
from posedeck.pose.posture import METRICS, View
from posedeck.pose.uncertainty import Z_95, Estimate
from posedeck.services.assessment import assess
from posedeck.texts import LANGUAGES, load_texts
from tests.app.support import SAMPLES, sample_result

SLOT = "slot"


def slot_script(language: str) -> None:
    from components.photo_slot import fits_request, photo_slot
    from posedeck.pose.posture import View
    from posedeck.texts import load_texts
    from tests.app.support import SAMPLES

    t = load_texts(language)
    photo = photo_slot(View.FRONT, key="slot", t=t, sample=SAMPLES / "front_apose.jpg")
    if photo is not None:
        fits_request([photo], t)


def result_script(language: str, values: dict[str, float | None] | None) -> None:
    from components.badges import local_engine_note, profile_badge, source_badge
    from components.exports import export_buttons
    from components.findings import top_findings
    from components.metric_table import metric_table
    from components.overlay import overlay_viewer, posture_lines
    from components.raw_answer import raw_answer
    from posedeck.pose.posture import View
    from posedeck.services.assessment import assess
    from posedeck.texts import load_texts
    from tests.app.support import sample_result

    t, result = load_texts(language), sample_result(values)
    assessment = assess(result, result.profile)
    source_badge(result.source, t)
    profile_badge(result.profile, t)
    local_engine_note(t)
    top_findings(assessment, t)
    for view in View:
        lines = posture_lines(assessment, view, t)
        overlay_viewer(result.photos[view], result.poses[view], alt=view.value, lines=lines, key=view.value, t=t)
    metric_table(assessment.metrics, assessment.profile, key="metrics", t=t)
    raw_answer(result.body, result.exchange, t, request_id=result.uuid)
    export_buttons(result, assessment, [], t)


def faults_script(faults: list[str]) -> None:
    from components.photo_slot import show_faults
    from posedeck.pose.posture import View
    from posedeck.texts import load_texts

    show_faults(faults, View.SIDE, load_texts("en"))


def slot(language: str = "en") -> AppTest:
    return AppTest.from_function(slot_script, args=(language,), default_timeout=20)


def result_page(values: dict[str, float | None] | None = None, language: str = "en") -> AppTest:
    return AppTest.from_function(result_script, args=(language, values), default_timeout=20).run()


@pytest.mark.parametrize("language", LANGUAGES)
def test_result_renders(language: str) -> None:
    """A whole result is shown without an exception in either language."""
    page = result_page(language=language)
    assert not page.exception
    assert page.metric[0].label == load_texts(language)("metric.body_tilt.name")


def test_three_findings_at_most() -> None:
    """However much is wrong, three cards are shown, each with its interval and its probability."""
    page = result_page({metric.key: 50.0 for metric in METRICS})
    assert len(page.metric) == 3
    assert all(re.fullmatch(r"\+50\.0° ± \d+\.\d", metric.value) for metric in page.metric)
    assert sum("Probability of this grade" in caption.value for caption in page.caption) == 3


def test_borderline_finding_is_marked() -> None:
    """A finding that no grade has 80 % for says so."""
    values: dict[str, float | None] = {"shoulder_tilt": 1.2}
    shoulder = assess(sample_result(values), load_profile(REMO_2024)).findings()[0]
    assert shoulder.borderline
    assert any(load_texts("en")("borderline") in text.value for text in result_page(values).markdown)


def test_calm_when_nothing_stands_out() -> None:
    """When every value is most likely normal, one calm sentence stands in place of the cards and counts the unsure."""
    values: dict[str, float | None] = {metric.key: 0.0 for metric in METRICS if metric.view is View.FRONT}
    unsure = sum(entry.borderline for entry in assess(sample_result(values), load_profile(REMO_2024)).metrics)
    t = load_texts("en")
    page = result_page(values)
    assert not page.metric
    assert unsure > 0
    none, borderline = (
        t("findings.none.text", profile="Remo 2024", count=7),
        t("findings.none.borderline", count=unsure),
    )
    assert [box.value for box in page.success] == [f"{none} {borderline}"]


def test_nothing_graded_is_not_called_normal() -> None:
    """An answer without grades is told apart from one where all is normal."""
    page = result_page({})
    assert not page.success
    assert [box.value for box in page.info] == [load_texts("en")("findings.ungraded.text")]


def test_sample_fills_the_slot_and_remove_empties_it() -> None:
    """The sample button chooses the photo; it stays over reruns until it is removed."""
    page = slot().run()
    page.button(key="slot_sample").click().run()
    page.run()
    assert page.session_state[SLOT].photo.data == (SAMPLES / "front_apose.jpg").read_bytes()

    page.button(key="slot_remove").click().run()
    assert SLOT not in page.session_state
    assert not page.exception


def test_upload_fills_the_slot() -> None:
    """An uploaded photo is chosen, and its name is shown."""
    page = slot().run()
    page.file_uploader(key="slot_upload").upload("me.jpg", (SAMPLES / "front_apose.jpg").read_bytes()).run()
    assert [text.value for text in page.text] == ["me.jpg"]


def test_unreadable_upload_says_what_to_do() -> None:
    """A file that is no picture leaves the slot empty with a sentence, and a good one clears it."""
    page = slot().run()
    page.file_uploader(key="slot_upload").upload("note.jpg", b"no picture").run()
    assert [box.value for box in page.error] == [load_texts("en")("photo.undecodable")]

    page.button(key="slot_sample").click().run()
    assert not page.error


def test_camera_opens_on_demand_only() -> None:
    """The camera is asked for only after its button is pressed, and closes again."""
    page = slot().run()
    assert not page.get("camera_input")
    page.button(key="slot_camera_toggle").click().run()
    assert len(page.get("camera_input")) == 1
    page.button(key="slot_camera_toggle").click().run()
    assert not page.get("camera_input")


def test_oversized_request_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Photos that cannot be sent together are refused before anything is sent."""
    page = slot().run()
    page.button(key="slot_sample").click().run()
    assert not page.error
    monkeypatch.setattr("components.photo_slot.MAX_REQUEST_BYTES", 50_000)
    page.run()
    assert [box.value for box in page.error] == [load_texts("en")("photo.error.total", size="60 kB", limit="50 kB")]


def test_faults_read_as_advice() -> None:
    """Every fault is a warning in words, also one that this version does not know."""
    faults = [*CaptureFault, "no_person", "from_a_newer_server"]
    page = AppTest.from_function(faults_script, args=([str(fault) for fault in faults],)).run()
    t = load_texts("en")
    known = [t(f"capture.side.{fault}") for fault in faults[:-1]]
    assert [box.value for box in page.warning] == [*known, t("capture.other")]


def test_lines_carry_value_interval_and_level() -> None:
    """Each measured metric of a photo has a line with its short name, value, interval and grade."""
    result = sample_result({"shoulder_tilt": 5.04, "knee_tilt": None})
    assessment = assess(result, result.profile)
    (line,) = posture_lines(assessment, View.FRONT, load_texts("en"))
    assert (line.name, line.level, line.borderline) == ("Shoulders", 2, True)
    assert re.fullmatch(r"\+5\.0° ± \d\.\d", line.value)


@pytest.mark.parametrize("key", [metric.key for metric in METRICS])
@pytest.mark.parametrize("profile_name", PROFILE_NAMES)
@given(value=st.floats(-90, 90))
def test_marker_stands_in_the_band_of_its_grade(profile_name: str, key: str, value: float) -> None:
    """Wherever the value lies, the chart's marker is in a zone of the value's grade."""
    bands = load_profile(profile_name).bands[key]
    chart = band_chart(bands, Estimate(value, 1.0))
    zones = [zone["level"] for zone in chart["zones"] if zone["from"] - 0.01 <= chart["at"] <= zone["to"] + 0.01]
    assert abs(bands.grade(value)) in zones


def test_chart_geometry() -> None:
    """Zones cover the chart without gaps, ticks stand on the cut points, the marker on the value."""
    bands = load_profile(REMO_2024).bands["head_tilt"]
    chart = band_chart(bands, Estimate(0.0, 2.0 / Z_95))
    assert [zone["level"] for zone in chart["zones"]] == [2, 1, 0, 1, 2]
    assert [(tick["at"], tick["label"]) for tick in chart["ticks"]] == [
        (16.67, "−4"),
        (41.67, "−1"),
        (58.33, "1"),
        (83.33, "4"),
    ]
    assert chart["at"] == 50.0
    assert chart["beyond"] is None
    assert chart["whisker"] == {"from": 33.33, "to": 66.67, "cut_low": False, "cut_high": False}


def test_interval_wider_than_the_chart_is_cut_off() -> None:
    """A whisker ends at the chart's ends, and is drawn without a cap where it is cut."""
    whisker = band_chart(load_profile(REMO_2024).bands["head_tilt"], Estimate(1.0, 3.0))["whisker"]
    assert (whisker["to"], whisker["cut_low"], whisker["cut_high"]) == (100.0, False, True)


@pytest.mark.parametrize(("value", "at", "beyond"), [(60.0, 100.0, "high"), (-60.0, 0.0, "low")])
def test_value_far_out_is_an_arrow_at_the_end(value: float, at: float, beyond: str) -> None:
    """A value that would squeeze the bands is drawn as an arrow at the end of the chart."""
    chart = band_chart(load_profile(REMO_2024).bands["head_tilt"], Estimate(value, 1.0))
    assert (chart["at"], chart["beyond"]) == (at, beyond)
