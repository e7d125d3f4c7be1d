"""Kicks as runs: kept when they are submitted, completed when their result is read, and read back without a call."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from posedeck import __version__
from posedeck.clients.remo import VENDOR, RemoCredentials
from posedeck.clients.remo_soccer import NotReady, Reply, SoccerClient
from posedeck.contracts.folding import describe_file
from posedeck.contracts.images import encode_base64_image
from posedeck.contracts.json import decode_object
from posedeck.contracts.kick_track import parse_kick_track
from posedeck.contracts.remo.audit_soccer_reads import audit_submit
from posedeck.contracts.remo.soccer import ANGLE_PATH, CLIP_FIELD, DRAW_PATH, SCORE_PATH, SubmitAnswer
from posedeck.contracts.remo.soccer_errors import FINAL_CODES
from posedeck.net.errors import AnswerRefused, VendorError
from posedeck.net.exchange import Exchange
from posedeck.runs.query import RunQuery
from posedeck.runs.run import Ending, Run, RunError, RunInput, Summary
from posedeck.runs.store import RunStore
from posedeck.services import kick_tape
from posedeck.services.kick_audit import audit_answers, named
from posedeck.services.kick_frames import contact_thumbnail
from posedeck.services.kick_tape import KickTape, answers_of, clip_of, decode_tape, with_clip
from posedeck.services.recording import Contents, Draft, Question, Recorder, new_run, read_exchange, recorded
from posedeck.services.shipped_runs import played_from, shipped_run
from posedeck.services.soccer import KickAnswers, KickResult, SubmittedKick, fetch_kick, read_kick_body, submit_kick
from posedeck.services.soccer_export import FORMAT, answer_of, saved_kick
from posedeck.services.sources import Source

PAGE = "soccer"
#: Names of the clip and of the kicker's keypoints among the contents of a run.
CLIP, TRACK = "clip", "track"
#: The recorded kick that comes with PoseDeck.
SHIPPED = "soccer_kick"
#: Runs about one job: the one that was submitted, and those that played it again.
_MOST_OF_A_JOB = 50

_log = logging.getLogger(__name__)


def submit_and_record(
    recorder: Recorder | None,
    client: SoccerClient,
    credentials: RemoCredentials,
    clip: Path | str,
    height_cm: float,
    uuid: str,
    tape: KickTape,
    *,
    source: Source,
    base_url: str,
    now: float,
    clip_file: Path | None,
    again: str = "",
) -> SubmittedKick:
    """``submit_kick``, the job kept with its clip before it is returned. Raises what that raises.

    Args:
        tape: Notes the exchange.
        clip_file: The file of ``clip``; None when it lies elsewhere, then the clip is not in the run.
        again: The run whose clip is asked about again.
    """
    told = None if clip_file is None else describe_file(clip_file)
    known = {} if told is None else {CLIP: RunInput(told["sha256"], told["type"], told["bytes"], 0, 0)}
    params = {"uuid": uuid, "height_cm": height_cm} | ({"again": again} if again else {})
    question = Question(PAGE, VENDOR, source, base_url, params=params, clips=known)

    def ask() -> tuple[SubmittedKick, Reply[SubmitAnswer]]:
        return submit_kick(client, credentials, clip, height_cm, uuid, source=source, base_url=base_url, now=now)

    def draft(answered: tuple[SubmittedKick, Reply[SubmitAnswer]]) -> Draft:
        job, reply = answered
        exchange = reply.exchange
        if told is not None and exchange.record is not None:
            exchange = replace(exchange, record=with_clip(exchange.record, told))
        tape.add(reply.body, exchange, source)
        run, _ = new_run(
            replace(question, params=params | {"uuid": job.uuid}),
            reply.body,
            exchange,
            ending=Ending.SUBMITTED,
            versions={"posedeck": __version__},
            findings=tuple(named("submit", audit_submit(reply.body).findings)),
        )
        kept: dict[str, bytes | Path] = {kick_tape.NAME: tape.encode()}
        return Draft(run, kept if clip_file is None else kept | {CLIP: clip_file})

    (job, _), run = recorded(recorder, question, ask, draft)
    return job if run is None else replace(job, run_id=run.id)


def fetch_and_record(
    recorder: Recorder | None,
    client: SoccerClient,
    email: str,
    job: SubmittedKick,
    tape: KickTape,
    *,
    find_track: Callable[[], bytes | None] = lambda: None,
) -> KickResult | NotReady:
    """The result of a job with all that is answered about it, kept before it is returned; or that it is not ready.

    The result is kept at once, then the score, the angles and the drawn clip are read; what of them cannot be read is
    left out. Costs nothing. A result that was kept before is opened, not kept a second time.

    Args:
        recorder: Who keeps it; None keeps nothing.
        client: Whom to ask.
        email: The account's.
        job: What was submitted.
        tape: Notes the exchanges.
        find_track: Gives the kicker's keypoints (``contracts.kick_track``), which no vendor's answer holds.

    Raises:
        AnswerRefused: the analysis failed; a final code is kept with the run of the submit.
        VendorError: what ``SoccerClient.result`` raises.
    """
    before = None if recorder is None else _known(recorder.store, job, tape)
    if recorder is not None and before is not None and before.has_result:
        return reopen_kick(recorder.store, before)
    try:
        got = fetch_kick(client, email, job.uuid, source=job.source, base_url=job.base_url)
    except AnswerRefused as error:
        if recorder is not None and before is not None and error.code in FINAL_CODES:
            recorder.complete(_failed(before, error, tape))
        raise
    tape.add(got.body, _exchange_of(got), job.source)
    if isinstance(got, NotReady):
        return got
    height, clip = None if before is None else before.params.get("height_cm"), clip_of(tape.exchanges)
    sha256 = before.inputs[CLIP].sha256 if before and CLIP in before.inputs else clip.sha256 if clip else ""
    got = _told_by(replace(got, height_cm=height, clip_sha256=sha256), tape)
    run = _keep(recorder, got, tape, before)
    _read_others(client, email, job, tape)
    track = find_track()
    got = replace(_told_by(got, tape), track=None if track is None else parse_kick_track(track))
    if recorder is None or run is None:
        return got
    run = recorder.complete(kick_draft(got, tape, run)) or run
    return got.with_run(run.id)


def kick_draft(result: KickResult, tape: KickTape | None = None, before: Run | None = None) -> Draft:
    """What a result leaves behind.

    Args:
        result: The result with what else was answered.
        tape: The exchanges about it; None when there were none.
        before: The run of the submit or of the bare result, which this completes.
    """
    params = {"uuid": result.uuid, "height_cm": result.height_cm} | (before.params if before else {})
    clip = None if tape is None else clip_of(tape.exchanges)
    clips = before.inputs if before else {} if clip is None else {CLIP: clip}
    question = Question(PAGE, VENDOR, result.source, result.base_url, params=params, clips=clips)
    findings = tuple(audit_answers(result))
    run, answer = new_run(
        question,
        result.body,
        result.exchange,
        created_at=result.answered_at,
        versions=_versions(result),
        findings=findings,
        summary=_summary(result, len(findings)),
    )
    if before is not None:
        key = before.request_key or run.request_key
        run = msgspec.structs.replace(run, id=before.id, contents=before.contents, request_key=key)
    contents: dict[str, bytes | Path] = {"answer": answer, "result": saved_kick(result)}
    if tape is not None:
        contents[kick_tape.NAME] = tape.encode()
    if result.track is not None:
        contents[TRACK] = msgspec.json.encode(result.track)
    return Draft(run, contents, contact_thumbnail(result))


def clip_run(store: RunStore, sha256: str) -> Run | None:
    """A run that keeps the clip of a hash; None when none does."""
    if not sha256:
        return None
    rows = store.search(RunQuery(page=PAGE, text=sha256), limit=_MOST_OF_A_JOB).rows
    return next((run for run in (store.get(row.id).run for row in rows) if CLIP in run.contents), None)


def asked_again(store: RunStore, run: Run) -> list[Run]:
    """The runs that ask about the clip of a run again, the newest first."""
    rows = store.search(RunQuery(page=PAGE, text=run.id), limit=_MOST_OF_A_JOB).rows
    return [other for other in (store.get(row.id).run for row in rows) if other.params.get("again") == run.id]


def shipped_kick() -> KickResult:
    """Our own engine's recorded answer to the sample clip; nobody is asked, and no run of here is its."""
    shipped = shipped_run(SHIPPED)
    drawn = {CLIP_FIELD: encode_base64_image(shipped_clips()["drawn"])}
    result = replace(reopen_kick(shipped, shipped.run), others=KickAnswers(draw=drawn))
    return replace(result, source=Source.RECORDED, exchange=played_from(result.exchange, shipped.run), run_id=None)


