"""``/openapi.json``: the route table as OpenAPI 3.1."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from posedeck import __version__
from posedeck.contracts import own
from posedeck.server.operations import BINARY, HTML, Answer, Operation, RequestBody

_REF = "#/components/schemas/{name}"
#: Statuses that say when to come back.
_COME_BACK = (429, 503)
#: Schemas of bodies that are not JSON.
_PLAIN_SCHEMAS = {HTML: {"type": "string"}, BINARY: {"type": "string", "format": "binary"}}
_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "token": {"type": "apiKey", "in": "header", "name": own.TOKEN_HEADER},
    "kakao": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "KakaoAK {REST API key}"},
    "nhn": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "{secretKey}"},
}


def describe(operations: Iterable[Operation]) -> dict[str, Any]:
    """The OpenAPI document of the operations."""
    operations = list(operations)
    answers = [answer for operation in operations for answer in operation.answers]
    bodies = {body for answer in answers for body in (answer.body, answer.other_body) if body}
    bodies |= {request.body for operation in operations for request in operation.requests if request.body}
    types = sorted(bodies, key=str)
    references, schemas = msgspec.json.schema_components(types, ref_template=_REF)
    schema_of = dict(zip(types, references, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "PoseDeck pose server",
            "version": __version__,
            "description": "Our own engine in the vendors' wire formats; not the vendors' models.",
        },
        # Relative to this document, so that it is also true where the server is mounted under a prefix.
        "servers": [{"url": "."}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": _SECURITY,
        },
    }


def _operation(operation: Operation, schema_of: Mapping[Any, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "responses": {str(answer.status): _answer(answer, schema_of) for answer in operation.answers},
    }
    if operation.parameters:
        described["parameters"] = [
            {
                "name": parameter.name,
                "in": parameter.place,
                "description": parameter.description,
                "required": parameter.required,
                "schema": {"type": "string"} | ({"enum": list(parameter.choices)} if parameter.choices else {}),
            }
            for parameter in operation.parameters
        ]
    if operation.requests:
        content = {request.media: _request(request, schema_of) for request in operation.requests}
        described["requestBody"] = {"required": True, "content": content}
    if operation.security:
        described["security"] = [{name: []} for name in operation.security]
    return described


def _answer(answer: Answer, schema_of: Mapping[Any, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": _PLAIN_SCHEMAS.get(answer.media, {"type": "object"})}
    if answer.body is not None:
        content["schema"] = schema_of[answer.body]
    if answer.other_body is not None:
        content["schema"] = {"anyOf": [content["schema"], schema_of[answer.other_body]]}
    if answer.example is not None:
        content["example"] = msgspec.to_builtins(answer.example)
    headers = {"Retry-After": {"schema": {"type": "integer"}}} if answer.status in _COME_BACK else {}
    described = {"description": answer.description, "content": {answer.media: content}}
    return described | ({"headers": headers} if headers else {})


def _request(request: RequestBody, schema_of: Mapping[Any, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
    if request.body is not None:
        content["schema"] = schema_of[request.body]
        if request.required_fields:
            content["schema"] = {"allOf": [content["schema"], {"required": list(request.required_fields)}]}
    elif request.files or request.texts:
        files = {name: {"type": "string", "format": "binary"} for name in request.files}
        texts = {name: {"type": "string"} for name in (*request.texts, *request.options)}
        required = [*request.files, *request.texts]
        content["schema"] = {"type": "object", "properties": files | texts, "required": required}
    if request.example is not None:
        content["example"] = msgspec.to_builtins(request.example)
    return content
