from pathlib import Path

import cv2
import numpy as np
import pytest

from posedeck.engine.images import load_image
from posedeck.engine.video.afresh import look_again
from posedeck.engine.video.follow import Followed, follow_people
from posedeck.engine.video.looking import Eyes
from posedeck.engine.video.probe import ClipLimits, probe
from posedeck.engine.video.sightings import Sightings
from posedeck.pose.swaps import repair_leg_swaps
from tests.support.clips import numbered, write_clip
from tests.support.people import SAMPLES
from tests.unit.engine.video import kick

LIMITS = ClipLimits(max_bytes=50_000_000)


def same(a: Sightings, b: Sightings) -> None:
    for left, right in zip(a._columns(), b._columns(), strict=True):
        np.testing.assert_array_equal(left, right)


@pytest.fixture(scope="module")
def whole(eyes: Eyes) -> Followed:
    return follow_people(kick.CLIP, kick.facts(), eyes)


def test_the_kicker_is_one_person_through_the_whole_clip(whole: Followed) -> None:
    tracks = whole.sightings.tracks(kick.facts().times_s)

    assert list(tracks) == [1]
    assert tracks[1].seen.all()


def test_repaired_legs_are_right_in_every_frame_of_the_kick(whole: Followed) -> None:
    (track,) = whole.sightings.tracks(kick.facts().times_s).values()

    assert kick.swapped_legs(track.xy_px) != []  # following one look does mistake them
    assert kick.swapped_legs(repair_leg_swaps(track).xy_px) == []


def test_a_run_in_chunks_is_an_unbroken_run(whole: Followed, model_dir: Path) -> None:
    done: list[int] = []
    parts, state = [], None
    for start in range(0, 63, 26):
        with Eyes(model_dir, threads=1) as other_eyes:
            part = follow_people(
                kick.CLIP, kick.facts(), other_eyes, start, start + 26, state, done=lambda frame: done.append(frame)
            )
        part = Followed.from_bytes(part.to_bytes())
        parts.append(part.sightings)
        state = part.state

    same(Sightings.joined(parts), whole.sightings)
    assert state == whole.state
    assert done == list(range(1, 64))


def test_looking_again_leaves_no_leg_swapped_around_the_swing(whole: Followed, eyes: Eyes) -> None:
    start, stop = 26, 46
    better = look_again(kick.CLIP, kick.facts(), eyes, whole.sightings, 1, start, stop)
    track = better.tracks(kick.facts().times_s)[1]

    assert [frame for frame in kick.swapped_legs(track.xy_px) if start <= frame < stop] == []
    assert np.nanmean(kick.joint_errors(track.xy_px, slice(start, stop))) < 0.09
    assert track.sigma_px is not None
    assert np.isfinite(track.sigma_px[start:stop]).all()
    assert np.isnan(track.sigma_px[:start]).all()
    np.testing.assert_array_equal(better.frame, whole.sightings.frame)


def test_looking_again_does_not_depend_on_the_threads(whole: Followed, eyes: Eyes, model_dir: Path) -> None:
    with Eyes(model_dir, threads=1) as one:
        same(*(look_again(kick.CLIP, kick.facts(), each, whole.sightings, 1, 30, 32) for each in (one, eyes)))


@pytest.fixture(scope="module")
def group_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three people, panned over; nothing at all to be seen in frames 8 to 11."""
    group = load_image((SAMPLES / "group3.jpg").read_bytes())
    small = cv2.resize(group, (768, 576), interpolation=cv2.INTER_AREA)
    pictures = [np.roll(small, 4 * number, axis=1)[:, 48:720] for number in range(18)]
    pictures[8:12] = [np.full_like(pictures[0], 40)] * 4
    path = tmp_path_factory.mktemp("group") / "c.mp4"
    return write_clip(path, pictures, [80 * number for number in range(18)])


def test_several_people_keep_who_they_are_even_through_a_gap(eyes: Eyes, group_clip: Path) -> None:
    facts = probe(group_clip, LIMITS)
    tracks = follow_people(group_clip, facts, eyes).sightings.tracks(facts.times_s)

    assert sorted(tracks) == [1, 2, 3]
    for track in tracks.values():
        np.testing.assert_array_equal(np.flatnonzero(~track.seen), range(8, 12))
        pan = np.diff(track.point("nose")[track.seen][:, 0])
        assert np.abs(pan[:7] - 4.0).max() < 4.0  # nobody changes places with a neighbour


def test_a_range_starts_at_an_even_frame(eyes: Eyes) -> None:
    with pytest.raises(ValueError, match="multiple of 2"):
        follow_people(kick.CLIP, kick.facts(), eyes, start=3)


def test_no_more_people_are_taken_than_asked_for(eyes: Eyes, group_clip: Path) -> None:
    facts = probe(group_clip, LIMITS)

    assert len(set(follow_people(group_clip, facts, eyes, 0, 3, max_people=2).sightings.person.tolist())) == 2


def test_an_empty_clip_has_nobody(eyes: Eyes, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "c.mp4", numbered(3, 320, 240), [0, 40, 80])
    facts = probe(clip, LIMITS)

    assert follow_people(clip, facts, eyes).sightings.tracks(facts.times_s) == {}
