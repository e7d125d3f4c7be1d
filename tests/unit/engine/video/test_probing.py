from pathlib import Path

import pytest

from posedeck.engine.video.errors import ClipError
from posedeck.engine.video.probe import ClipLimits
from posedeck.engine.video.probing import ProbedClip, probe_apart
from tests.support.kick import SAMPLES

LIMITS = ClipLimits(max_bytes=10_000_000, min_frames=30, max_frames=900)


def test_a_clip_is_probed_in_a_process_of_its_own() -> None:
    clip = probe_apart(SAMPLES / "soccer_kick.mp4", LIMITS)
    assert clip == ProbedClip(768, 432, 63, pytest.approx(30.0), pytest.approx(2.1))


def test_refusals_come_with_their_reason(tmp_path: Path) -> None:
    junk = tmp_path / "junk.mp4"
    junk.write_bytes(b"this is no video" * 1000)
    with pytest.raises(ClipError) as unreadable:
        probe_apart(junk, LIMITS)
    assert unreadable.value.reason == "unreadable"
    with pytest.raises(ClipError) as short:
        probe_apart(SAMPLES / "soccer_kick.mp4", ClipLimits(max_bytes=10_000_000, min_frames=64))
    assert (short.value.reason, "63" in short.value.message) == ("too_few_frames", True)


def test_a_probe_that_does_not_end_is_ended() -> None:
    with pytest.raises(ClipError) as stuck:
        probe_apart(SAMPLES / "soccer_kick.mp4", LIMITS, limit_s=0.01)
    assert stuck.value.reason == "unreadable"
