"""People followed through a range of a clip's frames: the front door of the video engine.

A clip is worked on in ranges, so that a job can stop and go on::

    facts = probe(path, limits)
    with Eyes(model_dir, threads=2) as eyes:
        first = follow_people(path, facts, eyes, 0, 300)
        second = follow_people(path, facts, eyes, 300, 600, state=first.state)
    tracks = Sightings.joined([first.sightings, second.sightings]).tracks(facts.times_s)
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import msgspec

from posedeck.engine.crops import Picture
from posedeck.engine.video.ahead import read_ahead
from posedeck.engine.video.decode import Frame, read_frames
from posedeck.engine.video.looking import Eyes
from posedeck.engine.video.probe import ClipFacts
from posedeck.engine.video.sightings import Sightings
from posedeck.engine.video.tracker import Tracker, TrackerState

MAX_PEOPLE = 10
#: So many frames are worked on together.
STEP = 2


class _Stored(msgspec.Struct):
    sightings: bytes
    state: TrackerState


@dataclass(frozen=True, eq=False)
class Followed:
    """What a range of frames gave, and what the next range needs."""

    sightings: Sightings
    state: TrackerState

    def to_bytes(self) -> bytes:
        """As bytes that ``from_bytes`` reads."""
        return msgspec.msgpack.encode(_Stored(self.sightings.to_bytes(), self.state))

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Followed":
        """A range from ``to_bytes``."""
        whole = msgspec.msgpack.decode(stored, type=_Stored)
        return cls(Sightings.from_bytes(whole.sightings), whole.state)


def follow_people(
    path: Path,
    facts: ClipFacts,
    eyes: Eyes,
    start: int = 0,
    stop: int | None = None,
    state: TrackerState | None = None,
    max_people: int = MAX_PEOPLE,
    done: Callable[[int], None] = lambda _: None,
) -> Followed:
    """Everybody in the frames [start, stop). Decoding runs ahead in a thread; memory does not grow with the clip.

    Args:
        path: The clip that was probed.
        facts: What ``probe`` said of it.
        eyes: The models.
        start, stop: Range of frame indices, ``start`` even; None goes to the end.
        state: Where the range before stopped; None at the start of the clip. It is not changed.
        max_people: At most so many at a time, newcomers beyond are left alone.
        done: Told the index of the next frame after each.

    Raises:
        ClipError: ``unreadable`` when the decoder gives up.
        ValueError: when the range starts at an odd frame.
    """
    if start % STEP:
        raise ValueError(f"a range starts at a multiple of {STEP}, not at {start}")
    before = None if state is None else TrackerState.from_bytes(state.to_bytes())
    tracker = Tracker(eyes, max_people, before)
    rows = []
    for frames in _in_step(read_ahead(read_frames(path, facts, start, stop))):
        seen = tracker.step([(Picture(frame.pixels), frame.time_s) for frame in frames])
        for frame, sightings in zip(frames, seen, strict=True):
            rows += [Sightings.one(frame.index, each.person, each.landmarks) for each in sightings]
            done(frame.index + 1)
    return Followed(Sightings.joined(rows), tracker.state)


def _in_step(frames: Iterable[Frame]) -> Iterator[list[Frame]]:
    """Frames that are worked on together; which ones depends on their index alone, damaged ones may be missing."""
    for _, together in groupby(frames, key=lambda frame: frame.index // STEP):
        yield list(together)
