"""The rules of the transport, with a scripted wire instead of a network."""

import logging
from collections.abc import Callable, Iterator

import httpx
import pytest

from posedeck.net.errors import (
    AmbiguousOutcome,
    AnswerTooLarge,
    CircuitOpen,
    ConnectFailed,
    ConnectionLost,
    DeadlineExceeded,
    HostForbidden,
    InvalidCall,
    Throttled,
    UnparseableAnswer,
    VendorError,
)
from posedeck.net.transport import Call, Exchange, RetryPolicy, Transport
from tests.support.clocks import StillClock

URL = "https://vendor.example/api"
GET = Call("GET", URL)
PAID = Call("POST", URL, content=b"picture", costs=True)
FREE_POST = Call("POST", URL, content=b"picture")

Step = httpx.Response | Exception
OK = {"state": True}


class Wire(httpx.BaseTransport):
    """Plays one step per request, the last one for ever; errors come as if the request had, or had not, begun."""

    def __init__(self, *steps: Step, begun: bool = True) -> None:
        self._steps = steps
        self._begun = begun
        self.requests: list[httpx.Request] = []
        self.bodies: list[bytes] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        step = self._steps[min(len(self.requests), len(self._steps)) - 1]
        if self._begun or isinstance(step, httpx.Response):
            request.extensions["trace"]("http11.send_request_headers.started", {})
            self.bodies.append(b"".join(request.stream))  # type: ignore[arg-type]
        if isinstance(step, Exception):
            raise step
        # A response is consumed by reading it: each request gets its own.
        return httpx.Response(step.status_code, headers=step.headers, stream=httpx.ByteStream(step.content))


def page(status: int, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=named, content=b"<html>")


def answer(status: int, **headers: str) -> httpx.Response:
    return httpx.Response(status, headers={name.replace("_", "-"): value for name, value in headers.items()}, json=OK)


class Line:
    """A transport on a scripted wire and a clock that stands still."""

    def __init__(self, wire: Wire, policy: RetryPolicy | None = None, max_body_bytes: int = 1000) -> None:
        self.wire = wire
        self.clock = StillClock()
        self.transport = Transport(
            "remo", clock=self.clock, policy=policy or RetryPolicy(), inner=wire, max_body_bytes=max_body_bytes
        )

    def send(self, call: Call, deadline_s: float = 60.0) -> Exchange:
        return self.transport.send(call, deadline_s)

    def fail(self, call: Call, deadline_s: float = 60.0) -> VendorError:
        with pytest.raises(VendorError) as caught:
            self.send(call, deadline_s)
        return caught.value


@pytest.fixture
def line() -> Iterator[Callable[..., Line]]:
    """Builds lines from steps and closes them at the end."""
    lines: list[Line] = []

    def build(*steps: Step, begun: bool = True, policy: RetryPolicy | None = None, max_body_bytes: int = 1000) -> Line:
        lines.append(Line(Wire(*steps, begun=begun), policy, max_body_bytes))
        return lines[-1]

    yield build
    for each in lines:
        each.transport.close()


Build = Callable[..., Line]


def test_an_answer_comes_back_as_it_is(line: Build) -> None:
    """Status, headers, body, sizes and the number of tries are told."""
    exchange = line(answer(200, x_request_id="r-1")).send(PAID)

    assert (exchange.status, exchange.body, exchange.attempts) == (200, b'{"state":true}', 1)
    assert (len(b"picture"), len(exchange.body)) == (exchange.bytes_sent, exchange.bytes_received)
    assert exchange.headers["x-request-id"] == "r-1"
    assert exchange.started_at == 1_700_000_000.0


