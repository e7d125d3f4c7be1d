"""Old runs put to use: checked again, asked again, and played in place of a vendor."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from components.runs import recorder, run_store
from posedeck.clients.own import OwnClient
from posedeck.contracts.remo.future_shape import Direction
from posedeck.net.cassette import read_cassette
from posedeck.runs.query import RunQuery
from posedeck.runs.run import Ending
from posedeck.services.future_shape_runs import shape_draft
from posedeck.services.replay import cassette_of
from posedeck.services.sources import Source
from tests.app.test_pages import APP, RESULT, posture, run
from tests.app.test_reopening import forbid_calls, opened
from tests.support.shape_results import shape_result
from tests.support.soccer_vendor import kicked


def recorded_source() -> AppTest:
    """The posture page with recorded answers as its source."""
    at = posture()
    # AppTest runs a page without its frame, so there is no sidebar to choose in.
    at.session_state["source"] = Source.RECORDED.value
    return at.run()


def sample_run() -> str:
    """A run of the sample, answered by our engine."""
    at = posture()
    at.button(key="use_sample").click().run()
    run_id: str = at.session_state[RESULT].run_id
    return run_id


def test_a_run_is_asked_again(server: OwnClient) -> None:
    """Today's checks agree, the new answer is a run of its own, and their difference is shown."""
    run_id = sample_run()
    at = opened("runs", run_id)
    at.session_state["run_tabs"] = "Replay"
    at.run()
    assert not at.exception
    assert any("Nothing differs" in element.value for element in at.success)
    before = run_store().search(RunQuery()).total
    at.button(key="run_replay_start").click().run()
    assert not at.exception
    assert run_store().search(RunQuery()).total == before + 1
    assert at.query_params["run"] == run_id
    assert any("Difference of two runs" in element.value for element in at.header)


def replayed(run_id: str) -> AppTest:
    """The run asked again, to our engine."""
    at = opened("runs", run_id)
    at.session_state["run_tabs"] = "Replay"
    at.run()
    assert not at.exception
    assert any("Nothing differs" in element.value for element in at.success)
    at.button(key="run_replay_start").click().run()
    assert not at.exception
    return at


def test_a_kick_is_submitted_again_and_its_job_is_linked(server: OwnClient) -> None:
    """The same clip, from the run, as a new job of our server; without its clip the run says so."""
    first = kicked(recorder())
    at = replayed(first.run_id or "")
    (new,) = run_store().search(RunQuery(page="soccer", ending=Ending.SUBMITTED)).rows
    run = run_store().get(new.id).run
    assert (run.source, run.params["again"]) == ("local", first.run_id)
    assert run.inputs["clip"] == run_store().get(first.run_id or "").run.inputs["clip"]
    assert any(run.params["uuid"] in str(link.proto.query_string) for link in at.get("page_link"))


def test_a_saved_shape_is_asked_for_again_and_compared(server: OwnClient) -> None:
    """The new picture is saved as the old one was; both stand beside each other."""
    draft = shape_draft(shape_result(Direction.BEST))
    run = run_store().save(draft.run, draft.contents)
    at = replayed(run.id)
    assert at.query_params["run"] == run.id
    other = run_store().get(at.query_params["with"]).run
    assert (other.page, other.is_kept, other.params) == ("future-shape", True, run.params)
    assert any("grey levels" in element.value for element in at.caption), "the difference picture is told"


def test_two_kicks_are_compared_by_value_and_body(server: OwnClient) -> None:
    """The same answer twice: nothing is outside of the noise; both pictures of the contact are shown."""
    first, second = (kicked(recorder(), uuid=uuid) for uuid in ("one", "two"))
    at = AppTest.from_file(APP, default_timeout=60)
    at.query_params["run"], at.query_params["with"] = str(first.run_id), str(second.run_id)
    at.switch_page("pages/runs.py").run()
    assert not at.exception
    tables = [element.value for element in at.dataframe if "verdict" in element.value.columns]
    assert [len(table) for table in tables] == [12, 3]
    assert not any("outside" in verdict for table in tables for verdict in table["verdict"])
    assert not any("no drawn clip" in element.value for element in at.caption), "both contacts are shown"


def test_many_runs_are_checked_under_another_profile(server: OwnClient) -> None:
    """With progress, and what changes; nothing is written."""
    run_store().erase_all()
    run_id = sample_run()
    kicked(recorder())
    before = run_store().get(run_id)
    at = run().switch_page("pages/runs.py").run()
    at.selectbox(key="regrade_profile").set_value("literature").run()
    at.button(key="regrade_start").click().run()
    for _ in range(100):
        if "regrade_call" not in at.session_state:
            break
        time.sleep(0.05)
        at.run()
    at.run()
    assert not at.exception
    (table,) = [element.value for element in at.dataframe if "grades" in element.value.columns]
    by_page = dict(zip(table["page"], zip(table["verdict"], table["grades"], strict=True), strict=True))
    assert "→" in by_page["Posture"][1]
    assert by_page["Soccer kick"][0] == "= the same"
    assert run_store().get(run_id) == before


@pytest.mark.parametrize("from_file", [True, False])
def test_a_recorded_answer_takes_the_vendors_place(
    server: OwnClient, monkeypatch: pytest.MonkeyPatch, from_file: bool
) -> None:
    """On the posture page, from a cassette or from the runs, marked as recorded; no call is made."""
    run_id = sample_run()
    first = opened("posture", run_id).session_state[RESULT]
    at = recorded_source()
    forbid_calls(monkeypatch)
    if from_file:
        at.session_state["cassette_exchanges"] = read_cassette(cassette_of(run_store(), [run_id]))
    for view in ("front", "side"):
        at.button(key=f"posture_{view}_sample").click().run()
    at.button(key="analyse").click().run()
    assert not at.exception
    assert not at.error
    result = at.session_state[RESULT]
    assert (result.source, result.body) == (Source.RECORDED, first.body)


def test_what_was_not_recorded_is_told(server: OwnClient) -> None:
    """And what to do about it."""
    at = recorded_source()
    at.button(key="posture_front_sample").click().run()
    at.file_uploader(key="posture_side_upload").upload("side.jpg", at.session_state["posture_front"].photo.data).run()
    at.button(key="analyse").click().run()
    assert any("Nothing was recorded" in element.value for element in at.error)


def test_both_sides_of_a_comparison_can_be_played(server: OwnClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the runs, without a file."""
    at = run().switch_page("pages/keypoints.py").run()
    at.button(key="use_sample").click().run()
    first = at.session_state["keypoints_outcomes"].answers
    forbid_calls(monkeypatch)
    for side in ("left", "right"):
        at.segmented_control(key=f"{side}_source").set_value("recorded").run()
    at.button(key="compare").click().run()
    assert not at.exception
    assert not at.error
    answers = at.session_state["keypoints_outcomes"].answers
    assert {side: answer.body for side, answer in answers.items()} == {
        side: answer.body for side, answer in first.items()
    }
    assert {answer.source for answer in answers.values()} == {Source.RECORDED}
