"""Kakao's error table: code, HTTP status and text of every refusal."""

from enum import IntEnum
from typing import Any

import msgspec


class KakaoCode(IntEnum):
    """Codes of Kakao's platform-wide error table (developers.kakao.com, REST API, "error code")."""

    INTERNAL = -1
    BAD_PARAMETER = -2
    FEATURE_DISABLED = -3
    BLOCKED_ACCOUNT = -4
    NO_PERMISSION = -5
    NOT_ALLOWED = -6
    MAINTENANCE = -7
    BAD_HEADER = -8
    TERMINATED = -9
    QUOTA_EXCEEDED = -10
    PAID_LIMIT = -11
    SUSPENDED = -12
    UNAUTHORISED = -401


#: HTTP statuses: the table's, but for -1 and -10, which our server answers with the statuses that mean them.
HTTP_STATUSES = {
    KakaoCode.INTERNAL: 500,
    KakaoCode.BAD_PARAMETER: 400,
    KakaoCode.FEATURE_DISABLED: 403,
    KakaoCode.BLOCKED_ACCOUNT: 403,
    KakaoCode.NO_PERMISSION: 403,
    KakaoCode.NOT_ALLOWED: 403,
    KakaoCode.MAINTENANCE: 400,
    KakaoCode.BAD_HEADER: 400,
    KakaoCode.TERMINATED: 400,
    KakaoCode.QUOTA_EXCEEDED: 429,
    KakaoCode.PAID_LIMIT: 400,
    KakaoCode.SUSPENDED: 403,
    KakaoCode.UNAUTHORISED: 401,
}

MESSAGES = {
    KakaoCode.INTERNAL: "internal error, try again",
    KakaoCode.BAD_PARAMETER: "missing or invalid parameter",
    KakaoCode.FEATURE_DISABLED: "the feature is not enabled for this app",
    KakaoCode.BLOCKED_ACCOUNT: "the account is blocked",
    KakaoCode.NO_PERMISSION: "no permission for this API",
    KakaoCode.NOT_ALLOWED: "the request is not allowed",
    KakaoCode.MAINTENANCE: "the service is under maintenance",
    KakaoCode.BAD_HEADER: "invalid header",
    KakaoCode.TERMINATED: "this API has been terminated",
    KakaoCode.QUOTA_EXCEEDED: "too many requests",
    KakaoCode.PAID_LIMIT: "the paid limit is exceeded",
    KakaoCode.SUSPENDED: "the app or the account is suspended",
    # The vendor's own words, as users have published them.
    KakaoCode.UNAUTHORISED: "Not authorized with provided app key",
}


class KakaoError(msgspec.Struct, frozen=True):
    """Body of every refusal."""

    code: int
    msg: str


def error_of(code: KakaoCode, detail: str = "") -> KakaoError:
    """The refusal with this code."""
    return KakaoError(int(code), f"{MESSAGES[code]}: {detail}" if detail else MESSAGES[code])


def parse_error(body: Any) -> KakaoError | None:
    """The refusal in a decoded body, whatever its code; None when the body is none."""
    try:
        return msgspec.convert(body, KakaoError)
    except msgspec.ValidationError:
        return None
