"""Remo's future shape: what the vendor's document shows is read, and what our server writes is of the same form."""

import base64
import json
import struct
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.contracts.remo.future_shape import (
    DEFAULT_RATIO,
    IMAGES,
    MAX_RATIO,
    MIN_RATIO,
    BodyPart,
    Direction,
    FutureShapeError,
    FutureShapeRequest,
    Refusal,
    RefusalReason,
    ShapeWarning,
    parse_answer,
    refusal_reason,
)
from posedeck.contracts.remo.skeleton import is_success
from tests.support.answers import future_shape_answer

_HERE = Path(__file__).parent


def golden(name: str) -> Any:
    """Transcribed by hand from the vendor's document (its Python literals made JSON, its picture cut)."""
    return json.loads((_HERE / f"remo_future_shape_{name}.json").read_text("utf-8"))


REQUEST = {
    "Email": "mail@example.org", "UserKey": "user-secret", "APIKey": "api-secret", "base64Image": "/9j/4A==",
    "requestMessage": "best", "gender": "female",
}  # fmt: skip


def decode(**changes: object) -> FutureShapeRequest:
    """The request as the server reads it."""
    return msgspec.json.decode(json.dumps({**REQUEST, **changes}), type=FutureShapeRequest)


@pytest.mark.parametrize("name", ["success", "table"])
def test_the_documented_answers_are_read(name: str) -> None:
    """The example names the picture differently from the table; both give the 512 x 512 PNG and nothing of ours."""
    body = golden(name)
    assert is_success(body)
    answer = parse_answer(body)
    assert answer.image[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", answer.image[16:24]) == (512, 512)
    assert (answer.ratio, answer.widths, answer.warnings, answer.integrity, answer.credit) == (None, {}, (), None, None)


def test_the_documented_errors_are_read() -> None:
    """Both are refusals and named by their message."""
    bodies = golden("errors")
    assert not any(map(is_success, bodies))
    assert [refusal_reason(body) for body in bodies] == list(Refusal)


def test_our_errors_have_the_documented_form() -> None:
    """Without our extras an error is the documented one; with them it is told by its reason."""
    assert [msgspec.to_builtins(FutureShapeError(message=message)) for message in Refusal] == golden("errors")
    for reason in RefusalReason:
        body = msgspec.to_builtins(FutureShapeError(message=Refusal.WRONG_IMAGE, x_reason=reason, x_credit=3))
        assert refusal_reason(body) is reason
        assert {key: body[key] for key in golden("errors")[0]} == golden("errors")[0]


def test_an_unknown_reason_falls_back_to_the_message() -> None:
    """A newer server may know more reasons; other refusals have none."""
    assert refusal_reason({"state": False, "message": "wrong image", "x_reason": "new"}) is Refusal.WRONG_IMAGE
    assert refusal_reason({"state": False, "message": "unknown user", "status": 420}) is None


def test_our_answer_holds_the_documented_one() -> None:
    """What our server writes has every documented field, and comes back whole."""
    body = future_shape_answer(b"picture")
    assert {*golden("success"), *golden("table")} <= set(body)
    assert body[IMAGES[0]] == body[IMAGES[1]] == base64.b64encode(b"picture").decode()
    answer = parse_answer(json.loads(json.dumps(body)))
    assert answer.image == b"picture"
    assert answer.ratio == 0.85
    assert answer.widths[BodyPart.WAIST].intended == pytest.approx(0.9)
    assert answer.warnings == (ShapeWarning.SEVERAL_PEOPLE,)
    assert answer.integrity is not None
    assert answer.integrity.background_max_diff == 0
    assert (answer.credit, answer.credit_change) == (99, -1)


def test_a_newer_servers_answer_is_read() -> None:
    """Body parts and warnings that we do not know are no reason to lose the picture."""
    body = future_shape_answer(b"picture")
    body["x_widths"]["neck"] = {"intended": 0.9, "achieved": 0.9}
    body["x_warnings"].append("new")
    answer = parse_answer(body)
    assert set(answer.widths) <= set(BodyPart)
    assert "new" in answer.warnings


def test_a_picture_may_come_as_a_data_uri_or_under_the_second_name() -> None:
    """The first name that holds a picture counts."""
    encoded = base64.b64encode(b"picture").decode()
    assert parse_answer({"state": True, "resultImage": f"data:image/png;base64,{encoded}"}).image == b"picture"
    assert parse_answer({"state": True, "result_image": "(cut)", "resultImage": encoded}).image == b"picture"


@pytest.mark.parametrize("body", [{}, {"result_image": ""}, {"result_image": "(cut)"}, {"resultImage": 3}])
def test_a_success_without_a_picture_is_refused(body: dict[str, Any]) -> None:
    """A body that reports success and holds no picture is no success."""
    with pytest.raises(ValueError, match=r"no picture|not base64"):
        parse_answer({"state": True, **body})


def test_broken_extras_are_refused_by_name() -> None:
    """What starts with x_ is ours, so a malformed one is a fault."""
    body = future_shape_answer(b"picture")
    body["x_ratio"] = "slim"
    with pytest.raises(ValueError, match="x_ratio"):
        parse_answer(body)


def test_missing_fields_are_named() -> None:
    """White space is as good as nothing."""
    request = FutureShapeRequest(Email="a@b", UserKey=" ", APIKey="k", image="x", direction="best")
    assert request.missing() == ["UserKey", "gender"]
    assert decode().missing() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"requestMessage": "thin"},
        {"gender": "other"},
        {"x_ratio": 0.7},
        {"x_ratio": 1.5},
        {"x_mark": "no"},
        {"x_weight_kg": 70},
        {"x_height_cm": 170, "x_weight_kg": 70, "x_target_kg": 60, "x_ratio": 0.9},
        {"x_height_cm": 1.7, "x_weight_kg": 70, "x_target_kg": 60},
    ],
)
def test_malformed_requests_are_refused(changes: dict[str, Any]) -> None:
    """Other values than the documented ones, and inputs of ours that contradict each other or make no sense."""
    with pytest.raises(msgspec.ValidationError):
        decode(**changes)


def test_the_mark_is_on_unless_switched_off() -> None:
    """Nobody loses the mark by leaving a field out."""
    assert decode().marked
    assert decode(x_mark=True).marked
    assert not decode(x_mark=False).marked


def test_a_request_does_not_print_its_secrets() -> None:
    """Credentials and picture stay out of logs and tracebacks."""
    assert not any(secret in repr(decode()) for secret in ("mail", "secret", "9j"))


def test_defaults_lie_within_the_measured_range() -> None:
    """Slimmer is below 1, heavier above, both inside."""
    assert set(DEFAULT_RATIO) == set(Direction)
    assert MIN_RATIO < DEFAULT_RATIO[Direction.BEST] < 1 < DEFAULT_RATIO[Direction.WORST] < MAX_RATIO


@given(st.dictionaries(st.sampled_from([*IMAGES, "state", "x_widths", "x_warnings", "x_integrity"]), st.text()))
def test_no_body_breaks_the_reader(body: dict[str, Any]) -> None:
    """Whatever comes is read or refused with a ValueError."""
    try:
        answer = parse_answer(body)
    except ValueError:
        return
    assert answer.image
