"""Soccer's entries of the route table."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from posedeck.contracts.remo import soccer
from posedeck.contracts.remo.soccer import (
    ReadRequest,
    SoccerRequest,
    SubmitSuccess,
    write_angle,
    write_result,
    write_score,
)
from posedeck.contracts.remo.soccer_errors import MESSAGES, SoccerCode, SoccerErrorBody
from posedeck.server import examples
from posedeck.server.context import ServerContext
from posedeck.server.http import Handler
from posedeck.server.operations import Answer, Operation, Parameter, RequestBody
from posedeck.server.remo_soccer import draw_soccer, read_soccer, refuse_misnamed, submit_soccer
from posedeck.server.soccer_errors import SOCCER_STYLE

Handle = Callable[[ServerContext, Request], Awaitable[Response]]
Bound = Callable[[Handle], Handler]

_SUBMIT_CODES = (
    SoccerCode.PROTOCOL,
    SoccerCode.MISSING_FIELD,
    SoccerCode.BAD_VIDEO,
    SoccerCode.UNKNOWN_USER,
    SoccerCode.WRONG_API_KEY,
    SoccerCode.NO_CREDIT,
    SoccerCode.OTHER,
)
_READ_CODES = (
    SoccerCode.PROTOCOL,
    SoccerCode.MISSING_FIELD,
    SoccerCode.NOBODY_TRACKED,
    SoccerCode.TRACK_TOO_SHORT,
    SoccerCode.ANALYSIS_FAILED,
    SoccerCode.UNKNOWN_UUID,
    SoccerCode.STILL_RUNNING,
    SoccerCode.OTHER,
)
_READS: tuple[tuple[str, Handle, str, str, str], ...] = (
    (soccer.RESULT_PATH, read_soccer(write_result), "nine metrics", "result of a kick", "킥 분석 결과"),
    (soccer.SCORE_PATH, read_soccer(write_score), "points by metric and in total", "score of a kick", "킥 분석 점수"),
    (soccer.ANGLE_PATH, read_soccer(write_angle), "three lines, [frames][3]", "line angles of a kick", "킥 분석 각도"),
    (soccer.DRAW_PATH, draw_soccer(), "the drawn MP4 in base64", "a kick with the skeleton drawn", "킥 분석 영상"),
)
_BY_PATH = (
    Parameter("id", "path", "The account's e-mail.", required=True),
    Parameter("uuid", "path", "The uuid that the clip was submitted with.", required=True),
)


def soccer_operations(bound: Bound) -> tuple[Operation, ...]:
    """The submit, the four reads under both of their forms, and the path of the vendor's sample code."""
    return (
        Operation(
            "POST",
            soccer.SUBMIT_PATH,
            "Remo: analysis of a kick in a clip; accepted as a job",
            "Remo: 영상 속 킥 분석 요청 (작업으로 접수)",
            bound(submit_soccer),
            SOCCER_STYLE,
            _submit_answers(),
            requests=(
                RequestBody(
                    body=SoccerRequest,
                    required_fields=soccer.REQUIRED_FIELDS,
                    example=examples.SOCCER_REQUEST,
                ),
            ),
        ),
        *(operation for read in _READS for operation in _read_operations(bound, *read)),
        Operation(
            "POST",
            soccer.MISNAMED_PATH,
            "Remo: not served; names the path for kicks",
            "Remo: 제공하지 않음 (킥 분석 경로 안내)",
            bound(refuse_misnamed),
            SOCCER_STYLE,
            (_refusal(SoccerCode.PROTOCOL),),
        ),
    )


def _read_operations(
    bound: Bound, path: str, handle: Handle, what: str, summary: str, summary_ko: str
) -> tuple[Operation, ...]:
    answers = (Answer(200, what), *(_refusal(code) for code in _READ_CODES))
    by_body = RequestBody(body=ReadRequest, required_fields=soccer.READ_FIELDS, example=examples.SOCCER_READ)
    titles = (f"Remo: {summary}", f"Remo: {summary_ko}")
    return (
        Operation("POST", path, *titles, bound(handle), SOCCER_STYLE, answers, requests=(by_body,)),
        Operation(
            "POST",
            path + "/{id}/{uuid}",
            f"{titles[0]}, as the document's example asks",
            f"{titles[1]} (문서 예제의 경로 형식)",
            bound(handle),
            SOCCER_STYLE,
            answers,
            parameters=_BY_PATH,
        ),
    )


def _submit_answers() -> tuple[Answer, ...]:
    success = Answer(200, "accepted, or known already", SubmitSuccess, examples.SOCCER_SUBMITTED)
    too_large = Answer(413, "a body over 300 MB, which has 412 as its status in the body", SoccerErrorBody)
    full = Answer(503, "the queue is full; nothing was charged", SoccerErrorBody, examples.SOCCER_FULL)
    return (success, *(_refusal(code) for code in _SUBMIT_CODES), too_large, full)


def _refusal(code: SoccerCode) -> Answer:
    return Answer(int(code), MESSAGES[code], SoccerErrorBody, examples.SOCCER_REFUSAL)
