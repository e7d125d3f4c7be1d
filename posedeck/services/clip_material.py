"""The clip behind a job, as files: from wherever it can be had."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from posedeck.clients.kakao_job import UploadName
from posedeck.clients.own_jobs import JobsClient
from posedeck.contracts.own_jobs import INPUT_NAME
from posedeck.services.kakao_clips import SubmittedClip
from posedeck.services.sources import Source
from posedeck.services.uploaded_clip import spooled_file, spooled_upload

#: Written by our server's job for stepping through its frames.
STEPPING_NAME = "frames.mp4"


@dataclass(frozen=True)
class ClipMaterial:
    """The clip as it was sent, and, where our server made one, a copy whose frames stand at even times."""

    clip: Path
    stepping: Path | None = None


@contextmanager
def clip_material(
    clip: Path | UploadName | str | None, job: SubmittedClip, client: JobsClient
) -> Iterator[ClipMaterial | None]:
    """The files, to be read only, for as long as the context lasts; None when the clip cannot be had (any more).

    Args:
        clip: Where it is for whoever submitted it; an address was never ours to read.
        job: The job that it was submitted as.
        client: Of our own server, which may have it.

    Raises:
        VendorError: when our server has it and cannot be reached.
    """
    with ExitStack() as stack:
        if job.source is Source.LOCAL:
            yield _of_job(job, client, Path(stack.enter_context(tempfile.TemporaryDirectory())))
        elif isinstance(clip, Path):
            yield ClipMaterial(clip)
        elif isinstance(clip, UploadName):
            yield _of_upload(stack, clip, client)
        else:
            yield None


def _of_job(job: SubmittedClip, client: JobsClient, folder: Path) -> ClipMaterial | None:
    view = client.job(job.job_id)
    if INPUT_NAME not in view.files:
        return None
    clip = spooled_file(client, view, INPUT_NAME, folder / "clip")
    if STEPPING_NAME not in view.files:
        return ClipMaterial(clip)
    return ClipMaterial(clip, spooled_file(client, view, STEPPING_NAME, folder / STEPPING_NAME))


def _of_upload(stack: ExitStack, upload: UploadName, client: JobsClient) -> ClipMaterial | None:
    try:
        return ClipMaterial(stack.enter_context(spooled_upload(client, upload.name)))
    except FileNotFoundError:
        return None
