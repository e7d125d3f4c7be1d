"""The list of jobs: where each is, and what can be done with it."""

import re

import msgspec
import pytest
from streamlit.testing.v1 import AppTest

from posedeck.contracts.own_jobs import JobList, JobView
from posedeck.net.errors import ConnectFailed
from posedeck.texts import LANGUAGES, load_texts
from tests.app.test_pages import APP
from tests.unit.services.test_job_wording import job

RUNNING = msgspec.structs.replace(
    job("remo-soccer", "my-kick"),
    id="a",
    state="processing",
    stage="track",
    frames_done=12,
    frames_total=48,
    ready_in_s=3.2,
    ended_at=None,
    expires_at=None,
)
WAITING = msgspec.structs.replace(
    RUNNING, id="b", kind="kakao-video", state="waiting", stage=None, ahead=2, started_at=None
)
FAILED = msgspec.structs.replace(job("remo-soccer"), id="c", state="failed", error_code="nobody", error_text="nobody")
DONE = msgspec.structs.replace(job("keypoint-batch"), id="d", files={"result": "/x/media/t"})


class Client:
    """The calls of a jobs client over jobs in memory."""

    def __init__(self, *jobs: JobView) -> None:
        self.shown = {each.id: each for each in jobs}

    def jobs(self, limit: int, before: float | None) -> JobList:
        return JobList(list(self.shown.values()), None)

    def cancel(self, job_id: str) -> JobView:
        self.shown[job_id] = msgspec.structs.replace(self.shown[job_id], state="cancelled", ended_at=2.0)
        return self.shown[job_id]

    def delete(self, job_id: str) -> None:
        del self.shown[job_id]


class Gone:
    """A server that cannot be reached."""

    def jobs(self, limit: int, before: float | None) -> JobList:
        raise ConnectFailed("refused", vendor="posedeck")


def page(monkeypatch: pytest.MonkeyPatch, client: object, language: str = "en") -> AppTest:
    monkeypatch.setattr("components.job_list.jobs_client", lambda: client)
    at = AppTest.from_file(APP, default_timeout=60)
    at.session_state["language"] = language
    at.switch_page("pages/jobs.py").run()
    assert not at.exception
    return at


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_job_tells_where_it_is_in_both_languages(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    at, t = page(monkeypatch, Client(RUNNING, WAITING, FAILED, DONE), language), load_texts(language)

    heads = [each.value for each in at.markdown]
    for each, state in ((RUNNING, "processing"), (WAITING, "waiting"), (FAILED, "failed"), (DONE, "success")):
        assert any(t(f"jobs.kind.{each.kind}") in head and t(f"jobs.state.{state}") in head for head in heads)
    bars = [bar.text for bar in at.get("progress")]
    assert {"12", "48"} <= set(re.findall("[0-9]+", bars[0]))
    assert "2" in bars[1]
    assert [error.value for error in at.error] == [t("jobs.error.nobody")]


def test_a_running_job_can_be_cancelled_and_an_ended_one_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(RUNNING, DONE)
    at = page(monkeypatch, client)

    at.button(key="job_a_cancel").click().run()
    assert client.shown["a"].state == "cancelled"
    assert "job_a_cancel" not in {button.key for button in at.button}

    at.button(key="job_d_delete").click().run()
    assert list(client.shown) == ["a"]


def test_without_jobs_or_server_the_page_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No jobs yet" in page(monkeypatch, Client()).info[0].value
    assert "keeps trying" in page(monkeypatch, Gone()).warning[0].value
