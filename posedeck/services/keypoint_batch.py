"""A batch of pictures, seen as a whole: how each joint fares, which pictures are worst, and one of them opened."""

import io
import math
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np

from posedeck.clients.own_jobs import JobsClient
from posedeck.contracts.own_batch import KIND, MAX_PICTURE_BYTES, BatchParams, BatchPicture, BatchResult
from posedeck.contracts.own_jobs import JobRequest, JobView
from posedeck.pose.agreement import Verdict
from posedeck.pose.pose import FloatArray
from posedeck.pose.skeleton import COCO_17
from posedeck.services.csv_table import csv_table
from posedeck.services.keypoints import KeypointAnswer, Vendor, read_answer
from posedeck.services.photos import Photo, prepare_photo
from posedeck.services.sources import VENDOR_NAMES, Source

_COLUMNS = (
    "picture", "person", "joint", "verdict", "distance_torso", "similarity", "oks", "torso_px", "left_format",
    "right_format", "only_left", "only_right", "skipped_because",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class JointSummary:
    """One joint over the whole batch.

    Attributes:
        name: Keypoint name.
        distances_torso: (n,) distances as shares of the torso, of everybody where both sides have the joint.
        verdicts: How often each verdict was given.
    """

    name: str
    distances_torso: FloatArray
    verdicts: dict[Verdict, int]


@dataclass(frozen=True)
class PictureSummary:
    """One picture's agreement.

    Attributes:
        index: Position in the batch.
        agreement: Mean OKS over everybody whom either side found; somebody whom only one side found counts 0. NaN when
            nobody was found.
        people: How many both found; ``only_one`` how many only one side found.
        worst_joint: The joint with the largest distance ÷ torso, and that distance; None without a shared joint.
    """

    index: int
    name: str
    agreement: float
    people: int
    only_one: int
    worst_joint: tuple[str, float] | None


def submit_batch(client: JobsClient, upload: str, params: BatchParams) -> JobView:
    """Submit an uploaded archive; the same upload again is the same job. Raises VendorError."""
    as_json: dict[str, Any] = msgspec.to_builtins(params)
    name = f"{upload} {params.left} {params.right}"
    return client.submit(JobRequest(KIND, as_json, upload, name))


def sample_archive(pictures: Sequence[Path]) -> bytes:
    """A ZIP of pictures on this machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in pictures:
            archive.write(path, path.name)
    return buffer.getvalue()


def joint_summaries(result: BatchResult) -> list[JointSummary]:
    """The 17 joints in COCO's order."""
    pairs = [pair for picture in result.pictures for pair in picture.pairs]
    summaries = []
    for index, name in enumerate(COCO_17.names):
        joints = [pair.joints[index] for pair in pairs]
        known = [joint.distance_torso for joint in joints if joint.distance_torso is not None]
        counts = Counter(Verdict(joint.verdict) for joint in joints)
        summaries.append(JointSummary(name, np.array(known, dtype=np.float64), dict(counts)))
    return summaries


def worst_first(result: BatchResult) -> list[PictureSummary]:
    """The pictures by their agreement, the lowest first; those on which nobody was found come last."""
    found = [_summary(index, picture) for index, picture in enumerate(result.pictures)]
    return sorted(found, key=lambda entry: (math.isnan(entry.agreement), entry.agreement, entry.name))


def oks_values(result: BatchResult) -> FloatArray:
    """OKS (n,) of everybody whom both sides found."""
    values = [pair.oks for picture in result.pictures for pair in picture.pairs if pair.oks is not None]
    return np.array(values, dtype=np.float64)


def _summary(index: int, picture: BatchPicture) -> PictureSummary:
    only_one = picture.only_left + picture.only_right
    everybody = len(picture.pairs) + only_one
    total = sum(pair.oks or 0.0 for pair in picture.pairs)
    distances = [
        (joint.distance_torso, name)
        for pair in picture.pairs
        for name, joint in zip(COCO_17.names, pair.joints, strict=True)
        if joint.distance_torso is not None
    ]
    worst = max(distances, default=None)
    return PictureSummary(
        index=index,
        name=picture.name,
        agreement=total / everybody if everybody else math.nan,
        people=len(picture.pairs),
        only_one=only_one,
        worst_joint=(worst[1], worst[0]) if worst else None,
    )


def batch_csv(result: BatchResult) -> bytes:
    """A row per joint of each person that both found, and one for each picture without."""
    return csv_table(_COLUMNS, _rows(result))


def _rows(result: BatchResult) -> Iterator[list[object]]:
    formats = [VENDOR_NAMES[result.left_vendor], VENDOR_NAMES[result.right_vendor]]
    for picture in result.pictures:
        tail = [*formats, picture.only_left, picture.only_right, ""]
        if not picture.pairs:
            yield [picture.name, *[""] * 7, *tail]
        for number, pair in enumerate(picture.pairs, 1):
            for name, joint in zip(COCO_17.names, pair.joints, strict=True):
                cells = [joint.distance_torso, joint.similarity, pair.oks, pair.torso_px]
                yield [picture.name, number, name, joint.verdict, *cells, *tail]
    for skipped in result.skipped:
        yield [skipped.name, *[""] * 7, *formats, "", "", skipped.reason]


def picture_in(archive: BinaryIO, name: str) -> Photo:
    """One picture of an archive as it was uploaded; of a remote one, only its part is fetched.

    Raises:
        ImageError, zipfile.BadZipFile: when it is damaged.
    """
    with zipfile.ZipFile(archive) as opened, opened.open(name) as entry:
        return prepare_photo(entry.read(MAX_PICTURE_BYTES))


def picture_answers(
    result: BatchResult, index: int, photo: Photo, when: datetime
) -> tuple[KeypointAnswer, KeypointAnswer]:
    """Both answers about one picture, as they would have come one by one.

    Args:
        result: The batch.
        index: Position of the picture in it.
        photo: That picture.
        when: When the batch was answered.
    """
    picture = result.pictures[index]
    left, right = (
        read_answer(
            Vendor(vendor), Source.LOCAL, body, photo, fitted=None, exchange=None, answered_at=when, run_id=None
        )
        for vendor, body in ((result.left_vendor, picture.left), (result.right_vendor, picture.right))
    )
    return left, right
