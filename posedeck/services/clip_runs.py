"""Clips' keypoints as runs: fetched and kept in one step, and read back without a call."""

import logging
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import msgspec

from posedeck import __version__
from posedeck.clients.kakao import VENDOR
from posedeck.clients.kakao_job import KakaoJobClient
from posedeck.contracts.folding import describe_file
from posedeck.contracts.kakao.job import parse_job
from posedeck.engine.video.errors import ClipError
from posedeck.net.errors import VendorError
from posedeck.runs.run import Run, RunInput, Summary
from posedeck.runs.store import Content, RunStore
from posedeck.services.clip_frames import sample_frames
from posedeck.services.clip_material import ClipMaterial
from posedeck.services.kakao_clips import ClipAnswer, ClipEnded, ClipPending, SubmittedClip, fetch_clip
from posedeck.services.recording import Draft, Question, Recorder, new_run, thumbnail
from posedeck.services.sources import Source

PAGE = "keypoints-clip"
#: Names of what is kept beside the answer: the clip as it was sent, and the one to step through.
CLIP, STEPPING = "clip", "frames"
_log = logging.getLogger(__name__)


def fetch_and_record(
    recorder: Recorder,
    client: KakaoJobClient,
    key: str,
    job: SubmittedClip,
    material: AbstractContextManager[ClipMaterial | None] | None = None,
) -> ClipAnswer | ClipPending | ClipEnded:
    """``fetch_clip``, its result kept before it is returned, with the clip where it can be had.

    A result that is kept already, as it was fetched before, stays the run that it is.

    A job that is not ready, or has failed, is no answer to keep: it is asked for again, or told by its number. Raises
    what ``fetch_clip`` raises.

    Args:
        recorder: Who keeps it.
        client, key, job: As for ``fetch_clip``.
        material: Gives the clip (``clip_material``).
    """
    got = fetch_clip(client, key, job.job_id, source=job.source, base_url=job.base_url)
    if not isinstance(got, ClipAnswer):
        return got
    got = replace(got, smoothing=job.smoothing)
    draft = clip_draft(got)
    run = recorder.known(draft) or recorder.record(draft)
    if run is None:
        return got
    if material is not None and CLIP not in run.contents:
        _keep_clip(recorder, run, got, material)
    return replace(got, run_id=run.id)


def _keep_clip(
    recorder: Recorder, run: Run, answer: ClipAnswer, material: AbstractContextManager[ClipMaterial | None]
) -> None:
    """Keep the clip beside its answer, which is safe already."""
    try:
        with material as clip:
            if clip is not None:
                recorder.complete(with_clip(run, answer, clip))
    except (VendorError, OSError) as error:
        # The answer is worth more than the clip beside it.
        _log.warning("a clip could not be kept with its answer: %s", type(error).__name__)


def clip_draft(answer: ClipAnswer) -> Draft:
    """What an answer leaves behind."""
    params = {"job_id": answer.job_id, "smoothing": answer.smoothing}
    question = Question(page=PAGE, vendor=VENDOR, source=answer.source, base_url=answer.base_url, params=params)
    run, body = new_run(
        question,
        answer.body,
        answer.exchange,
        created_at=answer.answered_at,
        versions={"posedeck": __version__},
        summary=Summary(numbers={"people": len(answer.tracks), "frames": answer.video.frames}),
    )
    return Draft(run, {"answer": body})


def with_clip(run: Run, answer: ClipAnswer, material: ClipMaterial) -> Draft:
    """What completes the run of an answer: its clip, and a picture of it."""
    told = describe_file(material.clip)
    clip = RunInput(told["sha256"], told["type"], told["bytes"], answer.video.width, answer.video.height)
    contents: dict[str, Content] = {CLIP: material.clip}
    if material.stepping is not None:
        contents[STEPPING] = material.stepping
    return Draft(msgspec.structs.replace(run, inputs={CLIP: clip}), contents, _thumbnail(answer, material.clip))


def _thumbnail(answer: ClipAnswer, clip: Path) -> bytes | None:
    try:
        frames = sample_frames(clip, [answer.video.frames // 2])
    except ClipError:
        return None
    return thumbnail({CLIP: frames[0].photo}) if frames else None


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
        smoothing=run.params.get("smoothing"),
        run_id=run.id,
    )
