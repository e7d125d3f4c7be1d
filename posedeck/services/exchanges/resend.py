"""A recorded request made whole again, perhaps edited, to be sent a second time."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

import msgspec

from posedeck.net.bodies import Held
from posedeck.net.exchange import Call
from posedeck.net.multipart import Part, encode_parts
from posedeck.net.record import ExchangeRecord
from posedeck.services.exchanges.bodies import file_bytes, unfold
from posedeck.services.exchanges.holes import Hole, Outgoing, Text, outgoing
from posedeck.services.exchanges.holes import Part as RecordedPart


class VariableMissingError(LookupError):
    """A secret that the request needs is not known; ``name`` is its variable."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def rebuild(record: ExchangeRecord, held: Mapping[str, Held], secrets: Mapping[str, str]) -> Call:
    """The call of a record.

    Args:
        record: The exchange; what is edited in it goes out as edited.
        held: Files by their SHA-256.
        secrets: Values of the variables in the request's holes.

    Raises:
        VariableMissingError: a secret is not given.
        FileForgottenError: a file is not held any more.
    """
    request = outgoing(record)
    headers = {name: _filled(text, secrets) for name, text in request.headers}
    content_type, content = _content(request, held, secrets)
    if content_type:
        headers["Content-Type"] = content_type
    url = "".join(quote(_value(part, secrets), safe="") if isinstance(part, Hole) else part for part in request.url)
    return Call(record.method, url, headers, content, costs=record.costs)


def _content(request: Outgoing, held: Mapping[str, Held], secrets: Mapping[str, str]) -> tuple[str, bytes]:
    """The body, and its type where that is made anew."""
    if request.kind == "json":
        value = unfold(request.value, held)
        if request.secrets:
            value = {name: _value(hole, secrets) for name, hole in request.secrets} | value
        return "", msgspec.json.encode(value)
    if request.kind == "form":
        return "", urlencode([(name, _filled(text, secrets)) for name, text in request.form]).encode()
    if request.kind == "multipart":
        return encode_parts(_part(name, part, held, secrets) for name, part in request.parts)
    if request.kind == "binary":
        return "", file_bytes(request.value["file"], held)
    return "", str(request.value or "").encode()


def _part(name: str, part: RecordedPart, held: Mapping[str, Held], secrets: Mapping[str, str]) -> Part:
    if isinstance(part, tuple):
        return Part(name, None, "text/plain", _filled(part, secrets).encode())
    return Part(name, str(part["filename"]), str(part["type"]), file_bytes(part["file"], held))


def _filled(text: Text, secrets: Mapping[str, str]) -> str:
    return "".join(_value(part, secrets) if isinstance(part, Hole) else part for part in text)


def _value(hole: Hole, secrets: Mapping[str, str]) -> str:
    value = secrets.get(hole.variable)
    if not value:
        raise VariableMissingError(hole.variable)
    return value
