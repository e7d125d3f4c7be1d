"""A person in fast movement, looked at afresh in every frame and from several looks.

Following has its weak moments: one look now and then takes one leg for the other or lays both on the same leg, and
which look does so is chance. On the rendered kick each of six single looks fails in up to three frames around impact,
hardly two of them in the same one. So the looks start from the region that following gave, from the one that the
detector gives in this frame alone, and from the one that these agree on, each plain and mirrored; every point is then
the median over the looks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from posedeck.engine.crops import FloatArray, Picture, Roi
from posedeck.engine.landmarks import MIN_PRESENCE, Landmarks, person_roi
from posedeck.engine.suppression import distinct_detections
from posedeck.engine.video.ahead import read_ahead
from posedeck.engine.video.decode import read_frames
from posedeck.engine.video.looking import Eyes
from posedeck.engine.video.probe import ClipFacts
from posedeck.engine.video.sightings import Sightings

#: A detection whose centre is within this share of the person's region is of that person.
NEAR = 0.3
#: A normal distribution's standard deviation is so many times its median absolute deviation.
_OF_MEDIAN_DEVIATION = 1.4826


@dataclass(frozen=True, eq=False)
class ManyLooks(Landmarks):
    """Landmarks that are medians over looks.

    Attributes:
        sigma_px: (33,) robust standard deviation per axis of a single look, in pixels. It holds what the looks do not
            agree on; what all get wrong alike is not in it.
    """

    sigma_px: FloatArray


def look_again(
    path: Path,
    facts: ClipFacts,
    eyes: Eyes,
    sightings: Sightings,
    person: int,
    start: int,
    stop: int,
    done: Callable[[int], None] = lambda _: None,
) -> Sightings:
    """The sightings with those of one person in the frames [start, stop) replaced by many looks each.

    Where the person had been lost in between, it is searched from where it was last; frames in which it is not seen
    after all stay empty.

    Args:
        path, facts, eyes: As for ``follow_people``.
        sightings: What following the whole clip gave.
        person: Whose frames.
        start, stop: Range of frame indices.
        done: Told the index of the next frame after each.

    Raises:
        ClipError: ``unreadable`` when the decoder gives up.
    """
    mine = sightings.person == person
    known = dict(zip(sightings.frame[mine].tolist(), sightings.framing[mine].astype(np.float64), strict=True))
    kept = sightings.only(~(mine & (sightings.frame >= start) & (sightings.frame < stop)))
    framing = next((known[frame] for frame in sorted(known, key=lambda frame: abs(frame - start))), None)
    rows = [kept]
    for frame in read_ahead(read_frames(path, facts, start, stop)):
        framing = known.get(frame.index, framing)
        if framing is not None:
            looks = read_from_all_sides(eyes, Picture(frame.pixels), person_roi(framing))
            if looks.presence >= MIN_PRESENCE:
                framing = looks.framing
                rows.append(Sightings.one(frame.index, person, looks, looks.sigma_px))
        done(frame.index + 1)
    return Sightings.joined(rows).in_order()


def read_from_all_sides(eyes: Eyes, picture: Picture, region: Roi) -> ManyLooks:
    """Landmarks of the one person in a region, from four or six looks."""
    regions = [region, *_detected(eyes, picture, region)]
    looks = _read_both_ways(eyes, picture, regions)
    agreed = person_roi(np.median([look.framing for look in looks], axis=0))
    looks += _read_both_ways(eyes, picture, [agreed])
    positions = np.array([look.xy_px for look in looks])
    middle = np.median(positions, axis=0)
    deviation = np.median(np.abs(positions - middle), axis=0) * _OF_MEDIAN_DEVIATION
    return ManyLooks(
        roi=agreed,
        framing=np.median([look.framing for look in looks], axis=0),
        xy_px=middle,
        score=np.median([look.score for look in looks], axis=0),
        xyz_m=np.median([look.xyz_m for look in looks], axis=0),
        presence=float(np.median([look.presence for look in looks])),
        sigma_px=np.sqrt((deviation**2).mean(axis=1)),
    )


def _read_both_ways(eyes: Eyes, picture: Picture, regions: Sequence[Roi]) -> list[Landmarks]:
    return eyes.read([(picture, each) for region in regions for each in (region, region.mirror())])


def _detected(eyes: Eyes, picture: Picture, region: Roi) -> list[Roi]:
    """The detector's own region for the person, if it sees one there."""
    detections = distinct_detections(eyes.detect(picture, [Roi.whole(picture.width, picture.height)]))
    regions = [person_roi(detection.points[:2]) for detection in detections]
    near = [each for each in regions if _apart(each, region) < NEAR]
    return [min(near, key=lambda each: _apart(each, region))] if near else []


def _apart(a: Roi, b: Roi) -> float:
    return float(np.hypot(*(a.centre - b.centre))) / b.size
