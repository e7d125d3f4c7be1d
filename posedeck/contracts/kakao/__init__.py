"""Kakao's wire contract (``Authorization: KakaoAK {key}``): ``errors`` holds the error table, ``pose`` pictures."""

from posedeck.contracts.kakao.errors import HTTP_STATUSES, MESSAGES, KakaoCode, KakaoError, error_of
from posedeck.contracts.kakao.pose import (
    AUTH_SCHEME,
    FILE_FIELD,
    FORMATS,
    MAX_BYTES,
    MAX_LONG_SIDE_PX,
    MIN_SHORT_SIDE_PX,
    POSE_PATH,
    URL_FIELD,
    KakaoPerson,
    parse_people,
    write_people,
)

__all__ = [
    "AUTH_SCHEME",
    "FILE_FIELD",
    "FORMATS",
    "HTTP_STATUSES",
    "MAX_BYTES",
    "MAX_LONG_SIDE_PX",
    "MESSAGES",
    "MIN_SHORT_SIDE_PX",
    "POSE_PATH",
    "URL_FIELD",
    "KakaoCode",
    "KakaoError",
    "KakaoPerson",
    "error_of",
    "parse_people",
    "write_people",
]
