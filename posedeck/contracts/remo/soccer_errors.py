"""Remo's error table of the kick analysis: its codes mean other things than those of the posture analysis."""

from enum import IntEnum

import msgspec


class SoccerCode(IntEnum):
    """Error codes of the five soccer calls; the HTTP status is the code itself."""

    PROTOCOL = 400
    MISSING_FIELD = 411
    BAD_VIDEO = 412
    UNKNOWN_USER = 420
    WRONG_API_KEY = 421
    NO_CREDIT = 422
    NOBODY_TRACKED = 511
    TRACK_TOO_SHORT = 512
    ANALYSIS_FAILED = 520
    UNKNOWN_UUID = 533
    STILL_RUNNING = 534
    ENGINE_FAILED = 550
    OTHER = 559


MESSAGES = {
    SoccerCode.PROTOCOL: "protocol error",
    SoccerCode.MISSING_FIELD: "required field missing or empty",
    SoccerCode.BAD_VIDEO: "error from video decoding b64",
    SoccerCode.UNKNOWN_USER: "unknown user",
    SoccerCode.WRONG_API_KEY: "wrong APIKey",
    SoccerCode.NO_CREDIT: "not enough credit",
    SoccerCode.NOBODY_TRACKED: "no person was tracked in the video",
    SoccerCode.TRACK_TOO_SHORT: "the person was tracked for fewer than 30 frames",
    SoccerCode.ANALYSIS_FAILED: "the analysis failed",
    SoccerCode.UNKNOWN_UUID: "no result file for this uuid",
    SoccerCode.STILL_RUNNING: "being analysed, or its log file is not created yet",
    SoccerCode.ENGINE_FAILED: "error while processing",
    SoccerCode.OTHER: "unexpected error while processing",
}

#: A read that answers one of these is asked again later.
WAIT_CODES = frozenset({SoccerCode.UNKNOWN_UUID, SoccerCode.STILL_RUNNING})
#: A read that answers one of these will never answer anything else.
FINAL_CODES = frozenset({SoccerCode.NOBODY_TRACKED, SoccerCode.TRACK_TOO_SHORT, SoccerCode.ANALYSIS_FAILED})


class WireProgress(msgspec.Struct, frozen=True):
    """How far a running job is (``x_job``): ours, beside the documented code 534.

    Attributes:
        id: The job's id, for the server's own job routes.
        state: ``waiting``, ``processing`` …
        stage: What is being done.
        frames_done, frames_total: Frames of that stage; total 0 while it is not known.
        position: Jobs ahead of it in the queue; 0 while it runs.
        wait_s: Estimated seconds until the result is there, by the job's own pace once it runs.
        late: Whether that is later than was estimated when it was submitted.
    """

    id: str
    state: str
    stage: str = ""
    frames_done: int = 0
    frames_total: int = 0
    position: int = 0
    wait_s: float | None = None
    late: bool = False


class SoccerErrorBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """Body of every refusal, as in the posture analysis, with our progress while a job runs."""

    credit: int | None
    message: str
    status: int
    status_code: int
    state: bool
    credit_change: int
    x_job: WireProgress | None = None


def soccer_error_body(
    code: SoccerCode, credit: int | None = None, detail: str = "", job: WireProgress | None = None
) -> SoccerErrorBody:
    """The refusal with this code; ``credit`` is the caller's balance where he is known."""
    message = f"{MESSAGES[code]} ({detail})" if detail else MESSAGES[code]
    return SoccerErrorBody(credit, message, int(code), int(code), state=False, credit_change=0, x_job=job)
