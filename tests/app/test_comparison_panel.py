"""The panel that compares results, run in a script without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.comparison import MAX_RESULTS
from posedeck.pose.grades import load_profile
from posedeck.services.assessment import assess
from posedeck.services.saved import export_json
from posedeck.texts import LANGUAGES, load_texts
from tests.support.results import own_result

RESULTS = "posture_results"


def script(language: str, count: int, profile: str) -> None:
    from dataclasses import replace
    from datetime import timedelta

    from components.comparison import comparison_panel, remember_result
    from posedeck.pose.grades import load_profile
    from posedeck.services.assessment import assess
    from posedeck.texts import load_texts
    from tests.support.results import own_result

    for day in range(count):
        result = own_result()
        result = replace(result, uuid=f"number {day}", answered_at=result.answered_at + timedelta(days=day))
        current = remember_result(result, assess(result, load_profile(profile)))
    comparison_panel(current, load_texts(language))


def panel(count: int, *, language: str = "en", profile: str = "remo-2024") -> AppTest:
    return AppTest.from_function(script, args=(language, count, profile), default_timeout=20).run()


def a_file() -> bytes:
    result = own_result()
    return export_json(result, assess(result, load_profile("remo-2025")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_former_result_is_compared_with_the_current(language: str) -> None:
    """With several results the panel starts with the current one after the one before it."""
    page = panel(3, language=language)
    assert not page.exception
    days = [box.value.split("T")[0] for box in page.selectbox]
    assert days == ["2026-01-03", "2026-01-04"]
    assert not page.warning


def test_one_result_cannot_be_compared() -> None:
    """With one result the panel says what to do."""
    page = panel(1)
    assert [box.value for box in page.info] == [load_texts("en")("comparison.too_few")]
    assert not page.selectbox


def test_only_the_last_results_are_kept() -> None:
    """A session keeps ten results; the oldest goes first."""
    page = panel(MAX_RESULTS + 2)
    assert [entry.saved.uuid for entry in page.session_state[RESULTS]] == [f"number {n}" for n in range(2, 12)]


def test_the_same_result_takes_its_own_place() -> None:
    """Assessed anew, a result replaces its former self."""
    page = panel(2)
    page.run()
    assert [entry.saved.uuid for entry in page.session_state[RESULTS]] == ["number 0", "number 1"]


def test_an_exported_file_can_be_compared(tmp_path: Path) -> None:
    """An uploaded file is a further choice; unlike profiles are warned of."""
    page = panel(1)
    page.file_uploader(key="comparison_files").upload("old.json", a_file()).run()
    assert not page.exception
    assert page.selectbox(key="comparison_before").options[-1].startswith("old.json · ")
    assert load_texts("en")("comparison.caveat.profile") in page.warning[0].value


def test_a_wrong_file_is_refused_with_its_reason() -> None:
    """A file that is no result leaves the panel as it is, with a sentence and the reason as plain text."""
    page = panel(2)
    page.file_uploader(key="comparison_files").upload("no_result.json", b'{"a": "<b>"}').run()
    assert [box.value for box in page.error] == [load_texts("en")("comparison.unreadable")]
    assert [text.value for text in page.text] == [
        "no_result.json: not an exported result: format is '', not 'posedeck-posture'"
    ]
    assert len(page.selectbox(key="comparison_before").options) == 2


def test_a_choice_stays() -> None:
    """What was chosen stays over reruns; the same on both sides is told."""
    page = panel(3)
    first = page.selectbox(key="comparison_before")
    page.selectbox(key="comparison_after").set_value(first.value).run()
    page.run()
    assert page.selectbox(key="comparison_after").value == first.value
    assert page.warning[0].value == load_texts("en")("comparison.caveat.same")
