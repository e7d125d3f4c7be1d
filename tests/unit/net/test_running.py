"""Exchanges are told of while they go on, and bodies that are sent in pieces as if they were sent at once."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import httpx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posedeck.net.exchange import Call
from posedeck.net.json_with_file import JsonWithFile
from posedeck.net.multipart import Part, StreamedForm, encode_parts
from posedeck.net.record import BROKEN_OFF, ExchangeRecord
from posedeck.net.redact import MASK
from posedeck.net.transport import Transport
from tests.support.vendor import vendor
from tests.unit.net.test_recording import API_KEY, EMAIL, REMO, USER_KEY, Seen, ok, remo_call, send

JSON = {"Content-Type": "application/json"}
#: What needs escaping somewhere, and what does not.
ALPHABET = "abcXYZ019\"'\\/%&<>=+ 한🔑"


def test_an_exchange_is_told_when_it_begins_as_it_goes_on_and_when_it_has_ended() -> None:
    seen = Seen()
    with vendor({"state": True}) as url, Transport("remo") as transport:
        transport.for_session(seen).send(replace(remo_call(), url=url), 30.0)
    first, *_, last = seen.told
    assert len({record.id for record in seen.told}) == 1
    assert first.phase == "connect"
    assert {"connect", "send", "wait", "receive"} <= {record.phase for record in seen.told}
    assert (first.status, first.response, first.bytes_sent) == (None, None, 0)
    assert first.request == last.request
    assert first.request.value["APIKey"] == MASK
    assert (last.phase, last.status) == (None, 200)


def test_it_shows_how_much_of_a_large_body_has_gone() -> None:
    seen = send(Call("POST", REMO, {}, bytes(1_000_000)), ok())
    sizes = [record.bytes_sent for record in seen.told]
    assert sizes == sorted(sizes)
    assert {0, 262_144, 524_288, 786_432, 1_000_000} <= set(sizes)


class Stopped(BaseException):
    """As Streamlit stops a page's run."""


def test_what_dies_with_its_page_does_not_seem_to_go_on() -> None:
    def stop(_: httpx.Request) -> httpx.Response:
        raise Stopped(EMAIL)

    seen = Seen()
    with Transport("remo", inner=httpx.MockTransport(stop)) as transport, pytest.raises(Stopped):
        transport.for_session(seen).send(remo_call(), 30.0)
    (record,) = seen.records
    assert record.error is not None
    assert (record.error.kind, record.error.detail) == (BROKEN_OFF, "Stopped")


def test_a_file_that_is_gone_breaks_it_off_too(tmp_path: Path) -> None:
    seen = Seen()
    call = Call("POST", REMO, JSON, JsonWithFile({"a": "b"}, "clip", tmp_path / "gone.mp4"))
    wire = httpx.MockTransport(lambda request: ok(len(request.read())))
    with Transport("remo", inner=wire) as transport, pytest.raises(FileNotFoundError):
        transport.for_session(seen).send(call, 30.0)
    assert [record.error and record.error.kind for record in seen.records] == [BROKEN_OFF]


def bodies(secret: str) -> Iterator[tuple[str, bytes]]:
    """Bodies of every kind with secrets in them."""
    file = base64.b64encode(bytes(600)).decode()
    fields = {"Email": EMAIL, "APIKey": secret, "nested": [{"user_key": USER_KEY}], "clip": file, "note": f"<{secret}>"}
    yield "application/json", json.dumps(fields).encode()
    yield "application/json", json.dumps(fields, ensure_ascii=False).encode()[:-1]  # broken: a text
    yield "application/x-www-form-urlencoded", str(httpx.QueryParams({"token": secret, "n": f"<{secret}>"})).encode()
    parts = [Part("password", None, "", secret.encode()), Part("file", f"{EMAIL}.bin", "a/b", b"\xff" + bytes(99))]
    yield encode_parts(parts)


def comparable(record: ExchangeRecord) -> ExchangeRecord:
    return msgspec.structs.replace(record, id="", started_at=0.0)


@settings(max_examples=50, deadline=None)
@given(st.text(ALPHABET, min_size=6, max_size=20), st.lists(st.integers(0, 2000), max_size=8))
def test_wherever_a_stream_is_cut_its_record_is_that_of_the_whole(rest: str, cuts: list[int]) -> None:
    """And no secret is in it, also where the answer quotes it, or a cut goes through it."""
    secret = f"key-{rest}"
    for media, body in bodies(secret):
        places = sorted({min(cut, len(body)) for cut in cuts} | {0, len(body)})
        pieces = [body[start:end] for start, end in pairwise(places)]
        quoting = ok({"message": f"{secret} {json.dumps(secret)} {EMAIL}"})
        headers = {"Content-Type": media, "Content-Length": str(len(body))}
        (whole,) = send(Call("POST", REMO, headers, body), quoting).records
        (streamed,) = send(Call("POST", REMO, headers, iter(pieces)), quoting).records
        assert comparable(streamed) == comparable(whole)
        said = msgspec.json.encode(whole).decode()
        for form in (secret, json.dumps(secret)[1:-1], json.dumps(json.dumps(secret))[3:-3]):
            assert form not in said.replace(MASK, "")


@settings(max_examples=20, deadline=None)
@given(st.binary(min_size=500, max_size=3000), st.text(ALPHABET, min_size=6, max_size=20))
def test_a_file_is_recorded_by_its_place_and_sent_as_base64(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, secret: str
) -> None:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    path.write_bytes(data)
    fields = {"Email": EMAIL, "APIKey": secret, "height": "170"}
    content = JsonWithFile(fields, "base64_video", path)
    whole = json.dumps({**fields, "base64_video": base64.b64encode(data).decode()}, separators=(",", ":"))
    assert json.loads(b"".join(content)) == json.loads(whole)
    assert content.length == len(b"".join(content))
    streamed = send(Call("POST", REMO, JSON, content), ok({"message": secret}))
    at_once = send(Call("POST", REMO, JSON, whole.encode()), ok({"message": secret}))
    assert streamed.told[0].request.value == streamed.records[0].request.value == at_once.records[0].request.value
    assert streamed.records[0].response == at_once.records[0].response
    assert list(streamed.files.values()) == [path]
    assert list(at_once.files.values()) == [data]
    assert API_KEY not in repr(content)
    assert secret not in repr(Call("POST", REMO, JSON, content))


def test_a_form_with_a_file_from_the_disk_is_recorded_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(900_000))
    form = StreamedForm([Part("token", None, "", b"key-1234")], Part("file", "clip.mp4", "video/mp4", b""), path)
    headers = {"Content-Type": form.content_type, "Content-Length": str(form.length)}
    streamed = send(Call("POST", REMO, headers, form), ok({"message": "key-1234"}))
    at_once = send(Call("POST", REMO, headers, b"".join(form)), ok({"message": "key-1234"}))
    assert streamed.told[0].request == at_once.records[0].request
    assert streamed.records[0].request.value[0] == {"name": "token", "value": MASK}
    assert streamed.records[0].response == at_once.records[0].response
    assert (list(streamed.files.values()), len(at_once.files)) == ([path], 1)
