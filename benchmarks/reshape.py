"""Future shape on 1 Mpx: time, memory and what is left alone, beside the single-layer warp that such tools use.

    python -m benchmarks.reshape [--pictures FOLDER]

Runs in the repository's root on an idle machine. Both contestants take the same body and the same displacement; the
single layer lets it fade out around the body and bends the photo as a whole. ``--pictures`` writes what they drew.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from posedeck.engine.images import load_image
from posedeck.engine.models import ensure_models
from posedeck.engine.people import PoseEngine
from posedeck.engine.reshape.anthropometry import EXPONENTS, Gender
from posedeck.engine.reshape.body import Body
from posedeck.engine.reshape.field import Extent, Field, make_field
from posedeck.engine.reshape.integrity import background_difference, face_similarity
from posedeck.engine.reshape.pipeline import reshape
from posedeck.engine.reshape.rasters import Raster, Rgb, centres, distance_to, looked_up, resized, smoothstep
from posedeck.engine.reshape.render import inverted
from posedeck.engine.slots import SlotPool

SAMPLES = Path("assets/samples")
PEOPLE = {"front_apose": Gender.FEMALE, "body_slim": Gender.MALE, "body_heavy": Gender.MALE, "group3": Gender.MALE}
RATIOS = (0.85, 1.25)
ACCURACY_RATIOS = (0.75, 0.85, 1.1, 1.25, 1.40)
BOUND_SITES = ("waist", "hip", "left_thigh", "right_thigh")
ONE_MEGAPIXEL = 1_000_000
ROUNDS = 5
#: Torso lengths over which the single layer's displacement fades out around the body.
TAPER = 0.45
#: Distances from the body's old and new outline in pixels at which the background's displacement is told.
BANDS = ((12, 20), (28, 40), (60, 80))
#: Kilograms of the rendered man (assets/samples/README.md).
SLIM_KG, HEAVY_KG = 62.1, 86.3


@dataclass
class Drawn:
    """What a contestant made of a picture."""

    image: Rgb
    mask: Raster
    moved: Raster  # pixels by which what is seen at a place was displaced


def backward(field: Field, body: Body) -> Raster:
    """Displacement (h, w, 2) in pixels from where what is seen at a place came."""
    height, width = body.mask.shape
    return resized(inverted(field.shift), width, height, cv2.INTER_CUBIC) / field.figure.scale.astype(np.float32)


def layered(picture: Rgb, body: Body, gender: Gender, ratio: float) -> Drawn:
    """Ours."""
    reshaped = reshape(picture, body, gender, ratio)
    field = make_field(body.pose, body.mask, EXPONENTS[gender], float(np.log(ratio)), Extent())
    changed = (reshaped.image != picture).any(axis=2)
    back = backward(field, body)
    return Drawn(reshaped.image, reshaped.new_mask, np.hypot(back[..., 0], back[..., 1]) * changed)


def single_layer(picture: Rgb, body: Body, gender: Gender, ratio: float) -> Drawn:
    """The photo bent as a whole."""
    field = make_field(body.pose, body.mask, EXPONENTS[gender], float(np.log(ratio)), Extent())
    outside = distance_to(field.figure.mask > 0.5)
    fading = 1.0 - smoothstep(0.0, TAPER * field.figure.torso, outside)
    back = backward(Field(field.figure, field.shift * fading[..., None], 1.0, 1.0), body)
    x, y = centres(picture.shape[1], picture.shape[0])
    from_x, from_y = x + back[..., 0], y + back[..., 1]
    warped = cv2.remap(picture, from_x - 0.5, from_y - 0.5, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return Drawn(
        np.asarray(warped, np.uint8), looked_up(body.mask, from_x, from_y), np.hypot(back[..., 0], back[..., 1])
    )


CONTESTANTS: dict[str, Callable[[Rgb, Body, Gender, float], Drawn]] = {
    "single layer": single_layer,
    "layered (ours)": layered,
}


def one_megapixel(name: str) -> Rgb:
    """A sample picture at that size."""
    picture = load_image((SAMPLES / f"{name}.jpg").read_bytes())
    scale = (ONE_MEGAPIXEL / (picture.shape[0] * picture.shape[1])) ** 0.5
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def true_mask(name: str, shape: tuple[int, int]) -> np.ndarray:
    """The rendered person's own silhouette at a size."""
    mask = cv2.imread(str(SAMPLES / f"{name}_mask.png"), cv2.IMREAD_GRAYSCALE)
    return np.asarray(cv2.resize(mask, shape[::-1], interpolation=cv2.INTER_AREA)) > 127


def overlap(first: np.ndarray, second: np.ndarray) -> float:
    """Intersection over union."""
    return float((first & second).sum() / (first | second).sum())


