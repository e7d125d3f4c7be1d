"""A clip probed in a process of its own, with a clock: what a stranger sent cannot take the server with it."""

import subprocess
import sys
from pathlib import Path

import msgspec

from posedeck.engine.video.errors import ClipError, Reason
from posedeck.engine.video.probe import ClipLimits, probe
from posedeck.engine.worker_process import child_environment

#: The longest clips within the limits take well under a second.
LIMIT_S = 20.0


class ProbedClip(msgspec.Struct, frozen=True):
    """What a probe tells of a clip: upright size in pixels, frames, frames per second, seconds."""

    width: int
    height: int
    frames: int
    fps: float
    duration_s: float


class _Refused(msgspec.Struct, frozen=True):
    reason: Reason
    message: str


class _Told(msgspec.Struct, frozen=True):
    clip: ProbedClip | None = None
    refused: _Refused | None = None


def probe_apart(path: Path, limits: ClipLimits, limit_s: float = LIMIT_S) -> ProbedClip:
    """``probe`` in a child process. Takes about half a second.

    Raises:
        ClipError: as ``probe`` does; ``unreadable`` also when the child dies or takes too long.
    """
    command = [sys.executable, "-m", __name__, str(path), msgspec.json.encode(limits).decode()]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=limit_s, env=child_environment(), check=True)
        told = msgspec.json.decode(ended.stdout, type=_Told)
    except (subprocess.SubprocessError, msgspec.DecodeError) as error:
        raise ClipError("unreadable", "the video cannot be read") from error
    if told.clip is None:
        refused = told.refused or _Refused("unreadable", "the video cannot be read")
        raise ClipError(refused.reason, refused.message)
    return told.clip


def main() -> None:
    """Probe the clip of the first argument within the limits of the second; tell it as JSON."""
    limits = msgspec.json.decode(sys.argv[2], type=ClipLimits)
    try:
        facts = probe(Path(sys.argv[1]), limits)
    except ClipError as error:
        told = _Told(refused=_Refused(error.reason, error.message))
    else:
        told = _Told(ProbedClip(facts.width, facts.height, facts.frames, facts.fps, facts.duration_s))
    sys.stdout.write(msgspec.json.encode(told).decode())


if __name__ == "__main__":
    main()
