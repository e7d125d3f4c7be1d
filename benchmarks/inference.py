"""PoseDeck's engine side by side with MediaPipe's PoseLandmarker, over the same two models: time and accuracy together.

    python3 -m venv .venv-benchmarks
    .venv-benchmarks/bin/pip install -r benchmarks/requirements.txt
    .venv-benchmarks/bin/python -m benchmarks.inference COCO_FOLDER

COCO_FOLDER holds ``coco_keypoints.json`` (COCO's format) and its pictures; without it only the single person is run.
Runs in the repository's root on an idle machine. The contestants take turns, so that a busy moment hits all of them.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.mediapipe_peer import detect, pose_landmarker
from posedeck.engine.crops import Roi
from posedeck.engine.images import load_image
from posedeck.engine.models import ensure_models
from posedeck.engine.people import PoseEngine
from posedeck.engine.suppression import AREA_OF_BOX, SAME_POSE_OKS, WINDOW_STEP, windows
from posedeck.pose.skeleton import BLAZEPOSE_33, COCO_17, COCO_OKS_SIGMA

SAMPLES = Path("assets/samples")
SINGLES = ("front_apose", "side_apose", "body_slim", "body_heavy")
ONE_MEGAPIXEL = 1_000_000
ROUNDS = 30
FOUND_OKS = 0.5

COCO = BLAZEPOSE_33.indices(COCO_17.names)
FALLOFF = np.array(list(COCO_OKS_SIGMA.values()))

Answer = list[np.ndarray]


@dataclass
class Contestant:
    """A way to answer: the (33, 2) points of everybody in a picture, with the times it took."""

    name: str
    answer: Callable[[np.ndarray], Answer]
    wall_s: list[float]
    cpu_s: list[float]

    def run(self, image: np.ndarray) -> Answer:
        """Answer and note the time."""
        cpu, wall = time.process_time(), time.perf_counter()
        people = self.answer(image)
        self.wall_s.append(time.perf_counter() - wall)
        self.cpu_s.append(time.process_time() - cpu)
        return people


def contestant(name: str, answer: Callable[[np.ndarray], Answer]) -> Contestant:
    """A contestant that has not run yet."""
    return Contestant(name, answer, [], [])


def main() -> None:
    """Print both tables."""
    cv2.setNumThreads(1)
    models = ensure_models()
    print(f"{os.cpu_count()} cores; wall and CPU time are medians; MediaPipe chooses its own number of threads\n")
    single_person(models)
    if len(sys.argv) > 1:
        groups(models, Path(sys.argv[1]))


def single_person(models: Path) -> None:
    """One person in a picture of one megapixel."""
    landmarker = pose_landmarker(models)
    engines = {threads: PoseEngine(models, threads) for threads in (1, 2)}
    contestants = [contestant("MediaPipe PoseLandmarker", lambda image: _points(detect(landmarker, image)))]
    for threads, engine in engines.items():
        suffix = f"{threads} thread{'s' if threads > 1 else ''}"
        contestants += [
            contestant(f"PoseDeck landmarks only, {suffix}", _landmarks_of(engine)),
            contestant(f"PoseDeck face and mask, {suffix}", _estimate_of(engine, 1)),
            contestant(f"PoseDeck 8 passes, face and mask, {suffix}", _estimate_of(engine, 8)),
        ]
    errors: dict[str, list[float]] = {each.name: [] for each in contestants}
    for name in SINGLES:
        image, truth, torso = _one_megapixel(name)
        for each in contestants:
            each.answer(image)  # warm
        for number in range(ROUNDS):
            for each in contestants:
                people = each.run(image)
                if number == 0:
                    errors[each.name].append(_joint_error(people[0], truth, torso))
    print(f"Single person, 1 Mpx, {len(SINGLES)} rendered pictures x {ROUNDS} rounds")
    print(f"{'':46} {'wall ms':>8} {'ratio':>6} {'CPU ms':>8}  mean joint error, % of torso")
    reference = np.median(contestants[0].wall_s)
    for each in contestants:
        wall, cpu = np.median(each.wall_s), np.median(each.cpu_s)
        error = 100.0 * np.mean(errors[each.name])
        print(f"{each.name:46} {wall * 1e3:8.1f} {wall / reference:6.2f} {cpu * 1e3:8.1f}  {error:.2f}")


def groups(models: Path, folder: Path) -> None:
    """Group pictures with COCO annotations."""
    annotations = json.loads((folder / "coco_keypoints.json").read_text())
    once, several = pose_landmarker(models), pose_landmarker(models, num_poses=5)
    engines = {threads: PoseEngine(models, threads) for threads in (1, 2)}
    contestants = [
        contestant("MediaPipe per window, half overlapping", lambda image: _per_window(once, image, 0.5)),
        contestant("MediaPipe per window, PoseDeck's windows", lambda image: _per_window(once, image, WINDOW_STEP)),
        contestant("MediaPipe whole picture, up to 5 poses", lambda image: _points(detect(several, image))),
        *(
            contestant(f"PoseDeck find_people, {threads} thread{'s' if threads > 1 else ''}", _people_of(engine))
            for threads, engine in engines.items()
        ),
    ]
    totals = {each.name: np.zeros(3) for each in contestants}
    people = 0
    for entry in annotations["images"]:
        image = load_image((folder / entry["file_name"]).read_bytes())
        truths = [
            truth for truth in annotations["annotations"] if truth["image_id"] == entry["id"] and truth["num_keypoints"]
        ]
        people += len(truths)
        for each in contestants:
            each.answer(image)  # warm
        for number in range(5):
            for each in contestants:
                found = each.run(image)
                if number == 0:
                    totals[each.name] += _recall(found, truths)
    print(f"\nGroups, {len(annotations['images'])} COCO pictures with {people} annotated people x 5 rounds")
    print(f"{'':46} {'wall ms':>8} {'ratio':>6} {'CPU ms':>8}  found at OKS {FOUND_OKS}, their mean OKS, unmatched")
    reference = np.mean(contestants[0].wall_s)
    for each in contestants:
        wall, cpu = np.mean(each.wall_s), np.mean(each.cpu_s)
        found, similarity, unmatched = totals[each.name]
        mean = similarity / max(found, 1)
        print(
            f"{each.name:46} {wall * 1e3:8.1f} {wall / reference:6.2f} {cpu * 1e3:8.1f}"
            f"  {found:.0f} of {people}, {mean:.2f}, {unmatched:.0f}"
        )


def _landmarks_of(engine: PoseEngine) -> Callable[[np.ndarray], Answer]:
    def answer(image: np.ndarray) -> Answer:
        person = engine.pose_landmarks(image)
        return [] if person is None else [person.xy_px]

    return answer


def _estimate_of(engine: PoseEngine, passes: int) -> Callable[[np.ndarray], Answer]:
    def answer(image: np.ndarray) -> Answer:
        person = engine.estimate(image, passes)
        return [] if person is None else [person.pose.xy_px]

    return answer


def _people_of(engine: PoseEngine) -> Callable[[np.ndarray], Answer]:
    return lambda image: [person.pose.xy_px for person in engine.find_people(image)]


def _points(people: Sequence[dict[str, np.ndarray]]) -> Answer:
    return [person["xy_px"] for person in people]


def _per_window(landmarker: Any, image: np.ndarray, step: float) -> Answer:
    """The peer on the picture and on windows of PoseDeck's sizes, with the same removal of repeats."""
    height, width = image.shape[:2]
    candidates: list[tuple[float, np.ndarray]] = []
    for window in (Roi.whole(width, height), *windows(width, height, step)):
        low = np.maximum(np.round(window.centre - window.size / 2).astype(int), 0)
        high = np.minimum(np.round(window.centre + window.size / 2).astype(int), [width, height])
        cut = np.ascontiguousarray(image[low[1] : high[1], low[0] : high[0]])
        candidates += [(float(p["score"].mean()), p["xy_px"] + low) for p in detect(landmarker, cut)]
    kept: Answer = []
    for _, points in sorted(candidates, key=lambda each: -each[0]):
        if all(_oks(points[COCO], other[COCO], _area(points, other)) < SAME_POSE_OKS for other in kept):
            kept.append(points)
    return kept


