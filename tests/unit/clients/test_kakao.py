"""What Kakao's client sends, and how it reads every kind of answer."""

import socket
from typing import Any
from urllib.parse import parse_qs

import pytest

from posedeck.clients.kakao import LIVE_BASE_URL, KakaoClient, KakaoReply
from posedeck.contracts.kakao import KakaoCode
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

BASE_URL = "http://kakao.example"
KEY = "f00dfeedkey"
PERSON = {
    "area": 200.0,
    "bbox": [0.0, 0.0, 10.0, 20.0],
    "category_id": 1,
    "keypoints": [number for point in range(17) for number in (point * 2.5, point, 0.5)],
    "score": 0.5,
}


def ask(vendor: Vendor, **request: Any) -> KakaoReply:
    return KakaoClient(vendor.transport, BASE_URL + "/").pose(KEY, **(request or {"picture": JPEG}))


def fail(vendor: Vendor, **request: Any) -> VendorError:
    with vendor.transport, pytest.raises(VendorError) as failure:
        ask(vendor, **request)
    return failure.value


@pytest.mark.parametrize(
    ("picture", "name", "mime"), [(JPEG, "picture.jpg", "image/jpeg"), (PNG, "picture.png", "image/png")]
)
def test_a_picture_goes_as_the_form_field_file(picture: bytes, name: str, mime: str) -> None:
    """Posted to /pose with the key after "KakaoAK "; the user's own file name stays here."""
    vendor = Vendor([])
    ask(vendor, picture=picture)

    assert (vendor.request.method, str(vendor.request.url)) == ("POST", "http://kakao.example/pose")
    assert vendor.request.headers["authorization"] == f"KakaoAK {KEY}"
    assert vendor.uploaded() == ("file", name, mime, picture)


def test_an_address_goes_as_a_plain_form() -> None:
    """Form-urlencoded, as the guide says; characters that mean something there are encoded."""
    vendor = Vendor([])
    url = "https://pictures.example/사람.jpg?a=1&b=2"
    ask(vendor, image_url=url)

    assert vendor.request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(vendor.request.content.decode(), strict_parsing=True) == {"image_url": [url]}


@pytest.mark.parametrize("request_", [{}, {"picture": JPEG, "image_url": "https://pictures.example/a.jpg"}])
def test_exactly_one_of_picture_and_address_is_sent(request_: dict[str, Any]) -> None:
    """Anything else is a mistake of the caller."""
    with Vendor([]).transport as transport, pytest.raises(ValueError, match="either"):
        KakaoClient(transport, BASE_URL).pose(KEY, **request_)


def test_people_come_with_the_body_and_the_exchange() -> None:
    """In the answer's order, in pixels of what was sent."""
    reply = ask(Vendor([PERSON, PERSON]))

    assert [(pose.xy_px[2].tolist(), pose.score[2]) for pose in reply.people] == [([5.0, 2.0], 0.5)] * 2
    assert (reply.body, reply.exchange.status) == ([PERSON, PERSON], 200)


def test_nobody_is_a_success() -> None:
    """An empty list."""
    assert ask(Vendor([])).people == []


@pytest.mark.parametrize("code", sorted(set(KakaoCode) - {KakaoCode.TERMINATED}))
@pytest.mark.parametrize("status", [200, 400, 500])
def test_every_code_has_its_own_sentence(code: KakaoCode, status: int) -> None:
    """Whatever the HTTP status: the body decides."""
    error = fail(Vendor({"code": int(code), "msg": "no"}, status))

    assert (type(error), error.code, error.status, error.detail) == (AnswerRefused, code, status, "no")
    assert error.message_key == f"error.kakao.{int(code)}"
    assert all(error.message_key in load_texts(language) for language in LANGUAGES)


def test_an_unknown_code_is_a_refusal_too() -> None:
    """With the vendor's own words for the expert."""
    error = fail(Vendor({"code": -812, "msg": "new"}, 400))

    assert (type(error), error.code, error.message_key) == (AnswerRefused, -812, "error.refused")


def test_a_terminated_api_has_ended() -> None:
    """Code -9: the page then offers our engine or a recorded answer."""
    error = fail(Vendor({"code": -9, "msg": "terminated"}, 400))

    assert (type(error), error.code, error.message_key) == (ServiceEnded, -9, "error.service_ended")


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
    with Transport("kakao") as transport, pytest.raises(kind) as failure:
        KakaoClient(transport, base_url).pose(KEY, JPEG)

    assert (failure.value.message_key, failure.value.retry_safe) == (message_key, False)
    assert all(message_key in load_texts(language) for language in LANGUAGES)


def test_a_server_that_loads_its_models_is_starting() -> None:
    """HTTP 503 with Retry-After, whatever the code."""
    error = fail(Vendor({"code": -1, "msg": "loading"}, 503, {"Retry-After": "5"}))

    assert isinstance(error, ServiceStarting)
    assert error.retry_after_s == 5.0


def test_too_many_requests_is_a_throttle() -> None:
    """HTTP 429 with the time to wait."""
    error = fail(Vendor({"code": -10, "msg": "slow down"}, 429, {"Retry-After": "7"}))

    assert isinstance(error, Throttled)
    assert error.retry_after_s == 7.0


@pytest.mark.parametrize(
    "body", [{"people": []}, "text", 5, {"code": "x", "msg": "y"}, [{**PERSON, "keypoints": [1.0]}], [5], None]
)
def test_anything_else_is_not_kakaos(body: Any) -> None:
    """JSON of another shape, and people without their 17 keypoints."""
    assert type(fail(Vendor(body))) is UnparseableAnswer


@pytest.mark.parametrize("key", ["", "  ", "키", "a\nb"])
def test_a_key_that_cannot_be_one_is_not_sent(key: str) -> None:
    """The user is told to enter it, not that the address is wrong."""
    vendor = Vendor([])
    with vendor.transport, pytest.raises(InvalidCall) as failure:
        KakaoClient(vendor.transport, BASE_URL).pose(key, JPEG)

    assert failure.value.message_key == "error.credentials"
    assert not hasattr(vendor, "request")
    assert all("error.credentials" in load_texts(language) for language in LANGUAGES)


def test_white_space_pasted_with_a_key_is_not_sent() -> None:
    """Copying from a console often takes a line end along."""
    vendor = Vendor([])
    KakaoClient(vendor.transport, BASE_URL).pose(f" {KEY}\n", JPEG)

    assert vendor.request.headers["authorization"] == f"KakaoAK {KEY}"


def test_a_key_that_the_vendor_echoes_is_masked() -> None:
    """Neither the error nor its repr tells it."""
    error = fail(Vendor({"code": -401, "msg": f"bad key {KEY}"}, 401))

    assert error.detail == "bad key ***"
    assert KEY not in f"{error} {error!r}"
