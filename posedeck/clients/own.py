"""Client of our pose server's own routes: health, preview, refill."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from posedeck.contracts import own
from posedeck.contracts.faults import FAULTS_PATH, SessionFaults, Target
from posedeck.net.errors import AnswerRefused, ServiceStarting, UnparseableAnswer
from posedeck.net.exchange import IsAnswer, is_json
from posedeck.net.transport import Call, Exchange, Transport

Answer = TypeVar("Answer", bound=msgspec.Struct)

VENDOR = "posedeck"
_HEALTH_DEADLINE_S = 3.0
_PREVIEW_DEADLINE_S = 15.0
#: Sixteen passes for each of ten people take some seconds on one slow core, after whatever is in the queue.
_PEOPLE_DEADLINE_S = 60.0


class OwnClient:
    """Calls of our own routes. Thread-safe."""

    def __init__(self, transport: Transport, base_url: str, token: str | None = None) -> None:
        self._transport = transport
        self._base_url = base_url.rstrip("/")
        self._token = token

    def health(self) -> own.Health:
        """State of the engine. Raises VendorError when the server cannot be reached."""
        return read_answer(self.call("GET", own.HEALTH_PATH, b"", _HEALTH_DEADLINE_S), own.Health)

    def preview(self, picture: bytes, view: str) -> own.Preview:
        """What a photo shows and what is wrong with it as a front or side photo.

        Raises:
            ServiceStarting: the models are not loaded yet.
            AnswerRefused: the picture cannot be decoded (code 412).
        """
        path = f"{own.PREVIEW_PATH}?view={view}"
        return read_answer(self.call("POST", path, picture, _PREVIEW_DEADLINE_S), own.Preview)

    def people(self, picture: bytes) -> own.People:
        """Everybody in a picture, by the mean of sixteen passes each. Errors as in ``preview``."""
        return read_answer(self.call("POST", own.PEOPLE_PATH, picture, _PEOPLE_DEADLINE_S), own.People)

    def refill(self, email: str, credit: int) -> None:
        """Set the balance of an account of the pose server."""
        body = msgspec.json.encode(own.Refill(email=email, credit=credit))
        exchange = self.call("POST", own.CREDITS_PATH, body, _HEALTH_DEADLINE_S)
        if exchange.status != 200:
            raise _refusal(exchange)

    def set_faults(self, session: str, faults: dict[Target, str]) -> None:
        """Set the faults of a session's calls; none to switch all off."""
        body = msgspec.json.encode(SessionFaults(session, faults))
        exchange = self.call("POST", FAULTS_PATH, body, _HEALTH_DEADLINE_S)
        if exchange.status != 200:
            raise _refusal(exchange)

    def call(
        self,
        method: str,
        path: str,
        content: bytes,
        deadline_s: float,
        is_answer: IsAnswer = is_json,
        extra_headers: Mapping[str, str] | None = None,
    ) -> Exchange:
        """One exchange with the token in it; ``is_answer`` as in ``Transport.send``.

        Raises VendorError when the server cannot be reached.
        """
        headers = {"Accept": "application/json", **(extra_headers or {})}
        if self._token is not None:
            headers[own.TOKEN_HEADER] = self._token
        call = Call(method=method, url=self._base_url + path, headers=headers, content=content, costs=False)
        return self._transport.send(call, deadline_s=deadline_s, is_answer=is_answer)


def read_answer(exchange: Exchange, answer_type: type[Answer]) -> Answer:
    """The answer's body. Raises AnswerRefused (also as ServiceStarting) and UnparseableAnswer."""
    if exchange.status != 200:
        raise _refusal(exchange)
    try:
        return msgspec.json.decode(exchange.body, type=answer_type)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnparseableAnswer(str(error), vendor=VENDOR, status=exchange.status) from error


def _refusal(exchange: Exchange) -> AnswerRefused:
    if exchange.status == 503:
        return ServiceStarting("not ready", vendor=VENDOR, status=503, retry_after_s=exchange.retry_after_s)
    key = f"error.posedeck.{exchange.status}"
    return AnswerRefused("refused", vendor=VENDOR, code=exchange.status, status=exchange.status, message_key=key)
