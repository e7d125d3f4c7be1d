"""A kick's result, however it came: as our server, the vendor, or a saved file tells it."""

import csv
import io
import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from posedeck.contracts.remo.soccer import write_result
from posedeck.pose.kick.analysis import analyse, decode_analysis
from posedeck.runs.store import open_runs
from posedeck.services.run_files import run_files
from posedeck.services.soccer import KickResult, read_kick_body
from posedeck.services.soccer_export import export_csv, export_curves_csv, export_json
from posedeck.services.soccer_picture import export_png
from posedeck.services.soccer_runs import kick_draft, read_recorded, reopen_kick
from posedeck.services.soccer_wording import (
    kick_band_text,
    kick_interval_text,
    kick_number,
    kick_validity_text,
    kick_value_text,
)
from posedeck.services.sources import Source
from posedeck.texts import LANGUAGES, load_texts
from tests.support.kick import SIZE_PX, ball_at, track_at, true_kick, true_knee_deg

GOLDEN = Path(__file__).parents[1] / "contracts" / "remo_soccer_result_metric_first.json"
WHEN = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def opened(body: dict[str, object], source: Source) -> KickResult:
    return read_kick_body(body, uuid="u", source=source, base_url="https://vendor.test", answered_at=WHEN)


@pytest.fixture(scope="module")
def ours() -> KickResult:
    times = true_kick().times_s
    analysis = analyse(track_at(times), ball_at(times), 174.8, SIZE_PX)
    return opened(msgspec.json.decode(msgspec.json.encode(write_result(analysis))), Source.LOCAL)


@pytest.fixture(scope="module")
def theirs() -> KickResult:
    return opened(json.loads(GOLDEN.read_text("utf-8")), Source.LIVE)


def test_the_vendors_own_example_is_scored_by_its_published_bands(theirs: KickResult) -> None:
    """Transcribed values, points worked out by hand from the published table."""
    by_key = {metric.key: metric.points for metric in theirs.metrics}
    assert by_key["stepping_foot_position", "before_impact"] == 10
    assert by_key["stepping_knee_x", "impact"] == 8
    assert by_key["upper_pelvis_shoulder_y", "before_impact"] == 3
    assert by_key["kick_right_knee_pelvis_x", "after_impact"] == 0
    expected = [10, 9, 8, 3, 0, 10, 10, 0, 10, 0, 0, 10]
    assert [metric.points for metric in theirs.metrics] == expected
    assert theirs.total_score == pytest.approx(10 * sum(expected) / 12, abs=0.05)
    assert theirs.analysis is None


def test_our_answer_brings_its_analysis_and_the_same_score(ours: KickResult) -> None:
    assert ours.analysis is not None
    assert ours.total_score == ours.analysis.total_score
    assert ours.analysis.knee_at_impact is not None
    assert ours.analysis.knee_at_impact.value == pytest.approx(true_knee_deg(), abs=8)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_value_reads_with_its_interval_and_what_it_is_worth(ours: KickResult, language: str) -> None:
    t = load_texts(language)
    for metric in ours.metrics:
        assert kick_validity_text(metric, t)
        assert (kick_value_text(metric, t) == t("kick.withheld")) == (metric.value is None)
        assert bool(kick_interval_text(metric, t)) == (metric.value is not None)


def test_numbers_read_with_sign_unit_and_band() -> None:
    assert kick_number(("stepping_foot_position", "before_impact"), 1.4249) == "1.42 ×"
    assert kick_number(("kick_right_hip_x", "impact"), -12.6) == "−13°/s"
    assert kick_number(("stepping_knee_x", "impact"), -0.04) == "0.0°"
    assert kick_band_text(("stepping_foot_position", "before_impact")) == "1.30 × … 1.70 ×"
    assert kick_band_text(("upper_pelvis_shoulder_y", "before_impact")) == "> 0.0°"
    assert kick_band_text(("kick_right_hip_x", "impact")) == "≥ 170°/s"
    assert kick_band_text(("stepping_knee_global_y", "impact")) == "|x| 42.0° … 48.0°"


def test_the_json_carries_source_and_analysis_and_can_be_read_back(ours: KickResult) -> None:
    document = json.loads(export_json(ours))
    assert (document["label"], document["source"]) == ("Local engine", "local")
    assert decode_analysis(json.dumps(document["analysis"]).encode()) == ours.analysis
    assert len(document["metrics"]) == 12
    assert "x_kick" not in document["body"]


def test_the_csv_has_a_row_a_value_and_a_row_a_frame(ours: KickResult, theirs: KickResult) -> None:
    rows = list(csv.DictReader(io.StringIO(export_csv(ours).decode("utf-8-sig"))))
    assert len(rows) == 12
    assert rows[1]["value"] == ""
    assert (rows[1]["status"], rows[1]["reason"]) == ("withheld", "view")
    assert {row["source"] for row in csv.DictReader(io.StringIO(export_csv(theirs).decode("utf-8-sig")))} == {
        "Remo live"
    }
    curves = list(csv.DictReader(io.StringIO(export_curves_csv(ours).decode("utf-8-sig"))))
    assert len(curves) == 63
    assert float(curves[29]["kicking_knee_deg"]) == pytest.approx(152.7, abs=0.5)
    with pytest.raises(ValueError, match="curves"):
        export_curves_csv(theirs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_is_drawn_with_and_without_curves(ours: KickResult, theirs: KickResult, language: str) -> None:
    for result in (ours, theirs):
        picture = Image.open(io.BytesIO(export_png(result, load_texts(language))))
        assert picture.size[0] == 1600


def test_an_export_and_a_vendors_answer_open_as_recorded(ours: KickResult, theirs: KickResult) -> None:
    again = read_recorded(None, export_json(ours))
    assert (again.source, again.analysis, again.metrics) == (Source.RECORDED, ours.analysis, ours.metrics)
    foreign = read_recorded(None, GOLDEN.read_bytes())
    assert (foreign.source, foreign.metrics, foreign.analysis) == (Source.RECORDED, theirs.metrics, None)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"format": "posedeck-kick"}', b'{"state": 1}'])
def test_a_file_without_a_kick_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_recorded(None, data)


def test_a_kept_kick_opens_again_with_its_files(ours: KickResult, tmp_path: Path) -> None:
    """Written down with its findings, read back without a call, exported as its own page does."""
    draft = kick_draft(ours)
    with closing(open_runs(tmp_path)) as store:
        run = store.save(draft.run, draft.contents)
        again = reopen_kick(store, run)
        files = {file.name for file in run_files(store, run, "ko")}

    assert (again.analysis, again.metrics, again.uuid) == (ours.analysis, ours.metrics, "u")
    assert run.findings == ()
    reports = {"report.en.html", "report.ko.html"}
    assert files == {*reports, "result.json", "values.csv", "curves.csv", "picture.png"}
