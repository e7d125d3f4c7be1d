"""What NHN's client sends, and how it reads every kind of answer."""

import logging
import socket
from typing import Any

import pytest

from posedeck.clients.nhn import LIVE_BASE_URL, NhnClient, NhnReply
from posedeck.contracts.nhn import NhnCode
from posedeck.net.errors import (
    AnswerRefused,
    HostUnknown,
    InvalidCall,
    ServiceEnded,
    ServiceStarting,
    Throttled,
    UnparseableAnswer,
    VendorError,
)
from posedeck.net.transport import Transport
from posedeck.texts import LANGUAGES, load_texts
from tests.unit.clients.builders import JPEG, PNG, Vendor

BASE_URL = "http://nhn.example"
APP_KEY, SECRET_KEY = "appkey0815", "secretkey4711"
NOSE = {"name": "nose", "part": "body", "x": 3.5, "y": 4.25, "score": 0.976}


def success(*people: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "header": {"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS"},
        "result": {
            "fileType": "jpg",
            "numberOfPerson": len(people),
            "keyPointList": [
                {"personId": str(number), "inferKeypointList": points} for number, points in enumerate(people)
            ],
        },
    }


def refusal(code: int, message: str = "no") -> dict[str, Any]:
    return {"header": {"isSuccessful": False, "resultCode": code, "resultMessage": message}}


def ask(vendor: Vendor, app_key: str = APP_KEY, secret_key: str = SECRET_KEY, picture: bytes = JPEG) -> NhnReply:
    return NhnClient(vendor.transport, BASE_URL + "/").pose(app_key, secret_key, picture)


def fail(vendor: Vendor, **request: Any) -> VendorError:
    with vendor.transport, pytest.raises(VendorError) as failure:
        ask(vendor, **request)
    return failure.value


@pytest.mark.parametrize(
    ("picture", "name", "mime"), [(JPEG, "picture.jpg", "image/jpeg"), (PNG, "picture.png", "image/png")]
)
def test_a_picture_goes_as_the_form_field_image(picture: bytes, name: str, mime: str) -> None:
    """Posted below the app key, with the bare secret key and no scheme word."""
    vendor = Vendor(success())
    ask(vendor, picture=picture)

    assert str(vendor.request.url) == f"http://nhn.example/v1.0/appkeys/{APP_KEY}/pose"
    assert (vendor.request.method, vendor.request.headers["authorization"]) == ("POST", SECRET_KEY)
    assert vendor.uploaded() == ("image", name, mime, picture)


def test_an_app_key_cannot_leave_its_place_in_the_path() -> None:
    """Slashes and question marks are encoded."""
    vendor = Vendor(success())
    ask(vendor, app_key="../a?b#c")

    assert vendor.request.url.raw_path == b"/v1.0/appkeys/..%2Fa%3Fb%23c/pose"


def test_people_come_with_the_body_and_the_exchange() -> None:
    """In the answer's order, in pixels of what was sent; a point that was not sent is missing."""
    body = success([NOSE])
    reply = ask(Vendor(body))

    (person,) = reply.answer.people
    assert (person["nose"].tolist(), person.score[0]) == ([3.5, 4.25], 0.976)
    assert not person.has(("left_eye",))
    assert (reply.body, reply.exchange.status) == (body, 200)


def test_nobody_is_a_success() -> None:
    """``numberOfPerson`` 0."""
    assert ask(Vendor(success())).answer.people == []


@pytest.mark.parametrize("code", sorted(set(NhnCode) - {NhnCode.GATEWAY_URL_NOT_FOUND}))
@pytest.mark.parametrize("status", [200, 400, 502])
def test_every_code_has_its_own_sentence(code: NhnCode, status: int) -> None:
    """Whatever the HTTP status: the header in the body decides."""
    error = fail(Vendor(refusal(code), status))

    assert (type(error), error.code, error.status, error.detail) == (AnswerRefused, code, status, "no")
    assert error.message_key == f"error.nhn.{int(code)}"
    assert all(error.message_key in load_texts(language) for language in LANGUAGES)


def test_an_unknown_code_is_a_refusal_too() -> None:
    """With the vendor's own words for the expert."""
    error = fail(Vendor(refusal(4999999)))

    assert (type(error), error.code, error.message_key) == (AnswerRefused, 4999999, "error.refused")


@pytest.mark.parametrize("code", [4040000, 4041007, 4049999])
@pytest.mark.parametrize("status", [200, 404])
def test_a_service_that_the_gateway_does_not_know_has_ended(code: int, status: int) -> None:
    """Codes 404xxxx: the page then offers our engine or a recorded answer."""
    error = fail(Vendor(refusal(code, "URL Not Found"), status))

    assert (type(error), error.code, error.message_key) == (ServiceEnded, code, "error.service_ended")


@pytest.mark.parametrize(
    ("base_url", "kind", "message_key"),
    [(LIVE_BASE_URL, ServiceEnded, "error.host_gone"), (BASE_URL, HostUnknown, "error.host_unknown")],
)
def test_a_live_host_without_an_address_has_ended(
    base_url: str, kind: type[VendorError], message_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the vendor's own: any other address may just be misspelt."""

    def unknown(*_args: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with Transport("nhn") as transport, pytest.raises(kind) as failure:
        NhnClient(transport, base_url).pose(APP_KEY, SECRET_KEY, JPEG)

    assert failure.value.message_key == message_key


def test_a_server_that_loads_its_models_is_starting() -> None:
    """HTTP 503 with Retry-After."""
    error = fail(Vendor(refusal(5030001), 503, {"Retry-After": "5"}))

    assert isinstance(error, ServiceStarting)
    assert error.retry_after_s == 5.0


def test_too_many_requests_is_a_throttle() -> None:
    """HTTP 429 with the time to wait."""
    error = fail(Vendor(refusal(4291000), 429, {"Retry-After": "7"}))

    assert isinstance(error, Throttled)
    assert error.retry_after_s == 7.0


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"result": {}},
        {"header": "ok"},
        {"header": {"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS"}},
        success([{**NOSE, "x": "left"}]),
        success([{**NOSE, "score": 7.0}]),
    ],
)
def test_anything_else_is_not_nhns(body: Any) -> None:
    """JSON of another shape, a success without a result, points that are none."""
    assert type(fail(Vendor(body))) is UnparseableAnswer


@pytest.mark.parametrize("keys", [("", SECRET_KEY), (APP_KEY, " "), ("앱키", SECRET_KEY)])
def test_keys_that_cannot_be_any_are_not_sent(keys: tuple[str, str]) -> None:
    """An empty app key would ask for another path, which looks like the end of the service."""
    vendor = Vendor(success())
    with vendor.transport, pytest.raises(InvalidCall) as failure:
        ask(vendor, *keys)

    assert failure.value.message_key == "error.credentials"
    assert not hasattr(vendor, "request")


def test_no_key_is_told_to_anybody(caplog: pytest.LogCaptureFixture) -> None:
    """Neither the log at its most talkative, nor an error that the vendor echoed both keys in, nor its repr."""
    caplog.set_level(logging.DEBUG)
    error = fail(Vendor(refusal(4010001, f"no {APP_KEY} with {SECRET_KEY}")))

    assert error.detail == "no *** with ***"
    assert [key for key in (APP_KEY, SECRET_KEY) if key in f"{error} {error!r} {caplog.text}"] == []
