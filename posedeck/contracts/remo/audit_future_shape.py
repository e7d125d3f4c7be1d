"""Audit of an answer of ``analysis-future-shape`` against the vendor's own document and against what was sent."""

import io
from collections.abc import Iterator
from typing import Any

from PIL import Image

from posedeck.contracts.finding import AuditReport, Finding, count_fields
from posedeck.contracts.images import decode_base64_image
from posedeck.contracts.remo.errors import RemoCode
from posedeck.contracts.remo.future_shape import IMAGES, Refusal
from posedeck.contracts.remo.skeleton import error_code, is_success

_ALLOWED = ("state", "message", *IMAGES)
_REFUSAL_ALLOWED = ("state", "message", "credit", "credit_change", "status", "status_code", "statue_code")
_OUR_EXTRAS = "x_"
_PNG = b"\x89PNG\r\n\x1a\n"


def audit_future_shape(body: Any, sent_size: tuple[int, int] | None = None) -> AuditReport:
    """Audit a decoded JSON body, success or refusal.

    Args:
        body: The answer.
        sent_size: Width and height of the photo in pixels, when it is known.
    """
    if not isinstance(body, dict):
        return AuditReport([Finding("not_an_object", "error", "", "the answer is not a JSON object")])
    if not is_success(body):
        findings = [*_state(body), *_unexpected(body, _REFUSAL_ALLOWED), *_refusal(body)]
        return AuditReport(findings, checked=count_fields(body, _REFUSAL_ALLOWED))
    findings = [*_state(body), *_unexpected(body, _ALLOWED), *_pictures(body, sent_size)]
    return AuditReport(findings, checked=count_fields(body, _ALLOWED))


def _state(body: dict[str, Any]) -> Iterator[Finding]:
    if "state" not in body:
        yield Finding("missing_field", "error", "state", "the document lists this field; the answer lacks it")
    elif not isinstance(body["state"], bool):
        yield Finding("wrong_type", "warning", "state", f"documented as bool, got {type(body['state']).__name__}")
    message = body.get("message")
    if message is not None and not isinstance(message, str):
        yield Finding("wrong_type", "warning", "message", f"documented as string, got {type(message).__name__}")


def _unexpected(body: dict[str, Any], allowed: tuple[str, ...]) -> Iterator[Finding]:
    for name in body:
        if name not in allowed and not name.startswith(_OUR_EXTRAS):
            yield Finding("unexpected_field", "warning", name, "the document does not list this field")


def _refusal(body: dict[str, Any]) -> Iterator[Finding]:
    if not isinstance(body.get("message"), str) or not body["message"]:
        yield Finding("missing_field", "error", "message", "a refusal says what is wrong")
        return
    code = error_code(body)
    if code is None and body["message"] not in set(Refusal):
        yield Finding("unknown_message", "warning", "message", f"{body['message']!r} is not a documented error")
    elif code is not None and code not in set(RemoCode):
        yield Finding("unknown_code", "warning", "status", f"{code} is not in the document's table")


def _pictures(body: dict[str, Any], sent_size: tuple[int, int] | None) -> Iterator[Finding]:
    pictures: dict[str, bytes] = {}
    for name in IMAGES:
        text = body.get(name)
        if text is None:
            message = "the document's table and its example name the picture differently; the answer has one name only"
            yield Finding("one_picture_name", "info", name, message)
        elif not isinstance(text, str):
            yield Finding("wrong_type", "error", name, f"documented as string, got {type(text).__name__}")
        else:
            try:
                pictures[name] = decode_base64_image(text)
            except ValueError as error:
                yield Finding("picture_not_base64", "error", name, f"the picture cannot be decoded: {error}")
    if not pictures:
        yield Finding("missing_field", "error", IMAGES[0], "a success holds a picture")
    if len(set(pictures.values())) > 1:
        yield Finding("pictures_differ", "error", IMAGES[1], "the two names of the picture hold different pictures")
    for name, data in list(pictures.items())[:1]:
        yield from _picture(name, data, sent_size)


def _picture(name: str, data: bytes, sent_size: tuple[int, int] | None) -> Iterator[Finding]:
    if not data.startswith(_PNG):
        yield Finding("picture_not_png", "warning", name, "the document's example is a PNG, this is another format")
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            picture.load()
            size = picture.size
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        yield Finding("picture_undecodable", "error", name, "the bytes are not a whole JPEG, PNG or WebP picture")
        return
    if sent_size is not None and size != sent_size:
        sent, came = ("{} x {}".format(*each) for each in (sent_size, size))
        yield Finding("picture_size", "info", name, f"the photo has {sent} pixels, the answer {came}")
