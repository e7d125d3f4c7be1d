"""The soccer page: submitted once, watched, found again; a finished job shown whole."""

import json
import time
from collections import defaultdict
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components import kick_job, sources
from components.submissions import submission_store
from posedeck.clients.own import OwnClient
from posedeck.contracts.own import DEMO_ACCOUNT
from posedeck.contracts.remo import soccer
from posedeck.jobs.job import Job, JobState
from posedeck.jobs.store import JobStore, insert_in
from posedeck.pose.kick.analysis import analyse, encode_analysis
from posedeck.runs.submissions import State
from posedeck.services.submissions import kick_submission
from posedeck.storage.blobs import open_blobs
from posedeck.storage.database import database_url, open_database
from posedeck.texts import LANGUAGES, load_texts
from tests.app.test_pages import APP
from tests.support.kick import SAMPLES, SIZE_PX, ball_at, track_at, true_kick
from tests.support.vendor import read_body, scripted_vendor

GOLDEN = Path(__file__).parents[1] / "unit" / "contracts"
CREDENTIALS = {"remo_email": "me@example.com", "remo_user_key": "user", "remo_api_key": "api"}


def golden(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((GOLDEN / f"remo_soccer_{name}.json").read_text("utf-8"))
    return body


def refusal(code: int) -> dict[str, Any]:
    return {"state": False, "credit": 90, "message": "in the vendor's words", "status": code}


class Remo:
    """The live vendor: answers each path with its next answer, the last one again; a None breaks the line."""

    def __init__(self) -> None:
        self.answers: dict[str, list[dict[str, Any] | None]] = {}
        self.asked: defaultdict[str, int] = defaultdict(int)
        self.url = ""

    def next_answer(self, path: str) -> dict[str, Any] | None:
        self.asked[path] += 1
        answers = self.answers.get(path, [refusal(533)])
        return answers.pop(0) if len(answers) > 1 else answers[0]


@pytest.fixture
def remo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Remo]:
    vendor = Remo()

    def script(request: BaseHTTPRequestHandler) -> tuple[int, Any] | None:
        read_body(request)
        answer = vendor.next_answer(request.path)
        return None if answer is None else (answer.get("status", 200), answer)

    with scripted_vendor(script) as vendor.url:
        monkeypatch.setattr(sources, "LIVE_BASE_URL", vendor.url)
        yield vendor


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The watch's clock, which stands still until a test moves it."""
    fake = SimpleNamespace(now=1_000_000.0)
    monkeypatch.setattr(kick_job, "time", SimpleNamespace(time=lambda: fake.now))
    return fake


def page(query: dict[str, str] | None = None, **state: object) -> AppTest:
    at = AppTest.from_file(APP, default_timeout=60)
    for key, value in state.items():
        at.session_state[key] = value
    at.run()
    for key, value in (query or {}).items():
        at.query_params[key] = value
    return at.switch_page("pages/soccer.py").run()


def live(query: dict[str, str] | None = None) -> AppTest:
    return page(query, source="live", **CREDENTIALS)


def submit_sample(at: AppTest) -> AppTest:
    at.button(key="use_sample").click().run()
    at.button(key="kick_submit").click().run()
    assert not at.exception
    return at


def until(at: AppTest, clock: SimpleNamespace, done: Any, step_s: float = 5.0) -> None:
    """Let the watch tick until something holds."""
    for _ in range(200):
        if done(at):
            return
        # The clock stands still while a read is on its way, so that a slow machine changes nothing.
        if "kick_poll_call" not in at.session_state:
            clock.now += step_s
        at.run()
        time.sleep(0.05)  # the read runs in a thread of its own
        assert not at.exception
    raise AssertionError("it never came")


def shows(at: AppTest, text: str) -> bool:
    return any(text in element.value for kind in (at.info, at.warning, at.error, at.caption) for element in kind)


