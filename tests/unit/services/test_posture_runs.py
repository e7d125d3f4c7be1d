"""Posture answers as runs: kept before they are shown, read back with the same numbers and without a call."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from posedeck.clients.remo import RemoClient, RemoCredentials, RemoRefused
from posedeck.contracts.own import DEMO_ACCOUNT
from posedeck.net.errors import AmbiguousOutcome, ConnectFailed, UnparseableAnswer, VendorError
from posedeck.net.transport import Transport
from posedeck.pose.grades import REMO_2024, SHIPPED_NAMES, load_profile
from posedeck.pose.posture import View
from posedeck.runs.query import RunQuery
from posedeck.runs.run import Ending, Run
from posedeck.runs.store import RunStore
from posedeck.services.assessment import assess
from posedeck.services.posture import PostureResult
from posedeck.services.posture_runs import analyse_and_record, kept_result, posture_draft, reopen_posture
from posedeck.services.recording import Recorder
from posedeck.services.saved import SavedResult, save_result
from posedeck.services.sources import Source
from posedeck.storage.blobs import open_blobs
from tests.app.support import sample_photo
from tests.support.answers import clean_answer
from tests.support.archive import archive
from tests.support.vendor import vendor

Archive = tuple[RunStore, Recorder]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Archive]:
    """An empty store of runs with its recorder."""
    with archive(tmp_path) as opened:
        yield opened


def analyse(recorder: Recorder, base_url: str, credentials: Sequence[str] = DEMO_ACCOUNT) -> PostureResult:
    with Transport("remo") as transport:
        return analyse_and_record(
            recorder,
            RemoClient(transport, base_url),
            RemoCredentials(*credentials),
            {view: sample_photo(view) for view in View},
            source=Source.LOCAL,
            base_url=base_url,
            profile_name=REMO_2024,
        )


def only_run(store: RunStore) -> Run:
    (row,) = store.search(RunQuery()).rows
    return store.get(row.id).run


def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("a call was made")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(Transport, "send", refuse)


@pytest.mark.parametrize("profile", SHIPPED_NAMES)
@pytest.mark.parametrize("calibrated", [True, False])
def test_a_run_gives_the_same_numbers_without_a_call(
    kept: Archive, monkeypatch: pytest.MonkeyPatch, profile: str, calibrated: bool
) -> None:
    """Under each profile: history can be graded anew without asking anybody."""
    store, recorder = kept
    with vendor(clean_answer()) as url:
        result = analyse(recorder, url)
    offline(monkeypatch)
    assert result.run_id is not None
    again = reopen_posture(store, store.get(result.run_id).run)

    def numbers(each: PostureResult) -> Any:
        return save_result(each, assess(each, load_profile(profile), calibrated=calibrated))

    assert numbers(again) == numbers(result)
    assert (again.body, again.result_images, again.run_id) == (result.body, result.result_images, result.run_id)
    assert {view: photo.sha256 for view, photo in again.photos.items()} == {
        view: photo.sha256 for view, photo in result.photos.items()
    }
    assert again.exchange is not None
    assert result.exchange is not None
    assert (again.exchange.timings, again.exchange.status) == (result.exchange.timings, 200)


def test_what_a_run_holds(kept: Archive) -> None:
    """Who answered, when, how it was graded and found, and the numbers as they were first shown."""
    store, recorder = kept
    body = clean_answer()
    del body["credit_change"]
    with vendor(body) as url:
        result = analyse(recorder, url)
    run = only_run(store)
    assessment = assess(result, result.profile)
    assert (run.page, run.vendor, run.source, run.base_url) == ("posture", "remo", "local", url)
    assert (run.created_at, run.profile) == (result.answered_at, "remo-2024 " + result.profile.version)
    assert "missing_field" in {finding.name for finding in run.findings}
    assert run.summary.findings == len(run.findings)
    grades = [abs(entry.grade) for entry in assessment.metrics if entry.grade is not None]
    assert run.summary.grade == max(grades)
    assert run.summary.numbers["caution"] == grades.count(1)
    first_shown = save_result(result, assessment)
    assert kept_result(store, run) == msgspec.json.decode(msgspec.json.encode(first_shown), type=SavedResult)
    assert store.search(RunQuery()).rows[0].thumbnail is not None


def test_no_credential_is_kept(kept: Archive, tmp_path: Path) -> None:
    """Not in an answer that repeats them, not in a finding that quotes it, not in the row."""
    store, recorder = kept
    secrets = ("kim@clinic.example", "user-key-1234", 'api"key 5678')
    said = {"Email": secrets[0], "message": f"hello {secrets[0]} with {secrets[2]}", "credit_change": secrets[1]}
    with vendor(clean_answer() | said) as url, suppress(UnparseableAnswer):
        analyse(recorder, url, secrets)
    with vendor(clean_answer() | {"message": f"hello {secrets[0]}", secrets[1]: secrets[2]}) as url:
        analyse(recorder, url, secrets)
    rows = store.search(RunQuery()).rows
    assert [row.ending for row in rows] == [Ending.ANSWERED, Ending.FAILED]
    kept_files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept_files) > 5
    assert not [text for text in kept_files for secret in (*secrets, 'api\\"key 5678') if secret.encode() in text]


@pytest.mark.parametrize(
    ("answer", "status", "kind", "ending"),
    [
        ({"state": False, "status_code": 418, "message": "no", "credit": 3}, 418, RemoRefused, Ending.REFUSED),
        ({"state": True, "status_code": 200}, 200, UnparseableAnswer, Ending.FAILED),
        ("<html>", 502, AmbiguousOutcome, Ending.UNKNOWN),
    ],
)
def test_a_call_without_a_result_is_a_run_too(
    kept: Archive, answer: Any, status: int, kind: type[VendorError], ending: Ending
) -> None:
    """With its pictures, so that it can be asked again, and with what the vendor said."""
    store, recorder = kept
    with vendor(answer, status) as url, pytest.raises(kind) as caught:
        analyse(recorder, url)
    run = only_run(store)
    assert run.error is not None
    assert (run.ending, run.error.kind, run.error.message) == (ending, kind.__name__, caught.value.detail)
    assert store.content(run, "front") == sample_photo(View.FRONT).data
    with pytest.raises(FileNotFoundError):
        reopen_posture(store, run)


def test_what_nobody_got_is_no_run(kept: Archive) -> None:
    """Where no connection was made there is nothing to look at."""
    store, recorder = kept
    with vendor({}) as url:
        pass
    with pytest.raises(ConnectFailed):
        analyse(recorder, url)
    assert store.search(RunQuery()).total == 0


def test_pictures_are_kept_only_when_the_user_saves(kept: Archive, tmp_path: Path) -> None:
    """By choice: until then there are hashes and figures, after it the run opens."""
    store, recorder = kept
    recorder.choose("posture", keeps=False)
    with vendor(clean_answer()) as url:
        result = analyse(recorder, url)
    run = only_run(store)
    assert list(open_blobs(tmp_path).keys()) == []
    assert run.inputs["front"].sha256 == result.photos[View.FRONT].sha256
    assert run.summary.grade is not None
    with pytest.raises(FileNotFoundError):
        reopen_posture(store, run)

    recorder.keep(run.id, posture_draft(result))
    assert reopen_posture(store, store.get(run.id).run).body == result.body
    assert not recorder.keeps("future-shape")
    recorder.choose("posture", keeps=True)
    assert recorder.keeps("posture")


def test_an_answer_that_cannot_be_kept_is_shown_all_the_same(
    kept: Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It was paid for. The log says what happened, without the error's words."""
    store, recorder = kept

    def full(*_: Any, **__: Any) -> Any:
        raise OSError(28, "No space left", "/secret/path")

    monkeypatch.setattr(store, "save", full)
    with vendor(clean_answer()) as url:
        result = analyse(recorder, url)
    assert (result.run_id, len(result.metrics)) == (None, 11)
    assert caplog.messages == ["an answer could not be kept: OSError"]


_ANSWERED_AND_KILLED = """
import os, signal, sys
from pathlib import Path
from tests.support.archive import archive
from tests.unit.services.test_posture_runs import analyse
with archive(Path(sys.argv[1])) as (store, recorder):
    analyse(recorder, sys.argv[2])
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_process_that_is_killed_after_the_answer_loses_nothing(tmp_path: Path) -> None:
    """The run is there before the caller gets the answer."""
    with vendor(clean_answer()) as url:
        command = [sys.executable, "-c", _ANSWERED_AND_KILLED, str(tmp_path), url]
        ended = subprocess.run(command, cwd=Path(__file__).parents[3], check=False)
    assert ended.returncode == -signal.SIGKILL
    with archive(tmp_path) as (store, _):
        assert reopen_posture(store, only_run(store)).body == clean_answer()
