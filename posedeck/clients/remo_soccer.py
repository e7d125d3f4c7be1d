"""Remo's kick analysis: submitted once, read later. The same code for the live service and our pose server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from posedeck.clients.remo import LIVE_BASE_URL, VENDOR, RemoCredentials, RemoRefused
from posedeck.contracts.json import decode_object
from posedeck.contracts.remo import soccer
from posedeck.contracts.remo.skeleton import error_code, is_success
from posedeck.contracts.remo.soccer_errors import WAIT_CODES, SoccerCode, WireProgress
from posedeck.net.answers import without_secrets
from posedeck.net.errors import ServiceStarting, UnparseableAnswer
from posedeck.net.exchange import Call, Exchange, Sender
from posedeck.net.json_with_file import JsonWithFile

Parsed = TypeVar("Parsed")

#: A clip of 100 MB over a slow line; the vendor's own client gives it three minutes.
SUBMIT_DEADLINE_S = 300.0
READ_DEADLINE_S = 30.0
#: A drawn clip comes back whole, in base64.
DRAW_DEADLINE_S = 180.0
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


@dataclass(frozen=True, eq=False)
class Reply(Generic[Parsed]):
    """A success: the parsed answer, the body as it came, and the exchange it came by."""

    answer: Parsed
    body: dict[str, Any]
    exchange: Exchange


@dataclass(frozen=True)
class NotReady:
    """A read that has to be asked again: code 534 (running) or 533 (no result file, or not yet).

    Attributes:
        code: Which of the two.
        message: The vendor's own words.
        progress: How far the job is; our server only.
        body, exchange: The answer as it came, and what it came by.
    """

    code: SoccerCode
    message: str
    progress: WireProgress | None
    body: dict[str, Any] = field(compare=False, repr=False)
    exchange: Exchange = field(compare=False, repr=False)


class SoccerClient:
    """The five soccer calls. Thread-safe; credentials are passed per call and never kept."""

    def __init__(self, transport: Sender, base_url: str = LIVE_BASE_URL) -> None:
        self._transport = transport
        self._base_url = base_url.rstrip("/")

    def submit(
        self, credentials: RemoCredentials, clip: Path | str, height_cm: float, uuid: str
    ) -> Reply[soccer.SubmitAnswer]:
        """Ask for the analysis of a clip. Costs credits; sent at most once, and never again under a known uuid.

        Args:
            credentials: The account that pays.
            clip: The file, sent in pieces and never held whole; or, for our server, the name of an upload.
            height_cm: The kicker's body height.
            uuid: The caller's name of the job; the result is read by it, so it must be kept.

        Raises:
            RemoRefused: the vendor's own error, with its code and the balance.
            ServiceStarting: our server's queue is full.
            UnparseableAnswer: the body is not Remo's.
            VendorError: any transport failure of ``posedeck.net.errors``; after ``AmbiguousOutcome`` the job may exist
                and can be read by its uuid.
        """
        fields = {
            "Email": credentials.email,
            "UserKey": credentials.user_key,
            "APIKey": credentials.api_key,
            "height": f"{height_cm:g}",
            "uuid": uuid,
        }
        url = self._base_url + soccer.SUBMIT_PATH
        if isinstance(clip, str):
            call = Call("POST", url, _HEADERS, msgspec.json.encode({**fields, "x_upload": clip}), costs=True)
        else:
            content = JsonWithFile(fields, soccer.CLIP_FIELD, clip)
            headers = {**_HEADERS, "Content-Length": str(content.length)}
            call = Call("POST", url, headers, content, costs=True)
        exchange = self._transport.send(call, deadline_s=SUBMIT_DEADLINE_S, is_answer=_is_answer)
        body = _body_of(exchange)
        if not is_success(body):
            raise _refusal(exchange, body)
        return _reply(soccer.parse_submit, body, exchange)

    def result(self, email: str, uuid: str) -> Reply[soccer.ResultAnswer] | NotReady:
        """The result of a job, or that it is not there yet. Costs nothing.

        Raises:
            RemoRefused: the analysis has failed for good (511, 512, 520), or the request was wrong.
            UnparseableAnswer, VendorError: as in ``submit``.
        """
        return self._read(soccer.RESULT_PATH, email, uuid, READ_DEADLINE_S, soccer.parse_result)

    def read(self, path: str, email: str, uuid: str) -> Reply[dict[str, Any]] | NotReady:
        """One of the other reads of a job, not parsed: score, angles or drawn clip. Errors as in ``result``.

        What is in it is told by ``parse_score``, ``parse_angle`` and ``parse_draw`` of ``contracts.remo.soccer``, what
        is wrong with it by the audits: an odd answer is worth keeping.
        """
        deadline_s = DRAW_DEADLINE_S if path == soccer.DRAW_PATH else READ_DEADLINE_S
        return self._read(path, email, uuid, deadline_s, lambda body: body)

    def _read(
        self, path: str, email: str, uuid: str, deadline_s: float, parse: Callable[[dict[str, Any]], Parsed]
    ) -> Reply[Parsed] | NotReady:
        content = msgspec.json.encode({"id": email, "uuid": uuid})
        call = Call("POST", self._base_url + path, _HEADERS, content, costs=False)
        exchange = self._transport.send(call, deadline_s=deadline_s, is_answer=_is_answer)
        body = _body_of(exchange)
        code = error_code(body)
        if code in WAIT_CODES:
            return NotReady(SoccerCode(code), str(body.get("message", "")), _progress(body), body, exchange)
        # A finished read carries the values and no state; some carry a state beside them.
        if exchange.status >= 400 or code not in (None, 200) or ("state" in body and not is_success(body)):
            raise _refusal(exchange, body)
        return _reply(parse, body, exchange)


def _is_answer(exchange: Exchange) -> bool:
    body = decode_object(exchange.body)
    if body is None:
        return False
    ours = ("state", "status", "status_code", "total_score", "base64_video", *soccer.LINE_NAMES)
    return any(name in body for name in ours) or soccer.is_result(body)


def _body_of(exchange: Exchange) -> dict[str, Any]:
    body = decode_object(exchange.body)
    if body is None or not _is_answer(exchange):
        raise UnparseableAnswer("the body is not Remo's JSON", vendor=VENDOR, status=exchange.status)
    shown: dict[str, Any] = without_secrets(body, exchange)
    return shown


def _reply(parse: Callable[[dict[str, Any]], Parsed], body: dict[str, Any], exchange: Exchange) -> Reply[Parsed]:
    try:
        return Reply(parse(body), body, exchange)
    except ValueError as error:
        raise UnparseableAnswer(str(error), vendor=VENDOR, status=exchange.status) from error


def _progress(body: dict[str, Any]) -> WireProgress | None:
    try:
        return msgspec.convert(body.get("x_job"), WireProgress | None)
    except msgspec.ValidationError:
        # Progress is an extra; without it the job is still running.
        return None


def _refusal(exchange: Exchange, body: dict[str, Any]) -> RemoRefused | ServiceStarting:
    message = str(body.get("message", ""))
    code = error_code(body) or exchange.status
    if exchange.status == 503 and exchange.retry_after_s is not None:
        return ServiceStarting(message, vendor=VENDOR, code=code, status=503, retry_after_s=exchange.retry_after_s)
    credit = body.get("credit")
    key = f"error.remo.soccer.{code}" if code in set(SoccerCode) else "error.refused"
    balance = credit if isinstance(credit, int) else None
    return RemoRefused(message, code=code, status=exchange.status, credit=balance, message_key=key)
