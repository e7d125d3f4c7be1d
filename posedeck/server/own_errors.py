"""How our own routes refuse: ``{"error": text}`` with the HTTP status that says it."""

import msgspec
from starlette.responses import Response

from posedeck.server.http import BodyTooLargeError, ErrorStyle, json_response


class OwnError(msgspec.Struct, frozen=True):
    """Body of every refusal of our own routes."""

    error: str


class OwnRefusalError(Exception):
    """A refusal with its HTTP status and a sentence that tells what to do."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}


def _refusal(error: Exception) -> Response | None:
    if isinstance(error, OwnRefusalError):
        return json_response(OwnError(error.message), error.status, error.headers)
    if isinstance(error, BodyTooLargeError):
        return json_response(OwnError(f"the body may have {error.limit} bytes at most"), 413)
    return None


def _failure(reference: str) -> Response:
    return json_response(OwnError(f"unexpected error, reference {reference}"), 500)


OWN_STYLE = ErrorStyle(_refusal, _failure)
