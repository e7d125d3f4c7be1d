import numpy as np

from posedeck.engine.crops import Roi
from posedeck.engine.landmarks import Landmarks
from posedeck.engine.video.sightings import Sightings
from tests.support.people import level_front

BODY = level_front().xy_px
N = len(BODY)


def row(frame: int, person: int, sigma: float | None = None) -> Sightings:
    landmarks = Landmarks(
        Roi(BODY[0], 10.0), BODY[:2], BODY + frame, np.full(N, 0.5), np.full((N, 3), float(person)), 1.0
    )
    return Sightings.one(frame, person, landmarks, None if sigma is None else np.full(N, sigma))


TIMES = np.arange(8) / 30


def test_each_person_becomes_a_track_over_the_whole_clip() -> None:
    sightings = Sightings.joined([row(0, 7), row(1, 7), row(1, 2), row(4, 7)])
    tracks = sightings.tracks(TIMES, min_frames=1)

    assert list(tracks) == [7, 2]
    np.testing.assert_array_equal(np.flatnonzero(tracks[7].seen), [0, 1, 4])
    np.testing.assert_allclose(tracks[7].xy_px[4], BODY + 4)
    assert tracks[7].score[2].max() == 0.0
    assert tracks[7].sigma_px is None
    np.testing.assert_array_equal(tracks[2].times_s, TIMES)


def test_who_is_seen_too_briefly_is_left_out_unless_the_clip_is_that_short() -> None:
    sightings = Sightings.joined([row(frame, 1) for frame in range(3)])

    assert sightings.tracks(TIMES, min_frames=5) == {}
    assert list(sightings.tracks(TIMES[:3], min_frames=5)) == [1]


def test_bytes_keep_everything() -> None:
    sightings = Sightings.joined([row(0, 1), row(0, 2, sigma=1.5)])
    back = Sightings.from_bytes(sightings.to_bytes())

    for before, after in zip(sightings._columns(), back._columns(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_sigma_is_known_only_where_it_was_estimated() -> None:
    sigma = Sightings.joined([row(0, 1), row(1, 1, sigma=2.0)]).tracks(TIMES, 1)[1].sigma_px

    assert sigma is not None
    assert np.isnan(sigma[0]).all()
    np.testing.assert_allclose(sigma[1], 2.0)


def test_nobody_gives_no_tracks() -> None:
    assert Sightings.joined([]).tracks(TIMES) == {}
    assert Sightings.from_bytes(Sightings.none().to_bytes()).tracks(TIMES) == {}
