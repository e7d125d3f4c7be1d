"""Following a person through a clip, side by side with MediaPipe's PoseLandmarker in VIDEO mode.

    .venv-benchmarks/bin/python -m benchmarks.video [CLIP...]

Both sides decode the clip themselves, with the same decoder, run the same two models and take turns. Runs in the
repository's root; the environment is that of ``benchmarks/requirements.txt``. Without clips the rendered kick is taken,
and its known joints give the errors.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import mediapipe
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from benchmarks.mediapipe_peer import build_task
from posedeck.engine.models import ensure_models
from posedeck.engine.video.afresh import look_again
from posedeck.engine.video.decode import read_frames
from posedeck.engine.video.follow import MAX_PEOPLE, follow_people
from posedeck.engine.video.looking import Eyes
from posedeck.engine.video.probe import ClipFacts, ClipLimits, probe
from posedeck.pose.skeleton import BLAZEPOSE_33
from posedeck.pose.swaps import repair_leg_swaps
from posedeck.pose.track import PoseTrack

KICK = Path("assets/samples/soccer_kick.mp4")
LIMITS = ClipLimits(max_bytes=10**9)
ROUNDS = 5

Run = Callable[[Path, ClipFacts], np.ndarray]


def main() -> None:
    """Print the tables."""
    cv2.setNumThreads(1)
    models = ensure_models()
    print(f"{os.cpu_count()} cores; wall and CPU time are medians of {ROUNDS} rounds, decoding included\n")
    with Eyes(models, 1) as one, Eyes(models, 2) as two:
        for clip in [Path(name) for name in sys.argv[1:]] or [KICK]:
            compare(clip, models, one, two)


def compare(clip: Path, models: Path, one: Eyes, two: Eyes) -> None:
    """Frames per second of everybody who can follow the clip."""
    facts = probe(clip, LIMITS)
    contestants: dict[str, Run] = {
        "MediaPipe PoseLandmarker, VIDEO mode": lambda path, known: mediapipe_video(models, path, known),
        "PoseDeck, one person, 1 thread": lambda path, known: followed(one, path, known, 1),
        "PoseDeck, one person, 2 threads": lambda path, known: followed(two, path, known, 1),
        "PoseDeck, everybody, 2 threads": lambda path, known: followed(two, path, known, MAX_PEOPLE),
        "PoseDeck, every frame afresh, 2 threads": lambda path, known: afresh(two, path, known),
    }
    wall: dict[str, list[float]] = {name: [] for name in contestants}
    cpu: dict[str, list[float]] = {name: [] for name in contestants}
    found: dict[str, np.ndarray] = {}
    for _ in range(ROUNDS):
        for name, run in contestants.items():
            cpu_0, wall_0 = time.process_time(), time.perf_counter()
            found[name] = run(clip, facts)
            wall[name].append(time.perf_counter() - wall_0)
            cpu[name].append(time.process_time() - cpu_0)
    print(f"{clip.name}: {facts.frames} frames, {facts.width}x{facts.height}, {facts.fps:g} frames per second")
    print(f"{'':42} {'fps':>6} {'ratio':>6} {'CPU ms a frame':>15} {'seen':>5}  error, legs swapped, both repaired")
    reference = facts.frames / np.median(next(iter(wall.values())))
    for name in contestants:
        fps = facts.frames / float(np.median(wall[name]))
        cpu_ms = float(np.median(cpu[name])) / facts.frames * 1e3
        seen = int(np.isfinite(found[name][:, 0, 0]).sum())
        proof = against_truth(found[name], facts) if clip == KICK else ""
        print(f"{name:42} {fps:6.1f} {fps / reference:6.2f} {cpu_ms:15.1f} {seen:5}  {proof}")
    print()


def mediapipe_video(models: Path, path: Path, facts: ClipFacts) -> np.ndarray:
    """The peer with its default thresholds and one pose; a new landmarker, as it keeps state over a clip."""
    with tempfile.TemporaryDirectory() as folder:
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(build_task(models, Path(folder) / "pose.task"))),
            running_mode=vision.RunningMode.VIDEO,
        )
        points = np.full((facts.frames, len(BLAZEPOSE_33), 2), np.nan)
        with vision.PoseLandmarker.create_from_options(options) as landmarker:
            for frame in read_frames(path, facts):
                picture = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=frame.pixels)
                people: Any = landmarker.detect_for_video(picture, round(frame.time_s * 1e3)).pose_landmarks
                for person in people[:1]:
                    points[frame.index] = [(point.x * facts.width, point.y * facts.height) for point in person]
    return points


def followed(eyes: Eyes, path: Path, facts: ClipFacts, max_people: int) -> np.ndarray:
    """PoseDeck, the points of whom it sees longest; with more than one person it goes on looking for newcomers."""
    tracks = follow_people(path, facts, eyes, max_people=max_people).sightings.tracks(facts.times_s, min_frames=1)
    return max(tracks.values(), key=lambda track: int(track.seen.sum())).xy_px


def afresh(eyes: Eyes, path: Path, facts: ClipFacts) -> np.ndarray:
    """PoseDeck as kicks are read around their swing, here in every frame."""
    sightings = follow_people(path, facts, eyes).sightings
    person = int(np.bincount(sightings.person).argmax())
    again = look_again(path, facts, eyes, sightings, person, 0, facts.frames)
    return again.tracks(facts.times_s, min_frames=1)[person].xy_px


def against_truth(points: np.ndarray, facts: ClipFacts) -> str:
    """Mean joint error in % of the torso and frames with swapped legs, as read and after repair."""
    score = np.ones(points.shape[:2])
    repaired = repair_leg_swaps(PoseTrack(BLAZEPOSE_33, facts.times_s, points, score)).xy_px
    return ", ".join(f"{100 * error:.1f} % {swaps}" for error, swaps in map(_errors, (points, repaired)))


def _errors(points: np.ndarray) -> tuple[float, int]:
    frames = json.loads(KICK.with_suffix(".json").read_text())["frames"]
    names = [name for name in BLAZEPOSE_33.names if name in frames[0]["joints_2d"]]
    truth = np.array([[frame["joints_2d"][name] for name in names] for frame in frames])
    trunk = [names.index(f"{side}_{part}") for part in ("shoulder", "hip") for side in ("left", "right")]
    torso = np.hypot(*(truth[:, trunk[:2]].mean(axis=1) - truth[:, trunk[2:]].mean(axis=1)).T)[:, None]
    legs = [names.index(f"{side}_{part}") for side in ("left", "right") for part in ("knee", "ankle")]
    plain, crossed = (
        np.hypot(*np.moveaxis(each[:, BLAZEPOSE_33.indices(names)] - truth, 2, 0)) / torso
        for each in (points, points[:, BLAZEPOSE_33.mirror_order])
    )
    swapped = (crossed[:, legs].mean(axis=1) < plain[:, legs].mean(axis=1)) & (plain[:, legs].mean(axis=1) > 0.2)
    return float(np.nanmean(plain)), int(swapped.sum())


if __name__ == "__main__":
    main()
