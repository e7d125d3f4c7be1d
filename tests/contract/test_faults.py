"""Every fault by its name against our three clients: a clear error or a named finding, and nothing else."""

import asyncio
import dataclasses
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import URL

from posedeck.clients.kakao import KakaoClient
from posedeck.clients.nhn import NhnClient
from posedeck.clients.own import OwnClient
from posedeck.clients.remo import RemoClient, RemoCredentials
from posedeck.contracts.faults import FAULT_HEADER, FAULTS_PATH, SESSION_HEADER, Behaviour, Target, codes_of, faults_of
from posedeck.contracts.own import DEMO_ACCOUNT, DEMO_CREDIT, DEMO_KAKAO_KEY, DEMO_NHN_KEYS, TOKEN_HEADER
from posedeck.net.deadline import DeadlineTransport
from posedeck.net.errors import (
    AmbiguousOutcome,
    AnswerRefused,
    ConnectionLost,
    DeadlineExceeded,
    ServiceEnded,
    Throttled,
    UnparseableAnswer,
    VendorError,
)
from posedeck.net.exchange import Call
from posedeck.net.transport import Transport
from posedeck.server.app import PoseServer, create_server
from posedeck.server.fault_store import FORGET_S, FaultStore
from posedeck.server.faults import MAX_HANGS, SLOW_S
from posedeck.services.exchanges.findings import audit_exchange
from posedeck.services.exchanges.log import ExchangeLog
from posedeck.services.sources import Source
from posedeck.storage.database import migrate, open_database
from posedeck.storage.token import read_token
from posedeck.texts import LANGUAGES, load_texts
from tests.support.clocks import SkippingClock
from tests.support.loopback import on_loopback
from tests.unit.server.builders import TruthEngine, person_in, photo, ready, settings_in

FRONT, SIDE = photo("front_apose"), photo("side_apose")
#: Building one takes 60 ms; it opens connections anew after it was closed.
LINE = DeadlineTransport()
CALLED = (Target.REMO_SKELETON, Target.KAKAO_POSE, Target.NHN_POSE)
CASES = [(target, fault) for target in CALLED for fault in faults_of(target)]
#: What a client that pays, and one that does not, makes of each fault in the way there.
PAID = {
    Behaviour.HANG: AmbiguousOutcome,
    Behaviour.CUT_BODY: AmbiguousOutcome,
    Behaviour.JUNK_BODY: AmbiguousOutcome,
    Behaviour.UNAVAILABLE: AmbiguousOutcome,
    Behaviour.THROTTLED: Throttled,
}
FREE = {
    Behaviour.HANG: UnparseableAnswer,
    Behaviour.CUT_BODY: ConnectionLost,
    Behaviour.JUNK_BODY: UnparseableAnswer,
    Behaviour.UNAVAILABLE: UnparseableAnswer,
    Behaviour.THROTTLED: Throttled,
}
FINDINGS = {
    Behaviour.WRONG_TYPE: "wrong_type",
    Behaviour.LOST_FIELD: "missing_field",
    Behaviour.SWAPPED_SIDES: "sides_swapped",
}


@dataclass(frozen=True)
class Site:
    """A running server whose faults take no time."""

    base_url: str
    server: PoseServer
    token: str
    slept: list[float]

    def ask(self, target: Target, log: ExchangeLog, headers: dict[str, str]) -> Any:
        """The client's reply to a call with further headers."""

        def amend(call: Call) -> Call:
            return dataclasses.replace(call, headers={**call.headers, **headers})

        with Transport(target.vendor, clock=SkippingClock(), inner=LINE) as shared:
            transport = shared.for_session(log.observe, amend)
            if target is Target.REMO_SKELETON:
                return RemoClient(transport, self.base_url).analyse_skeleton(
                    RemoCredentials(*DEMO_ACCOUNT), FRONT, SIDE
                )
            if target is Target.KAKAO_POSE:
                return KakaoClient(transport, self.base_url).pose(DEMO_KAKAO_KEY, FRONT)
            return NhnClient(transport, self.base_url).pose(*DEMO_NHN_KEYS, FRONT)

    def post(self, body: Any, token: str | None = None) -> httpx.Response:
        """Set a session's faults."""
        headers = {TOKEN_HEADER: self.token if token is None else token}
        return httpx.post(self.base_url + FAULTS_PATH, json=body, headers=headers)


