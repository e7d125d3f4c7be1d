"""Jobs of live vendors are written down before they are sent, and what became of them afterwards."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from posedeck.clients.remo import RemoRefused
from posedeck.clients.remo_soccer import NotReady
from posedeck.contracts.remo.soccer_errors import SoccerCode
from posedeck.net.errors import AmbiguousOutcome, ConnectFailed, Throttled, UnparseableAnswer, VendorError
from posedeck.net.exchange import Exchange
from posedeck.runs.submissions import State, Submission, SubmissionStore
from posedeck.services.kakao_clips import ClipEnded, ClipPending, SubmittedClip
from posedeck.services.soccer import KickResult
from posedeck.services.sources import Source
from posedeck.services.submissions import (
    SENDING_S,
    as_clip,
    as_kick,
    can_be_read,
    clip_submission,
    expires_at,
    kick_submission,
    read_noted,
    state_at,
    submission_page,
    submit_noted,
)
from posedeck.storage.database import database_url, migrate, open_database

URL, NOW = "https://vendor.example", 1000.0
KICK = kick_submission("a-number", URL, NOW)
CLIP = clip_submission("ours", URL, NOW, smoothing=True, group="pair")
RUNNING = NotReady(SoccerCode.STILL_RUNNING, "being analysed", None, {}, cast("Exchange", None))
SENT = SubmittedClip("theirs", Source.LIVE, URL, NOW, smoothing=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SubmissionStore]:
    engine = open_database(database_url(tmp_path))
    migrate(engine, tmp_path)
    yield SubmissionStore(engine)
    engine.dispose()


def kept(store: SubmissionStore, name: str) -> Submission:
    found = store.find(name)
    assert found is not None
    return found


def raising(error: BaseException) -> Any:
    def call() -> Any:
        raise error

    return call


def test_it_is_written_down_before_it_is_sent_and_noted_when_it_is_taken(store: SubmissionStore) -> None:
    seen: list[State] = []

    def send() -> SubmittedClip:
        seen.append(kept(store, "ours").state)
        return SENT

    assert submit_noted(store, CLIP, send) is SENT
    assert seen == [State.SENDING]
    assert (kept(store, "theirs").id, kept(store, "theirs").state) == ("ours", State.ACCEPTED)
    assert as_clip(kept(store, "ours")) == SENT


def test_a_process_that_dies_while_it_sends_leaves_its_trace(store: SubmissionStore) -> None:
    """Remo's job can then be read by its number; Kakao's has none that is known."""
    for each in (KICK, CLIP):
        with pytest.raises(KeyboardInterrupt):
            submit_noted(store, each, raising(KeyboardInterrupt()))
    kick, clip = kept(store, "a-number"), kept(store, "ours")

    assert state_at(kick, NOW + 1) is State.SENDING
    assert state_at(kick, NOW + SENDING_S + 1) is State.UNKNOWN
    assert can_be_read(kick)
    assert as_kick(kick).uuid == "a-number"
    assert not can_be_read(clip)
    with pytest.raises(ValueError, match="not known"):
        as_clip(clip)


@pytest.mark.parametrize("lost", [AmbiguousOutcome("cut", vendor="remo"), UnparseableAnswer("a page", vendor="remo")])
def test_a_lost_answer_is_noted_as_lost(store: SubmissionStore, lost: VendorError) -> None:
    with pytest.raises(type(lost)):
        submit_noted(store, KICK, raising(lost))
    assert kept(store, "a-number").state is State.UNKNOWN


@pytest.mark.parametrize(
    "refused",
    [
        RemoRefused("no credit", code=422, status=422, credit=0, message_key="error.remo.soccer.422"),
        ConnectFailed("refused", vendor="remo"),
        Throttled("wait", vendor="remo", retry_after_s=3.0),
    ],
)
def test_what_was_not_taken_is_no_job(store: SubmissionStore, refused: VendorError) -> None:
    with pytest.raises(type(refused)):
        submit_noted(store, KICK, raising(refused))
    assert store.find("a-number") is None


def test_what_cannot_be_written_down_is_not_sent(store: SubmissionStore) -> None:
    with store._engine.begin() as connection:
        connection.execute(text("DROP TABLE submissions"))

    with pytest.raises(OperationalError):
        submit_noted(store, KICK, raising(AssertionError("it was sent")))


def test_an_answer_outlives_a_note_that_fails(store: SubmissionStore) -> None:
    def send() -> SubmittedClip:
        with store._engine.begin() as connection:
            connection.execute(text("DROP TABLE submissions"))
        return SENT

    assert submit_noted(store, CLIP, send) is SENT


@pytest.mark.parametrize(
    ("got", "state", "detail"),
    [
        (RUNNING, State.ACCEPTED, "being analysed"),
        (ClipPending("processing"), State.ACCEPTED, "processing"),
        (ClipEnded("failed", "it cannot be read"), State.FAILED, "it cannot be read"),
        (ClipEnded("not found", None), State.GONE, ""),
    ],
)  # fmt: skip
def test_each_answer_of_a_read_is_noted(store: SubmissionStore, got: Any, state: State, detail: str) -> None:
    store.intend(KICK)

    assert read_noted(store, "a-number", 1234.0, lambda: got) is got
    assert kept(store, "a-number").state is state
    assert (kept(store, "a-number").detail, kept(store, "a-number").asked_at) == (detail, 1234.0)


def test_a_result_is_noted_with_its_run(store: SubmissionStore) -> None:
    store.intend(KICK)
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    result = KickResult("a-number", Source.LIVE, URL, moment, (), None, None, {}, None, run_id="the-run")

    read_noted(store, "a-number", 1234.0, lambda: result)
    assert (kept(store, "a-number").state, kept(store, "a-number").run_id) == (State.READY, "the-run")


@pytest.mark.parametrize(("code", "state"), [(520, State.FAILED), (421, State.SENDING)])
def test_only_a_final_code_ends_a_job(store: SubmissionStore, code: int, state: State) -> None:
    """A wrong key says nothing about the job."""
    store.intend(KICK)
    refused = RemoRefused("in its words", code=code, status=code, credit=None, message_key="error.refused")

    with pytest.raises(RemoRefused):
        read_noted(store, "a-number", 1234.0, raising(refused))
    assert kept(store, "a-number").state is state


def test_only_kakao_names_a_time() -> None:
    assert expires_at(CLIP) == NOW + 7 * 24 * 3600
    assert expires_at(KICK) is None


def test_a_pair_opens_together() -> None:
    smoothed = Submission("a", "kakao", "live", URL, NOW, job_id="A", group="g", params={"smoothing": True})
    plain = Submission("b", "kakao", "live", URL, NOW, job_id="B", group="g", params={"smoothing": False})

    pair = [smoothed, plain]
    assert submission_page(smoothed, pair) == ("keypoints", {"view": "video", "job": "A", "other": "B"})
    assert submission_page(plain, pair) == ("keypoints", {"view": "video", "job": "B"})
    assert submission_page(KICK, []) == ("soccer", {"job": "a-number"})
