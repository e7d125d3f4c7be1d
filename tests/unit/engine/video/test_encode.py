from pathlib import Path

import av
import numpy as np
import pytest

from posedeck.engine.video.decode import read_frames
from posedeck.engine.video.encode import clip_writer
from posedeck.engine.video.probe import ClipLimits, probe
from tests.support.clips import number_of, numbered

LIMITS = ClipLimits(max_bytes=10_000_000)


def write(path: Path, pictures: list[np.ndarray], times_s: list[float], whole: bool = False) -> Path:
    with clip_writer(path, fps=30.0, every_frame_whole=whole) as writer:
        for picture, time_s in zip(pictures, times_s, strict=True):
            writer.write(picture, time_s)
    return path


@pytest.mark.parametrize("whole", [False, True])
def test_uneven_times_come_back_to_the_tick(tmp_path: Path, whole: bool) -> None:
    times = [0.0, 1 / 30, 0.1, 0.4, 0.41, 1.7]
    clip = write(tmp_path / "c.mp4", numbered(6), times, whole)
    facts = probe(clip, LIMITS)

    np.testing.assert_allclose(facts.times_s, times, atol=1e-5)
    assert [number_of(frame.pixels) for frame in read_frames(clip, facts)] == list(range(6))


def test_browsers_can_play_it_from_its_first_bytes(tmp_path: Path) -> None:
    clip = write(tmp_path / "c.mp4", numbered(40), [i / 30 for i in range(40)])

    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert stream.average_rate == 30
    content = clip.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.parametrize("size", [(63, 48), (64, 47), (63, 47)])
def test_odd_sides_get_a_copy_of_their_last_line(tmp_path: Path, size: tuple[int, int]) -> None:
    width, height = size
    picture = np.full((height, width, 3), 40, np.uint8)
    picture[-2:, :] = 200
    picture[:, -2:] = 200
    clip = write(tmp_path / "c.mp4", [picture] * 3, [0.0, 0.1, 0.2])
    facts = probe(clip, LIMITS)
    first = next(read_frames(clip, facts)).pixels

    assert (facts.width, facts.height) == (64, 48)
    assert first[-1].mean() > 180
    assert first[:, -1].mean() > 180
    assert np.abs(first[:40, :40].astype(int) - 40).mean() < 4


def test_frames_coded_whole_are_all_key_frames(tmp_path: Path) -> None:
    clip = write(tmp_path / "c.mp4", numbered(20), [i / 30 for i in range(20)], whole=True)

    with av.open(str(clip)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
        assert all(packet.is_keyframe for packet in packets)
        assert [packet.pts for packet in packets] == sorted(packet.pts or 0 for packet in packets)


def test_a_writer_that_got_nothing_leaves_no_file(tmp_path: Path) -> None:
    with clip_writer(tmp_path / "c.mp4", fps=30.0):
        pass

    assert not (tmp_path / "c.mp4").exists()
