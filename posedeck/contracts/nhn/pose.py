"""``POST /v1.0/appkeys/{appKey}/pose``: the people in one picture."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from posedeck.contracts.coco import pose_of, read_point
from posedeck.contracts.nhn.errors import MESSAGES, NhnCode, NhnHeader
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import COCO_17

POSE_PATH = "/v1.0/appkeys/{appKey}/pose"
FILE_FIELD = "image"
MAX_BYTES = 5_000_000
#: Formats that are taken, by Pillow's names, with the ``fileType`` that the answer gives them.
FILE_TYPES = {"JPEG": "jpg", "PNG": "png"}

BODY = "body"
#: Beyond COCO's 17 (``body``): part and wire name of the other points that BlazePose measures. The vendor names parts
#: but none of the points; big toe and heel are called as in COCO-WholeBody.
EXTRA_POINTS = {
    f"{side}_{ours}": (part, f"{side}_{theirs}")
    for ours, part, theirs in (
        ("foot_index", "foot", "big_toe"),
        ("heel", "foot", "heel"),
        ("thumb", "hand", "thumb"),
        ("index", "hand", "index"),
        ("pinky", "hand", "pinky"),
        ("eye_inner", "face", "eye_inner"),
        ("eye_outer", "face", "eye_outer"),
    )
    for side in ("left", "right")
} | {f"mouth_{side}": ("face", f"{side}_mouth_corner") for side in ("left", "right")}

_COORDINATE_DECIMALS = 4
_SCORE_DECIMALS = 3


class NhnKeypoint(msgspec.Struct, frozen=True):
    """One point: x and y in pixels of the sent picture, score 0..1."""

    name: str
    part: str
    x: float
    y: float
    score: float


class NhnPerson(msgspec.Struct, frozen=True, rename="camel"):
    """One person."""

    person_id: str
    infer_keypoint_list: list[NhnKeypoint]


class NhnResult(msgspec.Struct, frozen=True, rename="camel"):
    """``result`` of a success; ``fileType`` is "png" or "jpg"."""

    file_type: str
    number_of_person: int
    key_point_list: list[NhnPerson]


class NhnBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """Any answer of our server; a refusal has no ``result``."""

    header: NhnHeader
    result: NhnResult | UnsetType = UNSET


@dataclass(frozen=True, eq=False)
class NhnAnswer:
    """A parsed success.

    Attributes:
        file_type: "png" or "jpg".
        people: Poses (COCO_17, pixels of the sent picture) in the answer's order.
        extra: Per person, by wire name, the points beyond COCO's 17; of two with one name the first.
    """

    file_type: str
    people: list[Pose]
    extra: list[dict[str, NhnKeypoint]]


class _LoosePerson(msgspec.Struct, frozen=True, rename="camel"):
    # The vendor's own example has both spellings of both fields in one answer.
    person_id: str | int
    infer_keypoint_list: list[NhnKeypoint] | UnsetType = UNSET
    infer_keypoints: list[NhnKeypoint] | UnsetType = UNSET

    @property
    def points(self) -> list[NhnKeypoint]:
        found = self.infer_keypoints if self.infer_keypoint_list is UNSET else self.infer_keypoint_list
        if found is UNSET:
            raise ValueError(f"person {self.person_id} has no inferKeypointList")
        return found


class _LooseResult(msgspec.Struct, frozen=True, rename="camel"):
    file_type: str
    number_of_person: int
    key_point_list: list[_LoosePerson] | None = None


class _LooseBody(msgspec.Struct, frozen=True):
    header: NhnHeader
    result: _LooseResult | None = None


def write_answer(people: list[Pose], file_type: str) -> NhnBody:
    """The success for poses that have COCO's keypoints and possibly more of BlazePose's, in their order.

    A missing point is left out: what was not measured is not invented.
    """
    return NhnBody(
        NhnHeader(is_successful=True, result_code=int(NhnCode.SUCCESS), result_message=MESSAGES[NhnCode.SUCCESS]),
        NhnResult(
            file_type=file_type,
            number_of_person=len(people),
            key_point_list=[NhnPerson(str(number), list(_points(pose))) for number, pose in enumerate(people)],
        ),
    )


def _points(pose: Pose) -> Iterator[NhnKeypoint]:
    wire_names = {name: (BODY, name) for name in COCO_17.names} | EXTRA_POINTS
    for name, (part, wire_name) in wire_names.items():
        if pose.has((name,)):
            x, y = (round(value, _COORDINATE_DECIMALS) for value in pose[name].tolist())
            score = round(float(pose.score[pose.skeleton.index[name]]), _SCORE_DECIMALS)
            yield NhnKeypoint(wire_name, part, x, y, score)


def parse_answer(body: Any) -> NhnAnswer:
    """A decoded success body in any of its known variants.

    ``inferKeypoints`` and ``inferKeypointList``, number and text as id, ``fileType`` with or without a dot, any
    ``resultMessage``. The list of people counts, whatever ``numberOfPerson`` says.

    Raises:
        ValueError: when it is no success, or holds what cannot be a person; the text says which.
    """
    try:
        answer = msgspec.convert(body, _LooseBody)
    except msgspec.ValidationError as error:
        raise ValueError(f"not an answer of NHN's pose API: {error}") from error
    header, result = answer.header, answer.result
    if not header.is_successful or header.result_code != NhnCode.SUCCESS:
        raise ValueError(f"the answer is a refusal: {header.result_code} {header.result_message}")
    if result is None:
        raise ValueError("the answer reports success and has no result")
    if result.key_point_list is None and result.number_of_person != 0:
        raise ValueError(f"the answer reports {result.number_of_person} people and has no keyPointList")
    people, extra = [], []
    for person in result.key_point_list or ():
        pose, others = _read_person(person)
        people.append(pose)
        extra.append(others)
    return NhnAnswer(_file_type(result.file_type), people, extra)


def _file_type(text: str) -> str:
    bare = text.strip().removeprefix(".").lower()
    bare = "jpg" if bare == "jpeg" else bare
    if bare not in FILE_TYPES.values():
        raise ValueError(f"fileType is png or jpg, not {text!r}")
    return bare


def _read_person(person: _LoosePerson) -> tuple[Pose, dict[str, NhnKeypoint]]:
    body: dict[str, tuple[float, float, float]] = {}
    extra: dict[str, NhnKeypoint] = {}
    for point in person.points:
        try:
            read = read_point(point.x, point.y, point.score)
        except ValueError as error:
            raise ValueError(f"person {person.person_id}, {point.name}: {error}") from error
        if point.part.lower() != BODY or point.name not in COCO_17.index:
            extra.setdefault(point.name, point)
        elif point.name in body:
            raise ValueError(f"person {person.person_id} has two points {point.name}")
        else:
            body[point.name] = read
    if not body:
        raise ValueError(f"person {person.person_id} has none of the 17 body points")
    missing = (math.nan, math.nan, 0.0)
    return pose_of([body.get(name, missing) for name in COCO_17.names]), extra
