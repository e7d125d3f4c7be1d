"""Faults that our server plays on demand, for people who test how a client takes them: names, targets and headers.

Each error of a vendor's table is a fault by the name that the table's entry has here, in small letters with hyphens.
"""

import re
from enum import IntEnum, StrEnum

import msgspec

from posedeck.contracts.kakao import KakaoCode
from posedeck.contracts.nhn import NhnCode
from posedeck.contracts.remo.errors import RemoCode
from posedeck.contracts.remo.soccer_errors import SoccerCode

#: Names the fault of one call, for whoever tests a client of their own.
FAULT_HEADER = "X-PoseDeck-Fault"
#: Names the session whose faults, set by ``POST`` on ``FAULTS_PATH``, a call takes part in.
SESSION_HEADER = "X-PoseDeck-Fault-Session"
FAULTS_PATH = "/x/faults"
#: Calls that are answered before the credit has run out.
COUNTED_CALLS = 3


class Behaviour(StrEnum):
    """Faults that are no error of a vendor's table."""

    SLOW = "slow"
    """The right answer, some seconds late."""
    HANG = "hang"
    """No answer at all, for as long as a client may wait."""
    CUT_BODY = "cut-body"
    """The connection breaks in the middle of the right answer."""
    JUNK_BODY = "junk-body"
    """A page of HTML with status 200."""
    WRONG_TYPE = "wrong-type"
    """The right answer with a number as a string."""
    LOST_FIELD = "lost-field"
    """The right answer without a documented field."""
    SWAPPED_SIDES = "swapped-sides"
    """The right answer with left and right exchanged in all keypoints."""
    THROTTLED = "throttled"
    """HTTP 429 with Retry-After."""
    UNAVAILABLE = "unavailable"
    """HTTP 503 of a proxy: a page of HTML."""
    CREDIT_RUNS_OUT = "credit-runs-out"
    """Some right answers whose balance falls to nothing, then the vendor's refusal."""
    JOB_FAILS = "job-fails"
    """The job has failed for good."""
    JOB_NEVER_FOUND = "job-never-found"
    """Nobody knows the job."""


class ShapeFault(StrEnum):
    """The two errors that the future shape's document names."""

    WRONG_IMAGE = "wrong-image"
    INFERENCE_ERROR = "keypoint-inference-error"


class Target(StrEnum):
    """A vendor's call that can go wrong on demand."""

    REMO_SKELETON = "remo-skeleton"
    REMO_FUTURE_SHAPE = "remo-future-shape"
    REMO_SOCCER_SUBMIT = "remo-soccer-submit"
    REMO_SOCCER_READ = "remo-soccer-read"
    KAKAO_POSE = "kakao-pose"
    KAKAO_JOB_SUBMIT = "kakao-job-submit"
    KAKAO_JOB = "kakao-job"
    NHN_POSE = "nhn-pose"

    @property
    def vendor(self) -> str:
        """Short name of the vendor."""
        return self.value.partition("-")[0]


#: Of a path below the server's base, or of a route's template.
_PATHS: tuple[tuple[Target, str, re.Pattern[str]], ...] = (
    (Target.REMO_SKELETON, "POST", re.compile(r"/api/analysis-skeleton")),
    (Target.REMO_FUTURE_SHAPE, "POST", re.compile(r"/api/analysis-(?:future-)?shape")),
    (Target.REMO_SOCCER_SUBMIT, "POST", re.compile(r"/api/analysis-soccer")),
    (Target.REMO_SOCCER_READ, "*", re.compile(r"(?:/api)?/analysis-soccer-(?:result|score|angle|draw)(?:/.*)?")),
    (Target.KAKAO_POSE, "POST", re.compile(r"/pose")),
    (Target.KAKAO_JOB_SUBMIT, "POST", re.compile(r"/pose/job")),
    (Target.KAKAO_JOB, "GET", re.compile(r"/pose/job/[^/]+")),
    (Target.NHN_POSE, "POST", re.compile(r"/v1\.0/appkeys/[^/]+/pose")),
)
_ANYWHERE = (
    Behaviour.SLOW,
    Behaviour.HANG,
    Behaviour.CUT_BODY,
    Behaviour.JUNK_BODY,
    Behaviour.WRONG_TYPE,
    Behaviour.LOST_FIELD,
    Behaviour.THROTTLED,
    Behaviour.UNAVAILABLE,
)
_WITH_KEYPOINTS = (Target.REMO_SKELETON, Target.KAKAO_POSE, Target.NHN_POSE)
_PAID = (Target.REMO_SKELETON, Target.REMO_FUTURE_SHAPE, Target.REMO_SOCCER_SUBMIT)
_JOBS = (Target.REMO_SOCCER_READ, Target.KAKAO_JOB)
_EVERY_SOCCER_CALL = (SoccerCode.PROTOCOL, SoccerCode.MISSING_FIELD, SoccerCode.ENGINE_FAILED, SoccerCode.OTHER)
_ONLY_READS = (
    SoccerCode.NOBODY_TRACKED,
    SoccerCode.TRACK_TOO_SHORT,
    SoccerCode.ANALYSIS_FAILED,
    SoccerCode.UNKNOWN_UUID,
    SoccerCode.STILL_RUNNING,
)
_SHAPE_CODES = (
    RemoCode.PROTOCOL,
    RemoCode.MISSING_FIELD,
    RemoCode.UNKNOWN_USER,
    RemoCode.WRONG_API_KEY,
    RemoCode.NO_CREDIT,
    RemoCode.OTHER,
)


class SessionFaults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``POST /x/faults`` takes: the faults of a session, by target; an empty object switches all off."""

    session: str
    faults: dict[Target, str] = {}


class FaultCatalogue(msgspec.Struct, frozen=True):
    """What ``GET /x/faults`` answers: the names of the faults that each target has."""

    header: str
    faults: dict[Target, list[str]]


def target_of(method: str, path: str) -> Target | None:
    """Which call a method and a path (or a route's template) are; None for one that has no faults."""
    for target, wanted, pattern in _PATHS:
        if wanted in ("*", method) and pattern.fullmatch(path):
            return target
    return None


def codes_of(target: Target) -> dict[str, IntEnum]:
    """The errors of the vendor's table that this call may answer, by the name of the fault."""
    return {code.name.lower().replace("_", "-"): code for code in _codes(target)}


def _codes(target: Target) -> tuple[IntEnum, ...]:
    if target is Target.REMO_SKELETON:
        return tuple(RemoCode)
    if target is Target.REMO_FUTURE_SHAPE:
        return _SHAPE_CODES
    if target is Target.REMO_SOCCER_SUBMIT:
        return tuple(code for code in SoccerCode if code not in _ONLY_READS)
    if target is Target.REMO_SOCCER_READ:
        return (*_EVERY_SOCCER_CALL, *_ONLY_READS)
    if target is Target.NHN_POSE:
        return tuple(code for code in NhnCode if code is not NhnCode.SUCCESS)
    return tuple(KakaoCode)


def faults_of(target: Target) -> list[str]:
    """Names of all faults that a call can have: behaviours first, then the vendor's own errors."""
    names: list[str] = [*_ANYWHERE]
    if target in _WITH_KEYPOINTS:
        names.append(Behaviour.SWAPPED_SIDES)
    if target in _PAID:
        names.append(Behaviour.CREDIT_RUNS_OUT)
    if target in _JOBS:
        names += [Behaviour.JOB_FAILS, Behaviour.JOB_NEVER_FOUND]
    if target is Target.REMO_FUTURE_SHAPE:
        names += [*ShapeFault]
    return [*map(str, names), *codes_of(target)]
