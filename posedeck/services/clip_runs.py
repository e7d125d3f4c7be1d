"""Clips' keypoints as runs: fetched and kept in one step, and read back without a call."""

from dataclasses import replace

import msgspec

from posedeck import __version__
from posedeck.clients.kakao import VENDOR
from posedeck.clients.kakao_job import KakaoJobClient
from posedeck.contracts.kakao.job import parse_job
from posedeck.runs.run import Run, Summary
from posedeck.runs.store import RunStore
from posedeck.services.kakao_clips import ClipAnswer, ClipEnded, ClipPending, SubmittedClip, fetch_clip
from posedeck.services.recording import Draft, Question, Recorder, new_run
from posedeck.services.sources import Source

PAGE = "keypoints-clip"


def fetch_and_record(
    recorder: Recorder, client: KakaoJobClient, key: str, job: SubmittedClip
) -> ClipAnswer | ClipPending | ClipEnded:
    """``fetch_clip``, its result kept before it is returned. Raises what that raises.

    A job that is not ready, or has failed, is no answer to keep: it is asked for again, or told by its number.
    """
    got = fetch_clip(client, key, job.job_id, source=job.source, base_url=job.base_url)
    if not isinstance(got, ClipAnswer):
        return got
    run = recorder.record(clip_draft(got))
    return got if run is None else replace(got, run_id=run.id)


def clip_draft(answer: ClipAnswer) -> Draft:
    """What an answer leaves behind."""
    question = Question(
        page=PAGE, vendor=VENDOR, source=answer.source, base_url=answer.base_url, params={"job_id": answer.job_id}
    )
    run, body = new_run(
        question,
        answer.body,
        answer.exchange,
        created_at=answer.answered_at,
        versions={"posedeck": __version__},
        summary=Summary(numbers={"people": len(answer.tracks), "frames": answer.video.frames}),
    )
    return Draft(run, {"answer": body})


def reopen_clip(store: RunStore, run: Run) -> ClipAnswer:
    """The answer of a run; nobody is asked.

    Raises:
        FileNotFoundError: when it was not kept.
        ValueError: when it is none that this PoseDeck reads.
    """
    body = msgspec.json.decode(store.content(run, "answer"))
    answer = parse_job(body)
    if answer.tracks is None or answer.video is None:
        raise ValueError("the run holds no result of a clip")
    return ClipAnswer(
        job_id=answer.job_id,
        source=Source(run.source),
        base_url=run.base_url,
        answered_at=run.created_at,
        tracks=answer.tracks,
        video=answer.video,
        body=body,
        exchange=None,
        run_id=run.id,
    )
