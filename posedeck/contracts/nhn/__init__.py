"""NHN Cloud's wire contract (``Authorization: {secretKey}``): ``errors`` holds the error table, ``pose`` pictures."""

from posedeck.contracts.nhn.errors import (
    GATEWAY_CODES,
    MESSAGES,
    NhnCode,
    NhnHeader,
    http_status,
    is_success,
    refusal_header,
)
from posedeck.contracts.nhn.pose import (
    FILE_FIELD,
    FILE_TYPES,
    MAX_BYTES,
    POSE_PATH,
    NhnAnswer,
    NhnBody,
    NhnKeypoint,
    NhnPerson,
    NhnResult,
    parse_answer,
    write_answer,
)

__all__ = [
    "FILE_FIELD",
    "FILE_TYPES",
    "GATEWAY_CODES",
    "MAX_BYTES",
    "MESSAGES",
    "POSE_PATH",
    "NhnAnswer",
    "NhnBody",
    "NhnCode",
    "NhnHeader",
    "NhnKeypoint",
    "NhnPerson",
    "NhnResult",
    "http_status",
    "is_success",
    "parse_answer",
    "refusal_header",
    "write_answer",
]
