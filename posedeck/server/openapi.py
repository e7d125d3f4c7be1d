"""``/openapi.json``: the route table as OpenAPI 3.1."""

from collections.abc import Iterable
from typing import Any

import msgspec

from posedeck import __version__
from posedeck.contracts import own
from posedeck.server.operations import HTML, JSON, Answer, Operation, RequestBody

_REF = "#/components/schemas/{name}"
_SECURITY: list[dict[str, list[str]]] = [{"bearer": []}, {"token": []}]


def describe(operations: Iterable[Operation]) -> dict[str, Any]:
    """The OpenAPI document of the operations."""
    operations = list(operations)
    bodies = {answer.body for operation in operations for answer in operation.answers if answer.body}
    bodies |= {operation.request.body for operation in operations if operation.request and operation.request.body}
    types = sorted(bodies, key=lambda body: body.__name__)
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
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "token": {"type": "apiKey", "in": "header", "name": own.TOKEN_HEADER},
            },
        },
    }


def _operation(operation: Operation, schema_of: dict[type[msgspec.Struct], Any]) -> dict[str, Any]:
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
                "schema": {"type": "string", "enum": list(parameter.choices)},
            }
            for parameter in operation.parameters
        ]
    if operation.request is not None:
        described["requestBody"] = {"required": True, "content": _request(operation.request, schema_of)}
    if operation.needs_token:
        described["security"] = _SECURITY
    return described


def _answer(answer: Answer, schema_of: dict[type[msgspec.Struct], Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"type": "string"} if answer.media == HTML else {"type": "object"}}
    if answer.body is not None:
        content["schema"] = schema_of[answer.body]
    if answer.example is not None:
        content["example"] = msgspec.to_builtins(answer.example)
    headers = {"Retry-After": {"schema": {"type": "integer"}}} if answer.status == 503 else {}
    described = {"description": answer.description, "content": {answer.media: content}}
    return described | ({"headers": headers} if headers else {})


def _request(request: RequestBody, schema_of: dict[type[msgspec.Struct], Any]) -> dict[str, Any]:
    if request.body is None:
        return {request.media: {"schema": {"type": "string", "format": "binary"}}}
    content: dict[str, Any] = {"schema": schema_of[request.body]}
    if request.required_fields:
        content["schema"] = {"allOf": [schema_of[request.body], {"required": list(request.required_fields)}]}
    if request.example is not None:
        content["example"] = msgspec.to_builtins(request.example)
    return {JSON: content}
