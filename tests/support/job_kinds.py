"""A kind of job for tests: counts, and does what its parameters say.

Parameters: ``chunks`` (how many), ``sleep_s`` (what each takes), ``marks`` (a file that gets a line per call),
``wrong`` with ``at`` (what goes wrong in which chunk: ``refuse``, ``raise``, ``crash``, ``crash_worker``, ``hang``) and
``until`` (only while the marks file has fewer lines).
"""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from posedeck.jobs.kind import JobKind, JobRefused, Outcome, Plan, Work, even_chunks

KIND = JobKind("test", "tests.support.job_kinds", call_limit_s=20.0, frame_s=0.5, needs_models=False)
HASTY = JobKind("hasty", "tests.support.job_kinds", call_limit_s=1.0, needs_models=False)
KINDS = {kind.name: kind for kind in (KIND, HASTY)}
FRAMES_PER_CHUNK = 10


def prepare(work: Work) -> Plan:
    """As many chunks as the parameters say."""
    _mark(work, "prepare")
    _go_wrong(work, "prepare")
    frames = FRAMES_PER_CHUNK * work.params.get("chunks", 2)
    return Plan(frames, even_chunks(frames, FRAMES_PER_CHUNK), {"input": work.input is not None})


def chunk(work: Work, index: int, previous: bytes | None) -> bytes:
    """One more than the chunk before, after a while."""
    _mark(work, f"chunk {index}")
    start, stop = work.planned.chunks[index]
    for frame in range(start, stop):
        work.report("count", frame, work.planned.frames_total)
        time.sleep(work.params.get("sleep_s", 0.0) / FRAMES_PER_CHUNK)
    _go_wrong(work, index)
    return b"%d" % (1 if previous is None else int(previous) + 1)


def finish(work: Work, chunks: Sequence[bytes]) -> Outcome:
    """What the chunks counted, and a file."""
    _mark(work, "finish")
    _go_wrong(work, "finish")
    drawn = work.scratch / "drawn.txt"
    drawn.write_bytes(b"drawn " + (b"" if work.input is None else work.input.read_bytes()))
    return Outcome(msgspec.json.encode([int(each) for each in chunks]), {"drawn.txt": drawn})


def _mark(work: Work, text: str) -> None:
    if path := work.params.get("marks"):
        with Path(path).open("a") as marks:
            marks.write(text + "\n")


def _go_wrong(work: Work, place: int | str) -> None:
    wrong = work.params.get("wrong")
    if wrong is None or work.params.get("at", 1) != place:
        return
    until = work.params.get("until")
    if until is not None and len(Path(work.params["marks"]).read_text().splitlines()) >= until:
        return
    if wrong == "refuse":
        raise JobRefused("nobody", "there is nobody in the clip")
    if wrong == "raise":
        raise LookupError("hidden")
    if wrong == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    if wrong == "crash_worker":
        os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(3600)
