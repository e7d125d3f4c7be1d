"""Runs that are opened again from an address, in a session that knows nothing of them."""

import pytest
from streamlit.testing.v1 import AppTest

from components.runs import run_store
from posedeck.clients.own import OwnClient
from posedeck.net.transport import Transport
from posedeck.pose.grades import REMO_2024, load_profile
from posedeck.runs.query import RunQuery
from posedeck.services.assessment import assess
from posedeck.services.keypoint_comparison import KeypointComparison
from posedeck.services.keypoint_export import export_json
from posedeck.services.saved import save_result
from tests.app.test_pages import APP, RESULT, posture, run


def opened(page: str, run_id: str) -> AppTest:
    """A fresh session at the address of a run."""
    at = AppTest.from_file(APP, default_timeout=60)
    at.query_params["run"] = run_id
    return at.switch_page(f"pages/{page}.py").run()


def forbid_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a call was made")

    monkeypatch.setattr(Transport, "send", refuse)


def test_a_posture_run_opens_in_a_fresh_session(server: OwnClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same numbers and pictures, without a call; the address of the first session names the run."""
    at = posture()
    at.button(key="use_sample").click().run()
    first = at.session_state[RESULT]
    assert at.query_params["run"] == first.run_id

    forbid_calls(monkeypatch)
    again = opened("posture", first.run_id)
    assert not again.exception
    assert not again.error
    result = again.session_state[RESULT]
    profile = load_profile(REMO_2024)
    assert save_result(result, assess(result, profile)) == save_result(first, assess(first, profile))
    assert result.body == first.body
    assert again.session_state["posture_front"].photo.sha256 == first.photos["front"].sha256


def test_a_comparison_opens_in_a_fresh_session(server: OwnClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sides come back, with their sources and the picture."""
    at = run().switch_page("pages/keypoints.py").run()
    at.button(key="use_sample").click().run()
    first = at.session_state["keypoints_outcomes"].answers
    assert at.query_params["run"] in {answer.run_id for answer in first.values()}

    forbid_calls(monkeypatch)
    again = opened("keypoints", first["left"].run_id)
    assert not again.exception
    answers = again.session_state["keypoints_outcomes"].answers
    profile = load_profile(REMO_2024)
    assert export_json(KeypointComparison(answers["left"], answers["right"], profile)) == export_json(
        KeypointComparison(first["left"], first["right"], profile)
    )
    assert again.session_state["keypoints_photo"].photo.sha256 == first["left"].photo.sha256


@pytest.mark.parametrize(
    ("page", "run_id", "words"), [("posture", "nobody", "not here"), ("keypoints", "posture", "another page")]
)
def test_a_link_that_leads_nowhere_says_so(server: OwnClient, page: str, run_id: str, words: str) -> None:
    """The page stays usable."""
    if run_id == "posture":
        posture().button(key="use_sample").click().run()
        run_id = run_store().search(RunQuery(page="posture")).rows[0].id
    at = opened(page, run_id)
    assert not at.exception
    assert [element.value for element in at.warning if words in element.value]
    assert any(button.key == "use_sample" for button in at.button)
