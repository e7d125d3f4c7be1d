"""How Remo's routes refuse: always Remo's body, with the HTTP status of its table."""

from starlette.responses import Response

from posedeck.contracts.remo.errors import RemoCode, error_body
from posedeck.server.http import BodyTooLargeError, ErrorStyle, json_response


class RemoRefusalError(Exception):
    """A refusal by Remo's error table.

    Attributes:
        code: The code in the body.
        credit: The caller's balance where he is known.
        detail: What exactly is wrong, for the message; never a secret.
        http_status: Differs from the code only where the contract says so (413, 503).
        headers: Further headers.
    """

    def __init__(
        self,
        code: RemoCode,
        *,
        credit: int | None = None,
        detail: str = "",
        http_status: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code.name)
        self.code = code
        self.credit = credit
        self.detail = detail
        self.http_status = int(code) if http_status is None else http_status
        self.headers = headers or {}

    def response(self) -> Response:
        """The answer."""
        return json_response(error_body(self.code, self.credit, self.detail), self.http_status, self.headers)


def come_back(seconds: int, detail: str, credit: int | None = None) -> RemoRefusalError:
    """The refusal of a server that cannot work right now; nothing is charged."""
    headers = {"Retry-After": str(seconds)}
    return RemoRefusalError(RemoCode.OTHER, credit=credit, detail=detail, http_status=503, headers=headers)


def _refusal(error: Exception) -> Response | None:
    if isinstance(error, RemoRefusalError):
        return error.response()
    if isinstance(error, BodyTooLargeError):
        detail = f"the body is over {error.limit // 1_000_000} MB"
        return RemoRefusalError(RemoCode.BAD_IMAGES, detail=detail, http_status=413).response()
    return None


def _failure(reference: str) -> Response:
    return RemoRefusalError(RemoCode.OTHER, detail=f"reference {reference}").response()


REMO_STYLE = ErrorStyle(_refusal, _failure)
