"""The route table's entries. Routes, ``/openapi.json`` and the page at ``/`` are all made from them."""

from dataclasses import dataclass
from typing import Any

import msgspec

from posedeck.server.http import ErrorStyle, Handler

JSON = "application/json"
HTML = "text/html"


@dataclass(frozen=True)
class Answer:
    """One HTTP status that an operation may answer with.

    Attributes:
        body: The msgspec type of a JSON body; None for ``media`` other than JSON or any JSON object.
        example: A body as it may come.
    """

    status: int
    description: str
    body: type[msgspec.Struct] | None = None
    example: Any = None
    media: str = JSON


@dataclass(frozen=True)
class Parameter:
    """A header (``place`` "header") or a query parameter ("query")."""

    name: str
    place: str
    description: str
    choices: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True)
class RequestBody:
    """What is posted: a JSON body of a msgspec type, or bytes of another media type."""

    media: str = JSON
    body: type[msgspec.Struct] | None = None
    required_fields: tuple[str, ...] = ()
    example: Any = None


@dataclass(frozen=True)
class Operation:
    """One method on one path.

    Attributes:
        summary: One line in English, and ``summary_ko`` the same in Korean.
        needs_token: Whether it asks for the token of the data folder.
    """

    method: str
    path: str
    summary: str
    summary_ko: str
    handle: Handler
    style: ErrorStyle
    answers: tuple[Answer, ...]
    request: RequestBody | None = None
    parameters: tuple[Parameter, ...] = ()
    needs_token: bool = False
