"""The report: complete, self-contained, and safe whatever an answer holds."""

import html
import re
from dataclasses import replace
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck import __version__
from posedeck.contracts.finding import Finding
from posedeck.pose.calibration import load_calibration
from posedeck.pose.grades import PROFILE_NAMES, SHIPPED_NAMES, Profile, load_profile
from posedeck.pose.posture import METRICS, View
from posedeck.pose.uncertainty import Estimate
from posedeck.services.assessment import Edits, assess
from posedeck.services.posture import PostureResult
from posedeck.services.report import MAX_CORRECTED, report_html
from posedeck.services.report_drawing import CHART_WIDTH, draw_chart
from posedeck.services.report_findings import MAX_FINDINGS, MAX_MESSAGE_CHARS
from posedeck.services.sources import Source
from posedeck.services.wording import degrees_text, grade_text, interval_text, level
from posedeck.texts import LANGUAGES, load_texts
from tests.app.support import sample_result
from tests.support.results import own_result

ATTACK = "<script>alert(1)</script>"
EN = load_texts("en")
VOID = {"meta", "link", "br", "img", "input", "hr"}


def finding(message: str = "expected one thing, got another", **fields: str) -> Finding:
    return Finding(
        **{"name": "value_mismatch", "severity": "error", "field": "far_tilt_m_", "message": message} | fields
    )


def report(
    result: PostureResult | None = None,
    *,
    profile: Profile | None = None,
    calibrated: bool = True,
    edits: Edits | None = None,
    findings: list[Finding] | None = None,
    language: str = "en",
) -> str:
    result = result or own_result()
    assessment = assess(result, profile or load_profile("remo-2024"), calibrated=calibrated, edits=edits)
    return report_html(result, assessment, findings or [], load_texts(language)).decode("utf-8")


def words(page: str) -> str:
    """What a reader sees: no styles, no tags, single spaces."""
    page = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


class Structure(HTMLParser):
    """Which tags a page has, which attributes, and whether every tag is closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("profile_name", SHIPPED_NAMES)
def test_every_metric_is_in_the_table(profile_name: str, language: str) -> None:
    """Each metric stands there with its value, interval, grade in a word and definition, in either language."""
    result, t, profile = own_result(), load_texts(language), load_profile(profile_name)
    text = words(report(result, profile=profile, language=language))
    for entry in assess(result, profile).metrics:
        assert entry.estimate is not None
        cells = (
            t(f"metric.{entry.metric.key}.name"),
            degrees_text(entry.estimate.value, profile.bands.get(entry.metric.key)),
            interval_text(entry.estimate, t),
            grade_text(entry.grade, t),
        )
        assert re.search(" .*?".join(map(re.escape, cells)), text)
        assert t(f"metric.{entry.metric.key}.definition") in text
    assert t("posture.screening") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_says_where_it_comes_from(language: str) -> None:
    """Source with its honest sentence, profile with version, calibration, engine, versions, uuid, date with zone."""
    result, t = own_result(), load_texts(language)
    text = words(report(result, language=language))
    assert result.method is not None
    for expected in (
        t("source.local.name"),
        t("source.local.note"),
        "remo-2024",
        t("report.version", version="1"),
        t("report.calibrated", version=load_calibration().version),
        result.method.engine,
        f"PoseDeck {__version__}",
        result.uuid,
        "2026-01-02 03:04:05 UTC",
    ):
        assert expected in text


def test_uncalibrated_values_are_called_measured() -> None:
    """Without calibration the report says so, and no second value stands beside the first."""
    assert EN("report.as_measured") in words(report(calibrated=False))
    raw = re.escape(EN("report.raw", value="")) + r"[+−]\d"
    assert re.search(raw, words(report(calibrated=False))) is None
    assert re.search(raw, words(report()))


def test_nothing_is_fetched_and_nothing_runs() -> None:
    """No script, form or frame; every reference is a data URI or a place in the file; the policy forbids the rest."""
    page = report(findings=[finding()])
    structure = Structure(page)
    assert structure.open == []
    assert structure.tags.isdisjoint({"script", "iframe", "object", "embed", "form", "link", "base", "foreignobject"})
    targets = [
        value for name, value in structure.attributes if name in ("href", "src", "xlink:href", "action", "srcset")
    ]
    targets += re.findall(r"url\([\"']?([^)\"']*)", page)
    assert {target[:5] for target in targets if not target.startswith("#")} == {"data:"}
    assert [value for name, value in structure.attributes if name.startswith("on")] == []
    assert "default-src 'none'" in page
    assert "http://" not in page.replace(sample_result().base_url, "unexpected")


def test_whatever_comes_from_outside_is_text() -> None:
    """Markup in the uuid, a finding, the profile or the engine's name is shown as it is, never run."""
    result = own_result(uuid=ATTACK)
    assert result.method is not None
    result = replace(result, method=msgspec.structs.replace(result.method, engine=ATTACK))
    profile = load_profile("remo-2024")
    own = Profile(name=ATTACK, version=ATTACK[:12], title=ATTACK, source=ATTACK, bands=profile.bands)
    page = report(result, profile=own, findings=[finding(ATTACK, field=ATTACK)])
    assert "<script" not in page
    assert words(page).count(ATTACK) >= 6


