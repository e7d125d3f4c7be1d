"""HAR 1.2 as its specification wants it."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from posedeck.net.errors import AmbiguousOutcome
from posedeck.net.exchange import Call, Timings
from posedeck.net.multipart import encode_upload
from posedeck.net.record import ExchangeRecord
from posedeck.services.exchanges.har import as_har
from tests.unit.services.exchanges.builders import json_call, recorded

STRING, NUMBER = {"type": "string"}, {"type": "number"}


def objects(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """A schema of an object with these fields, a comment, and custom ones, which begin with an underscore."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {}), "comment": STRING},
        "required": list(required),
        "patternProperties": {"^_": {}},
        "additionalProperties": False,
    }


def lists(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


NAMED = objects({"name": STRING, "value": STRING})
SIZE = {"type": "integer", "minimum": -1}
TIME = {"type": "number", "minimum": 0}
#: Of phases that may not apply.
TIME_OR_NOT = {"anyOf": [TIME, {"const": -1}]}
PARAM = objects({"name": STRING}, {"value": STRING, "fileName": STRING, "contentType": STRING})
#: The specification (http://www.softwareishard.com/blog/har-12-spec/) as a schema: each object with its required and
#: its optional fields, and no others.
SCHEMA = objects(
    {
        "log": objects(
            {
                "version": {"const": "1.2"},
                "creator": objects({"name": STRING, "version": STRING}),
                "entries": lists(
                    objects(
                        {
                            "startedDateTime": {"type": "string", "format": "date-time"},
                            "time": TIME,
                            "request": objects(
                                {
                                    "method": STRING,
                                    "url": {"type": "string", "pattern": "^https?://"},
                                    "httpVersion": STRING,
                                    "cookies": lists(NAMED),
                                    "headers": lists(NAMED),
                                    "queryString": lists(NAMED),
                                    "headersSize": SIZE,
                                    "bodySize": SIZE,
                                },
                                {
                                    "postData": {
                                        "oneOf": [
                                            objects({"mimeType": STRING, "params": lists(PARAM)}),
                                            objects({"mimeType": STRING, "text": STRING}),
                                        ]
                                    }
                                },
                            ),
                            "response": objects(
                                {
                                    "status": {"type": "integer", "minimum": 0},
                                    "statusText": STRING,
                                    "httpVersion": STRING,
                                    "cookies": lists(NAMED),
                                    "headers": lists(NAMED),
                                    "content": objects(
                                        {"size": {"type": "integer", "minimum": 0}, "mimeType": STRING},
                                        {"text": STRING, "encoding": STRING, "compression": NUMBER},
                                    ),
                                    "redirectURL": STRING,
                                    "headersSize": SIZE,
                                    "bodySize": SIZE,
                                }
                            ),
                            "cache": objects({}, {"beforeRequest": {}, "afterRequest": {}}),
                            "timings": objects(
                                {"send": TIME, "wait": TIME, "receive": TIME},
                                dict.fromkeys(("blocked", "dns", "connect", "ssl"), TIME_OR_NOT),
                            ),
                        },
                        {"pageref": STRING, "serverIPAddress": STRING, "connection": STRING},
                    )
                ),
            },
            {"browser": objects({"name": STRING, "version": STRING}), "pages": {"type": "array"}},
        )
    }
)


def entry(record: ExchangeRecord) -> dict[str, Any]:
    log = json.loads(as_har([record]))["log"]
    (found,) = log["entries"]
    assert isinstance(found, dict)
    return found


def upload() -> Call:
    content_type, body = encode_upload("file", "picture.jpg", "image/jpeg", b"\xff\xd8picture")
    return Call("POST", "https://v.example/pose?view=front", {"Content-Type": content_type}, body)


def records() -> Iterator[ExchangeRecord]:
    """Of every kind of body, answered, refused, redirected, lost, and still going on."""
    yield recorded(json_call({"a": 1}, "https://v.example/x?a=&b=2#c"), {"state": True})[0]
    yield recorded(upload(), [], vendor="kakao")[0]
    form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "a=b"}
    yield recorded(Call("POST", "https://v.example/pose", form, b"a=1&token=secret"), "<html>", status=502)[0]
    yield recorded(Call("PUT", "https://v.example/x/uploads", {}, b"\xff\x00"), {}, vendor="posedeck")[0]
    lost = recorded(Call("GET", "https://v.example/"), None, error=AmbiguousOutcome("gone", vendor="remo"))[0]
    yield lost
    yield msgspec.structs.replace(lost, error=None, phase="wait", timings=Timings(connect_s=0.1))
    yield msgspec.structs.replace(lost, response_headers={"location": "https://v.example/"}, status=307)


def test_it_is_what_the_specification_says() -> None:
    validator = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    validator.validate(json.loads(as_har(list(records()))))
    validator.validate(json.loads(as_har([])))


@pytest.mark.parametrize(
    "path", [("startedDateTime",), ("request", "cookies"), ("response", "content"), ("timings", "wait")]
)
def test_the_schema_notices_what_is_missing(path: tuple[str, ...]) -> None:
    document = json.loads(as_har(list(records())))
    value = document["log"]["entries"][0]
    for name in path[:-1]:
        value = value[name]
    del value[path[-1]]
    assert not Draft202012Validator(SCHEMA).is_valid(document)


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
