"""The reports of kicks and future shapes: whole, in both languages, and needing nothing from anywhere."""

import re
from dataclasses import replace

import pytest

from posedeck.contracts.finding import Finding
from posedeck.contracts.remo.future_shape import Direction
from posedeck.services.future_shape_runs import audit_shapes
from posedeck.services.kick_audit import audit_answers
from posedeck.services.kick_report import kick_html
from posedeck.services.shape_report import shape_html
from posedeck.services.soccer import KickAnswers, KickResult
from posedeck.services.soccer_runs import shipped_kick
from posedeck.services.soccer_wording import kick_interval_text, kick_value_text
from posedeck.texts import LANGUAGES, load_texts
from tests.support.shape_results import shape_result
from tests.unit.services.test_report import Structure, words
from tests.unit.services.test_soccer import theirs

__all__ = ["theirs"]
JPEG = 'src="data:image/jpeg;base64,'
LONG = Finding("points_mismatch", "warning", "score: x", "for person@clinic.example " * 20)


def stands_alone(page: str) -> bool:
    """Nothing in the page leads anywhere, and what is opened is closed."""
    assert Structure(page).open == []
    return not re.findall(r'(?:src|href)="(?!data:|#)', page) and "http" not in words(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kick_is_reported_whole(language: str) -> None:
    """Four key frames, the phases, twelve values with their intervals, source, versions, findings."""
    t = load_texts(language)
    kick = shipped_kick()
    page = kick_html(kick, list(audit_answers(kick)), t).decode()
    text = words(page)
    assert stands_alone(page)
    assert page.count(JPEG) == 4
    assert page.count('<rect class="phase-') == 5
    assert page.count('class="withheld"') == sum(metric.value is None for metric in kick.metrics)
    for metric in kick.metrics:
        assert kick_value_text(metric, t) in text
        assert kick_interval_text(metric, t) in text
    assert t("runs.source.local") in text
    assert "UTC" in text
    assert t("report.audit.clean") in text


def test_values_alone_are_reported_without_pictures(theirs: KickResult) -> None:
    """A vendor that sends no analysis and no clip that can be decoded; long findings lose their e-mails."""
    t = load_texts("en")
    result = replace(theirs, others=KickAnswers(score={"total_score": 85}, draw={"base64_video": "bm8gY2xpcA=="}))
    page = kick_html(result, [LONG] * 20, t).decode()
    assert stands_alone(page)
    assert JPEG not in page
    text = words(page)
    assert t("kick_report.no_frames") in text
    assert "85" in text
    assert "clinic.example" not in page
    assert page.count("points_mismatch") == 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_future_shape_is_reported_whole(language: str) -> None:
    """Original and both directions, the widths of every part, warnings, checks, source, method."""
    t = load_texts(language)
    results = [shape_result(Direction.BEST, "photo"), shape_result(Direction.WORST)]
    page = shape_html(results, audit_shapes(results), t).decode()
    text = words(page)
    assert stands_alone(page)
    assert page.count(JPEG) == 3
    assert text.count(t("future_shape.part.waist")) == 1
    assert t("future_shape.warning.several_people") in text
    assert t("future_shape.flag.unchanged") in text
    assert "pose_landmark_full" in text
    assert t("future_shape.simulation") in text
    with pytest.raises(ValueError, match="nothing"):
        shape_html([], [], t)
