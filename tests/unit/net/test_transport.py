"""What the transport takes for an answer, and how it sends bodies, with a scripted wire instead of a network."""

import pytest

from posedeck.net.errors import (
    AmbiguousOutcome,
    Throttled,
    UnparseableAnswer,
    VendorError,
)
from posedeck.net.transport import Call
from tests.unit.net.wire import GET, PAID, URL, Build, answer, page


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
