"""What one call carries that nobody else may see, and how it is taken out of everything that is kept of the call."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from posedeck.contracts.own import DEMO_ACCOUNT, DEMO_KAKAO_KEY, DEMO_NHN_KEYS
from posedeck.net.redact import MASK, Redactor, is_secret_key

#: Printed in our README and on the pose server's own page; masking them would hide nothing and break copied calls.
PUBLIC_VALUES = frozenset({*DEMO_ACCOUNT, DEMO_KAKAO_KEY, *DEMO_NHN_KEYS})
#: Of a longer text only the beginning is kept.
MAX_TEXT_CHARS = 20_000
#: Words before the credentials in an Authorization header; NHN's has none.
_SCHEMES = ("KakaoAK", "Bearer", "Basic")

# RFC 5321 gives the part before the @ 64 characters; without that bound a long text without any @ takes for ever.
_EMAIL = re.compile(r"[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63})+")
_APP_KEY = re.compile(r"(?<=/appkeys/)[^/?#]+", re.IGNORECASE)


def split_scheme(value: str) -> tuple[str, str]:
    """The scheme word of an Authorization header with the space after it, or nothing, and the credentials."""
    scheme, space, credentials = value.partition(" ")
    return (scheme + space, credentials) if space and scheme in _SCHEMES else ("", value)


def secrets_in(url: str, headers: Mapping[str, str], body: Any) -> frozenset[str]:
    """The secret values of a request, all but the public ones; ``body`` is its JSON value or its form as a dict."""
    found = {unquote(segment) for segment in _APP_KEY.findall(url)}
    for name, value in headers.items():
        if is_secret_key(name):
            found.add(split_scheme(value)[1])
    found.update(_secret_values(body))
    return frozenset(found) - PUBLIC_VALUES


class Masker:
    """Masks the secrets of one call, and every e-mail address, in what was sent and in what came back."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._redactor = Redactor(secrets)

    def text(self, text: str) -> str:
        """The text without secrets."""
        return _EMAIL.sub(_mask_email, self._redactor.text(text))

    def url(self, url: str) -> str:
        """The address without secrets."""
        shown = self.text(url)
        demo = _APP_KEY.findall(url)
        return _APP_KEY.sub(demo[0], shown) if demo and demo[0] in PUBLIC_VALUES else shown

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers without secrets; the scheme word of an Authorization stays."""
        return {name: self._header(name, value) for name, value in headers.items()}

    def data(self, value: Any, *, by_name: bool) -> Any:
        """A JSON value without secrets.

        Args:
            value: The value.
            by_name: Whether everything under a secret name is masked, as in a request; answers have harmless fields
                of such names (``id`` of a category), so in them only known secrets and e-mail addresses are.
        """
        if isinstance(value, dict):
            return {self.text(str(key)): self._entry(str(key), item, by_name) for key, item in value.items()}
        if isinstance(value, list):
            return [self.data(item, by_name=by_name) for item in value]
        return self.text(value[: 2 * MAX_TEXT_CHARS])[:MAX_TEXT_CHARS] if isinstance(value, str) else value

    def _header(self, name: str, value: str) -> str:
        if not is_secret_key(name):
            return self.text(value)
        scheme, credentials = split_scheme(value)
        return value if credentials in PUBLIC_VALUES else scheme + MASK

    def _entry(self, name: str, value: Any, by_name: bool) -> Any:
        if not (by_name and is_secret_key(name)):
            return self.data(value, by_name=by_name)
        return value if isinstance(value, str) and value in PUBLIC_VALUES else MASK


def _secret_values(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str | int) and is_secret_key(str(key)):
                yield str(item)
            else:
                yield from _secret_values(item)
    elif isinstance(value, list):
        for item in value:
            yield from _secret_values(item)


def _mask_email(found: re.Match[str]) -> str:
    return found[0] if found[0].replace("%40", "@") in PUBLIC_VALUES else MASK
