"""The batch tab as Streamlit runs it: a real job on a real worker, and what the address may say."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from posedeck.clients.own import OwnClient
from posedeck.net.errors import ConnectFailed
from posedeck.net.transport import Transport
from posedeck.texts import LANGUAGES, load_texts
from tests.app.test_keypoints_page import keypoints, view

PATIENCE_S = 120.0


@pytest.fixture(scope="module")
def done(server: OwnClient) -> AppTest:
    """The sample pictures, answered and compared by a job."""
    at = keypoints({"view": "batch"})
    at.button(key="batch_samples").click().run()
    until = time.monotonic() + PATIENCE_S
    while not any(metric.label == "Pictures" for metric in at.metric):
        assert not at.exception
        assert time.monotonic() < until
        time.sleep(0.3)
        at.run()
    return at


def test_the_samples_are_counted(done: AppTest) -> None:
    """Five pictures with seven people, none left out, three charts, and a table to choose from."""
    assert [(metric.label, metric.value) for metric in done.metric][:4] == [
        ("Pictures", "5"),
        ("Left out", "0"),
        ("People in both", "7"),
        ("Only on one side", "0"),
    ]
    assert len(done.get("plotly_chart")) == 3
    assert done.query_params["job"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_opens_job_and_picture_in_a_fresh_session(done: AppTest, language: str) -> None:
    """The address names the batch and the picture; the comparison of that picture is there with its three people."""
    query = {"view": "batch", "job": str(done.query_params["job"]), "picture": "group3.jpg"}
    at = keypoints(query, language=language)
    assert not at.exception
    assert not at.error
    assert any(load_texts(language)("batch.opened") == element.value for element in at.subheader)
    assert [len(side["people"]) for side in view(at)["sides"].values()] == [3, 3]


def test_its_run_opens_in_a_fresh_session_without_a_call(done: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same numbers, charts and pictures, though the server is not asked about this job."""
    (run_id,) = done.session_state["batch_runs"].values()

    def refuse(*_: object, **__: object) -> None:
        raise ConnectFailed("refused", vendor="posedeck")

    monkeypatch.setattr(Transport, "send", refuse)
    at = keypoints({"view": "batch", "run": run_id, "picture": "group3.jpg"})
    assert not at.exception
    assert [(metric.label, metric.value) for metric in at.metric] == [
        (metric.label, metric.value) for metric in done.metric
    ]
    assert [len(side["people"]) for side in view(at)["sides"].values()] == [3, 3]
    assert at.query_params["run"] == run_id


def test_a_job_that_is_not_there_is_said_in_words(server: OwnClient) -> None:
    """An old link leads to a sentence, and a batch can be started all the same."""
    at = keypoints({"view": "batch", "job": "00000000-0000-0000-0000-000000000000"})
    assert not at.exception
    assert [error.value for error in at.error] == [load_texts("en")("error.job.404")]
    assert at.button(key="batch_samples")


def test_the_tabs_keep_their_own_addresses(server: OwnClient) -> None:
    """Back on the single picture the address says nothing about a job; an unknown part is passed over."""
    at = keypoints({"view": "batch", "job": "x"})
    at.segmented_control(key="keypoints_tab").set_value("picture").run()
    assert not at.exception
    assert "job" not in at.query_params
    assert "view" not in at.query_params
    assert keypoints({"view": "elsewhere"}).segmented_control(key="keypoints_tab").value == "picture"
