"""Findings lead to their place in an answer, whoever's it is."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from posedeck.contracts.finding import Finding, count_fields
from posedeck.contracts.kakao.audit import audit_kakao
from posedeck.contracts.nhn.audit import audit_nhn
from posedeck.contracts.remo.audit import audit_answer
from posedeck.services.exchanges.places import Place, place_of
from posedeck.services.exchanges.tree import MAX_NODES, body_tree
from tests.support.answers import clean_answer
from tests.unit.contracts.test_person_audits import KAKAO, NHN

POINTS = ("result", "keyPointList", 0, "inferKeypointList")


@pytest.mark.parametrize(
    ("field", "body", "place"),
    [
        (
            "result.keyPointList[0].inferKeypointList[3].x",
            NHN,
            (*POINTS, 3, "x"),
        ),
        ("result.keyPointList[0].inferKeypointList.nose", NHN, (*POINTS, 0)),
        ("result.keyPointList[0].gone", NHN, ("result", "keyPointList", 0)),
        ("[0].left_shoulder", KAKAO, (0, "keypoints", 15)),
        ("[0].bbox", KAKAO, (0, "bbox")),
        ("[7].bbox", KAKAO, ()),
        ("uuid", {"uuid": "x"}, ("uuid",)),
        ("kick_right_hip_x.impact", {"impact": {"kick_right_hip_x": 1}}, ("impact", "kick_right_hip_x")),
        ("kick_right_hip_x.impact", {"kick_right_hip_x": {"impact": 1}}, ("kick_right_hip_x", "impact")),
        ("", {"a": 1}, ()),
        ("status", "no JSON object", ()),
    ],
)
def test_a_place_is_found_or_what_is_nearest_to_it(field: str, body: Any, place: Place) -> None:
    assert place_of(field, body) == place


def leaves(value: Any) -> Iterator[Place]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in pairs:
        yield (name,)
        yield from ((name, *rest) for rest in leaves(item))


def broken(body: Any, place: Place) -> Any:
    """The body with a value of a type that no field has."""
    body = copy.deepcopy(body)
    value = body
    for step in place[:-1]:
        value = value[step]
    value[place[-1]] = {"no": "field"}
    return body


@pytest.mark.parametrize(("audit", "body"), [(audit_kakao, KAKAO), (audit_nhn, NHN)])
def test_every_finding_that_a_broken_field_causes_leads_into_the_answer(audit: Any, body: Any) -> None:
    """Wherever it is broken: to a place that is there, and for at least one finding to the break or around it."""
    for place in list(leaves(body))[:80]:
        found: list[Finding] = audit(broken(body, place)).findings
        places = [place_of(each.field, broken(body, place)) for each in found]
        for each in places:
            value = broken(body, place)
            for step in each:
                value = value[step]
        if found:
            assert any(place[: len(each)] == each or each[: len(place)] == place for each in places)


def test_every_field_that_is_checked_is_counted() -> None:
    """Kakao: area, box, category, 17 triples and score; NHN: five a point; Remo: all that is documented."""
    assert audit_kakao(KAKAO).checked == len(KAKAO) * (1 + 4 + 1 + 51 + 1)
    points = sum(len(person["inferKeypointList"]) for person in NHN["result"]["keyPointList"])
    assert audit_nhn(NHN).checked == 3 + 2 + len(NHN["result"]["keyPointList"]) + 5 * points
    body = clean_answer()
    assert audit_answer(body).checked == len([name for name in body if not name.startswith("x_")])
    assert audit_kakao({"code": -1, "msg": "no"}).checked == 2
    assert count_fields({"a": {"base64": {"bytes": 1}}, "x_ours": [1, 2], "b": [[1], {}]}) == 2


def nodes(node: dict[str, Any]) -> int:
    return 1 + sum(nodes(child) for _, child in node.get("entries", []))


@pytest.mark.parametrize(
    "value", [list(range(100_000)), [[{"x": i, "y": [i] * 30} for i in range(300)]] * 40, "long" * 9999]
)
def test_a_large_body_is_shown_in_part_with_the_place_that_is_asked_for(value: Any) -> None:
    tree = body_tree(value)
    assert nodes(tree) <= MAX_NODES
    if isinstance(value[0], int):
        shown = dict(body_tree(value, (77_777,))["entries"])
        assert shown[77_777] == {"kind": "number", "text": "77777"}
        assert tree["count"] == 100_000
    assert len(tree.get("text", "")) < 2_100


def test_every_kind_of_value_has_a_node() -> None:
    file = {"bytes": 2048, "sha256": "ab" * 32, "type": "image/png", "size": [3, 2]}
    tree = body_tree({"t": "x", "n": 1.5, "b": True, "z": None, "f": {"base64": file}, "l": [], "m": [{"file": file}]})
    told = {name: (node["kind"], node.get("text", node.get("count"))) for name, node in tree["entries"]}
    assert told == {
        "t": ("string", "x"),
        "n": ("number", "1.5"),
        "b": ("bool", "true"),
        "z": ("null", "null"),
        "f": ("file", "image/png, 3×2, 2 kB, SHA-256 abababababab…"),
        "l": ("array", 0),
        "m": ("array", 1),
    }
