"""Faults of the calls behind jobs, by name, against the clients of Remo's kick analysis and Kakao's video API."""

import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from posedeck.clients.kakao_job import KakaoJobClient
from posedeck.clients.own import OwnClient
from posedeck.clients.remo import RemoClient, RemoCredentials
from posedeck.clients.remo_soccer import NotReady, SoccerClient
from posedeck.contracts.faults import FAULT_HEADER, Behaviour, ShapeFault, Target, codes_of
from posedeck.contracts.own import DEMO_ACCOUNT, DEMO_KAKAO_KEY
from posedeck.contracts.remo.future_shape import Direction, Gender
from posedeck.contracts.remo.soccer_errors import WAIT_CODES, SoccerCode
from posedeck.net.deadline import DeadlineTransport
from posedeck.net.errors import AmbiguousOutcome, AnswerRefused, Throttled, UnparseableAnswer, VendorError
from posedeck.net.exchange import Call
from posedeck.net.transport import Transport
from posedeck.server.app import create_server
from tests.support.clocks import SkippingClock
from tests.support.loopback import on_loopback
from tests.unit.server.builders import TruthEngine, photo, ready, settings_in

#: Building one takes 60 ms; it opens connections anew after it was closed.
LINE = DeadlineTransport()
SUBMITS = (Target.REMO_SOCCER_SUBMIT, Target.KAKAO_JOB_SUBMIT, Target.REMO_FUTURE_SHAPE)
ERRORS = [
    (target, fault)
    for target in (*SUBMITS, Target.REMO_SOCCER_READ, Target.KAKAO_JOB)
    for fault, code in codes_of(target).items()
    if code not in WAIT_CODES
]


@pytest.fixture(scope="module")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that has no job and sees nobody."""
    server = create_server(settings_in(tmp_path_factory.mktemp("data"), worker=False), ready(TruthEngine({})))
    with on_loopback(server.app) as url, Transport("posedeck") as transport:
        while OwnClient(transport, url).health().status != "ok":
            time.sleep(0.01)
        yield url


def ask(base_url: str, target: Target, fault: str, clip: Path) -> Any:
    """What the client of a call makes of a fault."""

    def amend(call: Call) -> Call:
        return dataclasses.replace(call, headers={**call.headers, FAULT_HEADER: fault})

    with Transport(target.vendor, clock=SkippingClock(), inner=LINE) as shared:
        transport = shared.for_session(lambda record, files: None, amend)
        account = RemoCredentials(*DEMO_ACCOUNT)
        if target is Target.REMO_SOCCER_SUBMIT:
            return SoccerClient(transport, base_url).submit(account, clip, 175.0, "job")
        if target is Target.REMO_SOCCER_READ:
            return SoccerClient(transport, base_url).result(account.email, "job")
        if target is Target.KAKAO_JOB_SUBMIT:
            return KakaoJobClient(transport, base_url).submit(DEMO_KAKAO_KEY, clip)
        if target is Target.KAKAO_JOB:
            return KakaoJobClient(transport, base_url).read(DEMO_KAKAO_KEY, "some-job")
        client = RemoClient(transport, base_url)
        return client.future_shape(account, photo("front_apose"), Direction.BEST, Gender.FEMALE)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A file; no fault here gets to look into it."""
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"clip")
    return path


@pytest.mark.parametrize(("target", "fault"), ERRORS)
def test_each_error_of_the_table_reaches_its_client(base_url: str, target: Target, fault: str, clip: Path) -> None:
    code = codes_of(target)[fault]
    with pytest.raises(VendorError) as caught:
        ask(base_url, target, fault, clip)
    assert isinstance(caught.value, Throttled if code.name == "QUOTA_EXCEEDED" else AnswerRefused)
    if not isinstance(caught.value, Throttled):
        assert caught.value.code == code


def test_a_job_that_failed(base_url: str, clip: Path) -> None:
    """Remo refuses the read for good, Kakao says it in the job's state."""
    with pytest.raises(AnswerRefused) as caught:
        ask(base_url, Target.REMO_SOCCER_READ, Behaviour.JOB_FAILS, clip)
    assert caught.value.code == SoccerCode.ANALYSIS_FAILED
    reply = ask(base_url, Target.KAKAO_JOB, Behaviour.JOB_FAILS, clip)
    assert reply.body == {"job_id": "some-job", "status": "failed", "description": "fault lab"}


def test_a_job_that_nobody_knows(base_url: str, clip: Path) -> None:
    """With Remo that is to be asked again, for its log may not be there yet."""
    reply = ask(base_url, Target.REMO_SOCCER_READ, Behaviour.JOB_NEVER_FOUND, clip)
    assert isinstance(reply, NotReady)
    assert reply.code == SoccerCode.UNKNOWN_UUID
    assert ask(base_url, Target.KAKAO_JOB, Behaviour.JOB_NEVER_FOUND, clip).body["status"] == "not found"


def test_a_job_that_never_ends(base_url: str, clip: Path) -> None:
    reply = ask(base_url, Target.REMO_SOCCER_READ, "still-running", clip)
    assert isinstance(reply, NotReady)
    assert reply.code == SoccerCode.STILL_RUNNING


@pytest.mark.parametrize("fault", [Behaviour.WRONG_TYPE, Behaviour.LOST_FIELD])
def test_a_job_without_a_readable_state(base_url: str, clip: Path, fault: Behaviour) -> None:
    with pytest.raises(UnparseableAnswer):
        ask(base_url, Target.KAKAO_JOB, fault, clip)


@pytest.mark.parametrize("target", SUBMITS)
@pytest.mark.parametrize("fault", [Behaviour.JUNK_BODY, Behaviour.UNAVAILABLE])
def test_after_a_fault_on_the_way_nothing_is_submitted_twice(
    base_url: str, target: Target, fault: Behaviour, clip: Path
) -> None:
    with pytest.raises(AmbiguousOutcome):
        ask(base_url, target, fault, clip)


@pytest.mark.parametrize("fault", ShapeFault)
def test_the_future_shapes_own_errors(base_url: str, fault: ShapeFault, clip: Path) -> None:
    with pytest.raises(AnswerRefused) as caught:
        ask(base_url, Target.REMO_FUTURE_SHAPE, fault, clip)
    assert caught.value.detail == fault.value.replace("-", " ")
