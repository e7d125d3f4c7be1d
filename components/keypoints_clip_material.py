"""The clip behind a result: what the browser steps through, and the file that single frames are taken from."""

import base64
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from components.keypoints_clip_job import ClipJobs
from components.sources import jobs_client
from posedeck.clients.kakao_job import UploadName
from posedeck.clients.own_jobs import JobsClient
from posedeck.contracts.own_jobs import INPUT_NAME
from posedeck.net.errors import VendorError
from posedeck.services.kakao_clips import SubmittedClip
from posedeck.services.local_server import browser_base_url
from posedeck.services.sources import Source
from posedeck.services.uploaded_clip import spooled_upload

#: Written by the job for stepping through its frames.
_STEPPING = "frames.mp4"
#: A clip that no server of ours can serve is put into the page itself, unless it is larger.
_MAX_INLINE_BYTES = 20_000_000


def browser_clip(jobs: ClipJobs, job: SubmittedClip) -> str | None:
    """Address of the clip for the browser; None when it cannot be shown."""
    if job.source is Source.LOCAL:
        files = _files(jobs_client(), job.job_id)
        path = files.get(_STEPPING) or files.get(INPUT_NAME)
        if path is not None:
            return browser_base_url() + path
    file = jobs.clip
    if not isinstance(file, Path) or file.stat().st_size > _MAX_INLINE_BYTES:
        return None
    return "data:video/mp4;base64," + base64.b64encode(file.read_bytes()).decode("ascii")


@contextmanager
def clip_file(jobs: ClipJobs, job: SubmittedClip, client: JobsClient) -> Iterator[Path | None]:
    """The clip as a file to be read only, for a thread of its own; None when it cannot be had any more.

    Raises VendorError when our server has it and cannot be reached.
    """
    if isinstance(jobs.clip, Path):
        yield jobs.clip
        return
    if isinstance(jobs.clip, UploadName):
        with ExitStack() as stack:
            try:
                file = stack.enter_context(spooled_upload(client, jobs.clip.name))
            except FileNotFoundError:
                file = None
            yield file
        return
    if job.source is not Source.LOCAL:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        view = client.job(job.job_id)
        if INPUT_NAME not in view.files:
            yield None
            return
        path = Path(folder) / "clip"
        path.write_bytes(client.file(view, INPUT_NAME))
        yield path


def _files(client: JobsClient, job_id: str) -> dict[str, str]:
    try:
        return client.job(job_id).files
    except VendorError:
        return {}
