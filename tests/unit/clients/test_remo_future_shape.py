"""The client of the future shape: what it sends, what it reads, and what each refusal becomes."""

import json
from typing import Any

import msgspec
import pytest

from posedeck.clients.remo import RemoClient, RemoCredentials, RemoRefused
from posedeck.contracts.images import decode_base64_image
from posedeck.contracts.remo.errors import RemoCode, error_body
from posedeck.contracts.remo.future_shape import Direction, FutureShapeError, Gender, Refusal, RefusalReason
from posedeck.net.errors import AmbiguousOutcome, ServiceStarting, UnparseableAnswer
from posedeck.texts import LANGUAGES, load_texts
from tests.support.answers import future_shape_answer
from tests.unit.clients.builders import Vendor

CREDENTIALS = RemoCredentials("mail@example.org", "user", "api")


def ask(body: Any, status: int = 200, headers: dict[str, str] | None = None, **wish: Any) -> tuple[Any, Any]:
    """The reply to one call, and what was sent."""
    vendor = Vendor(body, status, headers)
    with vendor.transport:
        client = RemoClient(vendor.transport, "https://vendor.example/")
        reply = client.future_shape(CREDENTIALS, b"photo", Direction.WORST, Gender.FEMALE, **wish)
    assert vendor.request.url.path == "/api/analysis-future-shape"
    return reply, json.loads(vendor.request.content)


def refused(status: int, body: Any) -> RemoRefused:
    """The error that an answer becomes."""
    with pytest.raises(RemoRefused) as caught:
        ask(body, status)
    return caught.value


def test_the_request_is_the_documented_one() -> None:
    """A vendor gets its own six fields and nothing of ours."""
    reply, body = ask(future_shape_answer(b"picture", ratio=1.25))
    assert decode_base64_image(body.pop("base64Image")) == b"photo"
    assert body == {
        "Email": "mail@example.org", "UserKey": "user", "APIKey": "api", "requestMessage": "worst", "gender": "female",
    }  # fmt: skip
    assert reply.answer.image == b"picture"


def test_our_server_gets_our_wishes() -> None:
    """Ratio and mark are sent when they are given."""
    _, body = ask(future_shape_answer(b"picture"), ratio=1.3, mark=False)
    assert (body["x_ratio"], body["x_mark"]) == (1.3, False)


@pytest.mark.parametrize("reason", RefusalReason)
def test_each_reason_has_its_sentence(reason: RefusalReason) -> None:
    """What is wrong with the photo is said in words, in both languages; the balance is kept."""
    error = refused(400, {"state": False, "message": "wrong image", "x_reason": reason.value, "x_credit": 7})
    assert (error.status, error.code, error.credit) == (400, 400, 7)
    assert error.message_key == f"error.remo.shape.{reason.value}"
    assert all(error.message_key in load_texts(language) for language in LANGUAGES)


@pytest.mark.parametrize("message", Refusal)
def test_the_documented_refusals_have_sentences(message: Refusal) -> None:
    """So have the vendor's two errors without any reason of ours."""
    error = refused(400, msgspec.to_builtins(FutureShapeError(message=message)))
    assert all(error.message_key in load_texts(language) for language in LANGUAGES)
    assert error.message_key.startswith("error.remo.shape.")
    assert error.credit is None


def test_other_refusals_follow_remos_table() -> None:
    """Credentials and credits are refused as with the posture analysis."""
    error = refused(422, msgspec.to_builtins(error_body(RemoCode.NO_CREDIT, credit=0)))
    assert (error.code, error.credit, error.message_key) == (422, 0, "error.remo.422")


def test_a_server_that_starts_is_no_refusal() -> None:
    """503 with Retry-After is waited for."""
    body = {"state": False, "message": "starting", "status": 559}
    with pytest.raises(ServiceStarting):
        ask(body, 503, {"Retry-After": "2"})


@pytest.mark.parametrize("body", [{"state": True}, {"state": True, "resultImage": "(cut)"}])
def test_a_success_without_a_picture_is_no_answer(body: dict[str, Any]) -> None:
    """It is told as unreadable, and nothing is sent again."""
    with pytest.raises(UnparseableAnswer):
        ask(body)


def test_another_page_after_sending_is_ambiguous() -> None:
    """The call costs, so an answer that is not the vendor's leaves open whether it was carried out."""
    with pytest.raises(AmbiguousOutcome):
        ask(["proxy"])