def shipped_clips() -> dict[str, bytes]:
    """Its clips by what they show, ``drawn`` and ``original`` (MP4)."""
    contents = shipped_run(SHIPPED).contents
    return {name: contents[name] for name in ("drawn", "original")}


def reopen_kick(store: Contents, run: Run) -> KickResult:
    """The result of a run, computed again from the answers that were kept; nobody is asked.

    Raises:
        FileNotFoundError: when its answer was not kept.
        ValueError: when an answer is none that this PoseDeck reads.
    """
    body: dict[str, Any] = msgspec.json.decode(store.content(run, "answer"))
    tape = decode_tape(store.content(run, kick_tape.NAME)) if kick_tape.NAME in run.contents else ()
    return read_kick_body(
        body,
        uuid=str(run.params.get("uuid", "")),
        source=Source(run.source),
        base_url=run.base_url,
        answered_at=run.created_at,
        exchange=read_exchange(run.exchange),
        height_cm=run.params.get("height_cm"),
        clip_sha256=run.inputs[CLIP].sha256 if CLIP in run.inputs else "",
        others=answers_of(tape),
        track=parse_kick_track(store.content(run, TRACK)) if TRACK in run.contents else None,
        run_id=run.id,
    )


def read_recorded(recorder: Recorder | None, data: bytes) -> KickResult:
    """The kick in a saved answer of the result, or in an export of the page; kept like an answer that came now.

    Raises:
        ValueError: when the file is neither.
    """
    body = decode_object(data)
    if body is None:
        raise ValueError("the file is not a JSON object")
    if body.get("format") == FORMAT:
        body = answer_of(body)
    result = read_kick_body(
        body, uuid=str(body.get("uuid") or ""), source=Source.RECORDED, base_url="", answered_at=datetime.now(UTC)
    )
    if recorder is None:
        return result
    run = recorder.record(kick_draft(result))
    return result if run is None else result.with_run(run.id)


