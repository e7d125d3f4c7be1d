"""The kind of job that answers many pictures in two vendors' formats and compares the answers picture by picture."""

import base64
import math
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from posedeck.contracts import kakao, nhn
from posedeck.contracts.own import KAKAO_PASSES, MAX_PEOPLE, NHN_PASSES
from posedeck.contracts.own_batch import (
    MAX_PICTURE_BYTES,
    MAX_PICTURES,
    TRUTH_NAME,
    BatchChunk,
    BatchJoint,
    BatchPair,
    BatchParams,
    BatchPicture,
    BatchResult,
    SkippedPicture,
    Vendor,
)
from posedeck.engine.images import ImageError, load_image, shrunk
from posedeck.engine.slots import SlotCrashed, SlotPool, SlotTimeout
from posedeck.jobs.kind import Fault, JobRefused, Outcome, Plan, Work, even_chunks
from posedeck.jobs.picture_archive import (
    MAX_JSON_BYTES,
    ignored_count,
    json_names,
    open_archive,
    picture_names,
    read_entry,
)
from posedeck.pose.agreement import PersonAgreement, compare_people
from posedeck.pose.grades import REMO_2024, load_profile
from posedeck.pose.pose import Pose

#: About four seconds of work on one core: what a crash costs, and how long a cancelled batch still runs.
PICTURES_PER_CHUNK = 8
#: A picture with ten people takes some seconds on a busy machine.
_PICTURE_LIMIT_S = 60.0
#: Kakao's limit; a larger picture is reduced as it would be for the vendor, and the keypoints brought back.
_MAX_SIDE = kakao.MAX_LONG_SIDE_PX
_THUMBNAIL_SIDE = 96
_THUMBNAIL_QUALITY = 75
_DECIMALS = 5
_PASSES: dict[Vendor, int] = {"kakao": KAKAO_PASSES, "nhn": NHN_PASSES}


def prepare(work: Work) -> Plan:
    """List the pictures; refuses what is no archive of pictures, and more of them than ``MAX_PICTURES``."""
    _params(work)
    with open_archive(work.input) as archive:
        names = picture_names(archive)
    if not names:
        raise JobRefused("no_pictures", "there are no pictures in the archive (JPEG, PNG, WebP or HEIC)")
    if len(names) > MAX_PICTURES:
        raise JobRefused(Fault.TOO_LARGE, f"{len(names)} pictures; a batch has up to {MAX_PICTURES}")
    return Plan(len(names), even_chunks(len(names), PICTURES_PER_CHUNK))


def chunk(work: Work, index: int, previous: bytes | None) -> bytes:  # noqa: ARG001 - pictures do not depend on others
    """Answer and compare some pictures; one that cannot be used is listed and left out."""
    start, stop = work.planned.chunks[index]
    params = _params(work)
    slot = _slot(work.model_dir)
    pictures, skipped = [], []
    with open_archive(work.input) as archive:
        for number, name in enumerate(picture_names(archive)[start:stop], start):
            work.report("infer", number, work.planned.frames_total)
            try:
                pictures.append(_answer(slot, name, read_entry(archive, name, MAX_PICTURE_BYTES), params))
            except ImageError as error:
                skipped.append(SkippedPicture(name, error.reason, str(error)))
            except (SlotCrashed, SlotTimeout):
                skipped.append(SkippedPicture(name, "failed", "the engine's process died on it or never ended with it"))
            except Exception as error:  # noqa: BLE001 - one picture that breaks something must not end the batch
                skipped.append(SkippedPicture(name, "failed", f"unexpected {type(error).__name__}"))
    return msgspec.json.encode(BatchChunk(pictures, skipped))


def finish(work: Work, chunks: Sequence[bytes]) -> Outcome:
    """All pictures in one result, and the archive's own annotations beside it."""
    params = _params(work)
    parts = [msgspec.json.decode(data, type=BatchChunk) for data in chunks]
    with open_archive(work.input) as archive:
        ignored, truth = ignored_count(archive), _truth(archive)
    result = BatchResult(
        left_vendor=params.left,
        right_vendor=params.right,
        pictures=[picture for part in parts for picture in part.pictures],
        skipped=[picture for part in parts for picture in part.skipped],
        ignored=ignored,
    )
    media: dict[str, Path] = {}
    if truth is not None:
        media[TRUTH_NAME] = work.scratch / TRUTH_NAME
        media[TRUTH_NAME].write_bytes(truth)
    return Outcome(msgspec.json.encode(result), media)


