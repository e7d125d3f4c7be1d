"""How the soccer routes refuse: Remo's body, with the codes of the kick analysis."""

from starlette.responses import Response

from posedeck.contracts.remo.soccer_errors import SoccerCode, WireProgress, soccer_error_body
from posedeck.server.http import BodyTooLargeError, ErrorStyle, json_response
from posedeck.server.remo_errors import RemoRefusalError


class SoccerRefusalError(Exception):
    """A refusal by the kick analysis' error table.

    Attributes:
        code: The code in the body.
        credit: The caller's balance where he is known.
        detail: What exactly is wrong, for the message; never a secret.
        http_status: Differs from the code only where the contract says so (413, 503).
        headers: Further headers.
        job: How far a running job is.
    """

    def __init__(
        self,
        code: SoccerCode,
        *,
        credit: int | None = None,
        detail: str = "",
        http_status: int | None = None,
        headers: dict[str, str] | None = None,
        job: WireProgress | None = None,
    ) -> None:
        super().__init__(code.name)
        self.code = code
        self.credit = credit
        self.detail = detail
        self.http_status = int(code) if http_status is None else http_status
        self.headers = headers or {}
        self.job = job

    def response(self) -> Response:
        """The answer."""
        body = soccer_error_body(self.code, self.credit, self.detail, self.job)
        return json_response(body, self.http_status, self.headers)


def come_back(seconds: int, detail: str, credit: int | None = None) -> SoccerRefusalError:
    """The refusal of a server that cannot take the job right now; nothing is charged."""
    headers = {"Retry-After": str(seconds)}
    return SoccerRefusalError(SoccerCode.OTHER, credit=credit, detail=detail, http_status=503, headers=headers)


def _refusal(error: Exception) -> Response | None:
    # Credentials and credit are refused as in the posture analysis: same codes, same words.
    if isinstance(error, SoccerRefusalError | RemoRefusalError):
        return error.response()
    if isinstance(error, BodyTooLargeError):
        detail = f"the body is over {error.limit // 1_000_000} MB"
        return SoccerRefusalError(SoccerCode.BAD_VIDEO, detail=detail, http_status=413).response()
    return None


def _failure(reference: str) -> Response:
    return SoccerRefusalError(SoccerCode.OTHER, detail=f"reference {reference}").response()


SOCCER_STYLE = ErrorStyle(_refusal, _failure)
