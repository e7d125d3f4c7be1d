"""Finds texts whose characters are escaped here and there, as JSON, URLs and HTML allow it.

Encoders differ in what they escape: some write ``/`` in JSON as ``\\/``, some ``<`` as ``\\u003c``, some nothing.
"""

import html
import re
from collections.abc import Collection, Iterator

#: One or several escaped characters; backslashes may be doubled, a percent sign may be escaped itself. Repetitions are
#: bounded and give nothing back, so that no text takes long.
_ESCAPE = re.compile(
    r"(?:\\{1,8}+u[0-9a-f]{4})++|(?:%(?:25){0,3}[0-9a-f]{2})++|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|amp|lt|gt|quot|apos);|\\{1,8}+",
    re.IGNORECASE,
)
_UNIT = re.compile(r"u([0-9a-f]{4})", re.IGNORECASE)
#: Escapes within escapes: what is resolved may read as another escape, in a secret as well as in what quotes it.
_LAYERS = 4
_SIGNS = frozenset("\\%&+")


def spans_of(wanted: Collection[str], text: str) -> list[tuple[int, int]]:
    """Where one of the wanted texts stands, escaped in whatever way, in any letter case: start and end, in order."""
    if _SIGNS.isdisjoint(text) and all(map(_SIGNS.isdisjoint, wanted)):
        return []
    # Backslashes are left out of both: whether one escapes or is meant cannot be told without knowing the encoder.
    forms = sorted({plain(each) for each in wanted}, key=len, reverse=True)
    flat = plain(text)
    found = [match.span() for match in re.finditer("|".join(map(re.escape, forms)), flat, re.IGNORECASE)]
    if not found:
        return []
    places = _places(text)
    return [(places[start][0], places[end - 1][1]) for start, end in found if end > start]


def plain(text: str) -> str:
    """The text with its escapes resolved, without backslashes, and with spaces for plus signs, as in a query."""
    for _ in range(_LAYERS):
        text, before = _ESCAPE.sub(lambda found: _resolved(found[0]), text), text
        if text == before:
            break
    return text.replace("+", " ")


def _places(text: str) -> list[tuple[int, int]]:
    """Where each character of the plain text comes from."""
    places = [(at, at + 1) for at in range(len(text))]
    for _ in range(_LAYERS):
        text, before = _ESCAPE.sub(lambda found: _resolved(found[0]), text), text
        if text == before:
            break
        places = [(places[start][0], places[end - 1][1]) for start, end in _origins(before)]
    return places


def _origins(text: str) -> Iterator[tuple[int, int]]:
    """Where each character of the text comes from, whose escapes are resolved once."""
    at = 0
    for found in _ESCAPE.finditer(text):
        yield from ((place, place + 1) for place in range(at, found.start()))
        yield from (found.span() for _ in _resolved(found[0]))
        at = found.end()
    yield from ((place, place + 1) for place in range(at, len(text)))


def _resolved(escape: str) -> str:
    return _characters(escape).replace("\\", "")


def _characters(escape: str) -> str:
    if escape[0] == "%":
        return bytes.fromhex("".join(part[-2:] for part in escape.split("%")[1:])).decode("utf-8", "replace")
    if escape[0] == "&":
        return html.unescape(escape)
    return bytes.fromhex("".join(_UNIT.findall(escape))).decode("utf-16-be", "replace")
