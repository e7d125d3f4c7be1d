"""A recorded call as a Python script for httpx: bodies in files beside it, secrets in environment variables."""

from collections.abc import Mapping

from posedeck.net.bodies import Held
from posedeck.net.record import ExchangeRecord
from posedeck.services.exchanges.holes import Hole, Outgoing, Part, Text, outgoing
from posedeck.services.exchanges.snippet import FileShelf, Snippet, head_line, hints

#: As long as the slowest of our clients waits.
_TIMEOUT_S = 65


def as_httpx(record: ExchangeRecord, held: Mapping[str, Held]) -> Snippet:
    """The call for Python 3.9 or later and httpx 0.24 or later; arguments as in ``as_curl``."""
    request = outgoing(record)
    shelf = FileShelf(record, held)
    before, body = _body(request, shelf)
    variables = request.variables()
    headers = "".join(f"        {name!r}: {_literal(text)},\n" for name, text in request.headers)
    lines = [
        f'"""{_plain(head_line(record))}."""',
        "",
        *(["import json"] if request.kind == "json" else []),
        *(["import os"] if variables else []),
        *(["from pathlib import Path"] if shelf.files or shelf.missing else []),
        *(["from urllib.parse import quote"] if any(isinstance(part, Hole) for part in request.url) else []),
        "",
        "import httpx",
        "",
        *([f"# Fill in first, in the environment: {', '.join(variables)}."] if variables else []),
        *(f"# {hint}" for hint in hints(variables)),
        *([f"# Needs beside it: {', '.join([*shelf.files, *shelf.missing])}."] if shelf.files or shelf.missing else []),
        *before,
        "response = httpx.request(",
        f"    {request.method!r},",
        f"    {_literal(request.url, in_url=True)},",
        *([f"    headers={{\n{headers}    }},"] if headers else []),
        *body,
        f"    timeout={_TIMEOUT_S},",
        ")",
        "print(response.text)",
    ]
    return Snippet("call.py", "\n".join(lines) + "\n", shelf.files, variables, tuple(shelf.missing))


def _body(request: Outgoing, shelf: FileShelf) -> tuple[list[str], list[str]]:
    """The lines before the call, and its arguments."""
    if request.kind == "json":
        before = [f'body = json.loads(Path({shelf.put_json(request)!r}).read_text("utf-8"))']
        before += [f"body[{name!r}] = {_literal((hole,))}" for name, hole in request.secrets]
        return before, ["    json=body,"]
    if request.kind == "form":
        return [], ["    data={" + ", ".join(f"{name!r}: {_literal(text)}" for name, text in request.form) + "},"]
    if request.kind == "multipart":
        parts = ", ".join(f"({name!r}, {_part(name, part, shelf)})" for name, part in request.parts)
        return [], [f"    files=[{parts}],"]
    name = shelf.put_body(request)
    return [], [] if name is None else [f"    content=Path({name!r}).read_bytes(),"]


def _part(name: str, part: Part, shelf: FileShelf) -> str:
    if isinstance(part, tuple):
        return f"(None, {_literal(part)})"
    file = shelf.put_recorded(name, part["file"])
    return f"({part['filename']!r}, Path({file!r}).read_bytes(), {part['type']!r})"


def _literal(text: Text, *, in_url: bool = False) -> str:
    """A Python expression of the text; holes are read from the environment."""
    if not text:
        return "''"
    return " + ".join(_term(part, in_url) for part in text)


def _term(part: str | Hole, in_url: bool) -> str:
    if not isinstance(part, Hole):
        return repr(part)
    value = f"os.environ[{part.variable!r}]"
    return f'quote({value}, safe="")' if in_url else value


def _plain(text: str) -> str:
    return text.replace("\\", "/").replace('"', "'")
