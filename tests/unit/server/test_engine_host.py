"""The engine starts behind the server; what happens meanwhile, and when it cannot start."""

import asyncio
import threading
from pathlib import Path

import pytest

from posedeck.contracts.remo.skeleton import PATH
from posedeck.engine.models import ModelProgress, ModelsUnavailable
from posedeck.server.app import create_server
from posedeck.server.engine_host import RETRY_S, EngineHost, PoseEngine, ProgressReport
from tests.unit.server.builders import Served, TruthEngine, request_body, sample_engine, serving, settings_in

REMEDY = "Connect this machine to a package index once."


class Provisioning:
    """A starter that a test leads through its steps."""

    def __init__(self, engine: PoseEngine) -> None:
        self._engine = engine
        self.reported = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, report: ProgressReport) -> PoseEngine:
        report(ModelProgress("downloading", 12, 35))
        self.reported.set()
        assert self.go_on.wait(30)
        return self._engine


class Failing:
    """A starter that fails a number of times before it has an engine."""

    def __init__(self, times: int, error: Exception, engine: PoseEngine) -> None:
        self._errors = [error] * times
        self._engine = engine
        self.calls = 0

    def __call__(self, report: ProgressReport) -> PoseEngine:
        self.calls += 1
        if self._errors:
            raise self._errors.pop()
        return self._engine


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class ClosingEngine(TruthEngine):
    """Remembers that it was ended."""

    def __init__(self) -> None:
        super().__init__({})
        self.closed = threading.Event()

    def close(self) -> None:
        """Remember."""
        self.closed.set()


def settle() -> None:
    """Wait until the start under way has come to an end."""
    for thread in threading.enumerate():
        if thread.name == "posedeck-engine-start":
            thread.join(30)


def test_while_models_load_health_tells_and_analyses_are_put_off(tmp_path: Path) -> None:
    """Health is 200 with the progress; an analysis is 503 with Retry-After and 559, charged nothing; then it works."""
    start = Provisioning(sample_engine())
    with serving(settings_in(tmp_path), start, wait=False) as served:
        assert start.reported.wait(30)
        health = served("GET", "/health")
        put_off = served.analyse(request_body())
        start.go_on.set()
        served.wait_until("ok")
        answered = served.analyse(request_body())

    assert health.status_code == 200
    assert (
        health.json()["status"],
        health.json()["models"],
    ) == ("starting", {"stage": "downloading", "done_bytes": 12, "total_bytes": 35, "error": None})
    assert (
        put_off.status_code,
        put_off.headers["retry-after"],
        put_off.json()["status"],
        put_off.json()["credit_change"],
    ) == (503, "5", 559, 0)
    assert (answered.status_code, answered.json()["credit"]) == (200, 99)


def test_without_models_the_remedy_is_in_health(tmp_path: Path) -> None:
    """The server stays up and says what to do; analyses are put off."""
    failing = Failing(1, ModelsUnavailable(REMEDY), sample_engine())
    with serving(settings_in(tmp_path), failing, wait=False) as served:
        settle()
        health = served("GET", "/health").json()
        put_off = served.analyse(request_body())

    assert health["status"] == "starting"
    assert health["models"] == {"stage": "failed", "done_bytes": 0, "total_bytes": 0, "error": REMEDY}
    assert put_off.status_code == 503


@pytest.mark.parametrize("error", [ModelsUnavailable(REMEDY), OSError("no more processes")])
def test_a_failed_start_is_tried_again_after_a_while_when_asked(error: Exception) -> None:
    """Not at once, whoever asks how often; not on its own either; then it can succeed."""
    engine, clock = TruthEngine({}), Clock()
    failing = Failing(2, error, engine)
    host = EngineHost(failing, clock)
    host.open()
    settle()
    assert [host.engine() for _ in range(3)] == [None] * 3
    assert failing.calls == 1

    clock.now += RETRY_S - 1
    host.engine()
    settle()
    assert failing.calls == 1

    for calls in (2, 3):
        clock.now += RETRY_S
        host.engine()
        settle()
        assert calls == failing.calls
    assert engine is host.engine()
    assert host.state.stage == "ready"
    assert host.state.error is None


def test_an_unexpected_error_at_the_start_does_not_tell_its_text() -> None:
    """Health names its kind only; the log has the rest."""
    host = EngineHost(Failing(1, OSError("/home/somebody/private"), TruthEngine({})), Clock())
    host.open()
    settle()

    assert "OSError" in (host.state.error or "")
    assert "private" not in (host.state.error or "")


def test_loaded_models_are_not_yet_a_warm_engine() -> None:
    """Between the last byte and the first inference the stage is its own."""
    warming = threading.Event()
    go_on = threading.Event()

    def start(report: ProgressReport) -> PoseEngine:
        report(ModelProgress("ready", 35, 35))
        warming.set()
        assert go_on.wait(30)
        return TruthEngine({})

    host = EngineHost(start, Clock())
    host.open()
    assert warming.wait(30)
    stage = host.state.stage
    go_on.set()
    settle()

    assert (stage, host.state.stage) == ("warming", "ready")


def test_closing_ends_the_engine() -> None:
    """Also one that was still being started."""
    running, late = ClosingEngine(), ClosingEngine()
    host = EngineHost(lambda report: running, Clock())
    host.open()
    settle()
    host.close()

    start = Provisioning(late)
    starting = EngineHost(start, Clock())
    starting.open()
    assert start.reported.wait(30)
    starting.close()
    start.go_on.set()
    settle()

    assert running.closed.is_set()
    assert late.closed.is_set()
    assert [host.engine(), starting.engine()] == [None, None]


def test_a_host_that_forgets_the_lifespan_is_told(tmp_path: Path) -> None:
    """A mounted server whose lifespan nobody runs answers 503 and says why."""
    with asyncio.Runner() as runner:
        served = Served(runner, create_server(settings_in(tmp_path), lambda report: sample_engine()))
        health = served("GET", "/health").json()
        assert served("POST", PATH, json=request_body()).status_code == 503

    assert "lifespan" in health["models"]["error"]
