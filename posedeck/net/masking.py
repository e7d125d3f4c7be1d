"""What one call carries that nobody else may see, and how it is taken out of everything that is kept of the call."""

import json
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from posedeck.contracts.own import DEMO_ACCOUNT, DEMO_KAKAO_KEY, DEMO_NHN_KEYS
from posedeck.net.record import RecordedBody
from posedeck.net.redact import COMMON_KEY, MASK, SECRET_NAME, Redactor, is_secret_key

#: Printed in our README and on the pose server's own page; masking them would hide nothing and break copied calls.
PUBLIC_VALUES = frozenset({*DEMO_ACCOUNT, DEMO_KAKAO_KEY, *DEMO_NHN_KEYS})
#: Of a longer text only the beginning is kept.
MAX_TEXT_CHARS = 20_000
#: Words before the credentials in an Authorization header; NHN's has none.
_SCHEMES = ("kakaoak", "bearer", "basic")
_MAX_NAMES = 1_000
#: RFC 5321 allows an address 254 characters.
_MAX_EMAIL_CHARS = 254

# RFC 5321 gives the part before the @ 64 characters; without that bound a long text without any @ takes for ever.
_EMAIL = re.compile(r"[\w.+-]{1,64}(?:@|%40|\\+u0040|&#64;)[\w-]{1,63}(?:\.[\w-]{1,63})+", re.IGNORECASE)
_APP_KEY = re.compile(r"(?<=/appkeys/)[^/?#]+", re.IGNORECASE)
_READ_ID = re.compile(r"(?<=/analysis-soccer-)(?:result|score|angle|draw)/([^/?#]+)", re.IGNORECASE)
#: Fields of JSON or of a Python literal that stand in a text; then such whose quotes are escaped.
_FIELDS = (
    re.compile(
        rf"""(?P<head>(["'])(?:{SECRET_NAME})\2\s*:\s*(["']))(?P<value>(?:\\.|(?!\3)[^\\])*)""",
        re.DOTALL | re.IGNORECASE,
    ),
    re.compile(
        rf"""(?P<head>(\\{{1,8}}["'])(?:{SECRET_NAME})\2\s*:\s*(\\{{1,8}}["']))(?P<value>.*?)(?=(?<!\\)\3|$)""",
        re.DOTALL | re.IGNORECASE,
    ),
)


def split_scheme(value: str) -> tuple[str, str]:
    """The scheme word of an Authorization header with the space after it, or nothing, and the credentials."""
    scheme, space, credentials = value.partition(" ")
    return (scheme + space, credentials) if space and scheme.lower() in _SCHEMES else ("", value)


def secrets_in(url: str, headers: Mapping[str, str], body: RecordedBody) -> frozenset[str]:
    """The secret values of a request, all but the public ones."""
    found = {unquote(segment) for segment in (*_APP_KEY.findall(url), *_READ_ID.findall(url))}
    found.update(_in_address(url))
    for name, value in headers.items():
        if is_secret_key(name):
            found.update(_in_header(value, is_cookie="cookie" in name.lower()))
    for name, value in named_values(body):
        found.update(_secret_values({name: value}))
    if body.kind == "json":
        found.update(_secret_values(body.value))
    elif body.kind == "text":
        found.update(_in_text(body.value))
    return frozenset(found) - PUBLIC_VALUES


def named_values(body: RecordedBody) -> Iterator[tuple[str, str]]:
    """Names and values of the texts in a form, of either kind."""
    if body.kind == "form":
        yield from ((name, value) for name, value in body.value)
    elif body.kind == "multipart":
        yield from ((part["name"], part["value"]) for part in body.value if "value" in part)


def _is_telling(name: str) -> bool:
    return is_secret_key(name) and name.casefold() != COMMON_KEY


