"""``POST /pose``: the people in one picture."""

from typing import Annotated, Any, Literal

import msgspec
import numpy as np

from posedeck.contracts.coco import as_coco_17, pose_of, read_point
from posedeck.contracts.kakao.errors import parse_error
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import COCO_17

POSE_PATH = "/pose"
AUTH_SCHEME = "KakaoAK"
#: A multipart file, or a form-urlencoded address.
FILE_FIELD = "file"
URL_FIELD = "image_url"

#: Limits of a picture; formats by Pillow's names.
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MAX_BYTES = 2_000_000
MAX_LONG_SIDE_PX = 2048
MIN_SHORT_SIDE_PX = 320

#: The box is the keypoints' extent times this about its centre, as in the vendor's published answers.
BBOX_SCALE = 1.2
_PER_POINT = 3
_NUMBERS = len(COCO_17) * _PER_POINT
_DECIMALS = 4

_FourNumbers = Annotated[list[float], msgspec.Meta(min_length=4, max_length=4)]
_AllPoints = Annotated[list[float], msgspec.Meta(min_length=_NUMBERS, max_length=_NUMBERS)]


class KakaoPerson(msgspec.Struct, frozen=True):
    """One person.

    Attributes:
        area: Width times height of the box as printed, in square pixels.
        bbox: x, y, width, height in pixels; x and y are not below 0.
        keypoints: 17 times x, y, score in COCO's order.
        score: Mean of the keypoints' scores.
    """

    area: float
    bbox: _FourNumbers
    category_id: Literal[1]
    keypoints: _AllPoints
    score: float


def write_people(people: list[Pose]) -> list[KakaoPerson]:
    """The answer for poses that have COCO's keypoints, in their order.

    A missing keypoint is written as (0, 0) with score 0: there are always 17.

    Raises:
        ValueError: when a pose has no keypoint at all.
    """
    return [_write_person(as_coco_17(pose)) for pose in people]


def _write_person(pose: Pose) -> KakaoPerson:
    missing = np.isnan(pose.xy_px).any(axis=1)
    if missing.all():
        raise ValueError("a person without a keypoint cannot be written")
    points = np.column_stack([pose.xy_px, pose.score])
    points[missing] = 0.0
    low, high = np.nanmin(pose.xy_px, axis=0), np.nanmax(pose.xy_px, axis=0)
    extent = BBOX_SCALE * (high - low)
    corner = np.maximum((low + high - extent) / 2.0, 0.0)
    x, y, width, height = (round(value, _DECIMALS) for value in [*corner.tolist(), *extent.tolist()])
    return KakaoPerson(
        area=round(width * height, _DECIMALS),
        bbox=[x, y, width, height],
        category_id=1,
        keypoints=[round(value, _DECIMALS) for value in points.ravel().tolist()],
        score=round(float(points[:, 2].mean()), _DECIMALS),
    )


def parse_people(body: Any) -> list[Pose]:
    """Poses (COCO_17, pixels of the sent picture) of a decoded success body, in its order.

    Further fields of a person, such as a job's ``object_id``, are passed over.

    Raises:
        ValueError: when it is no success, or holds what cannot be a person; the text says which.
    """
    refusal = parse_error(body)
    if refusal is not None:
        raise ValueError(f"the answer is a refusal: {refusal.code} {refusal.msg}")
    try:
        people = msgspec.convert(body, list[KakaoPerson])
    except msgspec.ValidationError as error:
        raise ValueError(f"not an answer of Kakao's pose API: {error}") from error
    return [_read_person(person.keypoints, number) for number, person in enumerate(people)]


def _read_person(keypoints: list[float], number: int) -> Pose:
    triples = zip(keypoints[::3], keypoints[1::3], keypoints[2::3], strict=True)
    try:
        return pose_of([read_point(*triple) for triple in triples])
    except ValueError as error:
        raise ValueError(f"person {number}: {error}") from error
