"""Remo's soccer API without a wire: answers each of the five calls as told."""

import base64
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import msgspec

from posedeck.clients.remo import RemoCredentials
from posedeck.clients.remo_soccer import NotReady, SoccerClient
from posedeck.contracts.remo import soccer
from posedeck.net.exchange import Call, Exchange, IsAnswer, is_json
from posedeck.net.retry import RetryPolicy
from posedeck.net.transport import Transport
from posedeck.pose.kick.analysis import KickAnalysis, analyse
from posedeck.services.kick_tape import KickTape
from posedeck.services.recording import Recorder
from posedeck.services.soccer import KickResult, SubmittedKick
from posedeck.services.soccer_runs import fetch_and_record, submit_and_record
from posedeck.services.sources import Source
from tests.support.kick import SAMPLES, SIZE_PX, ball_at, track_at, true_kick

CLIP = SAMPLES / "soccer_kick.mp4"
HEIGHT_CM = 174.8
URL = "https://vendor.test"
ACCOUNT = RemoCredentials("person@clinic.example", "user-secret", "api-secret")


class SoccerVendor:
    """Answers each path with its next answer, the last one again; ``asked`` counts the calls by path."""

    def __init__(self, answers: Mapping[str, Sequence[Any]]) -> None:
        self._answers = {path: list(bodies) for path, bodies in answers.items()}
        self._transport = Transport("remo", inner=httpx.MockTransport(self._answer), policy=RetryPolicy(tries=1))
        self.asked: defaultdict[str, int] = defaultdict(int)

    def send(self, call: Call, deadline_s: float, *, is_answer: IsAnswer = is_json) -> Exchange:
        """The next answer to a call, by the transport itself."""
        return self._transport.send(call, deadline_s, is_answer=is_answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked[path] += 1
        request.read()
        bodies = self._answers[path]
        body = bodies.pop(0) if len(bodies) > 1 else bodies[0]
        return httpx.Response(body.get("status", 200), json=body)


def true_analysis() -> KickAnalysis:
    """The rendered kick, analysed from its true joints."""
    times = true_kick().times_s
    return analyse(track_at(times), ball_at(times), HEIGHT_CM, SIZE_PX)


def refusal(code: int) -> dict[str, Any]:
    """A read that is not ready, or a failed analysis."""
    return {"state": False, "credit": 90, "message": "in the vendor's words", "status": code}


def answers(uuid: str = "job-1", drawn: bytes = b"", **extra: Any) -> dict[str, list[Any]]:
    """What our server answers about the rendered kick: one poll too early, then all four reads.

    Args:
        uuid: The job's name.
        drawn: The drawn clip.
        extra: Further fields of every answer.
    """
    analysis = true_analysis()
    submitted = {"state": 1, "wait_time": 2, "file_exist": False, "uuid": uuid, "message": "success", "credit": 4}
    done = {
        soccer.RESULT_PATH: soccer.write_result(analysis),
        soccer.SCORE_PATH: soccer.write_score(analysis),
        soccer.ANGLE_PATH: soccer.write_angle(analysis),
        soccer.DRAW_PATH: {soccer.CLIP_FIELD: base64.b64encode(drawn).decode()},
    }
    bodies: dict[str, list[Any]] = {soccer.SUBMIT_PATH: [submitted | extra]}
    for path, body in done.items():
        bodies[path] = [msgspec.json.decode(msgspec.json.encode(body)) | extra]
    bodies[soccer.RESULT_PATH].insert(0, refusal(534))
    return bodies


def submit(
    recorder: Recorder,
    vendor: SoccerVendor,
    tape: KickTape,
    uuid: str = "job-1",
    account: RemoCredentials = ACCOUNT,
) -> SubmittedKick:
    return submit_and_record(
        recorder, SoccerClient(vendor, URL), account, CLIP, HEIGHT_CM, uuid, tape,
        source=Source.LIVE, base_url=URL, now=0.0, clip_file=CLIP,
    )  # fmt: skip


def fetch(recorder: Recorder, vendor: SoccerVendor, job: SubmittedKick, tape: KickTape) -> KickResult | NotReady:
    return fetch_and_record(recorder, SoccerClient(vendor, URL), ACCOUNT.email, job, tape)


def kicked(recorder: Recorder, bodies: dict[str, list[Any]] | None = None, uuid: str = "job-1") -> KickResult:
    """A kick from the submit to its result, one poll too early."""
    vendor, tape = SoccerVendor(bodies or answers(uuid, drawn=CLIP.read_bytes())), KickTape()
    job = submit(recorder, vendor, tape, uuid)
    assert isinstance(fetch(recorder, vendor, job, tape), NotReady)
    result = fetch(recorder, vendor, job, tape)
    assert isinstance(result, KickResult)
    return result
