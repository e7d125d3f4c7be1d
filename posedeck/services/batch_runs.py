"""A batch of pictures as one run: its archive, answers and annotations kept, and read back without a call."""

import base64
import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from posedeck import __version__
from posedeck.clients.own_jobs import JobsClient
from posedeck.contracts.folding import describe_file
from posedeck.contracts.own_batch import TRUTH_NAME, BatchResult
from posedeck.contracts.own_jobs import INPUT_NAME, RESULT_NAME, JobView
from posedeck.runs.run import Run, RunInput, Summary
from posedeck.runs.store import Content, RunStore
from posedeck.services.keypoint_batch import oks_values, picture_in
from posedeck.services.photos import Photo
from posedeck.services.recording import Draft, Question, Recorder, new_run
from posedeck.services.remote_file import RemoteFile
from posedeck.services.sources import Source
from posedeck.services.uploaded_clip import spooled_file

PAGE = "keypoints-batch"
#: Names of what is kept: the pictures as they were uploaded, and the annotations that were among them.
ARCHIVE, TRUTH = "archive", "truth"
ZIP = "application/zip"


@dataclass(frozen=True, eq=False)
class OpenBatch:
    """A batch that can be looked at, whether its job or its run has it.

    Attributes:
        name: What tells it from others, for caches and files.
        result: What became of each picture.
        ended_at: When it was answered.
        run_id: The run that it is kept as; None when it is not kept.
        open_archive: Opens the archive, to seek and read in.
        read_truth: Reads the annotations that were in the archive; None when there were none.
    """

    name: str
    result: BatchResult
    ended_at: datetime
    run_id: str | None
    open_archive: Callable[[], AbstractContextManager[BinaryIO]]
    read_truth: Callable[[], bytes] | None

    def photo(self, name: str) -> Photo:
        """One picture as it was uploaded.

        Raises:
            VendorError, OSError: when it cannot be read.
            ImageError, zipfile.BadZipFile: when it is damaged.
        """
        with self.open_archive() as file:
            return picture_in(file, name)


def batch_run_id(job: JobView) -> str:
    """The run of a batch's job: the same for everybody who looks at it, and as hard to guess as the job itself."""
    return job.id.replace("-", "")


def record_batch(recorder: Recorder, client: JobsClient, job: JobView, base_url: str = "") -> Run | None:
    """Keep a batch that has succeeded, once; its run, or None when it could not be kept. Raises VendorError."""
    if (run := _kept(recorder.store, batch_run_id(job))) is not None:
        return run
    data = client.file(job, RESULT_NAME)
    with tempfile.TemporaryDirectory() as folder:
        archive = spooled_file(client, job, INPUT_NAME, Path(folder) / "archive")
        truth = client.file(job, TRUTH_NAME) if TRUTH_NAME in job.files else None
        run = recorder.record(batch_draft(job, data, archive, truth, base_url))
    # Somebody else may have kept it meanwhile.
    return run or _kept(recorder.store, batch_run_id(job))


def _kept(store: RunStore, run_id: str) -> Run | None:
    try:
        return store.get(run_id).run
    except KeyError:
        return None


def batch_draft(job: JobView, data: bytes, archive: Path, truth: bytes | None, base_url: str = "") -> Draft:
    """What a batch leaves behind.

    Args:
        job: Its job.
        data: Its result as it came.
        archive: The pictures.
        truth: The annotations that were among them.
        base_url: Where it was asked.
    """
    result = msgspec.json.decode(data, type=BatchResult)
    vendors = "+".join(sorted({result.left_vendor, result.right_vendor}))
    question = Question(PAGE, vendors, Source.LOCAL, base_url, params={"job": job.id})
    oks = oks_values(result)
    numbers = {"pictures": float(len(result.pictures)), "skipped": float(len(result.skipped))}
    if len(oks):
        numbers["oks"] = round(float(sorted(oks)[len(oks) // 2]), 4)
    run, answer = new_run(
        question,
        msgspec.json.decode(data),
        None,
        created_at=_ended_at(job),
        versions={"posedeck": __version__},
        summary=Summary(numbers=numbers),
    )
    told = describe_file(archive)
    inputs = {ARCHIVE: RunInput(told["sha256"], ZIP, told["bytes"], 0, 0)}
    contents: dict[str, Content] = {"answer": answer, ARCHIVE: archive}
    if truth is not None:
        contents[TRUTH] = truth
    thumbnail = base64.b64decode(result.pictures[0].thumbnail) if result.pictures else None
    return Draft(msgspec.structs.replace(run, id=batch_run_id(job), inputs=inputs), contents, thumbnail)


def batch_of_job(client: JobsClient, job: JobView) -> OpenBatch:
    """A batch as its job has it. Raises VendorError."""

    @contextmanager
    def archive() -> Iterator[BinaryIO]:
        remote = RemoteFile(lambda start, length: client.file_part(job, INPUT_NAME, start, length))
        with io.BufferedReader(remote) as file:
            yield file

    result = msgspec.json.decode(client.file(job, RESULT_NAME), type=BatchResult)
    read_truth = (lambda: client.file(job, TRUTH_NAME)) if TRUTH_NAME in job.files else None
    return OpenBatch(job.id, result, _ended_at(job), None, archive, read_truth)


def reopen_batch(store: RunStore, run: Run) -> OpenBatch:
    """The batch of a run; nobody is asked.

    Raises:
        FileNotFoundError: when its answer was not kept.
        ValueError: when the answer is none that this PoseDeck reads.
    """

    @contextmanager
    def archive() -> Iterator[BinaryIO]:
        with store.file(run, ARCHIVE) as path, path.open("rb") as file:
            yield file

    result = msgspec.json.decode(store.content(run, "answer"), type=BatchResult)
    read_truth = (lambda: store.content(run, TRUTH)) if TRUTH in run.contents else None
    return OpenBatch(run.params["job"], result, run.created_at, run.id, archive, read_truth)


def _ended_at(job: JobView) -> datetime:
    return datetime.fromtimestamp(job.ended_at or job.created_at, UTC)
