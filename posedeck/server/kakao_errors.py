"""How Kakao's routes refuse: always ``{"code", "msg"}``."""

from starlette.responses import Response

from posedeck.contracts.kakao import HTTP_STATUSES, KakaoCode, error_of
from posedeck.server.context import FULL_RETRY_S, STARTING_RETRY_S
from posedeck.server.http import BodyTooLargeError, ErrorStyle, json_response


class KakaoRefusalError(Exception):
    """A refusal by Kakao's error table.

    Attributes:
        code: The code in the body; it decides the HTTP status too, unless ``http_status`` does.
        detail: What exactly is wrong; never a secret.
        headers: Further headers.
    """

    def __init__(
        self,
        code: KakaoCode,
        detail: str = "",
        *,
        http_status: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code.name)
        self.code = code
        self.detail = detail
        self.http_status = HTTP_STATUSES[code] if http_status is None else http_status
        self.headers = headers or {}

    def response(self) -> Response:
        """The answer."""
        return json_response(error_of(self.code, self.detail), self.http_status, self.headers)


def starting() -> KakaoRefusalError:
    """The refusal while the models load; the table has no code for it but -1, whose advice is to try again."""
    headers = {"Retry-After": str(STARTING_RETRY_S)}
    return KakaoRefusalError(
        KakaoCode.INTERNAL, "the models are not loaded yet, see /health", http_status=503, headers=headers
    )


def queue_full(retry_s: int = FULL_RETRY_S) -> KakaoRefusalError:
    """The refusal of a server that has no place for another picture or, for longer, another clip."""
    headers = {"Retry-After": str(retry_s)}
    return KakaoRefusalError(KakaoCode.QUOTA_EXCEEDED, "the queue is full", headers=headers)


def _refusal(error: Exception) -> Response | None:
    if isinstance(error, KakaoRefusalError):
        return error.response()
    if isinstance(error, BodyTooLargeError):
        return KakaoRefusalError(KakaoCode.BAD_PARAMETER, f"the body is over {error.limit} bytes").response()
    return None


def _failure(reference: str) -> Response:
    return KakaoRefusalError(KakaoCode.INTERNAL, f"reference {reference}").response()


KAKAO_STYLE = ErrorStyle(_refusal, _failure)
