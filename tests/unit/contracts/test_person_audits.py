"""Audits of Kakao's and NHN's answers: clean ones are clean, every change is named."""

import copy
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from posedeck.contracts.coco import as_coco_17
from posedeck.contracts.kakao import write_people
from posedeck.contracts.kakao.audit import audit_kakao
from posedeck.contracts.nhn import write_answer
from posedeck.contracts.nhn.audit import audit_nhn
from posedeck.pose.skeleton import COCO_17
from tests.unit.server.builders import person_in

PERSON = person_in("front_apose").pose
KAKAO = msgspec.to_builtins(write_people([PERSON]))
NHN = msgspec.to_builtins(write_answer([PERSON], "jpg"))
Change = Callable[[Any], Any]


def names(report: Any) -> set[str]:
    return {found.name for found in report.findings}


def changed(body: Any, change: Change) -> Any:
    body = copy.deepcopy(body)
    change(body)
    return body


def swap(body: Any) -> None:
    points = body[0]["keypoints"]
    for left in filter(lambda name: name.startswith("left_"), COCO_17.names):
        a, b = 3 * COCO_17.index[left], 3 * COCO_17.index[left.replace("left", "right")]
        points[a : a + 3], points[b : b + 3] = points[b : b + 3], points[a : a + 3]


def swap_names(body: Any) -> None:
    other = {"left": "right", "right": "left"}
    for point in body["result"]["keyPointList"][0]["inferKeypointList"]:
        side, _, rest = point["name"].partition("_")
        point["name"] = f"{other.get(side, side)}_{rest}" if rest else side


def first(body: Any) -> Any:
    return body["result"]["keyPointList"][0]


def test_our_own_answers_are_clean() -> None:
    assert names(audit_kakao(KAKAO)) == names(audit_kakao([])) == set()
    assert names(audit_nhn(NHN)) == set()
    assert len(as_coco_17(PERSON).xy_px) == 17


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda body: body[0].pop("area"), "missing_field"),
        (lambda body: body[0].update(score="0.9"), "wrong_type"),
        (lambda body: body[0].update(extra=1), "unexpected_field"),
        (lambda body: body[0].update(category_id=2), "wrong_category"),
        (lambda body: body[0]["keypoints"].pop(), "keypoints_malformed"),
        (lambda body: body[0]["bbox"].pop(), "box_malformed"),
        (lambda body: body[0].update(area=body[0]["area"] * 1.1), "area_mismatch"),
        (lambda body: body[0]["bbox"].__setitem__(2, body[0]["bbox"][2] * 2), "box_mismatch"),
        (lambda body: body[0].update(score=0.1), "score_mismatch"),
        (lambda body: body[0]["keypoints"].__setitem__(2, 1.5), "score_out_of_range"),
        (swap, "sides_swapped"),
        (lambda body: body.append(7), "wrong_type"),
    ],
)
def test_each_change_of_kakaos_answer_is_named(change: Change, name: str) -> None:
    assert name in names(audit_kakao(changed(KAKAO, change)))


def test_an_object_id_of_a_job_is_documented() -> None:
    assert names(audit_kakao(changed(KAKAO, lambda body: body[0].update(object_id=3)))) == set()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"code": -401, "msg": "no"}, set()),
        ({"code": -99, "msg": "no"}, {"unknown_code"}),
        ({"code": "-2"}, {"wrong_type", "missing_field"}),
        ("text", {"not_an_array"}),
    ],
)
def test_kakaos_refusals(body: Any, expected: set[str]) -> None:
    assert names(audit_kakao(body)) == expected


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda body: body["header"].pop("resultMessage"), "missing_field"),
        (lambda body: body["header"].update(resultMessage="Success"), "other_spelling"),
        (lambda body: body.pop("result"), "missing_field"),
        (lambda body: body["result"].update(fileType=".jpg"), "other_spelling"),
        (lambda body: body["result"].update(numberOfPerson=2), "count_mismatch"),
        (lambda body: first(body).update(personId=0), "wrong_type"),
        (lambda body: first(body).update(inferKeypoints=first(body).pop("inferKeypointList")), "other_spelling"),
        (lambda body: first(body).pop("inferKeypointList"), "missing_field"),
        (lambda body: first(body)["inferKeypointList"][0].update(part="head"), "unknown_part"),
        (lambda body: first(body)["inferKeypointList"][0].update(x="1"), "wrong_type"),
        (lambda body: first(body)["inferKeypointList"][0].update(score=-0.1), "score_out_of_range"),
        (lambda body: first(body)["inferKeypointList"].append(first(body)["inferKeypointList"][0]), "duplicate_point"),
        (lambda body: first(body)["inferKeypointList"].pop(0), "missing_point"),
        (swap_names, "sides_swapped"),
        (lambda body: body["header"].update(resultCode=7), "success_unclear"),
        (lambda body: body.update(more=1), "unexpected_field"),
    ],
)
def test_each_change_of_nhns_answer_is_named(change: Change, name: str) -> None:
    assert name in names(audit_nhn(changed(NHN, change)))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"header": {"isSuccessful": False, "resultCode": 4010001, "resultMessage": "no"}}, set()),
        (
            {"header": {"isSuccessful": False, "resultCode": 7, "resultMessage": "no"}, "result": {}},
            {"unknown_code", "unexpected_field"},
        ),
        ({}, {"missing_field"}),
        ([], {"not_an_object"}),
    ],
)
def test_nhns_refusals(body: Any, expected: set[str]) -> None:
    assert names(audit_nhn(body)) == expected
