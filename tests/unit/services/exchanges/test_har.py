"""HAR 1.2 as its specification wants it."""

import json
from typing import Any

import pytest

from posedeck.net.errors import AmbiguousOutcome
from posedeck.net.exchange import Call
from posedeck.net.multipart import encode_upload
from posedeck.net.record import ExchangeRecord
from posedeck.services.exchanges.har import as_har
from tests.unit.services.exchanges.builders import json_call, recorded

#: Required fields of each object (http://www.softwareishard.com/blog/har-12-spec/).
REQUIRED = {
    "entry": {"startedDateTime", "time", "request", "response", "cache", "timings"},
    "request": {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"},
    "response": {
        "status",
        "statusText",
        "httpVersion",
        "cookies",
        "headers",
        "content",
        "redirectURL",
        "headersSize",
        "bodySize",
    },
    "content": {"size", "mimeType"},
    "timings": {"send", "wait", "receive"},
}


def entry(record: ExchangeRecord) -> dict[str, Any]:
    log = json.loads(as_har([record]))["log"]
    assert log["version"] == "1.2"
    assert set(log["creator"]) == {"name", "version"}
    (found,) = log["entries"]
    assert isinstance(found, dict)
    return found


def upload() -> Call:
    content_type, body = encode_upload("file", "picture.jpg", "image/jpeg", b"\xff\xd8picture")
    return Call("POST", "https://v.example/pose?view=front", {"Content-Type": content_type}, body)


@pytest.mark.parametrize(
    "record",
    [
        recorded(json_call({"a": 1}), {"state": True})[0],
        recorded(upload(), [], vendor="kakao")[0],
        recorded(Call("GET", "https://v.example/"), None, error=AmbiguousOutcome("gone", vendor="remo"))[0],
    ],
)
def test_every_required_field_is_there(record: ExchangeRecord) -> None:
    found = entry(record)
    parts = {"entry": found, **{name: found[name] for name in ("request", "response", "timings")}}
    parts["content"] = found["response"]["content"]
    for name, fields in REQUIRED.items():
        assert fields <= set(parts[name])


def test_times_are_milliseconds_and_tls_is_a_part_of_connect() -> None:
    found = entry(recorded(json_call({}), {})[0])
    assert found["timings"] == {
        "blocked": -1,
        "dns": -1,
        "connect": 12.0,
        "ssl": 10.0,
        "send": 1.0,
        "wait": 500.0,
        "receive": 3.0,
    }
    assert found["time"] == 516.0
    assert found["startedDateTime"] == "2023-11-14T22:13:20.250+00:00"


def test_bodies_stay_folded_and_secrets_masked() -> None:
    found = entry(recorded(json_call({"APIKey": "very-secret", "n": 1}), {"quoted": "very-secret"})[0])
    assert json.loads(found["request"]["postData"]["text"]) == {"APIKey": "***", "n": 1}
    assert json.loads(found["response"]["content"]["text"]) == {"quoted": "***"}
    form = entry(recorded(upload(), [], vendor="kakao")[0])["request"]
    assert [(param["name"], param["fileName"]) for param in form["postData"]["params"]] == [("file", "picture.jpg")]
    assert form["queryString"] == [{"name": "view", "value": "front"}]


def test_a_fault_is_never_switched_on_by_an_export() -> None:
    record = recorded(json_call({}, **{"X-PoseDeck-Fault": "hang", "X-PoseDeck-Fault-Session": "s"}), {})[0]
    assert [header["name"] for header in entry(record)["request"]["headers"]] == ["Content-Type"]


def test_a_call_without_answer() -> None:
    found = entry(recorded(Call("GET", "https://v.example/"), None, error=AmbiguousOutcome("gone", vendor="remo"))[0])
    assert found["response"]["status"] == 0
    assert found["_error"] == "AmbiguousOutcome: gone"
