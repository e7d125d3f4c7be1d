"""Following several people from frame to frame.

Each person is read in the region that the last frame's landmarks frame; the detector looks only for somebody who was
lost, and now and then for newcomers. Everything that the next frame needs is in ``TrackerState``, which can be put into
bytes: a run that stops after any frame goes on with exactly the results of an unbroken one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from posedeck.engine.crops import FloatArray, Picture, Roi
from posedeck.engine.landmarks import MIN_PRESENCE, Landmarks, person_roi
from posedeck.engine.reading import people_among
from posedeck.engine.suppression import distinct_detections, distinct_people, same_roi, windows
from posedeck.engine.video.identity import Known, assign
from posedeck.engine.video.looking import Eyes

# Seconds between looks at the whole picture for newcomers, and between sweeps through overlapping windows, which find
# small people too but take as long as following one person through some ten frames. While nobody is known at all the
# picture is looked at in each frame and swept more often. When as many are followed as are wanted nobody is looked for.
SEARCH_EVERY_S = 1.0
SWEEP_EVERY_S = 5.0
SWEEP_FOR_ANYBODY_S = 0.5
#: Somebody who was lost is looked for, and remembered, for so long.
PATIENCE_S = 2.0


class Followed(msgspec.Struct):
    """Somebody who is or was being followed; arrays as bytes of 64-bit floats."""

    person: int
    framing: bytes
    xy_px: bytes
    seen_s: float
    lost: bool = False

    @property
    def region(self) -> Roi:
        """Where to read this person next."""
        return person_roi(np.frombuffer(self.framing).reshape(2, 2))


class TrackerState(msgspec.Struct):
    """What the next frame needs. ``next_person`` is the number of the next newcomer."""

    people: list[Followed] = []
    next_person: int = 1
    searched_s: float | None = None
    swept_s: float | None = None

    def to_bytes(self) -> bytes:
        """As bytes that ``from_bytes`` reads."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def from_bytes(cls, stored: bytes) -> "TrackerState":
        """A state from ``to_bytes``."""
        return msgspec.msgpack.decode(stored, type=cls)


@dataclass(frozen=True, eq=False)
class Sighting:
    """One person in one frame; ``person`` stays the same over the clip."""

    person: int
    landmarks: Landmarks


class Tracker:
    """Follows people frame by frame.

    Attributes:
        state: What the next frame needs; replaced with every frame.
    """

    def __init__(self, eyes: Eyes, max_people: int, state: TrackerState | None = None) -> None:
        """Args:
        eyes: The models.
        max_people: Newcomers beyond this number are left alone.
        state: Where an earlier run stopped.
        """
        self.state = state or TrackerState()
        self._eyes = eyes
        self._max_people = max_people

    def step(self, frames: Sequence[tuple[Picture, float]]) -> list[list[Sighting]]:
        """Everybody who is seen in the next few frames, each given with its time in seconds; times must increase.

        All of them are read at the same time in the regions that the frame before the first gave. Two frames keep two
        threads busy with one person, and are no worse on the rendered kick than one by one; who has moved out of that
        region is read again in the newer one.
        """
        present = [one for one in self.state.people if not one.lost]
        readings = iter(self._eyes.read([(picture, one.region) for picture, _ in frames for one in present]))
        early = [{one.person: next(readings) for one in present} for _ in frames]
        return [self._step(*frame, known) for frame, known in zip(frames, early, strict=True)]

    def _step(self, picture: Picture, time_s: float, early: Mapping[int, Landmarks]) -> list[Sighting]:
        people = [one for one in self.state.people if time_s - one.seen_s <= PATIENCE_S]
        present = [one for one in people if not one.lost]
        followed = self._follow(picture, present, early)
        newly = self._search(picture, time_s, followed, lost=len(followed) < len(people))
        readings = distinct_people([*followed, *newly])
        owners = assign([_known(one) for one in people], readings)
        sightings = [Sighting(people[row].person, readings[column]) for row, column in sorted(owners.items())]
        for column, reading in enumerate(readings):
            # A region that slipped from its person onto nobody known is no newcomer; the detector must have seen one.
            if column not in owners.values() and len(sightings) < self._max_people and reading in newly:
                sightings.append(Sighting(self.state.next_person, reading))
                self.state.next_person += 1
        self.state.people = [*(_followed(each, time_s) for each in sightings), *_missing(people, sightings)]
        return sightings

    def _follow(self, picture: Picture, present: Sequence[Followed], early: Mapping[int, Landmarks]) -> list[Landmarks]:
        readings = [early[one.person] for one in present if _is_there(early.get(one.person))]
        others = [one for one in present if not _is_there(early.get(one.person))]
        readings += self._eyes.read([(picture, one.region) for one in others])
        return [reading for reading in readings if _is_there(reading)]

    def _search(self, picture: Picture, time_s: float, followed: Sequence[Landmarks], lost: bool) -> list[Landmarks]:
        if len(followed) >= self._max_people:
            return []
        state = self.state
        anybody = not followed and not lost
        found: list[Landmarks] = []
        if anybody or lost or _due(state.searched_s, time_s, SEARCH_EVERY_S):
            found = self._newly_found(picture, [Roi.whole(picture.width, picture.height)], followed)
            state.searched_s = time_s
        room = self._max_people - len(followed) - len(found)
        if room > 0 and _due(state.swept_s, time_s, SWEEP_FOR_ANYBODY_S if anybody else SWEEP_EVERY_S):
            found += self._newly_found(picture, list(windows(picture.width, picture.height)), [*followed, *found])
            state.swept_s = time_s
        return found

    def _newly_found(self, picture: Picture, through: Sequence[Roi], known: Sequence[Landmarks]) -> list[Landmarks]:
        taken = [person_roi(reading.framing) for reading in known]
        free = [
            detection
            for detection in distinct_detections(self._eyes.detect(picture, through))
            if not any(same_roi(person_roi(detection.points[:2]), region) for region in taken)
        ]
        return people_among(
            free[: 2 * self._max_people], lambda regions: self._eyes.read([(picture, each) for each in regions])
        )


def _is_there(reading: Landmarks | None) -> bool:
    return reading is not None and reading.presence >= MIN_PRESENCE


def _due(last_s: float | None, now_s: float, every_s: float) -> bool:
    return last_s is None or now_s - last_s >= every_s


def _known(one: Followed) -> Known:
    return Known(np.frombuffer(one.xy_px).reshape(-1, 2), one.region.size, one.lost)


def _followed(sighting: Sighting, time_s: float) -> Followed:
    found = sighting.landmarks
    return Followed(sighting.person, _bytes(found.framing), _bytes(found.xy_px), time_s)


def _bytes(values: FloatArray) -> bytes:
    return np.ascontiguousarray(values, np.float64).tobytes()


def _missing(people: Sequence[Followed], sightings: Sequence[Sighting]) -> list[Followed]:
    seen = {sighting.person for sighting in sightings}
    return [msgspec.structs.replace(one, lost=True) for one in people if one.person not in seen]
