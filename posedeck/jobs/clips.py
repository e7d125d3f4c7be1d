"""What the kinds of job that work on a clip share: the models, the limits, and following people chunk by chunk."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import cv2

from posedeck.engine.video.errors import ClipError, Reason
from posedeck.engine.video.follow import Followed, follow_people
from posedeck.engine.video.looking import Eyes
from posedeck.engine.video.probe import ClipFacts, ClipLimits, probe
from posedeck.engine.video.sightings import Sightings
from posedeck.jobs.kind import Fault, JobRefused, Plan, Work, even_chunks

#: A few seconds of work.
FRAMES_PER_CHUNK = 90
#: One reads landmarks while the other decodes; with several looks at a frame both read.
_THREADS = 2

_FAULTS: dict[Reason, str] = {
    "unreadable": Fault.UNDECODABLE,
    "no_video": Fault.UNDECODABLE,
    "too_few_frames": Fault.TOO_SHORT,
    "too_many_frames": Fault.TOO_LONG,
    "too_long": Fault.TOO_LONG,
    "too_large": Fault.TOO_LARGE,
    "too_many_bytes": Fault.TOO_LARGE,
    "too_dense": Fault.TOO_LARGE,
}


@lru_cache(maxsize=1)
def eyes(model_dir: Path) -> Eyes:
    """The models, loaded once in a slot's process and kept."""
    cv2.setNumThreads(1)
    return Eyes(model_dir, _THREADS)


@contextmanager
def refused_as_clip() -> Iterator[None]:
    """Turn a clip that cannot be read, in whichever step that shows, into the refusal with its code."""
    try:
        yield
    except ClipError as error:
        raise JobRefused(_FAULTS[error.reason], error.message) from error


def clip_of(work: Work) -> Path:
    """The job's clip. Raises JobRefused when it has none."""
    if work.input is None:
        raise JobRefused(Fault.UNDECODABLE, "the job has no video")
    return work.input


def clip_facts(work: Work, limits: ClipLimits) -> ClipFacts:
    """Facts of the job's clip. Raises JobRefused when it cannot be read or is outside the limits."""
    with refused_as_clip():
        return probe(clip_of(work), limits)


def plan_clip(work: Work, limits: ClipLimits) -> Plan:
    """A plan that follows people through the job's clip. Raises JobRefused as ``clip_facts`` does."""
    facts = clip_facts(work, limits)
    return Plan(facts.frames, even_chunks(facts.frames, FRAMES_PER_CHUNK))


def follow_chunk(work: Work, index: int, previous: bytes | None, limits: ClipLimits, max_people: int) -> bytes:
    """One chunk of following; progress is told in frames of the clip. Raises JobRefused as ``clip_facts`` does."""
    facts = clip_facts(work, limits)
    start, stop = work.planned.chunks[index]
    before = None if previous is None else Followed.from_bytes(previous).state
    with refused_as_clip():
        followed = follow_people(
            clip_of(work),
            facts,
            eyes(work.model_dir),
            start,
            stop,
            before,
            max_people,
            done=lambda frame: work.report("track", frame, facts.frames),
        )
    return followed.to_bytes()


def join_chunks(chunks: Sequence[bytes]) -> Sightings:
    """Everybody in the whole clip."""
    return Sightings.joined([Followed.from_bytes(chunk).sightings for chunk in chunks])
