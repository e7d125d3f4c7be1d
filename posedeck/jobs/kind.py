"""What a kind of job is made of: three functions that run in a process of their own, and what they work with.

A kind is a module with ``prepare``, ``chunk`` and ``finish``. They are called one after another in a slot process,
which can be ended at any moment: after a crash, a power cut or on another machine the work goes on behind the last
chunk that was finished. So a chunk depends on nothing but its ``Work``, its index and what the chunk before it gave.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import msgspec


class JobRefused(Exception):  # noqa: N818 - says what happened
    """The input cannot be worked on, now or ever; a job that raises it has failed for good.

    Attributes:
        code: What is wrong, for programs: see ``Fault``, or a word of the kind's own.
        text: What is wrong, for people; it is shown to the caller and must not hold a secret.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text


class Fault:
    """Codes of a failed job. Kinds may have further ones."""

    #: By kinds: the input cannot be read, or is outside the limits.
    UNDECODABLE = "undecodable"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    #: By kinds: nobody was found at all, or nobody long enough.
    NOBODY = "nobody"
    TRACKED_TOO_SHORT = "tracked_too_short"
    #: By the queue: an unexpected error, a call over its time limit, a process that died each time.
    FAILED = "failed"
    TIMEOUT = "timeout"
    CRASHED = "crashed"


class Plan(msgspec.Struct, frozen=True):
    """What ``prepare`` found out; kept with the job, so it must be small.

    Attributes:
        frames_total: Frames (or pictures) to be worked on, at least 1; progress is told in these.
        chunks: Bounds ``[start, stop)`` of each chunk in frames, in order and without gaps; at least one. A chunk
            should take a few seconds: a cancelled job ends at the next one, and what a crash costs is one chunk.
        facts: Whatever else the other functions need (frame rate, rotation, …), as JSON.
    """

    frames_total: int
    chunks: tuple[tuple[int, int], ...]
    facts: dict[str, Any] = {}

    def __post_init__(self) -> None:
        starts, stops = [start for start, _ in self.chunks], [stop for _, stop in self.chunks]
        whole = self.frames_total >= 1 and starts[:1] == [0] and stops[-1:] == [self.frames_total]
        if not whole or starts[1:] != stops[:-1] or any(start >= stop for start, stop in self.chunks):
            raise ValueError(f"chunks must cover 0 to {self.frames_total} without gaps, got {self.chunks}")


def even_chunks(frames_total: int, frames_per_chunk: int) -> tuple[tuple[int, int], ...]:
    """Bounds of chunks of about that size that cover all frames. Raises ValueError below 1."""
    if frames_total < 1 or frames_per_chunk < 1:
        raise ValueError(f"at least one frame is needed, got {frames_total} by {frames_per_chunk}")
    starts = range(0, frames_total, frames_per_chunk)
    return tuple((start, min(start + frames_per_chunk, frames_total)) for start in starts)


#: Tells how far a job is: a word for the stage (a key of the texts: ``decode``, ``track``, ``encode``, …), frames done
#: in it, of how many. Cheap; may be called for every frame. Written down at most once a second.
Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Work:
    """What the functions of a kind work with.

    Attributes:
        params: What the caller asked for, as JSON.
        input: The uploaded file, to be read only; None for a job without one.
        scratch: An empty folder for files of this call, removed after it.
        model_dir: Folder that ``ensure_models`` gave.
        report: Tells progress.
        plan: What ``prepare`` gave; None only inside ``prepare``.
    """

    params: Mapping[str, Any]
    input: Path | None
    scratch: Path
    model_dir: Path
    report: Report
    plan: Plan | None = None

    @property
    def planned(self) -> Plan:
        """The plan, in ``chunk`` and ``finish``. Raises RuntimeError in ``prepare``."""
        if self.plan is None:
            raise RuntimeError("there is no plan while preparing")
        return self.plan


@dataclass(frozen=True)
class Outcome:
    """What ``finish`` gives.

    Attributes:
        result: The result as JSON text, as it is to be kept and, where the kind's route says so, served.
        media: Files that belong to it, by name (``drawn.mp4``); in ``scratch``. The name's ending tells their type.
    """

    result: bytes
    media: Mapping[str, Path] = field(default_factory=dict)


class KindModule(Protocol):
    """The functions of a kind. Any of them may raise JobRefused; any other exception fails the job as ``failed``."""

    def prepare(self, work: Work) -> Plan:
        """Look at the input without decoding it whole, refuse what is outside the limits, and plan the chunks."""

    def chunk(self, work: Work, index: int, previous: bytes | None) -> bytes:
        """Work on chunk ``index`` of the plan.

        Args:
            work: What to work with.
            index: Which chunk.
            previous: What the chunk before it gave, None for the first. A tracker carries its state this way.

        Returns:
            This chunk's result and whatever the next one needs; up to some megabytes.
        """

    def finish(self, work: Work, chunks: Sequence[bytes]) -> Outcome:
        """Make the result of what the chunks gave; each is read from disk when it is asked for."""


@dataclass(frozen=True)
class JobKind:
    """A kind of job.

    Attributes:
        name: Its name in the database and in ``/x/jobs``.
        module: Dotted path of the module with its functions. Only the slot process imports it.
        call_limit_s: Time limit of one call; reaching it ends the process and fails the job. Generous: it is there for
            what hangs.
        frame_s: Seconds a frame takes, assumed until it was measured on the machine it runs on.
        start_s: Seconds that the first job takes beside that: a process starts and loads its models. Assumed as well.
        stages: Stages that it reports, in order, each with its share of the time.
        needs_models: Whether ``model_dir`` must hold the models.
        own: Whether it is submitted by ``POST /x/jobs``, not by a vendor's route.
    """

    name: str
    module: str
    call_limit_s: float = 300.0
    frame_s: float = 0.05
    start_s: float = 4.0
    stages: tuple[tuple[str, float], ...] = ()
    needs_models: bool = True
    own: bool = False
