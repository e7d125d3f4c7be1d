"""A batch against COCO keypoint annotations: average precision, and how near each annotated person was found."""

import contextlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import msgspec
import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from scipy.optimize import linear_sum_assignment

from posedeck.contracts import kakao, nhn
from posedeck.contracts.own_batch import BatchResult
from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.skeleton import COCO_17

_PERSON = 1
_NUMBERS = 3 * len(COCO_17)


class TruthError(ValueError):
    """A file that cannot be used as ground truth; ``message_key`` for the user, the message for the expert."""

    def __init__(self, message_key: str, message: str) -> None:
        super().__init__(message)
        self.message_key = message_key


class _Image(msgspec.Struct):
    id: int
    file_name: str
    width: int
    height: int


class _Annotation(msgspec.Struct):
    id: int
    image_id: int
    keypoints: list[float]
    num_keypoints: int
    area: float
    bbox: list[float]
    iscrowd: int = 0
    category_id: int = _PERSON


class _File(msgspec.Struct):
    images: list[_Image]
    annotations: list[_Annotation]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """One side against the annotations.

    Attributes:
        ap, ap50, ap75, ar: COCO's keypoint AP over OKS .50:.05:.95, at .50, at .75, and AR over .50:.05:.95; NaN when
            the pictures have nobody annotated.
        oks: (n,) OKS of the best answer for each annotated person, 0 for somebody who was not found.
    """

    ap: float
    ap50: float
    ap75: float
    ar: float
    oks: FloatArray


@dataclass(frozen=True, eq=False)
class TruthComparison:
    """Both sides against the annotations.

    Attributes:
        pictures: How many pictures of the batch are annotated (matched by file name).
        people: How many annotated people they have.
    """

    pictures: int
    people: int
    left: Evaluation
    right: Evaluation


def compare_with_truth(result: BatchResult, data: bytes) -> TruthComparison:
    """Evaluate both sides as COCO's keypoint evaluation does (cocodataset.org, "keypoints-eval").

    An answer's confidence is the mean of its keypoints' scores. At most 20 answers a picture count.

    Args:
        result: The batch; its pictures are matched by file name, without folders.
        data: COCO keypoint annotations (``images`` and ``annotations``) as JSON.

    Raises:
        TruthError: no such JSON, or no picture of the batch in it.
    """
    truth = _read(data)
    index_by_name = {PurePosixPath(picture.name).name: index for index, picture in enumerate(result.pictures)}
    matched = {image.id: index_by_name[image.file_name] for image in truth.images if image.file_name in index_by_name}
    if not matched:
        raise TruthError("truth.other_pictures", "no picture of the batch has a file name of these annotations")
    for image in truth.images:
        picture = result.pictures[matched[image.id]] if image.id in matched else None
        if picture is not None and (picture.width, picture.height) != (image.width, image.height):
            raise TruthError(
                "truth.other_size",
                f"{image.file_name} is annotated at {image.width} × {image.height} px"
                f" and has {picture.width} × {picture.height}",
            )
    kept = [each for each in truth.annotations if each.image_id in matched and each.category_id == _PERSON]
    coco = _coco(truth, kept, matched)
    pictures = {image: result.pictures[index] for image, index in matched.items()}
    left = {image: _people(result.left_vendor, picture.left) for image, picture in pictures.items()}
    right = {image: _people(result.right_vendor, picture.right) for image, picture in pictures.items()}
    people = sum(each.num_keypoints > 0 and not each.iscrowd for each in kept)
    return TruthComparison(len(matched), people, _evaluate(coco, left), _evaluate(coco, right))


def _read(data: bytes) -> _File:
    try:
        truth = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TruthError("truth.unreadable", f"not COCO keypoint annotations: {error}") from error
    if any(len(each.keypoints) != _NUMBERS for each in truth.annotations):
        raise TruthError("truth.unreadable", f"an annotation has other than {_NUMBERS} numbers as keypoints")
    return truth


def _coco(truth: _File, annotations: Sequence[_Annotation], images: Mapping[int, int]) -> COCO:
    coco = COCO()
    coco.dataset = {
        "images": [msgspec.to_builtins(image) for image in truth.images if image.id in images],
        "annotations": [msgspec.to_builtins(each) for each in annotations],
        "categories": [{"id": _PERSON, "name": "person"}],
    }
    with contextlib.redirect_stdout(io.StringIO()):
        coco.createIndex()
    return coco


def _people(vendor: str, body: Any) -> list[Pose]:
    return kakao.parse_people(body) if vendor == "kakao" else nhn.parse_answer(body).people


def _evaluate(coco: COCO, answers: Mapping[int, Sequence[Pose]]) -> Evaluation:
    found = [_detection(image, pose) for image, people in answers.items() for pose in people]
    annotated = [each for each in coco.dataset["annotations"] if each["num_keypoints"] and not each["iscrowd"]]
    if not found or not annotated:
        value = 0.0 if annotated else float("nan")
        return Evaluation(value, value, value, value, np.zeros(len(annotated)))
    # It prints its progress.
    with contextlib.redirect_stdout(io.StringIO()):
        evaluation = COCOeval(coco, coco.loadRes(found), "keypoints")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    ap, ap50, ap75, _, _, ar, *_ = (float(value) for value in evaluation.stats)
    return Evaluation(ap, ap50, ap75, ar, _best_oks(evaluation, annotated))


def _detection(image: int, pose: Pose) -> dict[str, Any]:
    points = np.nan_to_num(np.column_stack([pose.xy_px, pose.score]))
    return {
        "image_id": image,
        "category_id": _PERSON,
        "keypoints": points.ravel().tolist(),
        "score": float(pose.score.mean()),
    }


def _best_oks(evaluation: COCOeval, annotated: Sequence[dict[str, Any]]) -> FloatArray:
    """OKS of the answer that is nearest to each annotated person; each answer counts for one person only."""
    by_image: dict[int, list[int]] = {}
    for place, each in enumerate(annotated):
        by_image.setdefault(each["image_id"], []).append(place)
    best = np.zeros(len(annotated))
    for image, places in by_image.items():
        table = np.array(evaluation.ious.get((image, _PERSON), []), dtype=np.float64)
        if not table.size:
            continue
        # Its columns are all annotations of the picture, crowds and people without keypoints included.
        everybody = [each["id"] for each in evaluation._gts[image, _PERSON]]
        columns = [everybody.index(annotated[place]["id"]) for place in places]
        table = table[:, columns]
        for row, column in zip(*linear_sum_assignment(table, maximize=True), strict=True):
            best[places[column]] = table[row, column]
    return best
