"""Remo's error table: code, HTTP status and message of every refusal."""

from enum import IntEnum

import msgspec


class RemoCode(IntEnum):
    """Error codes of the posture analysis; the HTTP status is the code itself."""

    PROTOCOL = 400
    MISSING_FIELD = 411
    BAD_IMAGES = 412
    BAD_FRONT_IMAGE = 413
    BAD_SIDE_IMAGE = 414
    FRONT_TILTED = 418
    UNKNOWN_USER = 420
    WRONG_API_KEY = 421
    NO_CREDIT = 422
    NO_PERSON_FRONT = 511
    NO_PERSON_SIDE = 512
    NO_PERSON_BOTH = 513
    WRONG_FACING_FRONT = 514
    WRONG_FACING_SIDE = 515
    WRONG_FACING_BOTH = 516
    NOT_A_POSE = 517
    ENGINE_FAILED = 550
    OTHER = 559


MESSAGES = {
    RemoCode.PROTOCOL: "protocol error",
    RemoCode.MISSING_FIELD: "required field missing or empty",
    RemoCode.BAD_IMAGES: "error from front and side image decoding b64",
    RemoCode.BAD_FRONT_IMAGE: "error from front image decoding b64",
    RemoCode.BAD_SIDE_IMAGE: "error from side image decoding b64",
    RemoCode.FRONT_TILTED: "The front image is tilted by more than 10 degrees",
    RemoCode.UNKNOWN_USER: "unknown user",
    RemoCode.WRONG_API_KEY: "wrong APIKey",
    RemoCode.NO_CREDIT: "not enough credit",
    RemoCode.NO_PERSON_FRONT: "In the front image, no person was found",
    RemoCode.NO_PERSON_SIDE: "In the side image, no person was found",
    RemoCode.NO_PERSON_BOTH: "In the front and side images, no person was found",
    RemoCode.WRONG_FACING_FRONT: "In the front image, the model is not facing front",
    RemoCode.WRONG_FACING_SIDE: "In the side image, the model is not facing side",
    RemoCode.WRONG_FACING_BOTH: "In the front and side images, the model faces the wrong way",
    RemoCode.NOT_A_POSE: "In the front image, the model is not in an A-pose",
    RemoCode.ENGINE_FAILED: "error while processing",
    RemoCode.OTHER: "unexpected error while processing",
}


class RemoErrorBody(msgspec.Struct, frozen=True):
    """Body of every refusal. ``status`` repeats ``status_code``: the vendor's documents use both names."""

    credit: int | None
    message: str
    status: int
    status_code: int
    state: bool = False
    credit_change: int = 0


def error_body(code: RemoCode, credit: int | None = None, detail: str = "") -> RemoErrorBody:
    """The refusal with this code; ``credit`` is the caller's balance where he is known."""
    message = f"{MESSAGES[code]} ({detail})" if detail else MESSAGES[code]
    return RemoErrorBody(credit=credit, message=message, status=int(code), status_code=int(code))