def _exchange_of(got: KickResult | NotReady) -> Exchange:
    if got.exchange is None:
        raise ValueError("an answer that came now has an exchange")
    return got.exchange


def _told_by(result: KickResult, tape: KickTape) -> KickResult:
    return replace(result, others=answers_of(tape.exchanges))


def _read_others(client: SoccerClient, email: str, job: SubmittedKick, tape: KickTape) -> None:
    for path in (SCORE_PATH, ANGLE_PATH, DRAW_PATH):
        with suppress(VendorError):  # the result is what was asked for; the page says which others are missing
            got = client.read(path, email, job.uuid)
            tape.add(got.body, got.exchange, job.source)


def _keep(recorder: Recorder | None, result: KickResult, tape: KickTape, before: Run | None) -> Run | None:
    if recorder is None:
        return None
    draft = kick_draft(result, tape, before)
    return recorder.record(draft) if before is None else recorder.complete(draft)


def _known(store: RunStore, job: SubmittedKick, tape: KickTape) -> Run | None:
    """The run of a job, whose exchanges go on the tape; None when there is none or the storage cannot be read.

    It is the one that the job's submit made, else the newest about the job from the same place.
    """
    try:
        run = store.get(job.run_id).run if job.run_id is not None else _run_about(store, job)
        if run is not None and kick_tape.NAME in run.contents:
            tape.resume(decode_tape(store.content(run, kick_tape.NAME)))
    except (KeyError, OSError, SQLAlchemyError) as error:
        # The vendor's answer is worth more than its run. The type only: messages may quote what they were given.
        _log.error("the run of a kick could not be read: %s", type(error).__name__)
        return None
    return run


def _run_about(store: RunStore, job: SubmittedKick) -> Run | None:
    rows = store.search(RunQuery(page=PAGE, text=job.uuid), limit=_MOST_OF_A_JOB).rows
    runs = (store.get(row.id).run for row in rows)
    return next((run for run in runs if run.params.get("uuid") == job.uuid and run.base_url == job.base_url), None)


def _failed(run: Run, error: AnswerRefused, tape: KickTape) -> Draft:
    """The run of a submit whose analysis failed for good."""
    came = RunError(type(error).__name__, error.code, error.detail, error.message_key)
    ended = msgspec.structs.replace(run, ending=Ending.REFUSED, error=came)
    return Draft(ended, {kick_tape.NAME: tape.encode()})


def _versions(result: KickResult) -> dict[str, str]:
    versions = {"posedeck": __version__}
    return versions if result.analysis is None else versions | {"kick": str(result.analysis.version)}


def _summary(result: KickResult, findings: int) -> Summary:
    numbers = {} if result.total_score is None else {"score": result.total_score}
    return Summary(numbers=numbers, findings=findings)
