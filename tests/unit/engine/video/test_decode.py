import random
from pathlib import Path

import numpy as np
import pytest

from posedeck.engine.video.decode import read_frames
from posedeck.engine.video.errors import ClipError
from posedeck.engine.video.probe import ClipLimits, probe
from tests.support.clips import number_of, numbered, write_clip
from tests.support.people import SAMPLES

LIMITS = ClipLimits(max_bytes=10_000_000)
COUNT = 40


@pytest.fixture(scope="module", params=["c.mp4", "c.mkv", "c.avi", "c.ts"])
def clip(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    # An AVI has no presentation times of its own, so its codec must not reorder frames.
    codec = "mpeg4" if request.param == "c.avi" else "libx264"
    times = [round(1000 * i / 30) for i in range(COUNT)]
    return write_clip(tmp_path_factory.mktemp("clip") / request.param, numbered(COUNT), times, codec)


def test_frames_come_in_order_with_their_times(clip: Path) -> None:
    facts = probe(clip, LIMITS)
    frames = list(read_frames(clip, facts))

    assert [frame.index for frame in frames] == list(range(COUNT))
    assert [number_of(frame.pixels) for frame in frames] == list(range(COUNT))
    np.testing.assert_array_equal([frame.time_s for frame in frames], facts.times_s)
    assert (np.diff(facts.times_s) > 0).all()


@pytest.mark.parametrize(("start", "stop"), [(0, 5), (7, 8), (11, 26), (12, 24), (13, None), (39, 99), (40, 50)])
def test_a_range_holds_its_frames_and_no_others(clip: Path, start: int, stop: int | None) -> None:
    frames = list(read_frames(clip, probe(clip, LIMITS), start, stop))

    assert [number_of(frame.pixels) for frame in frames] == list(range(COUNT))[start:stop]


def test_chunks_give_the_pixels_of_an_unbroken_run() -> None:
    clip = SAMPLES / "soccer_kick.mp4"
    facts = probe(clip, LIMITS)
    whole = [frame.pixels for frame in read_frames(clip, facts)]
    pieces = [
        frame.pixels for start in range(0, 63, 10) for frame in read_frames(clip, facts, start, min(start + 10, 63))
    ]

    assert len(whole) == len(pieces) == 63
    assert all(np.array_equal(a, b) for a, b in zip(whole, pieces, strict=True))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_clip_is_read_upright(tmp_path: Path, turn: int) -> None:
    # Only the upper left quarter of what the viewer is to see is bright.
    upright = np.zeros((48, 64, 3), np.uint8)
    upright[:24, :32] = 220
    coded = np.rot90(upright, -turn // 90)
    clip = write_clip(tmp_path / "c.mp4", [coded] * 3, [0, 40, 80], turn=turn)
    facts = probe(clip, LIMITS)
    picture = next(read_frames(clip, facts)).pixels

    assert picture.shape == upright.shape == (facts.height, facts.width, 3)
    assert np.abs(picture.astype(int) - upright).mean() < 12


def test_damage_inside_costs_frames_and_nothing_else(tmp_path: Path) -> None:
    whole = (SAMPLES / "soccer_kick.mp4").read_bytes()
    dice = random.Random(4)  # noqa: S311
    path = tmp_path / "c.mp4"
    for _ in range(6):
        broken = bytearray(whole)
        for _ in range(60):
            broken[dice.randrange(4000, len(broken))] = dice.randrange(256)
        path.write_bytes(broken)
        try:
            facts = probe(path, LIMITS)
            indices = [frame.index for frame in read_frames(path, facts)]
        except ClipError:
            continue
        assert indices == sorted(set(indices))
        assert indices[-1] < facts.frames
