"""The result of a batch: many pictures, each answered in the formats of two vendors, and how well they agree."""

from typing import Any, Literal

import msgspec

#: Name of the kind of job that makes it.
KIND = "keypoint-batch"
#: Pictures of one batch. At half a second each it takes about a quarter of an hour.
MAX_PICTURES = 2000
MAX_PICTURE_BYTES = 40_000_000
#: The media file with the archive's own COCO keypoint annotations, when it has some.
TRUTH_NAME = "truth.json"

Vendor = Literal["kakao", "nhn"]


class BatchParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In whose format each side answers."""

    left: Vendor = "kakao"
    right: Vendor = "nhn"


class BatchJoint(msgspec.Struct, frozen=True):
    """One joint of one person on both sides; the distance is null where a side has no such point."""

    distance_torso: float | None
    similarity: float | None
    verdict: str


class BatchPair(msgspec.Struct, frozen=True):
    """One person that both sides found: position in each answer, OKS, and the 17 joints in COCO's order."""

    left: int
    right: int
    oks: float | None
    torso_px: float | None
    joints: list[BatchJoint]


class BatchPicture(msgspec.Struct, frozen=True):
    """One picture that was answered.

    Attributes:
        name: Its path in the archive.
        width, height: Upright size in pixels, which the keypoints are in.
        thumbnail: A small JPEG, base64.
        left, right: The answers as the vendor's format has them.
        pairs: People that both found, in the order of the left answer.
        only_left, only_right: How many only one side found.
    """

    name: str
    width: int
    height: int
    thumbnail: str
    left: Any
    right: Any
    pairs: list[BatchPair]
    only_left: int
    only_right: int


class SkippedPicture(msgspec.Struct, frozen=True):
    """One picture that could not be answered; ``reason`` is ``undecodable``, ``too_large`` or ``failed``."""

    name: str
    reason: str
    detail: str


class BatchChunk(msgspec.Struct, frozen=True):
    """Some of the pictures, in the archive's order."""

    pictures: list[BatchPicture]
    skipped: list[SkippedPicture]


class BatchResult(msgspec.Struct, frozen=True):
    """The whole batch.

    Attributes:
        left_vendor, right_vendor: In whose format each side answered.
        pictures, skipped: What became of each picture of the archive.
        ignored: Files of the archive that are no pictures by their name.
    """

    left_vendor: Vendor
    right_vendor: Vendor
    pictures: list[BatchPicture]
    skipped: list[SkippedPicture]
    ignored: int