def test_a_live_kick_is_submitted_once_and_read_when_it_is_there(
    server: OwnClient, remo: Remo, clock: SimpleNamespace
) -> None:
    """534 and 533 are waited for; the uuid stays in the address; values are scored by the published bands."""
    remo.answers = {
        soccer.SUBMIT_PATH: [golden("submit")],
        soccer.RESULT_PATH: [refusal(534), refusal(533), golden("result_phase_first")],
    }
    at = submit_sample(live())
    assert at.query_params["job"] == golden("submit")["uuid"]
    at.run()
    assert remo.asked[soccer.RESULT_PATH] == 0, "before the announced wait nobody is asked"

    until(at, clock, lambda at: kick_job.RESULT in at.session_state)

    result = at.session_state[kick_job.RESULT]
    assert remo.asked[soccer.SUBMIT_PATH] == 1
    assert remo.asked[soccer.RESULT_PATH] == 3
    assert (result.source.value, result.total_score) == ("live", pytest.approx(58.3, abs=0.05))
    noted = submission_store().find(golden("submit")["uuid"])
    assert noted is not None
    assert (noted.state, noted.run_id, noted.base_url) == (State.READY, result.run_id, remo.url)
    assert shows(at.run(), load_texts("en")("soccer.values_only"))
    assert remo.asked[soccer.SUBMIT_PATH] == 1


def test_a_final_code_ends_the_watch_with_a_sentence(server: OwnClient, remo: Remo, clock: SimpleNamespace) -> None:
    remo.answers = {soccer.SUBMIT_PATH: [golden("submit")], soccer.RESULT_PATH: [refusal(520)]}
    at = submit_sample(live())
    until(at, clock, lambda at: bool(at.error))
    assert at.error[0].value == load_texts("en")("error.remo.soccer.520")
    asked = remo.asked[soccer.RESULT_PATH]
    clock.now += 60
    at.run()
    assert remo.asked[soccer.RESULT_PATH] == asked
    assert at.button(key="kick_fetch_failed")


def test_a_lost_answer_is_asked_for_by_its_number_and_never_sent_again(
    server: OwnClient, remo: Remo, clock: SimpleNamespace
) -> None:
    remo.answers = {soccer.SUBMIT_PATH: [None], soccer.RESULT_PATH: [golden("result_metric_first")]}
    at = submit_sample(live())
    assert shows(at, load_texts("en")("soccer.ambiguous"))
    until(at, clock, lambda at: kick_job.RESULT in at.session_state)
    assert remo.asked[soccer.SUBMIT_PATH] == 1


def test_who_comes_back_later_fetches_the_result_by_its_address(
    server: OwnClient, remo: Remo, clock: SimpleNamespace
) -> None:
    """Another day, another browser: one read; not there yet is no failure, and can be fetched again."""
    remo.answers = {soccer.RESULT_PATH: [refusal(534), golden("result_metric_first")]}
    noted = kick_submission("a-number", remo.url, 1000.0)
    submission_store().intend(noted)
    submission_store().accept(noted.id, "a-number", 11.0)
    at = live({"job": "a-number"})
    until(at, clock, lambda _: remo.asked[soccer.RESULT_PATH] == 1, step_s=0.0)
    until(at, clock, lambda at: "kick_seen" in at.session_state, step_s=0.0)
    assert shows(at.run(), load_texts("en")("soccer.job.rest"))
    assert remo.asked[soccer.RESULT_PATH] == 1
    told = submission_store().find("a-number")
    assert told is not None
    assert (told.state, told.detail) == (State.ACCEPTED, refusal(534)["message"])
    at.button(key="kick_fetch").click().run()
    until(at, clock, lambda at: kick_job.RESULT in at.session_state, step_s=1.0)
    assert soccer.SUBMIT_PATH not in remo.asked


