"""Remo's client: the same code for the live service, our pose server and any other base URL."""

import uuid
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec import UNSET

from posedeck.contracts.images import encode_base64_image
from posedeck.contracts.json import decode_object
from posedeck.contracts.remo import future_shape, skeleton
from posedeck.contracts.remo.errors import RemoCode
from posedeck.net.answers import without_secrets
from posedeck.net.errors import AnswerRefused, ServiceStarting, UnparseableAnswer
from posedeck.net.exchange import Call, Exchange, Sender

VENDOR = "remo"
LIVE_BASE_URL = "https://api.remo.re.kr"
#: An analysis takes about half a second; a cold server or a slow line gets much more before we call it lost.
SKELETON_DEADLINE_S = 60.0
#: A picture takes one to three seconds here.
FUTURE_SHAPE_DEADLINE_S = 90.0


@dataclass(frozen=True)
class RemoCredentials:
    """What Remo wants in each body. Never printed."""

    email: str = field(repr=False)
    user_key: str = field(repr=False)
    api_key: str = field(repr=False)

    def complete(self) -> bool:
        """Whether all three are filled in."""
        return all((self.email.strip(), self.user_key.strip(), self.api_key.strip()))


@dataclass(frozen=True, eq=False)
class SkeletonReply:
    """A success: the parsed answer, the body as it came, and the exchange it came by."""

    answer: skeleton.SkeletonAnswer
    body: dict[str, Any]
    exchange: Exchange


@dataclass(frozen=True, eq=False)
class FutureShapeReply:
    """A success: the parsed answer, the body as it came, and the exchange it came by."""

    answer: future_shape.FutureShapeAnswer
    body: dict[str, Any]
    exchange: Exchange


class RemoRefused(AnswerRefused):
    """Remo's own error answer: its code, its message, and the balance it reports."""

    def __init__(
        self, detail: str, *, code: int, status: int, credit: int | None, message_key: str | None = None
    ) -> None:
        super().__init__(detail, vendor=VENDOR, code=code, status=status, message_key=message_key or _message_key(code))
        self.credit = credit


class RemoClient:
    """Calls of Remo's API. Thread-safe; credentials are passed per call and never kept."""

    def __init__(self, transport: Sender, base_url: str = LIVE_BASE_URL) -> None:
        self._transport = transport
        self._base_url = base_url.rstrip("/")

    def analyse_skeleton(
        self,
        credentials: RemoCredentials,
        front: bytes,
        side: bytes,
        *,
        profile: str | None = None,
    ) -> SkeletonReply:
        """Analyse a front and a side photo (JPEG or PNG bytes). Costs one credit; sent at most once.

        Args:
            credentials: The account that pays.
            front: Front photo.
            side: Side photo.
            profile: Grade profile, understood by our server only.

        Raises:
            RemoRefused: the vendor's own error, with its code and the balance.
            ServiceStarting: our server is not ready or its queue is full.
            UnparseableAnswer: the body is not Remo's.
            VendorError: any transport failure of ``posedeck.net.errors``.
        """
        request = skeleton.SkeletonRequest(
            Email=credentials.email,
            UserKey=credentials.user_key,
            APIKey=credentials.api_key,
            forigimg=encode_base64_image(front),
            sorigimg=encode_base64_image(side),
            uuid=str(uuid.uuid4()),
        )
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if profile is not None:
            headers[skeleton.PROFILE_HEADER] = profile
        call = Call(
            method="POST",
            url=self._base_url + skeleton.PATH,
            headers=headers,
            content=msgspec.json.encode(request),
            costs=True,
        )
        exchange = self._transport.send(call, deadline_s=SKELETON_DEADLINE_S, is_answer=_is_answer)
        body = _read_body(exchange)
        _raise_refusal(exchange, body)
        try:
            answer = skeleton.parse_answer(body)
        except ValueError as error:
            raise UnparseableAnswer(str(error), vendor=VENDOR, status=exchange.status) from error
        return SkeletonReply(answer=answer, body=body, exchange=exchange)

    def future_shape(
        self,
        credentials: RemoCredentials,
        photo: bytes,
        direction: future_shape.Direction,
        gender: future_shape.Gender,
        *,
        ratio: float | None = None,
        mark: bool | None = None,
    ) -> FutureShapeReply:
        """The person of a photo (JPEG or PNG bytes) slimmer or heavier. Costs one credit; sent at most once.

        Args:
            credentials: The account that pays.
            photo: One person, best from head to feet and from the front.
            direction: Which of the two.
            gender: Whose width profiles are used.
            ratio: Weight wanted ÷ weight now, understood by our server only.
            mark: Whether "simulated" is drawn into the picture, understood by our server only.

        Raises:
            RemoRefused: the vendor's own error; ``message_key`` tells what is wrong with the photo.
            ServiceStarting: our server is not ready or its queue is full.
            UnparseableAnswer: the body is not Remo's, or holds no picture.
            VendorError: any transport failure of ``posedeck.net.errors``.
        """
        request = future_shape.FutureShapeRequest(
            Email=credentials.email,
            UserKey=credentials.user_key,
            APIKey=credentials.api_key,
            image=encode_base64_image(photo),
            direction=direction.value,
            gender=gender.value,
            x_ratio=UNSET if ratio is None else ratio,
            x_mark=UNSET if mark is None else mark,
        )
        call = Call(
            method="POST",
            url=self._base_url + future_shape.PATH,
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            content=msgspec.json.encode(request),
            costs=True,
        )
        exchange = self._transport.send(call, deadline_s=FUTURE_SHAPE_DEADLINE_S, is_answer=_is_answer)
        body = _read_body(exchange)
        _raise_refusal(exchange, body, _shape_message_key(body))
        try:
            answer = future_shape.parse_answer(body)
        except ValueError as error:
            raise UnparseableAnswer(str(error), vendor=VENDOR, status=exchange.status) from error
        return FutureShapeReply(answer=answer, body=body, exchange=exchange)


def _is_answer(exchange: Exchange) -> bool:
    body = decode_object(exchange.body)
    return body is not None and "state" in body


def _read_body(exchange: Exchange) -> dict[str, Any]:
    body = decode_object(exchange.body)
    if body is None or "state" not in body:
        raise UnparseableAnswer("the body is not Remo's JSON", vendor=VENDOR, status=exchange.status)
    shown: dict[str, Any] = without_secrets(body, exchange)
    return shown


def _raise_refusal(exchange: Exchange, body: dict[str, Any], message_key: str | None = None) -> None:
    if skeleton.is_success(body):
        return
    message = str(body.get("message", ""))
    code = skeleton.error_code(body) or exchange.status
    if exchange.status == 503 and exchange.retry_after_s is not None:
        raise ServiceStarting(message, vendor=VENDOR, code=code, status=503, retry_after_s=exchange.retry_after_s)
    credit = body.get("credit", body.get("x_credit"))
    raise RemoRefused(
        message,
        code=code,
        status=exchange.status,
        credit=credit if isinstance(credit, int) else None,
        message_key=message_key,
    )


def _shape_message_key(body: dict[str, Any]) -> str | None:
    """The sentence for what is wrong with a photo; None for refusals of Remo's table."""
    reason = future_shape.refusal_reason(body)
    return None if reason is None else f"error.remo.shape.{reason.name.lower()}"


def _message_key(code: int) -> str:
    known = code in set(RemoCode)
    return f"error.remo.{code}" if known else "error.refused"
