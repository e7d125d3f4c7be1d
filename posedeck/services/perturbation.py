"""The perturbation lab: one source asked about changed versions of a picture that it has answered."""

import io
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from posedeck.engine.images import load_image
from posedeck.net.errors import VendorError
from posedeck.pose.agreement import MirrorTest, mirror_test
from posedeck.pose.agreement.perturbation import Kind, Perturbation, Placement, Stability, place, stability
from posedeck.services.csv_table import csv_table
from posedeck.services.fitting import FittingError
from posedeck.services.keypoints import KeypointAnswer
from posedeck.services.photos import Photo
from posedeck.services.sources import Source

#: Nothing but the perturbation itself may show: at this quality a JPEG's blocks do not.
_QUALITY = 95
_MARGIN_GREY = (128, 128, 128)
_COLUMNS = (
    "source", "perturbation", "amount", "people", "people_found_again", "mean_distance_torso", "mean_oks",
    "exchanges_left_and_right", "picture_sha256",
)  # fmt: skip

#: What asks a source about a changed picture, as ``posedeck.services.keypoints.ask_keypoints`` does.
Ask = Callable[[Photo, Perturbation], KeypointAnswer]


@dataclass(frozen=True)
class Measured:
    """One perturbation and what it left of the answer."""

    perturbation: Perturbation
    stability: Stability


@dataclass(frozen=True, eq=False)
class LabResult:
    """What a run of the lab found.

    Attributes:
        baseline: The answer to the picture itself.
        source: Who answered; the fault lab if one of the answers was made there.
        measured: The perturbations that were answered, in the order they were asked.
        wanted: How many were to be asked.
        mirror: The left/right test; None when the mirrored picture was not answered.
        error: What ended the run early; None when it ended by itself or was stopped.
    """

    baseline: KeypointAnswer
    source: Source
    measured: tuple[Measured, ...]
    wanted: int
    mirror: MirrorTest | None
    error: VendorError | FittingError | None


class LabRun:
    """One run: asks in a thread, while another thread reads ``done`` and may stop it.

    Args:
        ask: Asks the source.
        baseline: The same source's answer to the picture itself.
        steps: What to ask about, one after the other.
    """

    def __init__(self, ask: Ask, baseline: KeypointAnswer, steps: Sequence[Perturbation]) -> None:
        self._ask = ask
        self._stopped = threading.Event()
        self.baseline = baseline
        self.steps = tuple(steps)
        self.done = 0

    def stop(self) -> None:
        """Ask nothing more; what is on its way is still waited for."""
        self._stopped.set()

    def run(self) -> LabResult:
        """Ask about each step. A failing call ends the run; what was measured before is kept."""
        answered: list[tuple[Perturbation, KeypointAnswer]] = []
        error: VendorError | FittingError | None = None
        for step in self.steps:
            if self._stopped.is_set():
                break
            try:
                answered.append((step, self._ask(perturb(self.baseline.photo, step)[0], step)))
            except (VendorError, FittingError) as failure:
                error = failure
                break
            self.done += 1
        return lab_result(self.baseline, answered, len(self.steps), error)


def lab_result(
    baseline: KeypointAnswer,
    answered: Sequence[tuple[Perturbation, KeypointAnswer]],
    wanted: int,
    error: VendorError | FittingError | None = None,
) -> LabResult:
    """What the answers about changed pictures tell of their source.

    Args:
        baseline: The answer to the picture itself.
        answered: Each change with its answer.
        wanted, error: As in ``LabResult``.
    """
    photo, people = baseline.photo, baseline.people
    measured = tuple(
        Measured(step, stability(people, answer.people, place(step, photo.width, photo.height)))
        for step, answer in answered
    )
    mirrored = next((answer for step, answer in answered if step.kind is Kind.MIRROR), None)
    return LabResult(
        baseline=baseline,
        source=Source.FAULT if any(answer.source is Source.FAULT for _, answer in answered) else baseline.source,
        measured=measured,
        wanted=wanted,
        mirror=None if mirrored is None else mirror_test(people, mirrored.people, photo.width),
        error=error,
    )


def perturb(photo: Photo, perturbation: Perturbation) -> tuple[Photo, Placement]:
    """The changed picture as a JPEG, and where the change puts the original. Raises ValueError if nothing is left."""
    pixels = load_image(photo.data)
    placement = place(perturbation, photo.width, photo.height)
    quality = _QUALITY
    match perturbation.kind:
        case Kind.MIRROR:
            pixels = pixels[:, ::-1]
        case Kind.CROP:
            left, top = (-round(float(shift)) for shift in placement.matrix[:, 2])
            pixels = pixels[top : top + placement.height, left : left + placement.width]
        case Kind.JPEG:
            quality = round(perturbation.amount)
        case Kind.ROTATE:
            pixels = _turned(pixels, placement)
        case Kind.DOWNSCALE:
            size = (placement.width, placement.height)
            pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return Photo(buffer.getvalue(), "image/jpeg", placement.width, placement.height, converted=True), placement


def _turned(pixels: NDArray[np.uint8], placement: Placement) -> NDArray[np.uint8]:
    size = (placement.width, placement.height)
    return np.asarray(
        cv2.warpAffine(pixels, placement.matrix, size, flags=cv2.INTER_CUBIC, borderValue=_MARGIN_GREY), np.uint8
    )


def export_lab_csv(result: LabResult) -> bytes:
    """A row per perturbation; what could not be measured is empty."""
    source = result.source.label_for(result.baseline.vendor)
    return csv_table(_COLUMNS, (_row(entry, result, source) for entry in result.measured))


def _row(entry: Measured, result: LabResult, source: str) -> list[object]:
    mirror = result.mirror if entry.perturbation.kind is Kind.MIRROR else None
    found = entry.stability
    return [
        source,
        entry.perturbation.kind.value,
        f"{entry.perturbation.amount:g}",
        found.people,
        found.matched,
        _number(found.mean_distance_torso),
        _number(found.oks),
        "" if mirror is None or mirror.exchanges_sides is None else str(mirror.exchanges_sides).lower(),
        result.baseline.photo.sha256,
    ]


def _number(value: float) -> str:
    return "" if value != value else f"{value:.5f}"