def _params(work: Work) -> BatchParams:
    try:
        return msgspec.convert(dict(work.params), BatchParams)
    except msgspec.ValidationError as error:
        raise JobRefused("bad_params", str(error)) from error


@cache
def _slot(model_dir: Path) -> SlotPool:
    # A process below this one: a picture that it dies on, or never ends with, costs that picture and not the batch.
    return SlotPool(model_dir, 1, _PICTURE_LIMIT_S)


def _answer(slot: SlotPool, name: str, data: bytes, params: BatchParams) -> BatchPicture:
    pixels = load_image(data)
    height, width = pixels.shape[:2]
    seen = shrunk(pixels, _MAX_SIDE)
    scale = np.array([seen.shape[1] / width, seen.shape[0] / height])
    answers: dict[Vendor, tuple[object, list[Pose]]] = {}
    vendors = sorted({params.left, params.right})
    found = slot.submit_find_people_variously(seen, MAX_PEOPLE, [_PASSES[vendor] for vendor in vendors]).result()
    for vendor, people in zip(vendors, found, strict=True):
        poses = [each.pose.with_xy((each.pose.xy_px + 0.5) / scale - 0.5) for each in people]
        answers[vendor] = _in_format(vendor, poses)
    (left, left_people), (right, right_people) = answers[params.left], answers[params.right]
    agreement = compare_people(left_people, right_people, load_profile(REMO_2024))
    return BatchPicture(
        name=name,
        width=width,
        height=height,
        thumbnail=_thumbnail(pixels),
        left=left,
        right=right,
        pairs=[_pair(pair) for pair in agreement.pairs],
        only_left=len(agreement.only_left),
        only_right=len(agreement.only_right),
    )


def _in_format(vendor: Vendor, poses: list[Pose]) -> tuple[object, list[Pose]]:
    """The answer as the vendor's format has it, and the people that its readers find in it, best first."""
    body: object = kakao.write_people(poses) if vendor == "kakao" else nhn.write_answer(poses, "jpg")
    plain = msgspec.to_builtins(body)
    people = kakao.parse_people(plain) if vendor == "kakao" else nhn.parse_answer(plain).people
    return plain, sorted(people, key=lambda pose: -float(pose.score.mean()))


def _pair(pair: PersonAgreement) -> BatchPair:
    return BatchPair(
        left=pair.left,
        right=pair.right,
        oks=_number(pair.oks),
        torso_px=_number(pair.torso_px),
        joints=[
            BatchJoint(_number(joint.distance_torso), _number(joint.similarity), joint.verdict.value)
            for joint in pair.joints
        ],
    )


def _number(value: float) -> float | None:
    return round(float(value), _DECIMALS) if math.isfinite(value) else None


def _thumbnail(pixels: NDArray[np.uint8]) -> str:
    small = cv2.cvtColor(shrunk(pixels, _THUMBNAIL_SIDE), cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _THUMBNAIL_QUALITY])
    if not done:
        raise ImageError("undecodable", "the picture cannot be drawn small")
    return base64.b64encode(data.tobytes()).decode("ascii")


class _Annotation(msgspec.Struct):
    keypoints: list[float]
    image_id: int


class _Truth(msgspec.Struct):
    annotations: list[_Annotation]


def _truth(archive: zipfile.ZipFile) -> bytes | None:
    """The first JSON file that holds COCO keypoint annotations."""
    for name in json_names(archive):
        try:
            data = read_entry(archive, name, MAX_JSON_BYTES)
            annotations = msgspec.json.decode(data, type=_Truth).annotations
        except (ImageError, msgspec.DecodeError, UnicodeDecodeError):
            continue  # some other file
        if annotations:
            return data
    return None
