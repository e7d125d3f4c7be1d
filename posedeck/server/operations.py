"""The route table's entries. Routes, ``/openapi.json`` and the page at ``/`` are all made from them."""

from dataclasses import dataclass
from typing import Any

import msgspec

from posedeck.server.http import ErrorStyle, Handler

JSON = "application/json"
HTML = "text/html"
BINARY = "application/octet-stream"
MULTIPART = "multipart/form-data"
URLENCODED = "application/x-www-form-urlencoded"

#: Ways to authorise an operation: the token of the data folder in either header, or a vendor's key.
OWN_TOKEN = ("bearer", "token")
KAKAO_KEY = ("kakao",)
NHN_KEY = ("nhn",)


@dataclass(frozen=True)
class Answer:
    """One HTTP status that an operation may answer with.

    Attributes:
        body: The type of a JSON body, made of msgspec structs; None for ``media`` other than JSON or any JSON object.
        example: A body as it may come.
        other_body: A second type that the body may have instead.
    """

    status: int
    description: str
    body: Any = None
    example: Any = None
    media: str = JSON
    other_body: Any = None


@dataclass(frozen=True)
class Parameter:
    """A header, query or path parameter, by its ``place``; without ``choices`` it may be any text."""

    name: str
    place: str
    description: str
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class RequestBody:
    """What is posted: a JSON body of a msgspec type, a form, or bytes of another media type.

    Attributes:
        files, texts: A form's required fields.
        options: A form's other text fields.
    """

    media: str = JSON
    body: type[msgspec.Struct] | None = None
    required_fields: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    example: Any = None


@dataclass(frozen=True)
class Operation:
    """One method on one path.

    Attributes:
        summary: One line in English, and ``summary_ko`` the same in Korean.
        requests: The kinds of body that it takes.
        security: Names of the ways to authorise it, any of which will do.
    """

    method: str
    path: str
    summary: str
    summary_ko: str
    handle: Handler
    style: ErrorStyle
    answers: tuple[Answer, ...]
    requests: tuple[RequestBody, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    security: tuple[str, ...] = ()
