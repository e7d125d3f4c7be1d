"""The transport over real sockets, against a server that misbehaves; 1,000 cases: `benchmarks.transport_faults`."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from posedeck.net.errors import (
    AmbiguousOutcome,
    ConnectFailed,
    ConnectionLost,
    DeadlineExceeded,
    HostUnknown,
    Throttled,
    UnparseableAnswer,
    VendorError,
)
from posedeck.net.transport import Call, Transport
from tests.support.clocks import SkippingClock
from tests.support.fault_server import VENDOR_BODY, Fault, FaultServer

LONG_S = 30.0
SHORT_S = 0.3

AFTER_SENDING = [
    Fault.RESET_BEFORE_BODY,
    Fault.RESET_AFTER_BODY,
    Fault.CLOSE_AFTER_BODY,
    Fault.UNAVAILABLE,
    Fault.UNAVAILABLE_RETRY_AFTER,
    Fault.TRUNCATED,
    Fault.JUNK,
    Fault.JUNK_BODY,
    Fault.BAD_GZIP,
]
SLOW = [Fault.HANG, Fault.SILENT, Fault.SLOW_HEADERS, Fault.SLOW_BODY]


@pytest.fixture
def transport() -> Iterator[Transport]:
    """A transport whose waits between tries take no time."""
    with Transport("remo", clock=SkippingClock()) as built:
        yield built


def paid(server: FaultServer, size: int = 100_000) -> Call:
    return Call("POST", server.url, content=b"x" * size, costs=True)


def name(fault: Fault) -> str:
    return fault.name.lower()


@pytest.mark.parametrize("fault", AFTER_SENDING, ids=name)
def test_a_paid_call_is_carried_out_at_most_once(transport: Transport, fault: Fault) -> None:
    """The server would give a good answer the second time; it is not asked."""
    with FaultServer(fault, Fault.GOOD) as server:
        with pytest.raises(AmbiguousOutcome):
            transport.send(paid(server), LONG_S)

        assert server.posts_carried_out <= 1
        assert [request for request in server.received if request.method != "POST"] == []


@pytest.mark.parametrize("fault", SLOW, ids=name)
def test_a_paid_call_ends_at_its_deadline(transport: Transport, fault: Fault) -> None:
    """The server's answer would come after the deadline, byte by byte: it is not waited for, nor asked again."""
    # A busy machine may not have sent so much by then.
    phase = "WriteTimeout" if fault is Fault.SILENT else "(Read|Write)Timeout"
    with FaultServer(fault) as server:
        with pytest.raises(AmbiguousOutcome, match=phase):
            transport.send(paid(server, size=20_000_000), SHORT_S)

        assert server.posts_carried_out <= 1


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.SLOW_HEADERS, Fault.SLOW_BODY], ids=name)
def test_a_read_ends_at_its_deadline(transport: Transport, fault: Fault) -> None:
    """Dripping headers or a dripping body never pause long enough for a timeout per read, and end all the same."""
    with FaultServer(fault) as server, pytest.raises(DeadlineExceeded):
        transport.send(Call("GET", server.url), SHORT_S)


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.SLOW_HEADERS, Fault.SLOW_BODY], ids=name)
def test_a_deadline_holds_on_a_connection_that_was_already_open(transport: Transport, fault: Fault) -> None:
    """Each call has its own deadline, though the connection is older."""
    with FaultServer(Fault.GOOD, fault) as server:
        first = transport.send(Call("GET", server.url), LONG_S)
        assert first.timings.connect_s is not None

        with pytest.raises(DeadlineExceeded):
            transport.send(Call("GET", server.url), SHORT_S)


def test_an_open_connection_is_used_again_with_a_new_deadline(transport: Transport) -> None:
    """The second answer comes without connecting, and is not bound by the first call's time."""
    with FaultServer(Fault.GOOD) as server:
        first, second = (transport.send(Call("GET", server.url), LONG_S) for _ in range(2))

    assert first.timings.connect_s is not None
    assert second.timings.connect_s is None
    assert None not in (second.timings.send_s, second.timings.wait_s, second.timings.receive_s)
    assert first.timings.tls_s is None


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.RESET_BEFORE_BODY, ConnectionLost),
        (Fault.RESET_AFTER_BODY, ConnectionLost),
        (Fault.CLOSE_AFTER_BODY, ConnectionLost),
        (Fault.TRUNCATED, ConnectionLost),
        (Fault.JUNK, ConnectionLost),
        (Fault.UNAVAILABLE, UnparseableAnswer),
        (Fault.UNAVAILABLE_RETRY_AFTER, UnparseableAnswer),
        (Fault.THROTTLED, Throttled),
    ],
    ids=str,
)
def test_a_free_call_is_repeated_and_then_given_up(
    transport: Transport, fault: Fault, expected: type[VendorError]
) -> None:
    """One fault is got over by the second try; one that stays is reported after four."""
    with FaultServer(fault, Fault.GOOD) as server:
        exchange = transport.send(Call("POST", server.url, content=b"x"), LONG_S)
    assert (exchange.attempts, exchange.body) == (2, VENDOR_BODY)

    with FaultServer(fault) as server, pytest.raises(expected):
        transport.send(Call("GET", server.url), LONG_S)


