"""How NHN's routes refuse: always ``{"header": {…}}``, with HTTP 200 unless it is the gateway that refuses."""

from starlette.responses import Response

from posedeck.contracts.nhn import NhnBody, NhnCode, http_status, refusal_header
from posedeck.server.context import FULL_RETRY_S, STARTING_RETRY_S
from posedeck.server.http import BodyTooLargeError, ErrorStyle, json_response


class NhnRefusalError(Exception):
    """A refusal by NHN's error tables.

    Attributes:
        code: The code in the body; it decides the HTTP status too.
        detail: What exactly is wrong; never a secret.
        headers: Further headers.
    """

    def __init__(self, code: NhnCode, detail: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(code.name)
        self.code = code
        self.detail = detail
        self.headers = headers or {}

    def response(self) -> Response:
        """The answer."""
        body = NhnBody(refusal_header(self.code, self.detail))
        return json_response(body, http_status(self.code), self.headers)


def starting() -> NhnRefusalError:
    """The refusal while the models load."""
    headers = {"Retry-After": str(STARTING_RETRY_S)}
    return NhnRefusalError(NhnCode.GATEWAY_UPSTREAM_UNAVAILABLE, "the models are not loaded yet, see /health", headers)


def queue_full() -> NhnRefusalError:
    """The refusal of a server that has no place for another picture."""
    headers = {"Retry-After": str(FULL_RETRY_S)}
    return NhnRefusalError(NhnCode.GATEWAY_TOO_MANY_REQUESTS, "the queue is full", headers)


def _refusal(error: Exception) -> Response | None:
    if isinstance(error, NhnRefusalError):
        return error.response()
    if isinstance(error, BodyTooLargeError):
        return NhnRefusalError(NhnCode.GATEWAY_REQUEST_TOO_LARGE).response()
    return None


def _failure(reference: str) -> Response:
    return NhnRefusalError(NhnCode.FAIL, f"reference {reference}").response()


NHN_STYLE = ErrorStyle(_refusal, _failure)
