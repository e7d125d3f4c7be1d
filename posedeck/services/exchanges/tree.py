"""A body as a tree to be looked at: large ones in part, so that a page stays quick whatever came."""

from typing import Any

import msgspec

from posedeck.services.exchanges.places import Place
from posedeck.services.wording import size_text

#: So many nodes are shown at most, and so many entries of one list or object; less of each when there are many.
MAX_NODES = 6_000
_MOST_ENTRIES = (200, 60, 20, 8, 3)
MAX_TEXT_CHARS = 2_000

Node = dict[str, Any]


def body_tree(value: Any, place: Place = ()) -> Node:
    """The nodes of a JSON value of a record.

    A node has ``kind`` (``object``, ``array``, ``file``, ``string``, ``number``, ``bool`` or ``null``). The first two
    have ``count`` and ``entries``: pairs of name or number and node; what is left out is what ``count`` says more. The
    others have ``text``. What lies at ``place`` is always there.
    """
    for most in _MOST_ENTRIES:
        nodes = [0]
        tree = _node(value, place, most, nodes)
        if nodes[0] <= MAX_NODES:
            break
    return tree


def _node(value: Any, place: Place, most: int, nodes: list[int]) -> Node:
    nodes[0] += 1
    if nodes[0] > MAX_NODES and not place:
        return {"kind": "null", "text": "…"}  # too many by now: this tree will not be the one
    if isinstance(value, dict):
        if set(value) in ({"base64"}, {"file"}) and isinstance(file := next(iter(value.values())), dict):
            return {"kind": "file", "text": file_text(file)}
        if "sha256" in value:
            return {"kind": "file", "text": file_text(value)}
        return _container("object", list(value.items()), place, most, nodes)
    if isinstance(value, list):
        return _container("array", list(enumerate(value)), place, most, nodes)
    return {"kind": _KINDS[type(value)], "text": _text(value)}


_KINDS = {str: "string", int: "number", float: "number", bool: "bool", type(None): "null"}


def _container(kind: str, items: list[tuple[str | int, Any]], place: Place, most: int, nodes: list[int]) -> Node:
    wanted = place[0] if place else None
    shown = [(name, item) for at, (name, item) in enumerate(items) if at < most or name == wanted]
    entries = [[name, _node(item, place[1:] if name == wanted else (), most, nodes)] for name, item in shown]
    return {"kind": kind, "count": len(items), "entries": entries}


def file_text(file: Any) -> str:
    """Type, size and hash of a folded file."""
    facts = [str(file.get("type", "?")), size_text(int(file.get("bytes", 0)))]
    if size := file.get("size"):
        facts.insert(1, f"{size[0]}×{size[1]}")
    if sha256 := file.get("sha256"):
        facts.append(f"SHA-256 {sha256[:12]}…")
    return ", ".join(facts)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT_CHARS else f"{value[:MAX_TEXT_CHARS]}…"
    return msgspec.json.encode(value).decode()
