"""The list of jobs: where each is, and what can be done with it."""

import math
import re
import time

import msgspec
import pytest
from streamlit.testing.v1 import AppTest

from components.submissions import submission_store
from posedeck.contracts.own_jobs import JobList, JobView
from posedeck.net.errors import ConnectFailed
from posedeck.runs.submissions import State, Submission
from posedeck.texts import LANGUAGES, load_texts
from tests.app.test_pages import APP
from tests.support.vendor import vendor
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

    def resume(self, job_id: str) -> JobView:
        job = msgspec.structs.replace(self.shown.pop(job_id), id=f"{job_id}2", state="waiting", ahead=0, ended_at=None)
        self.shown[job.id] = job
        return job

    def delete(self, job_id: str) -> None:
        del self.shown[job_id]


class Gone:
    """A server that cannot be reached."""

    def jobs(self, limit: int, before: float | None) -> JobList:
        raise ConnectFailed("refused", vendor="posedeck")


@pytest.fixture(autouse=True)
def nothing_submitted() -> None:
    for each in submission_store().between(0.0, math.inf):
        submission_store().forget(each.id)


def page(monkeypatch: pytest.MonkeyPatch, client: object, language: str = "en") -> AppTest:
    for name in ("job_list", "job_card"):
        monkeypatch.setattr(f"components.{name}.jobs_client", lambda: client)
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
    at.button(key="job_a_resume").click().run()
    assert not at.exception
    assert client.shown["a2"].state == "waiting"
    assert at.button(key="job_a2_cancel")

    at.button(key="job_d_delete").click().run()
    assert list(client.shown) == ["a2"]


def test_without_jobs_or_server_the_page_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No jobs yet" in page(monkeypatch, Client()).info[0].value
    assert "keeps trying" in page(monkeypatch, Gone()).warning[0].value


@pytest.mark.parametrize("language", LANGUAGES)
def test_jobs_of_live_vendors_stand_among_ours_with_their_source(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """Even while our own server is away; who was asked, how far it is and how long it is kept is said."""
    t, now = load_texts(language), time.time()
    kick = Submission("kick", "remo", "live", "https://remo.example", now - 90, job_id="kick")
    clip = Submission("clip", "kakao", "live", "https://kakao.example", now - 60)
    for each in (kick, clip):
        submission_store().intend(each)
    submission_store().accept("kick", "kick", 11.0)
    submission_store().lose("clip")
    at = page(monkeypatch, Client(DONE), language)

    badges = [each.value for each in at.markdown if "badge" in each.value]
    shown = "\n".join(each.value for each in (*at.markdown, *at.caption, *at.warning))
    assert sum("Remo" in badge or "Kakao" in badge for badge in badges) == 2
    assert sum(t("source.local.name") in badge for badge in badges) == 1
    for sentence in (
        t("live_jobs.state.accepted"),
        t("live_jobs.unknown.kakao"),
        t("live_jobs.kept.unknown", vendor="Remo"),
        t("jobs.kept", time=t("jobs.time.days", count=6)),
        "remo.example",
    ):
        assert sentence in shown
    assert at.button(key="live_kick_fetch").disabled, "nobody's e-mail is known"
    assert "live_clip_fetch" not in {button.key for button in at.button}, "its number at Kakao is not known"

    gone = page(monkeypatch, Gone(), language)
    assert t("live_jobs.state.accepted") in "\n".join(each.value for each in gone.markdown)


def test_a_live_job_is_asked_only_at_the_users_wish_and_forgotten_at_it(
    server: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with vendor({"state": False, "status": 534, "message": "being analysed"}, status=534) as url:
        submission_store().intend(Submission("kick", "remo", "live", url, time.time(), job_id="kick"))
        submission_store().accept("kick", "kick", 11.0)
        at = page(monkeypatch, Client())
        at.text_input(key="remo_email").input("me@example.com").run()
        told = submission_store().find("kick")
        assert told is not None
        assert told.asked_at is None

        at.button(key="live_kick_fetch").click().run()
        for _ in range(100):
            told = submission_store().find("kick")
            if told is None or told.asked_at is not None:
                break
            time.sleep(0.05)
        at.run()
    assert not at.exception
    assert told is not None
    assert (told.state, told.detail) == (State.ACCEPTED, "being analysed")
    assert "being analysed" in [each.value for each in at.get("text")]

    at.button(key="live_kick_forget").click().run()
    assert submission_store().find("kick") is None
