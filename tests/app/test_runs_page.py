"""The runs page: found, reviewed, deleted and brought back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from streamlit.testing.v1 import AppTest

from components.runs import recorder, run_store
from posedeck.contracts.finding import Finding
from posedeck.runs.query import RunQuery
from posedeck.runs.run import Ending, Review, ReviewState, Run, RunError, Summary, now
from posedeck.runs.store import RunStore
from posedeck.services.posture_runs import posture_draft
from tests.app.test_pages import APP
from tests.support.results import own_result
from tests.unit.runs.builders import run


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunStore]:
    """An empty store of its own, as the pages see it."""
    monkeypatch.setenv("POSEDECK_DATA_DIR", str(tmp_path))
    run_store.clear()
    yield run_store()
    run_store.clear()


def page(**address: str) -> AppTest:
    """The runs page in a fresh session."""
    at = AppTest.from_file(APP, default_timeout=60)
    for name, value in address.items():
        at.query_params[name] = value
    return at.switch_page("pages/runs.py").run()


def listed(at: AppTest) -> list[Any]:
    assert not at.exception
    return list(at.dataframe[0].value["result"]) if at.dataframe else []


def posture_run(store: RunStore) -> Run:
    draft = posture_draft(own_result())
    return store.save(draft.run, draft.contents, thumbnail=draft.thumbnail)


def test_an_empty_list_says_how_to_fill_it(store: RunStore) -> None:
    """And a search that finds nothing says that."""
    assert "no run yet" in page().info[0].value
    store.save(run(), {})
    at = page()
    at.text_input(key="runs_filter_text").set_value("nowhere").run()
    assert "fits these filters" in at.info[0].value
    at.button(key="runs_filter_clear").click().run()
    assert len(listed(at)) == 1


def test_the_list_is_filtered(store: RunStore) -> None:
    """By page, grade and words; pages of fifty, the newest first."""
    for minute in range(60):
        store.save(run(minute, summary=Summary(grade=minute % 3, numbers={"caution": float(minute)})), {})
    at = page()
    assert listed(at)[0] == "59 caution"
    assert len(listed(at)) == 50
    at.selectbox(key="runs_filter_grade").set_value(2).run()
    assert listed(at)[:2] == ["59 caution", "56 caution"]
    assert len(listed(at)) == 20
    at.selectbox(key="runs_filter_page").set_value("keypoints").run()
    assert listed(at) == []


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_link_shows_a_run(store: RunStore, language: str) -> None:
    """With its facts, in a fresh session, above the list."""
    kept = posture_run(store)
    at = AppTest.from_file(APP, default_timeout=60)
    at.session_state["language"] = language
    at.query_params["run"] = kept.id
    at.switch_page("pages/runs.py").run()
    assert not at.exception
    assert at.header[0].value.startswith({"en": "Posture · ", "ko": "체형 분석 · "}[language])
    assert any(element.value == kept.id for element in at.text)
    assert not at.button(key="run_open").disabled


def test_a_review_is_kept_at_once(store: RunStore) -> None:
    """State, tags and notes, each as it is changed."""
    kept = posture_run(store)
    at = page(run=kept.id)
    at.segmented_control(key=f"review_state_{kept.id}").set_value("accepted").run()
    at.text_area(key=f"review_notes_{kept.id}").set_value("The left knee is hidden").run()
    assert not at.exception
    assert store.get(kept.id).review == Review(ReviewState.ACCEPTED, (), "The left knee is hidden")
    assert page(run=kept.id).text_area(key=f"review_notes_{kept.id}").value == "The left knee is hidden"


def test_a_deleted_run_can_be_brought_back(store: RunStore) -> None:
    """It leaves the list and the address, and the undo button returns it."""
    kept = posture_run(store)
    at = page(run=kept.id)
    at.button(key="run_delete").click().run()
    assert listed(at) == []
    assert "run" not in at.query_params
    at.button(key="runs_undo").click().run()
    assert len(listed(at)) == 1


def test_everything_can_be_erased(store: RunStore) -> None:
    """Only after the box is ticked."""
    posture_run(store)
    at = page()
    assert at.button(key="runs_erase_all").disabled
    at.checkbox(key="runs_erase_sure").check().run()
    at.button(key="runs_erase_all").click().run()
    assert listed(at) == []
    assert "with their pictures" in at.success[0].value
    assert store.search(RunQuery()).total == 0


def test_keeping_photos_is_a_choice(store: RunStore) -> None:
    """It holds for everybody."""
    at = page()
    assert recorder().keeps("posture")
    at.toggle(key="runs_keeps_posture").set_value(False).run()
    assert not recorder().keeps("posture")
    assert page().toggle(key="runs_keeps_posture").value is False


def test_a_refused_call_says_what_came(store: RunStore) -> None:
    """It cannot be opened on its page."""
    error = RunError("RemoRefused", 418, "wrong image <b>", "error.remo.418")
    kept = store.save(run(ending=Ending.REFUSED, error=error), {})
    at = page(run=kept.id)
    assert not at.exception
    assert any("wrong image <b>" in element.value for element in at.text)
    assert at.button(key="run_open").disabled


def test_a_run_that_is_gone(store: RunStore) -> None:
    """The page says so and stays usable."""
    at = page(run="nobody")
    assert not at.exception
    assert "not here" in at.warning[0].value


def pair(store: RunStore, page_name: str = "posture") -> tuple[Run, Run]:
    """Two runs of one person a minute apart, the second with another shoulder and a finding."""
    first = own_result()
    body = first.body | {"credit": 98, "forigimg": first.body["sorigimg"][:-8] + "AAAAAAAA", "fs_deg": 9.0}
    body.pop("credit_change")
    second = own_result(answered_at=first.answered_at + timedelta(minutes=1), body=body)
    drafts = [posture_draft(result) for result in (first, second)]
    runs = [store.save(replace(draft.run, page=page_name), draft.contents) for draft in drafts]
    return runs[0], runs[1]


def test_a_link_shows_the_difference_of_two_runs(store: RunStore) -> None:
    """Values against their intervals, contract findings, and the answers without their pictures' bytes."""
    before, after = pair(store)
    at = page(**{"run": before.id, "with": after.id})
    assert not at.exception
    assert any("Difference of two runs" in element.value for element in at.header)
    tables = {element.value["path"][0]: element.value for element in at.dataframe if "path" in element.value}
    assert not tables, "the answer's tab is not open yet"
    at.session_state["run_diff_tabs"] = "Answer"
    at.run()
    (changes,) = [element.value for element in at.dataframe if "path" in element.value]
    rows = {row["path"]: row for row in changes.to_dict("records")}
    assert rows["credit"]["delta"] == -1
    assert rows["credit_change"]["kind"] == "− removed"
    assert not any(len(str(cell)) > 200 for cell in changes.to_numpy().ravel())


