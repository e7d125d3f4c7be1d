"""The audit of a future shape names every deviation from the document and from what was sent."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from posedeck.contracts.images import encode_base64_image
from posedeck.contracts.remo.audit_future_shape import audit_future_shape
from posedeck.contracts.remo.errors import RemoCode, error_body
from posedeck.contracts.remo.future_shape import FutureShapeError, Refusal, RefusalReason
from tests.support.answers import future_shape_answer, picture
from tests.support.shapes import encoded, heavy, scaled

HERE = Path(__file__).parent
PNG = encoded(scaled(heavy(), 24, 32))


def names(body: Any, sent_size: tuple[int, int] | None = (24, 32)) -> set[str]:
    """Names of the findings of an answer."""
    return {finding.name for finding in audit_future_shape(body, sent_size).findings}


def changed(**fields: Any) -> dict[str, Any]:
    """A clean answer with some fields replaced."""
    return {**future_shape_answer(PNG), **fields}


def without(name: str) -> dict[str, Any]:
    """A clean answer that lacks a field."""
    return {key: value for key, value in changed().items() if key != name}


def test_our_own_answer_is_clean() -> None:
    """Both names, one PNG of the photo's size."""
    assert audit_future_shape(future_shape_answer(PNG), (24, 32)).findings == []


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (changed(state=1), "wrong_type"),
        (changed(message=3), "wrong_type"),
        (changed(result_image=3), "wrong_type"),
        (changed(credit=3), "unexpected_field"),
        (without("result_image"), "one_picture_name"),
        (changed(result_image="(cut)"), "picture_not_base64"),
        (changed(resultImage=encode_base64_image(PNG + b"more")), "pictures_differ"),
        (changed(result_image=encode_base64_image(PNG[:80])), "picture_undecodable"),
        (changed(result_image=encode_base64_image(picture())), "picture_not_png"),
        (changed(result_image=encode_base64_image(encoded(scaled(heavy(), 32, 32)))), "picture_size"),
        ({"state": True, "message": "success"}, "missing_field"),
    ],
)
def test_each_deviation_is_named(body: dict[str, Any], name: str) -> None:
    """One fault in a clean answer is found under the name of that fault."""
    assert name in names(body)


def test_the_vendors_own_sample_raises_findings() -> None:
    """The documented example has one of the two names, and its picture is cut off."""
    golden = json.loads((HERE / "remo_future_shape_success.json").read_text("utf-8"))
    assert names(golden) == {"one_picture_name", "picture_undecodable"}


@pytest.mark.parametrize("reason", RefusalReason)
def test_our_refusals_are_clean(reason: RefusalReason) -> None:
    """Both documented refusals with a reason of ours, and those of Remo's table."""
    for message in Refusal:
        body = msgspec.to_builtins(FutureShapeError(message=message, x_reason=reason, x_credit=3))
        assert names(body) == set()
    assert names(msgspec.to_builtins(error_body(RemoCode.NO_CREDIT, credit=0))) == set()


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"state": False}, "missing_field"),
        ({"message": "wrong image"}, "missing_field"),
        ({"state": False, "message": "no idea"}, "unknown_message"),
        ({"state": False, "message": "no idea", "status": 777}, "unknown_code"),
        ([], "not_an_object"),
    ],
)
def test_strange_refusals_are_named(body: Any, name: str) -> None:
    """A refusal without its parts, or with a message or code that nobody documented."""
    assert name in names(body)
