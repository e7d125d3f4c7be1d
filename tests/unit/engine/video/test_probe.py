import pickle
import random
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from posedeck.engine.video.errors import ClipError
from posedeck.engine.video.probe import ClipLimits, probe
from tests.support.clips import numbered, write_clip
from tests.support.people import SAMPLES

GENEROUS = ClipLimits(max_bytes=10_000_000)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clip") / "c.mp4", numbered(40), [40 * i for i in range(40)])


def refusal(path: Path, limits: ClipLimits) -> str:
    with pytest.raises(ClipError) as caught:
        probe(path, limits)
    assert pickle.loads(pickle.dumps(caught.value)).reason == caught.value.reason  # noqa: S301
    return caught.value.reason


def test_the_rendered_kick_is_what_its_description_says() -> None:
    facts = probe(SAMPLES / "soccer_kick.mp4", GENEROUS)

    assert (facts.width, facts.height, facts.frames) == (768, 432, 63)
    assert facts.fps == pytest.approx(30)
    assert facts.duration_s == pytest.approx(2.1)
    assert not facts.variable_rate
    assert facts.bytes == (SAMPLES / "soccer_kick.mp4").stat().st_size


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_clip_filmed_upright_is_taller_than_wide(tmp_path: Path, turn: int) -> None:
    facts = probe(write_clip(tmp_path / "c.mp4", numbered(3), [0, 40, 80], turn=turn), GENEROUS)

    assert (facts.width, facts.height) == ((48, 64) if turn in (90, 270) else (64, 48))


def test_pixels_that_are_not_square_widen_the_picture(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "c.mp4", numbered(3), [0, 40, 80], pixel_shape=Fraction(3, 2))

    assert (probe(clip, GENEROUS).width, probe(clip, GENEROUS).height) == (96, 48)


def test_uneven_times_are_kept_and_named(tmp_path: Path) -> None:
    times = [500, 533, 567, 700, 733, 767]
    facts = probe(write_clip(tmp_path / "c.mkv", numbered(6), times), GENEROUS)

    assert facts.variable_rate
    np.testing.assert_allclose(facts.times_s, [(each - 500) / 1000 for each in times], atol=1e-9)
    assert facts.fps == pytest.approx(5 / 0.267)


def test_rounding_to_the_containers_clock_is_not_a_variable_rate(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "c.mkv", numbered(30), [round(i * 1000 / 60) for i in range(30)])

    assert not probe(clip, GENEROUS).variable_rate
    assert probe(clip, GENEROUS).fps == pytest.approx(60, rel=0.01)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (ClipLimits(max_bytes=100), "too_many_bytes"),
        (ClipLimits(max_bytes=10**6, max_long_side=63), "too_large"),
        (ClipLimits(max_bytes=10**6, max_short_side=47), "too_large"),
        (ClipLimits(max_bytes=10**6, min_frames=41), "too_few_frames"),
        (ClipLimits(max_bytes=10**6, max_frames=39), "too_many_frames"),
        (ClipLimits(max_bytes=10**6, max_duration_s=1.5), "too_long"),
    ],
)
def test_each_limit_refuses_by_name(clip: Path, limits: ClipLimits, reason: str) -> None:
    assert refusal(clip, limits) == reason


def test_limits_include_their_bounds(clip: Path) -> None:
    size = clip.stat().st_size
    exact = ClipLimits(size, min_frames=40, max_frames=40, max_duration_s=1.6, max_long_side=64, max_short_side=48)

    assert probe(clip, exact).frames == 40


def test_a_small_file_that_unpacks_into_a_huge_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    black = np.zeros((720, 1280, 3), np.uint8)
    times = [40 * i for i in range(90)]
    bomb = write_clip(tmp_path / "b.mp4", (black for _ in times), times, key_frame_every=250, preset="ultrafast")

    assert probe(bomb, GENEROUS).frames == 90  # 124 MB do no harm
    monkeypatch.setattr("posedeck.engine.video.probe.HARMLESS_BYTES", 100_000_000)
    assert refusal(bomb, GENEROUS) == "too_dense"


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 44100, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode())

    assert refusal(path, GENEROUS) == "no_video"


@pytest.mark.parametrize("content", [b"", b"\0" * 2000, b"not a video, only words " * 20])
def test_what_is_no_clip_is_unreadable(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.mp4"
    path.write_bytes(content)

    assert refusal(path, GENEROUS) == "unreadable"


def test_a_playlist_cannot_reach_other_files(tmp_path: Path, clip: Path) -> None:
    playlist = tmp_path / "list.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1.6,\nfile://{clip}\n#EXT-X-ENDLIST\n")

    assert refusal(playlist, GENEROUS) == "unreadable"


def test_damaged_files_raise_nothing_but_our_error(tmp_path: Path, clip: Path) -> None:
    dice = random.Random(1)  # noqa: S311
    whole = clip.read_bytes()
    path = tmp_path / "c.mp4"
    refused = 0
    for _ in range(150):
        broken = bytearray(whole)
        for _ in range(dice.randrange(1, 40)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        path.write_bytes(broken[: dice.randrange(1, len(broken))] if dice.random() < 0.3 else broken)
        try:
            probe(path, GENEROUS)
        except ClipError:
            refused += 1

    assert refused > 10  # the dice did hit what matters
