"""``/openapi.json`` and the page at ``/`` tell the truth about the routes."""

import re
from typing import Any

import jsonschema
import pytest

from posedeck.contracts import kakao, nhn
from posedeck.contracts.own import DEMO_ACCOUNT, DEMO_KAKAO_KEY, DEMO_NHN_KEYS, KAKAO_METHOD, NHN_METHOD
from posedeck.contracts.remo.errors import RemoCode
from posedeck.contracts.remo.skeleton import PATH, REQUIRED_FIELDS
from posedeck.server.operations import MULTIPART, URLENCODED
from tests.unit.server.builders import Served, request_body


def validate(body: Any, schema: dict[str, Any], document: dict[str, Any]) -> None:
    """Check a body against a schema of the document."""
    resolvable = {**schema, "components": document["components"]}
    jsonschema.Draft202012Validator(resolvable).validate(body)


def media(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Every body that the document describes."""
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    answers = [answer for operation in operations for answer in operation["responses"].values()]
    requests = [operation["requestBody"] for operation in operations if "requestBody" in operation]
    return [content for each in (*answers, *requests) for content in each["content"].values()]


def test_every_route_is_described(served: Served) -> None:
    """No route without a description, no description without a route."""
    described = {
        (method.upper(), path)
        for path, methods in served("GET", "/openapi.json").json()["paths"].items()
        for method in methods
    }
    routed = {(method, route.path) for route in served.server.app.routes for method in route.methods - {"HEAD"}}
    assert routed == described


def test_every_schema_is_valid_and_every_example_fits(served: Served) -> None:
    """The examples are bodies that could be sent."""
    document = served("GET", "/openapi.json").json()
    examples = 0
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    for content in media(document):
        if "example" in content:
            validate(content["example"], content["schema"], document)
            examples += 1
    assert examples > len(RemoCode)


def test_the_analysis_answers_as_described(served: Served) -> None:
    """A real success and real refusals fit their schemas, and every field of the success is named there."""
    document = served("GET", "/openapi.json").json()
    responses = document["paths"][PATH]["post"]["responses"]
    for body in (request_body(), {}, request_body(APIKey="wrong")):
        answer = served.analyse(body)
        validate(answer.json(), responses[str(answer.status_code)]["content"]["application/json"]["schema"], document)
    success = document["components"]["schemas"]["SkeletonSuccess"]
    assert list(served.analyse(request_body()).json()) == list(success["properties"])


def test_every_code_is_described(served: Served) -> None:
    """The whole error table is there, and 503."""
    responses = served("GET", "/openapi.json").json()["paths"][PATH]["post"]["responses"]
    assert {"200", "503", *(str(int(code)) for code in RemoCode)} == set(responses)


@pytest.mark.parametrize("left_out", REQUIRED_FIELDS)
def test_what_must_be_sent_is_described(served: Served, left_out: str) -> None:
    """The request's schema refuses what the server refuses."""
    document = served("GET", "/openapi.json").json()
    schema = document["paths"][PATH]["post"]["requestBody"]["content"]["application/json"]["schema"]
    validate(request_body(), schema, document)
    incomplete = {name: value for name, value in request_body().items() if name != left_out}

    with pytest.raises(jsonschema.ValidationError, match=left_out):
        validate(incomplete, schema, document)


def test_the_page_lists_every_route_and_the_demo_account(served: Served) -> None:
    """In English and Korean, and it says that the vendors' models are not behind it."""
    page = served("GET", "/").text
    for operation in served.server.operations:
        assert f"<code>{operation.path}</code>" in page
        assert operation.summary_ko in page
    for credential in (*DEMO_ACCOUNT, f"KakaoAK {DEMO_KAKAO_KEY}", *DEMO_NHN_KEYS):
        assert credential in page
    assert "not the vendors' model" in page


def test_the_page_says_how_each_vendors_keypoints_come_about(served: Served) -> None:
    """In both languages: the difference between the two is ours and on purpose."""
    page = served("GET", "/").text
    for method in (KAKAO_METHOD, NHN_METHOD):
        assert {"en", "ko"} == set(method)
        for text in method.values():
            assert text in page


@pytest.mark.parametrize(
    ("path", "statuses", "media"),
    [
        (kakao.POSE_PATH, {"200", "400", "401", "429", "500", "503"}, {MULTIPART, URLENCODED}),
        (nhn.POSE_PATH, {"200", "413", "429", "503", "504"}, {MULTIPART}),
    ],
)
def test_the_keypoint_routes_are_described(served: Served, path: str, statuses: set[str], media: set[str]) -> None:
    """Every HTTP status and every form that is taken, each answer with an example; when to come back; the key."""
    document = served("GET", "/openapi.json").json()
    operation = document["paths"][path]["post"]

    assert statuses == set(operation["responses"])
    assert all("example" in answer["content"]["application/json"] for answer in operation["responses"].values())
    assert media == set(operation["requestBody"]["content"])
    for status in ("429", "503"):
        assert "Retry-After" in operation["responses"][status]["headers"]
    ((scheme,),) = operation["security"]
    assert document["components"]["securitySchemes"][scheme]["name"] == "Authorization"


def test_a_parameter_in_a_path_is_described(served: Served) -> None:
    """As every OpenAPI reader asks for."""
    for path, methods in served("GET", "/openapi.json").json()["paths"].items():
        for operation in methods.values():
            described = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"}
            assert set(re.findall(r"\{(\w+)\}", path)) == described


def test_the_page_loads_nothing(served: Served) -> None:
    """No script, no resource from anywhere, and a policy that forbids both."""
    answer = served("GET", "/")

    assert re.findall(r"<script|<link|<img|src=|@import|url\(|https?://", answer.text) == []
    assert "default-src 'none'" in answer.headers["content-security-policy"]