@pytest.mark.parametrize("status", [400, 420, 422, 500, 503, 534, 550, 559])
@pytest.mark.parametrize("call", [GET, PAID], ids=["get", "paid"])
def test_a_vendors_own_error_is_an_answer(line: Build, status: int, call: Call) -> None:
    """What parses as the vendor's is returned at once and never counted against the host, whatever its status."""
    one = line(answer(status, retry_after="2"))
    for _ in range(7):
        exchange = one.send(call)

    assert (status, 1, 2.0) == (exchange.status, exchange.attempts, exchange.retry_after_s)
    assert len(one.wire.requests) == 7


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


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateways_page_is_repeated_for_free_calls_only(line: Build, status: int) -> None:
    """A proxy's error does not prove that nothing was charged."""
    free = line(page(status, retry_after="3"), answer(200))
    assert free.send(GET).attempts == 2
    assert free.clock.slept == [3.0]

    paid = line(page(status), answer(200))
    error = paid.fail(PAID)
    assert isinstance(error, AmbiguousOutcome)
    assert (status, 1) == (error.status, len(paid.wire.requests))


@pytest.mark.parametrize(
    ("status", "call", "expected"),
    [
        (200, GET, UnparseableAnswer),
        (404, GET, UnparseableAnswer),
        (500, GET, UnparseableAnswer),
        (302, GET, UnparseableAnswer),
        (404, PAID, UnparseableAnswer),
        (302, PAID, UnparseableAnswer),
        (200, PAID, AmbiguousOutcome),
        (500, PAID, AmbiguousOutcome),
    ],
)
def test_a_page_is_no_answer(line: Build, status: int, call: Call, expected: type[VendorError]) -> None:
    """It is not repeated; a paid call is ambiguous unless the status itself refuses it."""
    one = line(page(status))
    error = one.fail(call)

    assert (expected, status, False) == (type(error), error.status, error.retry_safe)
    assert len(one.wire.requests) == 1


def test_the_caller_says_what_an_answer_is(line: Build) -> None:
    """A page can be one, if the caller knows it."""
    one = line(page(503))

    assert one.transport.send(PAID, 60.0, is_answer=lambda exchange: exchange.body == b"<html>").status == 503


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


def test_a_one_shot_body_is_not_sent_twice(line: Build) -> None:
    """What was consumed cannot be produced again, so half a body is never sent."""
    one = line(answer(429, retry_after="0"), answer(200))
    pieces = (piece for piece in [b"pic", b"ture"])

    assert isinstance(one.fail(Call("POST", URL, content=pieces)), Throttled)
    assert one.wire.bodies == [b"picture"]


def test_a_body_in_pieces_is_sent_again_whole(line: Build) -> None:
    """Each try sends all pieces; their sizes are added up for one try."""
    one = line(answer(429, retry_after="0"), answer(200))

    assert one.send(Call("POST", URL, content=[b"pic", b"ture"])).bytes_sent == 7
    assert one.wire.bodies == [b"picture", b"picture"]


def test_bodies_at_hand_carry_their_length(line: Build) -> None:
    """Not every vendor reads chunked requests; a GET has no body at all."""
    one = line(answer(200))
    one.send(PAID)
    one.send(GET)

    paid, get = (request.headers for request in one.wire.requests)
    assert (paid["content-length"], paid.get("transfer-encoding")) == ("7", None)
    assert (get.get("content-length"), get.get("transfer-encoding")) == (None, None)


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


@pytest.mark.parametrize("status", [307, 308])
def test_http_may_move_to_https_of_the_same_host(line: Build, status: int) -> None:
    """The call goes out again as it was, body included."""
    one = line(page(status, location="https://vendor.example/api?v=2"), answer(200))
    call = Call("POST", "http://vendor.example/api", content=b"picture", costs=True)

    assert one.send(call).status == 200
    assert [str(request.url) for request in one.wire.requests] == [call.url, "https://vendor.example/api?v=2"]
    assert one.wire.bodies == [b"picture", b"picture"]


@pytest.mark.parametrize(
    ("status", "start", "target"),
    [
        (307, "http://vendor.example/api", "https://elsewhere.example/api"),
        (307, "http://vendor.example/api", "http://vendor.example/other"),
        (308, "https://vendor.example/api", "https://vendor.example/other"),
        (308, "https://vendor.example/api", "http://vendor.example/api"),
        (302, "http://vendor.example/api", "https://vendor.example/api"),
        (301, "http://vendor.example/api", "https://vendor.example/api"),
        (307, "http://vendor.example/api", "https://[broken"),
        (307, "http://vendor.example/api", ""),
    ],
)
def test_no_other_redirect_is_followed(line: Build, status: int, start: str, target: str) -> None:
    """Credentials travel in the body, so they go nowhere else."""
    one = line(page(status, location=target), answer(200))

    assert isinstance(one.fail(Call("POST", start, content=b"key", costs=True)), UnparseableAnswer)
    assert len(one.wire.requests) == 1


