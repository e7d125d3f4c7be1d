"""Where two JSON values differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_MISSING = object()


class Kind(StrEnum):
    """What became of a value."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Change:
    """One difference.

    Attributes:
        path: Where it is, for example ``x_pose.front.xy_px[3][0]``; empty for the whole value.
        before, after: The values; None where there is none.
    """

    path: str
    kind: Kind
    before: Any
    after: Any

    @property
    def delta(self) -> float | None:
        """By how much a number changed; None for anything else."""
        if self.kind is Kind.CHANGED and _is_number(self.before) and _is_number(self.after):
            return float(self.after - self.before)
        return None


def json_diff(before: Any, after: Any) -> list[Change]:
    """All differences, in the order of the values; lists are compared place by place.

    What only one side has is one difference, however much it holds. Numbers are equal by value (1 and 1.0), booleans
    are no numbers.
    """
    return list(_walk(before, after, ""))


def _walk(before: Any, after: Any, path: str) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            yield from _pair(before.get(name, _MISSING), after.get(name, _MISSING), f"{path}.{name}" if path else name)
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            pair = [side[index] if index < len(side) else _MISSING for side in (before, after)]
            yield from _pair(pair[0], pair[1], f"{path}[{index}]")
    elif isinstance(before, bool) is not isinstance(after, bool) or before != after:
        yield Change(path, Kind.CHANGED, before, after)


def _pair(before: Any, after: Any, path: str) -> Iterator[Change]:
    if before is _MISSING:
        yield Change(path, Kind.ADDED, None, after)
    elif after is _MISSING:
        yield Change(path, Kind.REMOVED, before, None)
    else:
        yield from _walk(before, after, path)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
