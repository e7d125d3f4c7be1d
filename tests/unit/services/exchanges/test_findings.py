"""Which audit an exchange gets."""

import io
from typing import Any

import pytest
from PIL import Image

from posedeck.contracts.images import encode_base64_image
from posedeck.net.errors import UnparseableAnswer
from posedeck.net.exchange import Call
from posedeck.services.exchanges.findings import audit_exchange
from tests.support.answers import clean_answer
from tests.unit.services.exchanges.builders import json_call, recorded

ENGINE = "http://127.0.0.1:8501/engine"


def png(width: int) -> str:
    """A picture large enough to be folded."""
    stream = io.BytesIO()
    Image.effect_noise((width, 32), 90.0).save(stream, "PNG")
    return encode_base64_image(stream.getvalue())


def names(url: str, body: Any, vendor: str = "remo", *, sent: Any = None) -> list[str] | None:
    """Names of the findings; None without an audit."""
    record, files = recorded(json_call(sent or {}, url), body, vendor=vendor)
    report = audit_exchange(record, files)
    return None if report is None else [found.name for found in report.findings]


@pytest.mark.parametrize("base", ["https://v.example", ENGINE])
def test_a_clean_posture_answer_has_its_pictures_checked_too(base: str) -> None:
    body = clean_answer()
    assert names(f"{base}/api/analysis-skeleton", body) == []
    body["sorigimg"] = "data:image/png;" + body["sorigimg"].partition(";")[2]
    assert names(f"{base}/api/analysis-skeleton", body) == ["picture_mime_wrong"]


@pytest.mark.parametrize(
    ("vendor", "path", "body", "expected"),
    [
        ("kakao", "/pose", [{}], "missing_field"),
        ("nhn", "/v1.0/appkeys/demo-app-key/pose", {}, "missing_field"),
        ("remo", "/api/analysis-soccer-result", {"state": False, "status": 999}, "unknown_code"),
        ("remo", "/api/analysis-future-shape", {"state": True}, "missing_field"),
        ("kakao", "/pose", "<html>", "not_json"),
    ],
)
def test_each_vendors_answer_has_its_audit(vendor: str, path: str, body: Any, expected: str) -> None:
    assert expected in (names(ENGINE + path, body, vendor) or [])


def test_a_future_shape_is_compared_with_the_photo_that_was_sent() -> None:
    url, came = f"{ENGINE}/api/analysis-future-shape", {"state": True, "result_image": png(24)}
    assert "picture_size" in (names(url, came, sent={"base64Image": png(32)}) or [])
    assert "picture_size" not in (names(url, came, sent={"base64Image": png(24)}) or [])


def test_what_has_no_audit_says_so() -> None:
    assert names(f"{ENGINE}/pose/job/7", {"job_id": "7", "status": "waiting"}, "kakao") is None
    assert names(f"{ENGINE}/health", {}, "posedeck") is None
    lost, files = recorded(Call("GET", ENGINE), None, error=UnparseableAnswer("gone", vendor="remo"))
    assert audit_exchange(lost, files) is None


def test_pictures_that_are_not_held_any_more_cannot_be_audited() -> None:
    record, _ = recorded(json_call({}, f"{ENGINE}/api/analysis-skeleton"), clean_answer())
    assert audit_exchange(record, {}) is None
