"""The clip behind a result, for the browser, which steps through its frames."""

import base64
from pathlib import Path

from components.keypoints_clip_job import ClipJobs
from components.runs import run_store
from components.sources import jobs_client
from posedeck.contracts.own_jobs import INPUT_NAME
from posedeck.net.errors import VendorError
from posedeck.runs.run import Run
from posedeck.services.clip_material import STEPPING_NAME
from posedeck.services.clip_runs import CLIP, STEPPING
from posedeck.services.kakao_clips import ClipAnswer
from posedeck.services.local_server import browser_base_url
from posedeck.services.sources import Source

#: A clip that no server of ours can serve is put into the page itself, unless it is larger.
_MAX_INLINE_BYTES = 20_000_000


def browser_clip(jobs: ClipJobs, answer: ClipAnswer) -> str | None:
    """Address of the clip for the browser; None when it cannot be shown. Of a reopened run, what is kept of it."""
    served = None if jobs.reopened or answer.source is not Source.LOCAL else _served(answer.job_id)
    if served is not None:
        return served
    kept = _kept(answer)
    if kept is not None:
        return kept
    return _inline(jobs.clip) if isinstance(jobs.clip, Path) else None


def kept_run(answer: ClipAnswer) -> Run | None:
    """The run that keeps the clip of an answer; None when there is none."""
    if answer.run_id is None:
        return None
    try:
        run = run_store().get(answer.run_id).run
    except KeyError:
        return None
    return run if CLIP in run.contents else None


def _served(job_id: str) -> str | None:
    try:
        files = jobs_client().job(job_id).files
    except VendorError:
        return None
    path = files.get(STEPPING_NAME) or files.get(INPUT_NAME)
    return None if path is None else browser_base_url() + path


def _kept(answer: ClipAnswer) -> str | None:
    run = kept_run(answer)
    if run is None:
        return None
    with run_store().file(run, STEPPING if STEPPING in run.contents else CLIP) as file:
        return _inline(file)


def _inline(file: Path) -> str | None:
    if file.stat().st_size > _MAX_INLINE_BYTES:
        return None
    return "data:video/mp4;base64," + base64.b64encode(file.read_bytes()).decode("ascii")
