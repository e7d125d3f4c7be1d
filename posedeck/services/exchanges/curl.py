"""A recorded call as a curl command that works: bodies in files beside it, secrets in environment variables."""

import shlex
from collections.abc import Mapping

from posedeck.net.bodies import Held
from posedeck.net.record import ExchangeRecord
from posedeck.services.exchanges.holes import Hole, Outgoing, Part, Text, outgoing
from posedeck.services.exchanges.snippet import FileShelf, Snippet, head_line, hints

_NEXT = " \\\n  "
#: What a JSON string may not hold as it is; keys have no control characters.
_ESCAPE = """json() { printf '%s' "$1" | sed 's/[\\\\"]/\\\\&/g'; }"""


def as_curl(record: ExchangeRecord, held: Mapping[str, Held]) -> Snippet:
    """The call for a POSIX shell and curl 7.18 or later.

    Args:
        record: The exchange.
        held: Files by their SHA-256.
    """
    request = outgoing(record)
    shelf = FileShelf(record, held)
    before, body = _body(request, shelf)
    method = [] if request.method == "GET" and not body else [f"-X {shlex.quote(request.method)}"]
    headers = [f"-H {_quoted((f'{name}: ', *text))}" for name, text in request.headers]
    command = _NEXT.join([f"curl -sS {_quoted(request.url)}", *method, *headers, *body])
    variables = request.variables()
    lines = [
        f"# {head_line(record)}",
        *([f"# Needs beside it: {', '.join([*shelf.files, *shelf.missing])}"] if shelf.files or shelf.missing else []),
        *([f"# Fill in first: export {' '.join(f'{name}=...' for name in variables)}"] if variables else []),
        *(f"# {hint}" for hint in hints(variables)),
        *before[:1],
        "".join([*before[1:], command]),
    ]
    return Snippet("call.sh", "\n".join(lines) + "\n", shelf.files, variables, tuple(shelf.missing))


def _body(request: Outgoing, shelf: FileShelf) -> tuple[list[str], list[str]]:
    """What stands before the command, and the options that give it its body."""
    if request.kind == "multipart":
        return [], [_part(name, part, shelf) for name, part in request.parts]
    if request.kind == "form":
        return [], [f"--data-urlencode {_quoted((f'{name}=', *text))}" for name, text in request.form]
    if request.kind != "json":
        name = shelf.put_body(request)
        return [], [] if name is None else [f"--data-binary @{name}"]
    if not request.secrets:
        return [], [f"--data-binary @{shelf.put_json(request)}"]
    return _with_secrets(request, shelf), ["--data-binary @-"]


def _with_secrets(request: Outgoing, shelf: FileShelf) -> list[str]:
    """Puts the secrets before the rest of the JSON body: by printf, which a shell runs itself, so none is in ``ps``."""
    variables = tuple(dict.fromkeys(hole.variable for _, hole in request.secrets))
    check = ": " + " ".join(f'"${{{name}:?fill it in first}}"' for name in variables)
    fields = ",".join(f'"{name}":"%s"' for name, _ in request.secrets)
    values = " ".join(f'"$(json "${hole.variable}")"' for _, hole in request.secrets)
    if not request.value:
        return [_ESCAPE, f"{check} && printf '{{{fields}}}' {values} | "]
    rest = f"tail -c +2 {shelf.put_json(request)}"
    return [_ESCAPE, f"{check} && {{ printf '{{{fields},' {values}; {rest}; }} | "]


def _part(name: str, part: Part, shelf: FileShelf) -> str:
    if isinstance(part, tuple):
        return f"--form-string {_quoted((f'{name}=', *part))}"
    file = shelf.put_recorded(name, part["file"])
    value = f"{name}=@{file};filename={part['filename']};type={part['type']}"
    return f"-F {shlex.quote(value)}"


def _quoted(text: Text) -> str:
    """A shell word; holes become variables that the shell insists on."""
    if not any(isinstance(part, Hole) for part in text):
        return shlex.quote("".join(str(part) for part in text))
    return '"' + "".join(_in_double_quotes(part) for part in text) + '"'


def _in_double_quotes(part: str | Hole) -> str:
    if isinstance(part, Hole):
        return f"${{{part.variable}:?fill it in first}}"
    return "".join(f"\\{char}" if char in '"$`\\' else char for char in part)
