"""Requests edited and made whole again."""

import json

import pytest

from posedeck.net.exchange import Call
from posedeck.net.multipart import Part, encode_parts, encode_upload, read_parts
from posedeck.services.exchanges.bodies import FileForgottenError
from posedeck.services.exchanges.curl import as_curl
from posedeck.services.exchanges.edit import EditError, editable_body, editable_headers, edited
from posedeck.services.exchanges.python_code import as_httpx
from posedeck.services.exchanges.resend import rebuild
from tests.unit.services.exchanges.builders import json_call, recorded

SECRETS = {"POSEDECK_REMO_API_KEY": "very-secret"}
RECORD, FILES = recorded(json_call({"APIKey": "very-secret", "n": 1, "x": None}))


def test_what_is_not_edited_goes_out_as_it_was() -> None:
    again = edited(RECORD, RECORD.url, editable_headers(RECORD), editable_body(RECORD))
    assert again == RECORD
    call = rebuild(again, FILES, SECRETS)
    assert json.loads(call.content) == {"APIKey": "very-secret", "n": 1, "x": None}  # type: ignore[arg-type]
    assert call.costs


def test_edits_go_out() -> None:
    body = editable_body(RECORD).replace("1", "[2, 3]")
    again = edited(RECORD, RECORD.url + "?a=1", "Content-Type: application/json\n\nX-More:  yes ", body)
    call = rebuild(again, FILES, SECRETS)
    assert call.url == RECORD.url + "?a=1"
    assert call.headers == {"Content-Type": "application/json", "X-More": "yes"}
    assert json.loads(call.content)["n"] == [2, 3]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/api",
        "http://v.example/api",
        "https://v.example:444/api",
        "https://v.example@evil.example/",
        "//",
        "https://[::1",
    ],
)
def test_secrets_go_to_no_other_host(url: str) -> None:
    with pytest.raises(EditError) as caught:
        edited(RECORD, url, "", "{}")
    assert caught.value.message_key == "inspector.edit.other_host"


@pytest.mark.parametrize(
    ("headers", "body", "key"), [("no colon", "{}", "headers"), (": x", "{}", "headers"), ("", "{", "json")]
)
def test_what_cannot_be_sent_is_named(headers: str, body: str, key: str) -> None:
    with pytest.raises(EditError) as caught:
        edited(RECORD, RECORD.url, headers, body)
    assert caught.value.message_key == f"inspector.edit.{key}"


def test_what_is_wrong_with_edited_json_is_pointed_at() -> None:
    with pytest.raises(EditError) as caught:
        edited(RECORD, RECORD.url, "", '{\n  "a": 1,\n  b\n}')
    assert caught.value.values == {"line": 3, "column": 3}


@pytest.mark.parametrize(
    "body", ['{"name": "file"}', '[{"name": "file"}]', '[{"name": "a", "value": 1}]', '[{"value": "x"}]', '["a"]']
)
def test_parts_of_a_form_must_stay_parts(body: str) -> None:
    content_type, upload = encode_upload("file", "a.jpg", "image/jpeg", b"\xff\xd8picture")
    record, _ = recorded(Call("POST", "https://v.example/pose", {"Content-Type": content_type}, upload), vendor="kakao")
    with pytest.raises(EditError, match=r"shape\.multipart"):
        edited(record, record.url, "", body)


def test_pairs_of_a_form_must_stay_pairs() -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    record, files = recorded(Call("POST", "https://v.example/pose", headers, b"a=1"), vendor="kakao")
    assert rebuild(edited(record, record.url, "", '[["a", "2"], ["b", "3"]]'), files, {}).content == b"a=2&b=3"
    with pytest.raises(EditError, match=r"shape\.form"):
        edited(record, record.url, "", '{"a": "2"}')


def test_a_files_place_may_change_but_not_its_bytes() -> None:
    content_type, body = encode_upload("file", "a.jpg", "image/jpeg", b"\xff\xd8picture")
    record, files = recorded(
        Call("POST", "https://v.example/pose", {"Content-Type": content_type}, body), vendor="kakao"
    )
    again = edited(record, record.url, "", editable_body(record).replace('"name": "file"', '"name": "image"'))
    call = rebuild(again, files, {})
    (part,) = read_parts(call.headers["Content-Type"], call.content) or []  # type: ignore[arg-type]
    assert (part.name, part.data) == ("image", b"\xff\xd8picture")
    with pytest.raises(FileForgottenError):
        rebuild(again, {}, {})


def test_secrets_in_parts_and_in_addresses_are_filled_in_too() -> None:
    """In a form with a file, and of our own server's uploads."""
    parts = [
        Part("api_key", None, "", b"very-secret"),
        Part("note", None, "", b"plain"),
        Part("f", "a", "a/b", b"\xff"),
    ]
    content_type, body = encode_parts(parts)
    call = Call("POST", "https://v.example/x/uploads?ticket=also-secret", {"Content-Type": content_type}, body)
    record, files = recorded(call, vendor="posedeck")
    names = ("POSEDECK_TICKET", "POSEDECK_POSEDECK_API_KEY")
    for snippet in (as_curl(record, files), as_httpx(record, files)):
        assert snippet.variables == names
        assert "secret" not in snippet.code
        assert "upload-ticket" in snippet.code
    again = rebuild(record, files, dict(zip(names, ("also-secret", "very-secret"), strict=True)))
    assert again.url == call.url
    sent = read_parts(again.headers["Content-Type"], again.content) or []  # type: ignore[arg-type]
    assert [(part.name, part.data) for part in sent] == [(part.name, part.data) for part in parts]


def test_a_length_is_counted_anew() -> None:
    record, files = recorded(json_call({"n": 1}, **{"Content-Length": "7", "Transfer-Encoding": "chunked"}))
    assert list(rebuild(record, files, {}).headers) == ["Content-Type"]
    assert "Content-Length" not in as_curl(record, files).code + as_httpx(record, files).code


def test_no_copy_switches_a_fault_on() -> None:
    record, files = recorded(json_call({}, **{"X-PoseDeck-Fault": "hang", "X-PoseDeck-Fault-Session": "s"}))
    for snippet in (as_curl(record, files), as_httpx(record, files)):
        assert "fault" not in snippet.code.lower()
    assert set(rebuild(record, files, {}).headers) == {"Content-Type"}