def new_log() -> ExchangeLog:
    return ExchangeLog(lambda record: Source.LOCAL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with enough credits for all of it."""
    folder = tmp_path_factory.mktemp("data")
    engine = TruthEngine({FRONT: person_in("front_apose"), SIDE: person_in("side_apose")})
    server = create_server(settings_in(folder), ready(engine))
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    server.faults.sleep, server.faults.hang_s = sleep, 1.0
    with on_loopback(server.app) as base_url, Transport("posedeck") as transport:
        while OwnClient(transport, base_url).health().status != "ok":
            time.sleep(0.01)
        yield Site(base_url, server, read_token(folder) or "", slept)


def expected_error(target: Target, fault: str) -> type[VendorError] | None:
    code = codes_of(target).get(fault)
    if code is None:
        behaviours = PAID if target is Target.REMO_SKELETON else FREE
        strict = target is not Target.REMO_SKELETON and fault in (Behaviour.WRONG_TYPE, Behaviour.LOST_FIELD)
        return UnparseableAnswer if strict else behaviours.get(Behaviour(fault))
    if code.name in ("QUOTA_EXCEEDED", "GATEWAY_TOO_MANY_REQUESTS", "GATEWAY_QUOTA_EXCEEDED"):
        return Throttled
    return ServiceEnded if code.name in ("TERMINATED", "GATEWAY_URL_NOT_FOUND") else AnswerRefused


@pytest.mark.parametrize(("target", "fault"), CASES)
def test_each_fault_gives_its_clear_error_or_finding(site: Site, target: Target, fault: str) -> None:
    """A refusal carries the vendor's code; what came is on record, and every error has its sentence."""
    log, wanted = new_log(), expected_error(target, fault)
    caught: VendorError | None = None
    try:
        site.ask(target, log, {FAULT_HEADER: fault})
    except VendorError as error:
        caught = error
    record = log.records()[0]
    if caught is None:
        assert wanted is None
    else:
        assert wanted is not None
        assert type(caught) is wanted or wanted is AnswerRefused
        assert isinstance(caught, wanted)
        assert all(caught.message_key in load_texts(language) for language in LANGUAGES)
        code = codes_of(target).get(fault)
        if code is not None and wanted is not Throttled:
            assert caught.code == code
    if record.response_headers is not None:
        assert record.response_headers[FAULT_HEADER.lower()] == fault
    if fault in FINDINGS:
        report = audit_exchange(record, log.files())
        assert report is not None
        assert FINDINGS[Behaviour(fault)] in {found.name for found in report.findings}


@pytest.mark.parametrize("target", CALLED)
def test_a_slow_answer_is_the_right_one(site: Site, target: Target) -> None:
    log = new_log()
    site.ask(target, log, {FAULT_HEADER: Behaviour.SLOW})
    assert site.slept[-1] == SLOW_S
    report = audit_exchange(log.records()[0], log.files())
    assert report is not None
    assert report.findings == []


def test_a_throttled_client_waits_as_long_as_it_is_told(site: Site) -> None:
    """And asks again, a paying one too: it was not carried out."""
    log = new_log()
    with pytest.raises(Throttled) as caught:
        site.ask(Target.REMO_SKELETON, log, {FAULT_HEADER: Behaviour.THROTTLED})
    assert caught.value.retry_after_s == 2.0
    assert [record.attempts for record in log.records()] == [4, 3, 2, 1]


@pytest.mark.parametrize("target", CALLED)
def test_no_refusal_costs(site: Site, target: Target) -> None:
    """Errors by name are answered without any inference."""
    with Transport("posedeck") as transport:
        OwnClient(transport, site.base_url, site.token).refill(DEMO_ACCOUNT[0], DEMO_CREDIT)
    for fault in list(codes_of(target))[:3]:
        with pytest.raises(VendorError):
            site.ask(target, new_log(), {FAULT_HEADER: fault})
    answer = site.ask(Target.REMO_SKELETON, new_log(), {})
    assert answer.answer.credit == DEMO_CREDIT - 1


def test_a_hanging_call_ends_when_its_client_gives_up(tmp_path_factory: pytest.TempPathFactory) -> None:
    """By the client's own deadline; the server forgets it then. More than a few at once are refused."""
    server = create_server(settings_in(tmp_path_factory.mktemp("data")), ready(TruthEngine({})))
    server.faults.hang_s = 60.0
    with on_loopback(server.app) as base_url:
        url = f"{base_url}/v1.0/appkeys/a/pose"
        outcomes: list[type[BaseException] | None] = []

        def hang() -> None:
            with Transport("nhn") as transport:
                try:
                    transport.send(Call("POST", url, {FAULT_HEADER: Behaviour.HANG}, b"x"), 1.5)
                except VendorError as error:
                    outcomes.append(type(error))

        threads = [threading.Thread(target=hang) for _ in range(MAX_HANGS)]
        for thread in threads:
            thread.start()
        end = time.monotonic() + 30.0
        while server.faults.hanging < MAX_HANGS and time.monotonic() < end:
            time.sleep(0.01)
        assert httpx.post(url, headers={FAULT_HEADER: Behaviour.HANG}).status_code == 503
        for thread in threads:
            thread.join()
        assert outcomes == [DeadlineExceeded] * MAX_HANGS
        while server.faults.hanging and time.monotonic() < end:
            time.sleep(0.01)
        assert server.faults.hanging == 0


def test_a_sessions_faults_are_its_own(site: Site) -> None:
    """Set by the token's holder, for calls that carry the session's id; none for anybody else, and off again."""
    assert site.post({"session": "mine", "faults": {"kakao-pose": "terminated"}}).status_code == 200
    mine, yours = {SESSION_HEADER: "mine"}, {SESSION_HEADER: "yours"}
    with pytest.raises(ServiceEnded):
        site.ask(Target.KAKAO_POSE, new_log(), mine)
    for target, headers in ((Target.KAKAO_POSE, yours), (Target.KAKAO_POSE, {}), (Target.NHN_POSE, mine)):
        site.ask(target, new_log(), headers)
    assert site.post({"session": "mine"}).status_code == 200
    site.ask(Target.KAKAO_POSE, new_log(), mine)


@pytest.mark.parametrize("headers", [{FAULT_HEADER: "credit-runs-out"}, {SESSION_HEADER: "spender"}])
def test_credit_runs_out_call_by_call(site: Site, headers: dict[str, str]) -> None:
    """By header and by switch: three right answers with a falling balance, then the documented refusal, until refilled.

    A call that is refused for another reason costs nothing.
    """
    site.post({"session": "spender", "faults": {"remo-skeleton": "credit-runs-out"}})
    with Transport("posedeck") as transport:
        own = OwnClient(transport, site.base_url, site.token)
        own.refill(DEMO_ACCOUNT[0], DEMO_CREDIT)
        for _ in range(2):
            balances = [site.ask(Target.REMO_SKELETON, new_log(), headers).answer.credit for _ in range(2)]
            refused = httpx.post(f"{site.base_url}/api/analysis-skeleton", content=b"{}", headers=headers)
            assert refused.json()["status"] != 422
            balances.append(site.ask(Target.REMO_SKELETON, new_log(), headers).answer.credit)
            assert balances == [2, 1, 0]
            for _ in range(2):
                with pytest.raises(AnswerRefused) as caught:
                    site.ask(Target.REMO_SKELETON, new_log(), headers)
                assert caught.value.code == 422
            own.refill(DEMO_ACCOUNT[0], DEMO_CREDIT)
        site.post({"session": "spender"})


def test_what_is_set_outlives_the_server_and_holds_in_every_process(site: Site, tmp_path: Path) -> None:
    """Two servers on one database, one after the other started after the first has ended."""
    settings = settings_in(tmp_path)

    def server() -> AbstractContextManager[str]:
        return on_loopback(create_server(settings, ready(TruthEngine({}))).app)

    for session in ("once", "twice"):
        with server() as first, server() as second:
            headers = {TOKEN_HEADER: read_token(tmp_path) or ""}
            wanted = {"session": session, "faults": {"kakao-pose": "terminated"}}
            assert httpx.post(first + FAULTS_PATH, json=wanted, headers=headers).status_code == 200
            for url, name in ((second, session), (second, "once")):
                assert httpx.post(f"{url}/pose", headers={SESSION_HEADER: name}).json()["code"] == -9


def test_purses_are_full_again_after_an_hour_and_the_oldest_sessions_are_forgotten(tmp_path: Path) -> None:
    now = 0.0
    database = open_database(URL.create("sqlite", database=str(tmp_path / "faults.db")))
    migrate(database, tmp_path)
    store = FaultStore(database, max_sessions=2, clock=lambda: now)
    assert [store.take("", Target.REMO_SOCCER_SUBMIT, 4) for _ in range(4)] == [8, 4, 0, None]
    store.give_back("", Target.REMO_SOCCER_SUBMIT, 4)
    assert store.take("", Target.REMO_SOCCER_SUBMIT, 4) == 0
    assert store.take("other", Target.REMO_SOCCER_SUBMIT, 4) == 8
    now = FORGET_S + 1.0
    assert store.take("", Target.REMO_SOCCER_SUBMIT, 4) == 8
    for session in ("a", "b", "c"):
        now += 1.0
        store.set_faults(session, {Target.NHN_POSE: "fail"})
    assert [store.fault(session, Target.NHN_POSE) for session in ("a", "b", "c")] == [None, "fail", "fail"]
    database.dispose()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"session": "s", "faults": {"kakao-pose": "no-person-front"}}, 400),
        ({"session": "s", "faults": {"nobody": "slow"}}, 400),
        ({"session": "", "faults": {}}, 400),
        ({"session": "s" * 100}, 400),
        ({"faults": {}}, 400),
        ([], 400),
    ],
)
def test_what_cannot_be_set_is_refused(site: Site, body: Any, status: int) -> None:
    assert site.post(body).status_code == status


def test_setting_faults_needs_the_token(site: Site) -> None:
    assert site.post({"session": "s"}, token="wrong").status_code == 401


def test_an_unknown_fault_is_refused_with_the_names_that_there_are(site: Site) -> None:
    answer = httpx.post(f"{site.base_url}/pose", headers={FAULT_HEADER: "no-such"})
    assert answer.status_code == 400
    assert "quota-exceeded" in answer.json()["error"]


def test_the_catalogue_names_every_fault_of_every_call(site: Site) -> None:
    """Each by a name of its own."""
    catalogue = httpx.get(site.base_url + FAULTS_PATH).json()
    assert catalogue["header"] == FAULT_HEADER
    assert catalogue["faults"] == {target: faults_of(target) for target in Target}
    assert all(len(set(names)) == len(names) for names in catalogue["faults"].values())
