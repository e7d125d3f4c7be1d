"""NHN Cloud's pose client: the same code for the live host, our pose server and any other base URL."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from posedeck.clients.keys import checked_key
from posedeck.clients.pictures import encode_picture
from posedeck.contracts import nhn
from posedeck.contracts.json import decode_object
from posedeck.net.answers import without_secrets
from posedeck.net.errors import AnswerRefused, HostUnknown, ServiceEnded, ServiceStarting, UnparseableAnswer
from posedeck.net.exchange import Call, Exchange, Sender
from posedeck.net.redact import redact_text

VENDOR = "nhn"
LIVE_BASE_URL = "https://pose-estimation.api.nhncloudservice.com"
#: The vendor's gateway gives up after 60 s; the rest is for the connection and the upload.
POSE_DEADLINE_S = 65.0
#: Gateway codes of seven digits begin with the HTTP status: 404xxxx is an address that the gateway no longer knows.
_GATEWAY_GROUP = 10_000


@dataclass(frozen=True, eq=False)
class NhnReply:
    """A success: the parsed answer, the body as it came, and the exchange it came by."""

    answer: nhn.NhnAnswer
    body: dict[str, Any]
    exchange: Exchange


class NhnClient:
    """Calls of NHN Cloud's Pose Estimation. Thread-safe; keys are passed per call and never kept."""

    def __init__(self, transport: Sender, base_url: str = LIVE_BASE_URL) -> None:
        self._transport = transport
        self._base_url = base_url.rstrip("/")

    def pose(self, app_key: str, secret_key: str, picture: bytes) -> NhnReply:
        """The people in a JPEG or PNG within the vendor's limits.

        Raises:
            AnswerRefused: the vendor's own error, with its code.
            ServiceEnded: the vendor's gateway does not know the service any more, or its live host is gone.
            ServiceStarting: our server is not ready or its queue is full.
            UnparseableAnswer: the body is not NHN's.
            VendorError: any transport failure of ``posedeck.net.errors``.
        """
        keys = (checked_key(app_key, VENDOR), checked_key(secret_key, VENDOR))
        exchange = self._send(*keys, picture)
        body: dict[str, Any] = without_secrets(decode_object(exchange.body) or {}, exchange)
        if not nhn.is_success(body):
            raise _refused(exchange, body["header"], keys)
        try:
            answer = nhn.parse_answer(body)
        except ValueError as error:
            raise UnparseableAnswer(str(error), vendor=VENDOR, status=exchange.status) from error
        return NhnReply(answer, body, exchange)

    def _send(self, app_key: str, secret_key: str, picture: bytes) -> Exchange:
        content_type, content = encode_picture(nhn.FILE_FIELD, picture)
        headers = {"Authorization": secret_key, "Content-Type": content_type, "Accept": "application/json"}
        path = nhn.POSE_PATH.replace("{appKey}", quote(app_key, safe=""))
        try:
            return self._transport.send(
                Call("POST", self._base_url + path, headers, content), POSE_DEADLINE_S, is_answer=_is_answer
            )
        except HostUnknown as error:
            if self._base_url == LIVE_BASE_URL:
                raise ServiceEnded(error.detail, vendor=VENDOR, message_key="error.host_gone") from error
            raise


def _is_answer(exchange: Exchange) -> bool:
    body = decode_object(exchange.body)
    return body is not None and isinstance(body.get("header"), dict)


def _refused(exchange: Exchange, header: dict[str, Any], keys: tuple[str, str]) -> AnswerRefused:
    code = header.get("resultCode")
    code = code if type(code) is int else exchange.status
    message = redact_text(str(header.get("resultMessage", "")), keys)
    if exchange.status == 503 and exchange.retry_after_s is not None:
        wait_s = exchange.retry_after_s
        return ServiceStarting(message, vendor=VENDOR, code=code, status=503, retry_after_s=wait_s)
    if code // _GATEWAY_GROUP == 404:
        return ServiceEnded(message, vendor=VENDOR, code=code, status=exchange.status)
    message_key = f"error.nhn.{code}" if code in set(nhn.NhnCode) else None
    return AnswerRefused(message, vendor=VENDOR, code=code, status=exchange.status, message_key=message_key)