def test_runs_of_different_pages_are_compared_as_far_as_they_can_be(store: RunStore) -> None:
    """The page says why there are no values."""
    before, _ = pair(store)
    _, after = pair(store, "soccer")
    at = page(**{"run": before.id, "with": after.id})
    assert not at.exception
    assert any("different pages" in element.value for element in at.info)


def test_a_recording_holds_what_came_since(store: RunStore) -> None:
    """It says how much that is, until it is stopped."""
    posture_run(store)
    at = page()
    at.button(key="cassette_record").click().run()
    assert any("0 answers" in element.value for element in at.caption)
    draft = posture_draft(own_result())
    store.save(replace(draft.run, created_at=now()), draft.contents)
    at.run()
    assert any("1 answers" in element.value for element in at.caption)
    at.button(key="cassette_stop").click().run()
    assert not at.exception
    assert any(button.key == "cassette_record" for button in at.button)


def test_a_finding_of_another_version_goes_by_its_name(store: RunStore) -> None:
    """A run that a newer PoseDeck wrote is shown all the same."""
    found = (Finding("not_known_here", "warning", "credit", "what it was"),)
    kept = store.save(run(findings=found), {})
    at = page(run=kept.id)
    at.session_state["run_tabs"] = "Findings (1)"
    at.run()
    assert not at.exception
    assert any("not_known_here" in element.value for element in at.markdown)
