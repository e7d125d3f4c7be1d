"""What the transport does not follow, keep, read or tell."""

import logging

import httpx
import pytest

from posedeck.net.errors import (
    AnswerTooLarge,
    HostForbidden,
    InvalidCall,
    UnparseableAnswer,
)
from posedeck.net.transport import Call
from tests.unit.net.wire import GET, PAID, URL, Build, answer, page


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
