"""When the transport sends a call again, waits, or gives a host up."""

import httpx
import pytest

from posedeck.net.errors import (
    AmbiguousOutcome,
    CircuitOpen,
    ConnectFailed,
    ConnectionLost,
    DeadlineExceeded,
    Throttled,
)
from posedeck.net.transport import Call, RetryPolicy
from tests.unit.net.wire import FREE_POST, GET, PAID, Build, answer


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full")]
)
@pytest.mark.parametrize("call", [GET, PAID], ids=["get", "paid"])
def test_a_connection_that_was_never_made_is_tried_again(line: Build, error: Exception, call: Call) -> None:
    """Nothing was sent, so even a call that costs may be sent again."""
    one = line(error, answer(200), begun=False)

    assert one.send(call).attempts == 2
    assert len(one.clock.slept) == 1


def test_connecting_is_given_up_after_four_tries(line: Build) -> None:
    """The error says that nothing was sent and that another try is safe."""
    one = line(httpx.ConnectError("refused"), begun=False)
    error = one.fail(PAID)

    assert isinstance(error, ConnectFailed)
    assert (error.retry_safe, error.message_key, error.detail) == (True, "error.connect", "ConnectError: refused")
    assert len(one.wire.requests) == 4


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout("t"),
        httpx.WriteTimeout("t"),
        httpx.ReadError("reset"),
        httpx.WriteError("reset"),
        httpx.RemoteProtocolError("cut"),
        httpx.ConnectError("after a request was begun"),
    ],
    ids=lambda e: type(e).__name__,
)
def test_a_paid_call_that_was_begun_is_never_repeated(line: Build, error: Exception) -> None:
    """Whatever breaks after the first byte may have left is for the user to decide."""
    one = line(error, answer(200))
    failure = one.fail(PAID)

    assert isinstance(failure, AmbiguousOutcome)
    assert not failure.retry_safe
    assert len(one.wire.requests) == 1


def test_without_word_from_the_wire_a_paid_call_counts_as_begun(line: Build) -> None:
    """A broken read proves that something was sent, even if no trace said so."""
    one = line(httpx.ReadError("reset"), answer(200), begun=False)

    assert isinstance(one.fail(PAID), AmbiguousOutcome)
    assert len(one.wire.requests) == 1


@pytest.mark.parametrize("call", [GET, FREE_POST], ids=["get", "post"])
def test_a_free_call_is_repeated_after_a_broken_connection(line: Build, call: Call) -> None:
    """It costs nothing to ask again; after four tries the connection counts as lost."""
    assert line(httpx.ReadError("reset"), answer(200)).send(call).attempts == 2
    assert isinstance(line(httpx.ReadError("reset")).fail(call), ConnectionLost)


def test_a_free_call_out_of_time_says_so(line: Build) -> None:
    """Reads have all the time there is, so a timeout means that the deadline has passed."""
    assert isinstance(line(httpx.ReadTimeout("t")).fail(GET), DeadlineExceeded)


@pytest.mark.parametrize("call", [GET, PAID], ids=["get", "paid"])
def test_throttled_calls_wait_as_asked(line: Build, call: Call) -> None:
    """HTTP 429 refuses a call, so it may be sent again, not before the time given."""
    one = line(answer(429, retry_after="3"), answer(200))

    assert one.send(call).attempts == 2
    assert one.clock.slept == [3.0]


def test_a_long_retry_after_is_told_not_waited_for(line: Build) -> None:
    """Beyond the budget of 20 s the user hears how long it takes."""
    one = line(answer(429, retry_after="21", x_request_id="r-9"))
    error = one.fail(PAID)

    assert isinstance(error, Throttled)
    assert (error.retry_after_s, error.status, error.request_id, one.clock.slept) == (21.0, 429, "r-9", [])


def test_no_try_starts_after_the_deadline(line: Build) -> None:
    """A wait that would reach the deadline is not begun."""
    one = line(answer(429, retry_after="3"), answer(200))

    assert isinstance(one.fail(GET, deadline_s=2.0), Throttled)
    assert one.clock.slept == []


def test_a_policy_of_one_try_never_waits(line: Build) -> None:
    """Callers can turn repeating off."""
    one = line(httpx.ConnectError("refused"), begun=False, policy=RetryPolicy(tries=1))

    assert isinstance(one.fail(GET), ConnectFailed)
    assert (len(one.wire.requests), one.clock.slept) == (1, [])


def test_five_failures_open_the_circuit_of_that_host_only(line: Build) -> None:
    """Refused at once, without a request; another host of the vendor is not affected."""
    one = line(httpx.ReadError("reset"))
    for _ in range(5):
        one.fail(PAID)
    error = one.fail(PAID)

    assert isinstance(error, CircuitOpen)
    assert (error.retry_after_s, len(one.wire.requests)) == (30.0, 5)
    assert isinstance(one.fail(Call("POST", "https://other.example/", costs=True)), AmbiguousOutcome)


def test_after_the_pause_the_host_gets_another_chance(line: Build) -> None:
    """One good answer closes the circuit."""
    one = line(*[httpx.ReadError("reset")] * 5, answer(200))
    for _ in range(5):
        one.fail(PAID)
    one.clock.advance(30.0)

    assert [one.send(PAID).status for _ in range(2)] == [200, 200]


def test_repeating_stops_when_the_circuit_opens(line: Build) -> None:
    """The call whose failure opened it reports that failure, not the circuit."""
    one = line(httpx.ConnectError("refused"), begun=False)
    one.fail(GET)

    assert type(one.fail(GET)) is ConnectFailed
    assert len(one.wire.requests) == 5


def test_a_full_pool_does_not_open_the_circuit(line: Build) -> None:
    """That we are busy tells nothing about the host."""
    one = line(httpx.PoolTimeout("full"), begun=False)
    for _ in range(3):
        assert isinstance(one.fail(GET), ConnectFailed)

    assert len(one.wire.requests) == 12
