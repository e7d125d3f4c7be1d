"""Calls and answers as values."""

import io

import pytest

from posedeck.net.exchange import Call, Exchange, Timings, is_json


def answer(body: bytes) -> Exchange:
    return Exchange(
        200, {"set-cookie": "c=1"}, body, 0.0, Timings(), attempts=1, bytes_sent=0, bytes_received=len(body)
    )


@pytest.mark.parametrize("body", [b"{}", b'{"state": true}', b"[1, 2]", '{"이름": "값"}'.encode()])
def test_json_objects_and_arrays_are_answers(body: bytes) -> None:
    """The least that every vendor's own answer is."""
    assert is_json(answer(body))


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"3", b'"text"', b"{", b'{"a": "\xff"}', b"\x00", b"[" * 100_000],
    ids=lambda b: repr(b[:9]),
)
def test_anything_else_is_not(body: bytes) -> None:
    """Pages, bare values, cut or wrongly encoded text and absurd nesting are nobody's answer."""
    assert not is_json(answer(body))


def test_reprs_hold_no_credentials() -> None:
    """Neither headers nor bodies nor a key in the path are printed."""
    call = Call("POST", "https://h/appkeys/K3Y/pose", {"Authorization": "S3CRET"}, b"BODY", costs=True)

    assert repr(call) == "Call(POST https://h/appkeys/***/pose, costs=True)"
    assert "c=1" not in repr(answer(b"BODY"))
    assert "BODY" not in repr(answer(b"BODY"))


def test_one_shot_bodies_are_known() -> None:
    """A list of pieces can be sent again, a generator or a file cannot."""
    assert Call("POST", "https://h", content=[b"a", b"b"]).is_replayable
    assert not Call("POST", "https://h", content=(piece for piece in [b"a"])).is_replayable
    assert not Call("POST", "https://h", content=io.BytesIO(b"a")).is_replayable
