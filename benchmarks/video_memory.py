"""Peak memory of the work on a clip, by the clip's length: following, looking again, drawing.

    .venv/bin/python -m benchmarks.video_memory

Each length runs in a process of its own, on the rendered kick repeated and enlarged to 1280x720.
"""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from posedeck.engine.models import ensure_models
from posedeck.engine.video.afresh import look_again
from posedeck.engine.video.decode import read_frames
from posedeck.engine.video.encode import clip_writer
from posedeck.engine.video.follow import follow_people
from posedeck.engine.video.looking import Eyes
from posedeck.engine.video.probe import ClipFacts, ClipLimits, probe
from posedeck.engine.video.render import Overlay, render_clip
from posedeck.engine.video.sightings import Sightings
from posedeck.jobs.clips import FRAMES_PER_CHUNK

KICK = Path("assets/samples/soccer_kick.mp4")
LIMITS = ClipLimits(max_bytes=10**9)
REPEATS = (1, 4, 16)
LOOKED_AT_AGAIN = 60


def main() -> None:
    """Print a line for each length."""
    if len(sys.argv) > 1:
        print(peak_mb(Path(sys.argv[1])))
        return
    with tempfile.TemporaryDirectory() as folder:
        for times in REPEATS:
            clip = repeated(Path(folder) / f"{times}.mp4", times)
            command = [sys.executable, "-m", "benchmarks.video_memory", str(clip)]
            peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]
            print(f"{probe(clip, LIMITS).frames:5} frames of 1280x720: {peak} MB")


def repeated(path: Path, times: int) -> Path:
    """The kick several times over, enlarged."""
    facts = probe(KICK, LIMITS)
    with clip_writer(path, facts.fps) as writer:
        for number in range(times):
            for frame in read_frames(KICK, facts):
                writer.write(cv2.resize(frame.pixels, (1280, 720)), frame.time_s + number * facts.duration_s)
    return path


def followed(clip: Path, facts: ClipFacts, eyes: Eyes) -> Sightings:
    """Everybody in the clip, chunk by chunk as jobs do it."""
    state, parts = None, []
    for start in range(0, facts.frames, FRAMES_PER_CHUNK):
        part = follow_people(clip, facts, eyes, start, start + FRAMES_PER_CHUNK, state)
        state = part.state
        parts.append(part.sightings)
    return Sightings.joined(parts)


def peak_mb(clip: Path) -> int:
    """Peak resident memory of this process in megabytes after the whole work of a kick."""
    facts = probe(clip, LIMITS)
    with Eyes(ensure_models(), 2) as eyes, tempfile.TemporaryDirectory() as folder:
        sightings = followed(clip, facts, eyes)
        person = int(np.bincount(sightings.person).argmax())
        better = look_again(clip, facts, eyes, sightings, person, 0, LOOKED_AT_AGAIN)
        track = better.tracks(facts.times_s)[person]
        drawn, frames = Path(folder) / "drawn.mp4", Path(folder) / "frames.mp4"
        render_clip(clip, facts, lambda index: Overlay((track.pose(index),)), drawn, frames)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
