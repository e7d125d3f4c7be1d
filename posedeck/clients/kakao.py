"""Kakao's pose client: the same code for the live host, our pose server and any other base URL."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msgspec

from posedeck.clients.keys import checked_key
from posedeck.clients.pictures import encode_picture
from posedeck.contracts import kakao
from posedeck.contracts.kakao.errors import parse_error
from posedeck.net.answers import without_secrets
from posedeck.net.errors import AnswerRefused, HostUnknown, ServiceEnded, ServiceStarting, UnparseableAnswer
from posedeck.net.exchange import Call, Exchange, IsAnswer, Sender
from posedeck.net.redact import redact_text
from posedeck.pose.pose import Pose

VENDOR = "kakao"
LIVE_BASE_URL = "https://cv-api.kakaobrain.com"
#: Kakao's guide recommends 5 s to connect and 15 s to read.
POSE_DEADLINE_S = 20.0
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, eq=False)
class KakaoReply:
    """A success.

    Attributes:
        people: COCO-17 poses in pixels of the picture sent, in the answer's order.
        body: The answer as it came.
        exchange: What it came by.
    """

    people: list[Pose]
    body: list[Any]
    exchange: Exchange


class KakaoClient:
    """Calls of Kakao's pose API. Thread-safe; the key is passed per call and never kept."""

    def __init__(self, transport: Sender, base_url: str = LIVE_BASE_URL) -> None:
        self._transport = transport
        self._base_url = base_url.rstrip("/")

    def pose(self, key: str, picture: bytes | None = None, image_url: str | None = None) -> KakaoReply:
        """The people in a picture: a JPEG or PNG within the vendor's limits, or an address that the vendor fetches.

        Raises:
            ValueError: unless exactly one of the two is given.
            AnswerRefused: the vendor's own error, with its code.
            ServiceEnded: the vendor has closed the service (code -9), or its live host is gone.
            ServiceStarting: our server is not ready.
            UnparseableAnswer: the body is not Kakao's.
            VendorError: any transport failure of ``posedeck.net.errors``.
        """
        if (picture is None) == (image_url is None):
            raise ValueError("give either a picture or its address")
        key = checked_key(key, VENDOR)
        if picture is not None:
            content_type, content = encode_picture(kakao.FILE_FIELD, picture)
        else:
            content_type, content = FORM, urlencode({kakao.URL_FIELD: image_url}).encode()
        call = Call("POST", self._base_url + kakao.POSE_PATH, headers_of(key, content_type), content)
        exchange = send(self._transport, call, self._base_url, POSE_DEADLINE_S, _is_answer)
        body = without_secrets(decoded(exchange), exchange)
        raise_refusal(exchange, body, key)
        try:
            people = kakao.parse_people(body)
        except ValueError as error:
            raise UnparseableAnswer(str(error), vendor=VENDOR, status=exchange.status) from error
        return KakaoReply(people, body, exchange)


def headers_of(key: str, content_type: str | None = None) -> dict[str, str]:
    """Headers of a call of Kakao's; ``key`` is one of ``checked_key``."""
    headers = {"Authorization": f"{kakao.AUTH_SCHEME} {key}", "Accept": "application/json"}
    return headers if content_type is None else {**headers, "Content-Type": content_type}


def send(transport: Sender, call: Call, base_url: str, deadline_s: float, is_answer: IsAnswer) -> Exchange:
    """``Sender.send``; a live host that is gone is a service that has ended. Raises ServiceEnded, VendorError."""
    try:
        return transport.send(call, deadline_s, is_answer=is_answer)
    except HostUnknown as error:
        if base_url == LIVE_BASE_URL:
            raise ServiceEnded(error.detail, vendor=VENDOR, message_key="error.host_gone") from error
        raise


def decoded(exchange: Exchange) -> Any:
    """The body, None when it is not JSON."""
    try:
        return msgspec.json.decode(exchange.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def raise_refusal(exchange: Exchange, body: Any, key: str) -> None:
    """Raise the vendor's own error, if the body is one: AnswerRefused, ServiceEnded or ServiceStarting."""
    refusal = parse_error(body)
    if refusal is not None:
        raise _refused(exchange, refusal, key)


def _is_answer(exchange: Exchange) -> bool:
    body = decoded(exchange)
    return isinstance(body, list) or parse_error(body) is not None


def _refused(exchange: Exchange, refusal: kakao.KakaoError, key: str) -> AnswerRefused:
    code, message = refusal.code, redact_text(refusal.msg, [key])
    if exchange.status == 503 and exchange.retry_after_s is not None:
        wait_s = exchange.retry_after_s
        return ServiceStarting(message, vendor=VENDOR, code=code, status=503, retry_after_s=wait_s)
    if code == kakao.KakaoCode.TERMINATED:
        return ServiceEnded(message, vendor=VENDOR, code=code, status=exchange.status)
    message_key = f"error.kakao.{code}" if code in set(kakao.KakaoCode) else None
    return AnswerRefused(message, vendor=VENDOR, code=code, status=exchange.status, message_key=message_key)
