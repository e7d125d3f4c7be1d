"""NHN's error tables: those of the pose service, and those of the gateway in front of it."""

from enum import IntEnum
from typing import Any

import msgspec


class NhnCode(IntEnum):
    """Codes in ``header.resultCode``; the members' names are the vendor's keys."""

    SUCCESS = 0
    FAIL = -1
    BAD_REQUEST = 400
    UNAUTHORIZED = 401
    FORBIDDEN = 403
    NOT_FOUND = 404
    METHOD_NOT_ALLOWED = 405
    UNSUPPORTED_MEDIA_TYPE = 415
    INVALID_PARAMETER = 4000001
    MAX_UPLOAD_SIZE_EXCEEDED = 4000002
    INVALID_FILE_TYPE = 4000003
    UPLOADED_FILE_IS_EMPTY = 4000004
    INVALID_APPKEY_SECRETKEY = 4010001
    INVALID_UUID = 4010002
    NOT_ALLOWED_USER = 4010003
    INVALID_PROJECT = 4010004
    UNAUTHORIZED_ROLE = 4010005
    INTERNAL_API_FAIL = 5000001
    ERROR_PARSING_FAIL = 5000002
    DATABASE_FAIL = 5000003
    RESOURCE_DELETE_FAIL = 5000004
    FILE_READ_FAIL = 5000005
    POSE_ESTIMATION_API_FAIL = 5003001
    POSE_ESTIMATION_API_RETURN_EMPTY = 5003002
    POSE_ESTIMATION_RECOGNITION_FAIL = 5003003
    GATEWAY_URL_NOT_FOUND = 4041007
    GATEWAY_REQUEST_TOO_LARGE = 4131000
    GATEWAY_TOO_MANY_REQUESTS = 4291000
    GATEWAY_QUOTA_EXCEEDED = 4291001
    GATEWAY_BAD_UPSTREAM = 5020001
    GATEWAY_UPSTREAM_UNAVAILABLE = 5030001
    GATEWAY_TIMEOUT = 5040001


MESSAGES = {
    NhnCode.SUCCESS: "SUCCESS",
    NhnCode.FAIL: "Unknown error.",
    NhnCode.BAD_REQUEST: "Bad Request",
    NhnCode.UNAUTHORIZED: "Unauthorized",
    NhnCode.FORBIDDEN: "Forbidden",
    NhnCode.NOT_FOUND: "Not Found",
    NhnCode.METHOD_NOT_ALLOWED: "Method Not Allowed",
    NhnCode.UNSUPPORTED_MEDIA_TYPE: "Unsupported Media Type",
    NhnCode.INVALID_PARAMETER: "Invalid parameter.",
    NhnCode.MAX_UPLOAD_SIZE_EXCEEDED: "Max upload file size exceeded.",
    NhnCode.INVALID_FILE_TYPE: "Invalid file type.",
    NhnCode.UPLOADED_FILE_IS_EMPTY: "Uploaded file is empty.",
    NhnCode.INVALID_APPKEY_SECRETKEY: "Invalid appKey or secretKey.",
    NhnCode.INVALID_UUID: "Invalid uuid.",
    NhnCode.NOT_ALLOWED_USER: "Not allowed user.",
    NhnCode.INVALID_PROJECT: "Invalid project.",
    NhnCode.UNAUTHORIZED_ROLE: "Unauthorized role.",
    NhnCode.INTERNAL_API_FAIL: "Internal Api fail.",
    NhnCode.ERROR_PARSING_FAIL: "Error parsing fail.",
    NhnCode.DATABASE_FAIL: "Database server error.",
    NhnCode.RESOURCE_DELETE_FAIL: "All or some resource delete fail.",
    NhnCode.FILE_READ_FAIL: "File read fail.",
    NhnCode.POSE_ESTIMATION_API_FAIL: "Pose Estimation Api fail.",
    NhnCode.POSE_ESTIMATION_API_RETURN_EMPTY: "Pose Estimation Api returned empty body.",
    NhnCode.POSE_ESTIMATION_RECOGNITION_FAIL: "Pose Estimation failed to recognize the image.",
    NhnCode.GATEWAY_URL_NOT_FOUND: "URL Not Found",
    NhnCode.GATEWAY_REQUEST_TOO_LARGE: (
        "Request size is larger than permissible limit. the permissible limit is 10mb."
    ),
    NhnCode.GATEWAY_TOO_MANY_REQUESTS: "Too Many Requests",
    NhnCode.GATEWAY_QUOTA_EXCEEDED: "Usage quota exceeded.",
    NhnCode.GATEWAY_BAD_UPSTREAM: "Upstream Bad Gateway",
    NhnCode.GATEWAY_UPSTREAM_UNAVAILABLE: "Upstream Service Unavailable",
    NhnCode.GATEWAY_TIMEOUT: "Gateway Timeout",
}

#: The gateway's own codes: seven digits of which the first three are the HTTP status.
GATEWAY_CODES = frozenset(code for code in NhnCode if code.name.startswith("GATEWAY_"))


class NhnHeader(msgspec.Struct, frozen=True, rename="camel"):
    """``header`` of every answer."""

    is_successful: bool
    result_code: int
    result_message: str


def http_status(code: NhnCode) -> int:
    """The HTTP status of an answer: 200 for all of the service's own, real statuses for those of the gateway."""
    if code is NhnCode.METHOD_NOT_ALLOWED:
        return int(code)  # a wrong method does not get past the gateway
    return code // 10_000 if code in GATEWAY_CODES else 200


def refusal_header(code: NhnCode, detail: str = "") -> NhnHeader:
    """The header of a refusal with this code."""
    message = f"{MESSAGES[code]} ({detail})" if detail else MESSAGES[code]
    return NhnHeader(is_successful=False, result_code=int(code), result_message=message)


def is_success(body: dict[str, Any]) -> bool:
    """Whether a decoded answer reports success, by its flag and its code; its text comes in several spellings."""
    header = body.get("header")
    if not isinstance(header, dict) or header.get("isSuccessful") is not True:
        return False
    return type(header.get("resultCode")) is int and header["resultCode"] == NhnCode.SUCCESS