def test_secrets_stay_out() -> None:
    """Nothing of the body but what is shown gets in, and a secret in a finding's URL is masked."""
    body = {"Email": "someone@example.com", "APIKey": "key-1234567890"}
    message = "posted to /x?email=someone@example.com&api_key=key-1234567890"
    page = report(own_result(body=body, base_url="https://user:word@example.com"), findings=[finding(message)])
    assert "someone@" not in page
    assert "key-1234567890" not in page
    assert "user:word" not in page


def test_findings_are_named_the_gravest_first() -> None:
    """A finding has its severity in a word, its sentence, its name, field and message."""
    text = words(report(findings=[finding("so it is", severity="info", name="not_measured"), finding("as it was")]))
    first = f"{EN('audit.severity.error')} {EN('audit.value_mismatch')}: far_tilt_m_ value_mismatch as it was"
    second = f"{EN('audit.severity.info')} {EN('audit.not_measured')}: far_tilt_m_ not_measured so it is"
    assert 0 < text.index(first) < text.index(second)
    assert EN("report.audit.clean") not in text


def test_many_long_findings_keep_to_their_room() -> None:
    """The report shows the first findings, shortened, and says how many there are besides."""
    page = report(findings=[finding("x" * 1000)] * (MAX_FINDINGS + 5))
    assert EN("audit.more", count=5) in words(page)
    assert re.findall("x{50,}", page) == ["x" * (MAX_MESSAGE_CHARS - 1)] * MAX_FINDINGS


def test_a_clean_answer_is_called_clean() -> None:
    """Without findings one sentence says so."""
    assert EN("report.audit.clean") in words(report())


def test_corrected_keypoints_are_marked() -> None:
    """They are diamonds on the photo and named below; the metrics that use them are marked."""
    page = report(edits={View.FRONT: {"left_hip": (450.0, 495.0)}})
    assert page.count('class="moved"') == 1
    assert EN("keypoint.left_hip") in words(page)
    assert page.count(f"◆ {EN('report.corrected.mark')}") == sum(
        "left_hip" in m.keypoints and m.view is View.FRONT for m in METRICS
    )
    assert 'class="moved"' not in report()


def test_many_corrections_are_counted() -> None:
    """Not all names fit, so the rest is counted."""
    result = own_result()
    names = result.poses[View.FRONT].skeleton.names[: MAX_CORRECTED + 3]
    page = report(result, edits={View.FRONT: {name: tuple(result.poses[View.FRONT][name]) for name in names}})
    assert EN("report.corrected.more", count=3) in words(page)


