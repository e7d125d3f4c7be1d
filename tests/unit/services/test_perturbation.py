"""The perturbation lab against sources that we made: an honest one, one that swaps sides, one that fails."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from posedeck.engine.images import load_image
from posedeck.net.errors import ConnectFailed
from posedeck.pose.agreement.perturbation import Kind, Perturbation, perturbations
from posedeck.pose.pose import FloatArray
from posedeck.services.keypoints import KeypointAnswer, Vendor
from posedeck.services.perturbation import Ask, LabRun, export_lab_csv, perturb
from posedeck.services.photos import Photo, prepare_photo
from posedeck.services.sources import Source
from tests.support.people import SAMPLES, mirrored
from tests.unit.pose.agreement.builders import exchanged, group

PHOTO = prepare_photo((SAMPLES / "group3.jpg").read_bytes())
BASELINE = KeypointAnswer(
    vendor=Vendor.NHN,
    source=Source.LOCAL,
    people=group(),
    photo=PHOTO,
    fitted=None,
    body={},
    exchange=None,
    answered_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
)
MIRROR = perturbations([Kind.MIRROR])


def source(*, swaps: bool) -> Ask:
    """A source that knows the group by heart in the mirrored picture too; or takes its left for right there."""
    people = [mirrored(pose, PHOTO.width) for pose in group()]
    answered = [exchanged(pose) for pose in people] if swaps else people
    return lambda photo, _: replace(BASELINE, photo=photo, people=answered)


@pytest.mark.parametrize("swaps", [True, False])
def test_a_source_that_swaps_sides_is_named_and_an_honest_one_is_not(swaps: bool) -> None:
    """The left/right test is about the source: the one that exchanges sides under mirroring fails it, no other."""
    result = LabRun(source(swaps=swaps), BASELINE, MIRROR).run()
    assert result.mirror is not None
    assert result.mirror.exchanges_sides is swaps
    (entry,) = result.measured
    assert (entry.stability.mean_distance_torso > 0.2) is swaps
    (row,) = csv.DictReader(io.StringIO(export_lab_csv(result).decode("utf-8-sig")))
    assert row["exchanges_left_and_right"] == str(swaps).lower()
    assert (row["source"], row["people_found_again"]) == ("Local engine", "3")


def test_a_stopped_run_keeps_what_it_measured() -> None:
    """Stopping asks nothing more; the steps before are there."""
    steps = perturbations([Kind.JPEG])
    asked: list[Photo] = []

    def ask(photo: Photo, _: Perturbation) -> KeypointAnswer:
        asked.append(photo)
        if len(asked) == 2:
            run.stop()
        return BASELINE

    run = LabRun(ask, BASELINE, steps)
    result = run.run()
    assert (len(asked), run.done, len(result.measured), result.wanted) == (2, 2, 2, len(steps))
    assert result.error is None


def test_an_answer_of_the_fault_lab_is_not_passed_off() -> None:
    """When one of the answers was made by the fault lab, so is the result, in the export too."""
    fault = replace(BASELINE, source=Source.FAULT)
    result = LabRun(lambda *_: fault, BASELINE, MIRROR).run()
    assert result.source is Source.FAULT
    assert b"Fault lab" in export_lab_csv(result)


def test_a_failing_call_ends_the_run_and_says_why() -> None:
    """A vendor that fails is not asked again and again; what it answered before is kept."""
    asked: list[Photo] = []

    def ask(photo: Photo, _: Perturbation) -> KeypointAnswer:
        asked.append(photo)
        if len(asked) == 2:
            raise ConnectFailed("no route", vendor="nhn")
        return BASELINE

    result = LabRun(ask, BASELINE, perturbations([Kind.JPEG])).run()
    assert (len(asked), len(result.measured)) == (2, 1)
    assert isinstance(result.error, ConnectFailed)


@pytest.mark.parametrize("kind", list(Kind))
def test_pixels_lie_where_the_placement_says(kind: Kind) -> None:
    """The grey of smooth places of the sample is found again at their placed positions in the perturbed picture."""
    step = perturbations([kind])[-1]
    changed, placement = perturb(PHOTO, step)
    before, after = (load_image(photo.data).astype(float) for photo in (PHOTO, changed))
    assert after.shape[:2] == (placement.height, placement.width) == (changed.height, changed.width)
    points = smooth_places(before)
    points = points[placement.shows(points.astype(float))]
    placed = np.rint(points @ placement.matrix[:, :2].T + placement.matrix[:, 2]).astype(int)
    inside = ((placed >= 0) & (placed < (placement.width, placement.height))).all(axis=1)
    difference = before[points[inside, 1], points[inside, 0]] - after[placed[inside, 1], placed[inside, 0]]
    assert inside.sum() > 100
    assert np.abs(difference).mean() < 6.0


def smooth_places(pixels: FloatArray) -> NDArray[np.int_]:
    """Places (n, 2) of a 16-pixel grid; those where the picture is smooth around them."""
    height, width = pixels.shape[:2]
    grid = [(x, y) for y in range(24, height - 24, 16) for x in range(24, width - 24, 16)]
    return np.array([(x, y) for x, y in grid if pixels[y - 4 : y + 5, x - 4 : x + 5].std(axis=(0, 1)).max() < 4.0])


def test_low_quality_is_low() -> None:
    """The JPEG step compresses: fewer bytes than the same picture at a high quality."""
    sizes = [len(perturb(PHOTO, Perturbation(Kind.JPEG, quality))[0].data) for quality in (15.0, 75.0)]
    assert sizes[0] < sizes[1] / 2