def _area(a: np.ndarray, b: np.ndarray) -> float:
    return AREA_OF_BOX * min(float(np.ptp(points[COCO], axis=0).prod()) for points in (a, b))


def _oks(found: np.ndarray, truth: np.ndarray, area: float, labelled: np.ndarray | None = None) -> float:
    squared = ((found - truth) ** 2).sum(axis=1)
    similarity = np.exp(-squared / (2.0 * max(area, 1.0) * (2.0 * FALLOFF) ** 2))
    return float(similarity.mean() if labelled is None else similarity[labelled].mean())


def _recall(found: Answer, truths: Sequence[dict[str, Any]]) -> np.ndarray:
    """How many true people are found, the sum of their OKS, and how many answers match nobody."""
    similarity = np.zeros((len(truths), len(found)))
    for row, truth in enumerate(truths):
        points = np.array(truth["keypoints"], float).reshape(-1, 3)
        for column, person in enumerate(found):
            similarity[row, column] = _oks(person[COCO], points[:, :2], truth["area"], points[:, 2] > 0)
    total = np.zeros(2)
    free = similarity.copy()
    while free.size and free.max() >= FOUND_OKS:
        row, column = np.unravel_index(free.argmax(), free.shape)
        total += [1.0, free[row, column]]
        free[row], free[:, column] = 0.0, 0.0
    return np.array([*total, len(found) - total[0]])


def _one_megapixel(name: str) -> tuple[np.ndarray, dict[str, np.ndarray], float]:
    image = load_image((SAMPLES / f"{name}.jpg").read_bytes())
    scale = float(np.sqrt(ONE_MEGAPIXEL / (image.shape[0] * image.shape[1])))
    person = json.loads((SAMPLES / f"{name}.json").read_text())["people"][0]
    joints = {joint: np.array(xy) * scale for joint, xy in person["joints_2d"].items()}
    trunk = joints["left_shoulder"] + joints["right_shoulder"] - joints["left_hip"] - joints["right_hip"]
    visible = {joint: xy for joint, xy in joints.items() if person["visible"][joint]}
    resized = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return np.asarray(resized, np.uint8), visible, float(np.hypot(*trunk)) / 2.0


def _joint_error(points: np.ndarray, truth: dict[str, np.ndarray], torso: float) -> float:
    names = [name for name in BLAZEPOSE_33.names if name in truth]
    apart = points[BLAZEPOSE_33.indices(names)] - np.array([truth[name] for name in names])
    return float(np.hypot(*apart.T).mean()) / torso


if __name__ == "__main__":
    main()