def test_the_levelled_grades_stand_beside() -> None:
    """The five frontal tilts have a value with the camera's share taken out; the shared tilt has its interval."""
    result = own_result()
    assessment = assess(result, load_profile("remo-2024"))
    assert assessment.common is not None
    text = words(report(result))
    assert interval_text(assessment.common.estimate, EN) in text
    for entry in assessment.levelled[:5]:
        assert entry.value is not None
        value = degrees_text(entry.value, load_profile("remo-2024").bands[entry.metric.key])
        assert f"{value} {grade_text(entry.grade, EN)}" in text


def test_two_tilts_share_nothing() -> None:
    """With fewer than three frontal lines the report says that the camera's share is unknown."""
    values = {"head_tilt": 2.0, "knee_tilt": 1.0, "left_leg": 3.0}
    assert EN("report.common.unknown") in words(report(sample_result(values, source=Source.LIVE)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bare_answer_still_gives_a_report(language: str) -> None:
    """An answer without keypoints, engine or a value gives plain photos and says what is missing."""
    t = load_texts(language)
    result = sample_result({}, source=Source.LIVE)
    result.poses.clear()
    page = report(replace(result, uuid=""), language=language)
    assert page.count("<image ") == 2
    assert "<polyline" not in page
    assert words(page).count(t("table.missing")) == len(METRICS)
    assert t("report.engine.unknown") in words(page)
    assert t("raw.unknown") in words(page)


def test_another_grade_in_the_answer_is_told() -> None:
    """Where the answer's own grade differs from the shown one, both can be read."""
    text = words(report(sample_result({"head_tilt": 1.2}), profile=load_profile("remo-2025")))
    assert EN("report.answered", grade=EN("grade.1")) in text


@pytest.mark.parametrize("key", [metric.key for metric in METRICS])
@pytest.mark.parametrize("profile_name", PROFILE_NAMES)
@given(value=st.floats(-90, 90), sigma=st.floats(0, 30))
def test_marker_stands_in_the_band_of_its_grade(profile_name: str, key: str, value: float, sigma: float) -> None:
    """Wherever the value lies, its marker is in a zone of its grade and inside its whisker."""
    bands = load_profile(profile_name).bands[key]
    chart = draw_chart(bands, Estimate(value, sigma))
    zones = [zone.level for zone in chart.zones if zone.x - 0.11 <= chart.at <= zone.x + zone.width + 0.11]
    assert level(bands.grade(value)) in zones
    assert 0 <= chart.whisker[0] <= chart.at <= chart.whisker[1] <= CHART_WIDTH
    assert sum(zone.width for zone in chart.zones) == pytest.approx(CHART_WIDTH, abs=0.5)


def test_chart_geometry() -> None:
    """Bands at −4, −1, 1, 4 with a quarter of their span on either side; an interval beyond the chart has no cap."""
    chart = draw_chart(load_profile("remo-2024").bands["head_tilt"], Estimate(0.0, 1.0))
    assert [(round(x, 1), label) for x, label in chart.ticks] == [(28.3, "−4"), (70.8, "−1"), (99.2, "1"), (141.7, "4")]
    assert (chart.at, chart.beyond, len(chart.caps)) == (85.0, None, 2)
    wide = draw_chart(load_profile("remo-2024").bands["head_tilt"], Estimate(0.0, 20.0))
    assert (wide.whisker, wide.caps) == ((0.0, CHART_WIDTH), [])


@pytest.mark.parametrize(("value", "at", "beyond"), [(80.0, CHART_WIDTH, "high"), (-80.0, 0.0, "low")])
def test_value_far_out_is_an_arrow_at_the_end(value: float, at: float, beyond: str) -> None:
    """A value that would squeeze the bands is drawn as an arrow at the end of the chart."""
    chart = draw_chart(load_profile("remo-2024").bands["head_tilt"], Estimate(value, 1.0))
    assert (chart.at, chart.beyond) == (at, beyond)
