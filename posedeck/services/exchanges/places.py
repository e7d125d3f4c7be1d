"""Where in an answer's JSON a finding points to."""

import re
from typing import Any

from posedeck.pose.skeleton import COCO_17

#: Names of fields and numbers in lists that lead to a place.
Place = tuple[str | int, ...]

_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_VALUES_PER_POINT = 3


def place_of(field: str, body: Any) -> Place:
    """The place in a body that a finding's field names, as near to it as there is something.

    Audits name fields as ``result.keyPointList[0].personId``, keypoints also by their names, and values of a kick by
    metric and phase, whichever of the two stands outermost in the answer.
    """
    steps = [int(number) if number else name for number, name in _STEP.findall(field)]
    return max(_followed(steps, body), _followed(steps[::-1], body), key=len)


def _followed(steps: list[str | int], value: Any) -> Place:
    place: Place = ()
    for step in steps:
        way = _way(step, value)
        if not way:
            break
        for each in way:
            value = value[each]
        place += way
    return place


def _way(step: str | int, value: Any) -> Place:
    """One step into a value; empty when it leads nowhere."""
    if isinstance(value, dict):
        if step in value:
            return (step,)
        points = value.get("keypoints")
        if isinstance(points, list) and step in COCO_17.names:
            at = _VALUES_PER_POINT * COCO_17.index[str(step)]
            return ("keypoints", at) if at < len(points) else ("keypoints",)
    elif isinstance(value, list):
        if isinstance(step, int):
            return (step,) if step < len(value) else ()
        named = (at for at, item in enumerate(value) if isinstance(item, dict) and item.get("name") == step)
        return tuple(named)[:1]
    return ()