def test_cookies_are_not_kept(line: Build) -> None:
    """Two users share a transport, so no state of one may reach the other."""
    one = line(answer(200, set_cookie="session=1; Path=/"))
    one.send(GET)
    one.send(GET)

    assert "cookie" not in one.wire.requests[1].headers


def test_a_huge_answer_is_not_read_to_its_end(line: Build) -> None:
    """It is an error of its own; repeating would bring the same."""
    one = line(httpx.Response(200, content=b"x" * 1001))

    assert isinstance(one.fail(GET), AnswerTooLarge)
    assert len(one.wire.requests) == 1


@pytest.mark.parametrize(
    "url", ["", "not a url", "ftp://vendor.example/", "http://", "http://[::1", "http://h:99999/", "http://h:0/"]
)
def test_a_malformed_address_is_an_error_of_ours(line: Build, url: str) -> None:
    """Nothing is sent and no repeating is offered."""
    one = line(answer(200))
    error = one.fail(Call("GET", url))

    assert isinstance(error, InvalidCall)
    assert (error.retry_safe, len(one.wire.requests)) == (False, 0)


@pytest.mark.parametrize("value", ["비밀-S3CRET", "S3CRET\r\nX: y", "S3CRET ", "S3CRET\x00"])
def test_a_header_that_cannot_be_sent_is_named_without_its_value(line: Build, value: str) -> None:
    """A key pasted with a line break or in Hangul is found before anything goes out."""
    one = line(answer(200))
    error = one.fail(Call("POST", URL, headers={"Authorization": value}, costs=True))

    assert isinstance(error, InvalidCall)
    assert "'Authorization'" in str(error)
    assert "S3CRET" not in str(error)
    assert one.wire.requests == []


def test_no_error_quotes_what_a_server_wrote(line: Build) -> None:
    """A protocol error quotes the response, which may echo a secret; neither the error nor its causes keep it."""
    for call in (GET, PAID):
        error = line(httpx.RemoteProtocolError("illegal status line: b'S3CRET'")).fail(call)

        assert "S3CRET" not in f"{error} {error!r} {error.__cause__} {error.__context__}"


def test_the_libraries_log_no_addresses(line: Build, caplog: pytest.LogCaptureFixture) -> None:
    """httpx would write each URL at level INFO, keys in the path included."""
    with caplog.at_level(logging.DEBUG):
        line(answer(200)).send(Call("GET", "https://vendor.example/appkeys/S3CRET/pose"))

    assert "S3CRET" not in caplog.text


@pytest.mark.parametrize(
    "url", [URL, "http://127.0.0.1:8601/x", "https://127.0.0.1:8600/x", "http://127.0.0.1.example:8600/engine"]
)
def test_a_session_bound_to_our_server_calls_nobody_else(line: Build, url: str) -> None:
    """Neither another host nor another port or scheme: nothing is sent, and trying again is pointless."""
    ours = line(answer(200))
    bound = ours.transport.for_session(lambda record, files: None, only="http://127.0.0.1:8600/engine")
    with pytest.raises(HostForbidden) as caught:
        bound.send(Call("POST", url, content=b"picture", costs=True), 5)
    assert not caught.value.retry_safe
    assert ours.wire.requests == []
    assert bound.send(Call("GET", "http://127.0.0.1:8600/engine/health"), 5).status == 200
    assert ours.transport.send(GET, 5).status == 200


def test_a_session_bound_to_our_server_follows_no_redirect_away(line: Build) -> None:
    """From http to https of one host is allowed to others, not to a bound session."""
    ours = line(page(308, location="https://own.example/x"))
    bound = ours.transport.for_session(lambda record, files: None, only="http://own.example")
    with pytest.raises(HostForbidden):
        bound.send(Call("GET", "http://own.example/x"), 5)
    assert len(ours.wire.requests) == 1