@pytest.mark.parametrize("fault", [Fault.JUNK_BODY, Fault.BAD_GZIP, Fault.REDIRECT], ids=name)
def test_what_would_come_again_is_not_repeated(transport: Transport, fault: Fault) -> None:
    """A page, a broken compression and a redirect are nobody's answer; the redirect is not followed."""
    with FaultServer(fault, Fault.GOOD) as server:
        with pytest.raises(UnparseableAnswer):
            transport.send(Call("GET", server.url), LONG_S)

        assert len(server.received) == 1


def test_a_redirect_does_not_make_a_paid_call_go_further(transport: Transport) -> None:
    """The status says that it was refused here."""
    with FaultServer(Fault.REDIRECT, Fault.GOOD) as server:
        with pytest.raises(UnparseableAnswer):
            transport.send(paid(server), LONG_S)

        assert len(server.received) == 1


def test_a_throttled_paid_call_is_sent_again(transport: Transport) -> None:
    """HTTP 429 is a refusal: the second try is the first that is carried out."""
    with FaultServer(Fault.THROTTLED, Fault.GOOD) as server:
        exchange = transport.send(paid(server), LONG_S)

        assert (exchange.attempts, server.posts_carried_out, len(server.received)) == (2, 1, 2)


def test_a_vendors_error_status_is_an_answer(transport: Transport) -> None:
    """HTTP 534 while a job runs comes back at the first try."""
    with FaultServer(Fault.VENDOR_ERROR) as server:
        exchange = transport.send(paid(server), LONG_S)

    assert (exchange.status, exchange.attempts) == (534, 1)


def test_a_refused_connection_is_safe_to_repeat(transport: Transport) -> None:
    """Nobody listens, nothing was sent."""
    with FaultServer(Fault.REFUSED) as server, pytest.raises(ConnectFailed) as failure:
        transport.send(paid(server), LONG_S)

    assert failure.value.retry_safe


def test_an_unfinished_handshake_is_no_sending(transport: Transport) -> None:
    """While TLS is not agreed on, nothing of the call has left, also when the deadline ends it."""
    with FaultServer(Fault.SILENT) as server, pytest.raises(ConnectFailed, match="ConnectTimeout"):
        transport.send(Call("POST", f"https://127.0.0.1:{server.port}/", content=b"x", costs=True), SHORT_S)


def test_a_name_without_address_is_a_failed_connection(transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name unknown to the resolver and one that cannot even be asked for (a label over 63 characters)."""

    def unknown(*_args: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(ConnectFailed):
        transport.send(Call("GET", f"http://{'a' * 64}/"), LONG_S)
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(HostUnknown, match="not known"):
        transport.send(Call("POST", "http://nobody.invalid/", content=b"x", costs=True), LONG_S)


def test_a_resolver_that_cannot_tell_says_nothing_about_the_host(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A passing failure of the look-up is a failed connection like any other, and safe to try again."""

    def silent(*_args: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    with pytest.raises(ConnectFailed, match="Temporary") as failure:
        transport.send(Call("GET", "http://somebody.invalid/"), LONG_S)

    assert (type(failure.value), failure.value.retry_safe) == (ConnectFailed, True)


def test_a_resolver_that_hangs_does_not_hold_the_call(transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's look-up takes no time limit; the call ends at its deadline all the same."""
    released = threading.Event()
    resolve = socket.getaddrinfo

    def hang(*args: Any, **options: Any) -> Any:
        released.wait(5.0)
        return resolve(*args, **options)

    with FaultServer(Fault.GOOD) as server:
        monkeypatch.setattr(socket, "getaddrinfo", hang)
        with pytest.raises(ConnectFailed, match="not resolved in time"):
            transport.send(paid(server), SHORT_S)
        monkeypatch.undo()
        released.set()

        assert server.received == []


def test_all_addresses_of_a_host_are_tried(transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server listens on one of two addresses, and not on the first."""
    found = [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 0, 0, 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0)),
    ]
    resolve = socket.getaddrinfo

    def two(host: str, *args: Any, **options: Any) -> Any:
        return found if host == "two.example" else resolve(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", two)
    with FaultServer(Fault.GOOD) as server:
        call = Call("POST", f"http://two.example:{server.port}/", content=b"x", costs=True)

        assert transport.send(call, LONG_S).attempts == 1


def test_the_request_arrives_as_it_was_given(transport: Transport) -> None:
    """Body and headers are what the caller said, and the server's cookie does not come back."""
    with FaultServer(Fault.GOOD) as server:
        for _ in range(2):
            transport.send(Call("POST", server.url, {"X-Key": "k"}, [b"pic", b"ture"], costs=True), LONG_S)
        second = server.received[1]

    assert (second.method, second.body, second.headers["x-key"]) == ("POST", b"picture", "k")
    assert "cookie" not in second.headers


def test_large_bodies_arrive_whole(transport: Transport) -> None:
    """20 MB go out in small pieces and are the same on the other side."""
    body = bytes(range(256)) * 80_000
    with FaultServer(Fault.GOOD) as server:
        exchange = transport.send(Call("POST", server.url, content=body, costs=True), LONG_S)

        assert server.received[0].body == body
    assert exchange.bytes_sent == len(body)


def test_threads_share_one_transport(transport: Transport) -> None:
    """Forty calls from twenty threads over ten connections all come back, each carried out once."""
    statuses: list[int] = []
    with FaultServer(Fault.GOOD) as server:

        def work() -> None:
            statuses.extend(transport.send(paid(server, size=1000), LONG_S).status for _ in range(2))

        threads = [threading.Thread(target=work) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert (40, {200}) == (server.posts_carried_out, set(statuses))
    assert len(statuses) == 40
