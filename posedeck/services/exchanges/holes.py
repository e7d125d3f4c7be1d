"""Recorded requests with a named hole in the place of each secret, to be filled from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from posedeck.net.masking import split_scheme
from posedeck.net.record import BodyKind, ExchangeRecord
from posedeck.net.redact import MASK, is_secret_key

#: Our own switches for faults: what leaves the dashboard never turns one on.
FAULT_HEADER_PREFIX = "x-posedeck-fault"

#: The variables from which the dashboard reads the same credentials.
_VARIABLES = {
    ("remo", "email"): "POSEDECK_REMO_EMAIL",
    ("remo", "id"): "POSEDECK_REMO_EMAIL",
    ("remo", "userkey"): "POSEDECK_REMO_USER_KEY",
    ("remo", "apikey"): "POSEDECK_REMO_API_KEY",
    ("kakao", "authorization"): "POSEDECK_KAKAO_REST_API_KEY",
    ("nhn", "authorization"): "POSEDECK_NHN_SECRET_KEY",
    ("nhn", "appkey"): "POSEDECK_NHN_APP_KEY",
    ("posedeck", "xposedecktoken"): "POSEDECK_TOKEN",
    ("posedeck", "authorization"): "POSEDECK_TOKEN",
    ("posedeck", "ticket"): "POSEDECK_TICKET",
}
#: Whoever sends the body counts it.
_MADE_ANEW = ("content-length", "transfer-encoding")
#: What stands in an address where no name does; Remo's reads end in the e-mail address.
_PLACES = (("/appkeys/", "appkey"), ("://", "userinfo"))
_NAME_BEFORE = re.compile(r"[?&](\w+)=$")


@dataclass(frozen=True)
class Hole:
    """The place of a secret, and the variable that holds it."""

    variable: str


#: A text with holes, in order.
Text = tuple[str | Hole, ...]
#: What a part of a multipart form holds: a text, or a file as in the record.
Part = Text | Mapping[str, Any]


@dataclass(frozen=True)
class Outgoing:
    """A request to be sent anew.

    Attributes:
        headers: As they were sent, but for those that are made anew (the type of a multipart body) or never leave
            (faults).
        value: The body as in the record, without ``secrets``.
        secrets: Fields of a JSON body that hold secrets, in their order, each with its hole.
        form: The pairs of a form.
        parts: Names and contents of a multipart form.
    """

    method: str
    url: Text
    headers: tuple[tuple[str, Text], ...]
    kind: BodyKind
    value: Any
    secrets: tuple[tuple[str, Hole], ...] = ()
    form: tuple[tuple[str, Text], ...] = ()
    parts: tuple[tuple[str, Part], ...] = ()

    def variables(self) -> tuple[str, ...]:
        """Names of the variables to fill in, each once."""
        texts = [self.url, *(text for _, text in (*self.headers, *self.form)), tuple(hole for _, hole in self.secrets)]
        texts += [part for _, part in self.parts if isinstance(part, tuple)]
        return tuple(dict.fromkeys(part.variable for text in texts for part in text if isinstance(part, Hole)))


def outgoing(record: ExchangeRecord) -> Outgoing:
    """The request of a record, with a hole for each masked secret."""
    vendor, body = record.vendor, record.request
    secrets: dict[str, Hole] = {}
    value = body.value
    if body.kind == "json" and isinstance(value, dict):
        secrets = {
            name: Hole(_variable(vendor, name)) for name, item in value.items() if item == MASK and is_secret_key(name)
        }
        value = {name: item for name, item in value.items() if name not in secrets}
    return Outgoing(
        method=record.method,
        url=_url(vendor, record.url),
        headers=tuple(
            (name, _header(vendor, name, text))
            for name, text in record.request_headers.items()
            if not name.lower().startswith(FAULT_HEADER_PREFIX)
            and name.lower() not in _MADE_ANEW
            and not (name.lower() == "content-type" and body.kind == "multipart")
        ),
        kind=body.kind,
        value=value,
        secrets=tuple(secrets.items()),
        form=tuple((name, _text(vendor, name, item)) for name, item in (value if body.kind == "form" else ())),
        parts=tuple(
            (part["name"], part if "file" in part else _text(vendor, part["name"], part["value"]))
            for part in (value if body.kind == "multipart" else ())
        ),
    )


def _text(vendor: str, name: str, value: str) -> Text:
    return (Hole(_variable(vendor, name)),) if value == MASK else (value,)


def _variable(vendor: str, name: str) -> str:
    bare = name.casefold().replace("-", "").replace("_", "")
    return _VARIABLES.get((vendor, bare)) or f"POSEDECK_{vendor}_{re.sub(r'[^A-Za-z0-9]', '_', name)}".upper()


def _header(vendor: str, name: str, text: str) -> Text:
    scheme, credentials = split_scheme(text)
    if credentials != MASK:
        return (text,)
    hole = Hole(_variable(vendor, name))
    return (scheme, hole) if scheme else (hole,)


def _url(vendor: str, url: str) -> Text:
    first, *rest = url.split(MASK)
    parts: list[str | Hole] = [first]
    for piece in rest:
        before = str(parts[-1])
        named = _NAME_BEFORE.search(before)
        name = named[1] if named else next((name for end, name in _PLACES if before.endswith(end)), "id")
        parts += [Hole(_variable(vendor, name)), piece]
    return tuple(part for part in parts if part)