def tell_background(found: dict[str, tuple[Rgb, Body]], folder: Path | None) -> None:
    """The background's error of both."""
    bands = " | ".join(f"p95 shift {low}-{high} px away" for low, high in BANDS)
    print(f"\n| {len(PEOPLE)} pictures x {len(RATIOS)} ratios | mean abs diff | max | {bands} | face SSIM, least |")
    print("|---|---|---|" + "---|" * len(BANDS) + "---|")
    for name, draw in CONTESTANTS.items():
        means, largest, faces = [], [], []
        shifts: list[list[float]] = [[] for _ in BANDS]
        for person, gender in PEOPLE.items():
            picture, body = found[person]
            for ratio in RATIOS:
                drawn = draw(picture, body, gender, ratio)
                most, mean = background_difference(picture, drawn.image, body.mask, drawn.mask)
                means.append(mean)
                largest.append(most)
                faces.append(face_similarity(picture, drawn.image, body.pose) or 0.0)
                away = distance_to((body.mask > 0.5) | (drawn.mask > 0.5))
                for values, (low, high) in zip(shifts, BANDS, strict=True):
                    values.append(float(np.percentile(drawn.moved[(away >= low) & (away < high)], 95)))
                if folder is not None:
                    path = folder / f"{person}_{ratio}_{name.split()[0]}.png"
                    cv2.imwrite(str(path), cv2.cvtColor(drawn.image, cv2.COLOR_RGB2BGR))
        told = " | ".join(f"{np.mean(values):.1f}" for values in shifts)
        print(f"| {name} | {np.mean(means):.3f} | {max(largest)} | {told} | {min(faces):.3f} |")


def tell_accuracy(found: dict[str, tuple[Rgb, Body]]) -> None:
    """Widths, round trips and the rendered targets."""
    errors, faces, folds, trips = [], [], [], []
    for person, gender in PEOPLE.items():
        picture, body = found[person]
        for ratio in ACCURACY_RATIOS:
            reshaped = reshape(picture, body, gender, ratio)
            errors += [
                abs(width.achieved / width.intended - 1.0)
                for width in reshaped.widths
                if width.site in BOUND_SITES and width.achieved is not None
            ]
            faces.append(reshaped.integrity.face_ssim or 0.0)
            folds.append(reshaped.integrity.min_determinant)
        slim = reshape(picture, body, gender, 0.8)
        back = reshape(slim.image, Body(body.pose, slim.new_mask), gender, 1.25)
        trips.append(10 * np.log10(255.0**2 / np.mean((back.image.astype(float) - picture) ** 2)))
    print(f"\nwidth error at waist, hip, thighs, ratios {ACCURACY_RATIOS}: ", end="")
    print(f"mean {np.mean(errors):.2%}, largest {max(errors):.2%} ({len(errors)} widths)")
    print(f"inner face SSIM: mean {np.mean(faces):.4f}, least {min(faces):.4f}; least determinant {min(folds):.2f}")
    print(f"slim (0.8) then heavy (1.25) and back: mean {np.mean(trips):.1f} dB, least {min(trips):.1f} dB")
    for name, target, ratio in (("body_slim", "body_heavy", HEAVY_KG / SLIM_KG), ("body_heavy", "body_slim", 0.75)):
        picture, body = found[name]
        truth = true_mask(target, body.mask.shape)
        reshaped = reshape(picture, body, Gender.MALE, ratio)
        before, after = overlap(body.mask > 0.5, truth), overlap(reshaped.new_mask > 0.5, truth)
        print(f"{name} at {ratio:.2f} against the rendered {target}: overlap {before:.3f} before, {after:.3f} after")


def tell_speed(engine: PoseEngine) -> None:
    """Both pictures from the photo's pixels on: in this process, and on two slots at once."""
    find, both, both_cpu = [], [], []
    for name, gender in PEOPLE.items():
        picture = one_megapixel(name)
        for _ in range(ROUNDS):
            cpu, wall = time.process_time(), time.perf_counter()
            pixels, body = engine.find_body(picture)
            find.append(time.perf_counter() - wall)
            for ratio in RATIOS:
                reshape(pixels, body, gender, ratio)
            both.append(time.perf_counter() - wall)
            both_cpu.append(time.process_time() - cpu)
    # Before the pool starts: its workers' memory is their own.
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(
        f"\none process, one thread: analysis {np.median(find):.2f} s, with both pictures {np.median(both):.2f} s",
        end="",
    )
    print(f" (CPU {np.median(both_cpu):.2f} s), peak memory {memory:.0f} MB")
    pool = SlotPool(ensure_models(), slots=2)
    pool.warm_up()
    pairs = []
    for name, gender in PEOPLE.items():
        encoded = cv2.imencode(".jpg", cv2.cvtColor(one_megapixel(name), cv2.COLOR_RGB2BGR))[1].tobytes()
        for _ in range(ROUNDS):
            wall = time.perf_counter()
            futures = [pool.submit_reshape(encoded, gender, ratio) for ratio in RATIOS]
            wait(futures)
            for future in futures:
                future.result()
            pairs.append(time.perf_counter() - wall)
    pool.close()
    print(f"two slots, both pictures at once, each with its own analysis: {np.median(pairs):.2f} s")


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path)
    folder = parser.parse_args().pictures
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    engine = PoseEngine(ensure_models())
    tell_speed(engine)
    found = {name: engine.find_body(one_megapixel(name)) for name in PEOPLE}
    tell_background(found, folder)
    tell_accuracy(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