def _in_address(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    for name, value in parse_qsl(parts.query):
        if is_secret_key(name):
            yield value
    if "@" in parts.netloc:
        yield from map(unquote, parts.netloc.rpartition("@")[0].split(":", 1))


def _in_text(text: str) -> Iterator[str]:
    for field in _FIELDS:
        for match in field.finditer(text):
            yield match["value"]
            with suppress(ValueError):  # of a literal that is no JSON
                yield json.loads(f'"{match["value"]}"')


def _in_header(value: str, *, is_cookie: bool) -> Iterator[str]:
    scheme, credentials = split_scheme(value)
    yield credentials
    if is_cookie:
        yield from (cookie.partition("=")[2].strip() for cookie in value.split(";"))
    if scheme.lower() == "basic ":
        with suppress(ValueError):
            yield from b64decode(credentials).decode().split(":", 1)


class Masker:
    """Masks the secrets of one call, and every e-mail address, in what was sent and in what came back."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._redactor = Redactor(secrets)
        self._names: dict[str, str] = {}

    def text(self, text: str) -> str:
        """The text without secrets, those included that stand in it as fields of a secret name."""
        masked = self._redactor.text(text)
        for field in _FIELDS:
            masked = field.sub(_mask_field, masked)
        return _EMAIL.sub(_mask_email, masked)

    def url(self, url: str) -> str:
        """The address without secrets."""
        shown = self.text(url)
        demo = _APP_KEY.findall(url)
        return _APP_KEY.sub(demo[0], shown) if demo and demo[0] in PUBLIC_VALUES else shown

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers without secrets; the scheme word of an Authorization stays."""
        return {name: self._header(name, value) for name, value in headers.items()}

    def body(self, body: RecordedBody, *, by_name: bool) -> RecordedBody:
        """A body as it was read, without secrets; ``by_name`` as of ``data``."""
        if body.kind == "form":
            value: Any = [[self.text(name), self._entry(name, item, by_name)] for name, item in body.value]
        elif body.kind == "multipart":
            value = [self._part(part, by_name) for part in body.value]
        else:
            value = self.data(body.value, by_name=by_name)
        return msgspec.structs.replace(body, value=value)

    def data(self, value: Any, *, by_name: bool) -> Any:
        """A JSON value without secrets.

        Args:
            value: The value.
            by_name: Whether everything under a secret name is masked, as in a request. Answers have harmless fields
                of such names (``id`` of a category): in them only texts are, and none under that one.
        """
        if isinstance(value, dict):
            return {self._name(str(key)): self._entry(str(key), item, by_name) for key, item in value.items()}
        if isinstance(value, list):
            # Answers about clips hold hundreds of thousands of numbers.
            return [item if isinstance(item, int | float) else self.data(item, by_name=by_name) for item in value]
        return self._beginning(value) if isinstance(value, str) else value

    def _name(self, name: str) -> str:
        """A masked name of a field; the same few come again and again."""
        if len(self._names) > _MAX_NAMES:
            self._names.clear()
        return self._names.get(name) or self._names.setdefault(name, self.text(name))

    def _beginning(self, text: str) -> str:
        """The masked text, cut when it is long, never within a secret."""
        if len(text) <= 2 * MAX_TEXT_CHARS:
            return self.text(text)[:MAX_TEXT_CHARS]
        # What was cut off may have been the end of a secret whose beginning is not known for one any more.
        masked = self.text(text[: 2 * MAX_TEXT_CHARS])
        return masked[: min(MAX_TEXT_CHARS, len(masked) - max(self._redactor.longest, _MAX_EMAIL_CHARS))]

    def _part(self, part: dict[str, Any], by_name: bool) -> dict[str, Any]:
        masked: dict[str, Any] = self.data(part, by_name=False)
        return masked if "file" in part else masked | {"value": self._entry(part["name"], part["value"], by_name)}

    def _header(self, name: str, value: str) -> str:
        if not is_secret_key(name):
            return self.text(value)
        scheme, credentials = split_scheme(value)
        return value if credentials in PUBLIC_VALUES else scheme + MASK

    def _entry(self, name: str, value: Any, by_name: bool) -> Any:
        is_secret = is_secret_key(name) if by_name else isinstance(value, str) and _is_telling(name)
        if not is_secret:
            return self.data(value, by_name=by_name)
        return value if isinstance(value, str) and value in PUBLIC_VALUES else MASK


def _secret_values(value: Any, *, secret: bool = False) -> Iterator[str]:
    """Texts and numbers under secret names, however deep."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _secret_values(item, secret=secret or is_secret_key(str(key)))
    elif isinstance(value, list):
        for item in value:
            yield from _secret_values(item, secret=secret)
    elif secret and isinstance(value, str | int):
        yield str(value)


def _mask_field(found: re.Match[str]) -> str:
    return found[0] if found["value"] in PUBLIC_VALUES else found["head"] + MASK


def _mask_email(found: re.Match[str]) -> str:
    return found[0] if re.sub(r"(?i)%40|\\+u0040|&#64;", "@", found[0]) in PUBLIC_VALUES else MASK