def finished_job(data_dir: Path, uuid: str) -> None:
    """A job of the demo account that has ended well."""
    times = true_kick().times_s
    analysis = analyse(track_at(times), ball_at(times), 174.8, SIZE_PX)
    blobs, database = open_blobs(data_dir), open_database(database_url(data_dir))
    clip = blobs.put_file(SAMPLES / "soccer_kick.mp4")
    now = time.time()
    job = Job(
        id=f"id-of-{uuid}", kind="remo-soccer", account=DEMO_ACCOUNT[0], client_uuid=uuid, state=JobState.SUCCESS,
        stage=None, frames_done=63, frames_total=63, params={"height_cm": 174.8}, input_blob=clip,
        result_blob=blobs.put(encode_analysis(analysis)), media={"drawn.mp4": clip}, error_code=None, error_text=None,
        callback_url=None, called_back_at=None, created_at=now, started_at=now, ended_at=now, expires_at=now + 1e6,
        wait_s=5.0, cost=4, refunded=False, attempts=0,
    )  # fmt: skip
    with database.begin() as connection:
        insert_in(connection, job)
    assert JobStore(database).get(job.id) is not None
    database.dispose()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finished_job_is_shown_whole_in_both_languages(
    server: OwnClient, own_environment: Path, language: str
) -> None:
    """By its address alone: clips, curves, table, source; a rerun asks nobody; the run opens it again."""
    finished_job(own_environment, f"done-{language}")
    at = page({"job": f"done-{language}"}, language=language)
    for _ in range(100):
        if kick_job.RESULT in at.session_state:
            break
        time.sleep(0.05)
        at.run()
    at.run()
    assert not at.exception
    t = load_texts(language)
    result = at.session_state[kick_job.RESULT]
    assert result.analysis is not None
    names = [node.proto.component_name for node in at.get("bidi_component")]
    assert any("frame_viewer" in name for name in names)
    viewer = next(node for node in at.get("bidi_component") if "frame_viewer" in node.proto.component_name)
    data = json.loads(viewer.proto.json)
    assert len(data["clips"]) == 2
    assert [mark["frame"] for mark in data["marks"]] == [event.frame for event in result.analysis.events]
    table = next(element.proto.body for element in at.get("html") if "kick-table" in element.proto.body)
    assert table.count("<tr class=") == 12
    assert t("kick.withheld") in table
    charts = [json.loads(chart.proto.spec)["layout"] for chart in at.get("plotly_chart")]
    assert len(charts) == 2
    # One over the other: equal times lie under each other, and the names of events stand in rows of their own.
    assert {(chart["margin"]["l"], chart["margin"]["r"], chart["yaxis"]["automargin"]) for chart in charts} == {
        (56, 16, False)
    }
    assert charts[0]["xaxis"]["range"] == charts[1]["xaxis"]["range"]
    assert len({label["yshift"] for label in charts[0]["annotations"]}) == 4
    knee = result.analysis.knee_at_impact
    assert knee is not None
    assert any(text.value.startswith(f"**{knee.value:.0f}° (") for text in at.markdown)
    assert at.query_params["run"] == result.run_id

    again = page({"run": result.run_id}, language=language)
    assert not again.exception
    assert again.session_state[kick_job.RESULT].body == result.body


def test_the_kept_kick_is_compared_with_the_one_shown(server: OwnClient, own_environment: Path) -> None:
    finished_job(own_environment, "compare")
    at = page({"job": "compare"})
    for _ in range(100):
        if kick_job.RESULT in at.session_state:
            break
        time.sleep(0.05)
        at.run()
    times = true_kick().times_s[::2]
    at.session_state["kick_kept"] = analyse(track_at(times), ball_at(times), None, SIZE_PX)
    at.run()
    assert not at.exception
    assert len(at.get("plotly_chart")) == 3


def test_without_keys_a_live_submit_cannot_be_pressed(server: OwnClient) -> None:
    at = page(source="live")
    at.button(key="use_sample").click().run()
    assert at.button(key="kick_submit").disabled


def test_the_link_of_the_home_page_submits_the_sample_once(server: OwnClient) -> None:
    at = page({"sample": "1"})
    assert not at.exception
    assert "sample" not in at.query_params
    uuid = at.query_params["job"]
    at.run()
    assert at.query_params["job"] == uuid
