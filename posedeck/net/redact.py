"""Removes secrets from whatever is logged, shown, exported or copied."""

import base64
import html
import json
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from urllib.parse import quote, quote_plus

from posedeck.net.escapes import plain, spans_of

MASK = "***"

# Compared without case, hyphens and underscores. `id` is the e-mail address in Remo's result reads.
SECRET_KEYS = frozenset(
    {
        "accesstoken",
        "apikey",
        "appkey",
        "authorization",
        "cookie",
        "clientsecret",
        "email",
        "id",
        "password",
        "proxyauthorization",
        "refreshtoken",
        "secretkey",
        "setcookie",
        "ticket",
        "token",
        "userkey",
        "xapikey",
        "xposedecktoken",
    }
)

# Shorter values occur by chance in any text, so replacing them would hide nothing and spoil everything.
MIN_SECRET_CHARS = 4
# A base64 piece shorter than this turns up by chance inside the base64 of a picture.
MIN_BASE64_CHARS = 8

#: Too common a name to say that what stands under it in a text or an answer is secret.
COMMON_KEY = "id"
#: Pattern of the other names of secrets, in any way of writing them.
SECRET_NAME = "|".join("[-_]?".join(key) for key in sorted(SECRET_KEYS - {COMMON_KEY}))
_IN_TEXTS = (
    # NHN keeps the app key in the path; Remo's reads keep the user's e-mail address there.
    re.compile(r"(/appkeys/)[^/?#\s\"'\\]+", re.IGNORECASE),
    re.compile(r"(/analysis-soccer-(?:result|score|angle|draw)/)[^/?#\s\"'\\]+", re.IGNORECASE),
    re.compile(rf"([?&](?:{SECRET_NAME}|{COMMON_KEY})=)[^&#\s\"'\\]+", re.IGNORECASE),
    re.compile(r"(://)[^/?#\s\"'\\@]+(?=@)"),
    # As headers stand in logs and in the words of errors.
    re.compile(
        r"((?:authorization|x-posedeck-token)['\"]?\s*[:=]\s*['\"]?(?:(?:kakaoak|bearer|basic)\s+)?)[^\s'\",;]+",
        re.IGNORECASE,
    ),
)


class Redactor:
    """Masks the given secrets, in whatever spelling they stand, and the secret parts of URLs.

    Spellings: as it is, in JSON (also within a JSON string), percent-encoded, base64 (also in the middle of a longer
    base64 text), as a Python or shell literal, in HTML; in any letter case. In JSON, URLs and HTML each character may
    be escaped or not. Secrets below `MIN_SECRET_CHARS` characters are not looked for.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        long_enough = {secret for secret in secrets if len(secret) >= MIN_SECRET_CHARS}
        spellings = {form for secret in long_enough for form in _spellings(secret)}
        self._longest_first = sorted(spellings, key=len, reverse=True)
        self._folded = [form.casefold() for form in spellings]
        self._secrets = {secret for secret in long_enough if len(plain(secret)) >= MIN_SECRET_CHARS}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self._longest_first)), re.IGNORECASE)

    @property
    def longest(self) -> int:
        """Characters of the longest spelling that is looked for as a whole."""
        return len(self._longest_first[0]) if self._longest_first else 0

    def text(self, text: str) -> str:
        """The text with the secrets masked."""
        folded = text.casefold()
        # Most texts hold no secret, and the pattern takes ten milliseconds to make.
        if any(form in folded for form in self._folded):
            text = self._pattern.sub(MASK, text)
        if self._secrets:
            # From the end, so that the places before stay what they are.
            for start, end in reversed(spans_of(self._secrets, text)):
                text = text[:start] + MASK + text[end:]
        for rule in _IN_TEXTS:
            text = rule.sub(rf"\g<1>{MASK}", text)
        return text


def redact_text(text: str, secrets: Iterable[str] = ()) -> str:
    """The text with the secrets masked as `Redactor` does it."""
    return Redactor(secrets).text(text)


def redact_data(data: object, secrets: Iterable[str] = ()) -> object:
    """A copy of JSON-like data (or headers) in which values under `SECRET_KEYS` and secrets in any text are masked."""
    known = tuple(secrets)
    if isinstance(data, Mapping):
        return {
            redact_text(str(key), known): MASK if is_secret_key(str(key)) else redact_data(value, known)
            for key, value in data.items()
        }
    if isinstance(data, list | tuple):
        return [redact_data(item, known) for item in data]
    if isinstance(data, str):
        return redact_text(data, known)
    return data


def is_secret_key(key: str) -> bool:
    """Whether a field, header or parameter of this name holds a secret."""
    return key.casefold().replace("-", "").replace("_", "") in SECRET_KEYS


def _spellings(secret: str) -> set[str]:
    """The secret in every spelling, two deep: a JSON body printed by `repr` is JSON inside a Python literal."""
    once = {secret} | _encoded(secret)
    twice = once.union(*(_encoded(form) for form in once))
    return twice.union(*(_base64_pieces(_utf8(form)) for form in once))


def _encoded(text: str) -> set[str]:
    raw = _utf8(text)
    return {
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        repr(text)[1:-1],
        repr(f"'\"{text}")[4:-1],  # as within a longer text that holds both kinds of quotes
        repr(raw)[2:-1],
        repr(b"'\"" + raw)[5:-1],
        text.replace("'", "'\"'\"'"),  # as shlex.quote writes a quote
        html.escape(text),
        quote(raw, safe=""),
        quote(raw),
        quote_plus(raw),
    }


def _base64_pieces(raw: bytes) -> set[str]:
    """The secret's own base64, and what of it is fixed when it stands 0, 1 or 2 bytes after a border of three."""
    pieces = {base64.b64encode(raw).decode()}
    for offset in range(3):
        encoded = base64.b64encode(bytes(offset) + raw).decode()
        first = (0, 2, 3)[offset]  # the characters before still hold bits of the bytes in front
        whole = (offset + len(raw)) * 8 // 6  # the characters after hold bits of what follows
        piece = encoded[first:whole]
        if len(piece) >= MIN_BASE64_CHARS:
            pieces.add(piece)
    return pieces | {piece.replace("+", "-").replace("/", "_") for piece in pieces}


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
