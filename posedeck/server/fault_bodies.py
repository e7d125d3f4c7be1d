"""Right answers made wrong, and errors by name, in each vendor's form."""

import json
from enum import IntEnum
from typing import Any

import msgspec

from posedeck.contracts import kakao, nhn
from posedeck.contracts.faults import Behaviour, ShapeFault, Target
from posedeck.contracts.kakao import KakaoCode
from posedeck.contracts.nhn import NhnCode
from posedeck.contracts.remo import future_shape, skeleton, soccer
from posedeck.contracts.remo.coords import REMO_22
from posedeck.contracts.remo.errors import RemoCode, error_body
from posedeck.contracts.remo.future_shape import Refusal
from posedeck.contracts.remo.skeleton import COORDS, FIELDS
from posedeck.contracts.remo.soccer_errors import SoccerCode, soccer_error_body
from posedeck.pose.skeleton import BLAZEPOSE_33, COCO_17

_DETAIL = "fault lab"
#: What a call costs, where its answer tells the balance, and the refusal when there is none left.
_PRICES: dict[Target, tuple[int, str, IntEnum]] = {
    Target.REMO_SKELETON: (skeleton.CREDITS, "credit", RemoCode.NO_CREDIT),
    Target.REMO_FUTURE_SHAPE: (future_shape.CREDITS, "x_credit", RemoCode.NO_CREDIT),
    Target.REMO_SOCCER_SUBMIT: (soccer.CREDITS, "x_balance", SoccerCode.NO_CREDIT),
}
_PER_POINT = 3
#: A field of each answer that its document lists, as the path to it: the one that goes missing, and the number that
#: becomes a string.
_LOST: dict[Target, tuple[str | int, ...]] = {
    Target.REMO_SKELETON: (FIELDS["shoulder_tilt"][1],),
    Target.REMO_FUTURE_SHAPE: ("result_image",),
    Target.REMO_SOCCER_SUBMIT: ("wait_time",),
    Target.KAKAO_POSE: (0, "bbox"),
    Target.KAKAO_JOB_SUBMIT: ("job_id",),
    Target.KAKAO_JOB: ("status",),
    Target.NHN_POSE: ("result", "fileType"),
}
_RETYPED: dict[Target, tuple[str | int, ...]] = {
    Target.REMO_SKELETON: (FIELDS["shoulder_tilt"][0],),
    Target.REMO_FUTURE_SHAPE: ("credit",),
    Target.REMO_SOCCER_SUBMIT: ("wait_time",),
    Target.KAKAO_POSE: (0, "score"),
    Target.KAKAO_JOB_SUBMIT: ("job_id",),
    Target.KAKAO_JOB: ("status",),
    Target.NHN_POSE: ("result", "numberOfPerson"),
}


def error_answer(code: IntEnum) -> tuple[int, Any]:
    """HTTP status and body of one of the vendor's own errors."""
    if isinstance(code, RemoCode):
        balance = 0 if code is RemoCode.NO_CREDIT else None
        return int(code), error_body(code, balance, _DETAIL)
    if isinstance(code, SoccerCode):
        balance = 0 if code is SoccerCode.NO_CREDIT else None
        return int(code), soccer_error_body(code, balance, _DETAIL)
    if isinstance(code, KakaoCode):
        return kakao.HTTP_STATUSES[code], kakao.error_of(code, _DETAIL)
    if isinstance(code, NhnCode):
        return nhn.http_status(code), nhn.NhnBody(nhn.refusal_header(code, _DETAIL))
    raise TypeError(f"{code!r} is no vendor's error")


def shape_answer(fault: ShapeFault) -> tuple[int, Any]:
    """HTTP status and body of the future shape's own errors."""
    message = Refusal.WRONG_IMAGE if fault is ShapeFault.WRONG_IMAGE else Refusal.INFERENCE_FAILED
    return 400, {"state": False, "message": message.value}


def cost_of(target: Target) -> int:
    """What a call costs. Raises KeyError for one that costs nothing."""
    return _PRICES[target][0]


def without_credit(target: Target) -> tuple[int, Any]:
    """HTTP status and body when there is no credit left."""
    return error_answer(_PRICES[target][2])


def with_balance(target: Target, balance: int, body: bytes) -> bytes:
    """A right answer that tells another balance."""
    value = msgspec.json.decode(body)
    value[_PRICES[target][1]] = balance
    return msgspec.json.encode(value)


def throttled_answer(target: Target) -> Any:
    """The body beside HTTP 429. Remo's table has no such error, so this is what a gateway in front of it would say."""
    if target.vendor == "kakao":
        return kakao.error_of(KakaoCode.QUOTA_EXCEEDED, _DETAIL)
    if target.vendor == "nhn":
        return nhn.NhnBody(nhn.refusal_header(NhnCode.GATEWAY_TOO_MANY_REQUESTS, _DETAIL))
    return {"message": "too many requests"}


def job_answer(target: Target, fault: Behaviour, job_id: str) -> tuple[int, Any]:
    """HTTP status and body of a job that failed, or that nobody knows."""
    failed = fault is Behaviour.JOB_FAILS
    if target is Target.KAKAO_JOB:
        body = {"job_id": job_id, "status": "failed" if failed else "not found"}
        return 200, body | ({"description": _DETAIL} if failed else {})
    return error_answer(SoccerCode.ANALYSIS_FAILED if failed else SoccerCode.UNKNOWN_UUID)


def spoil(target: Target, fault: Behaviour, body: bytes) -> bytes:
    """A right answer with its fault; one that the fault does not fit (nobody in the picture, say) stays as it is."""
    value = msgspec.json.decode(body)
    if fault is Behaviour.SWAPPED_SIDES:
        value = _swapped(target, value)
    elif fault is Behaviour.LOST_FIELD:
        _at(value, _path(_LOST, target, value), lost=True)
    else:
        _at(value, _path(_RETYPED, target, value), lost=False)
    return msgspec.json.encode(value)


def _path(paths: dict[Target, tuple[str | int, ...]], target: Target, value: Any) -> tuple[str | int, ...]:
    # A kick's reads have four layouts: whatever comes first in them is documented.
    return paths[target] if target in paths else tuple(list(value)[:1] if isinstance(value, dict) else ())


def _at(value: Any, path: tuple[str | int, ...], *, lost: bool) -> None:
    *way, last = path or (None,)
    try:
        for step in way:
            value = value[step]
        if lost:
            del value[last]
        else:
            value[last] = _other_type(value[last])
    except (KeyError, IndexError, TypeError):
        return


def _other_type(value: Any) -> Any:
    return [value] if isinstance(value, str | bool) or value is None else json.dumps(value)


def _swapped(target: Target, value: Any) -> Any:
    if target is Target.KAKAO_POSE:
        for person in value:
            person["keypoints"] = _in_order(person["keypoints"], COCO_17.mirror_order.tolist(), _PER_POINT)
    elif target is Target.NHN_POSE:
        for person in value["result"]["keyPointList"]:
            for point in person["inferKeypointList"]:
                point["name"] = _other_side(point["name"])
    else:
        for name in COORDS.values():
            value[name] = json.dumps(_in_order(json.loads(value[name]), REMO_22.mirror_order.tolist(), 1))
        for pose in value["x_pose"].values():
            for name in ("xy_px", "score", "sigma_px"):
                if pose.get(name) is not None:
                    pose[name] = _in_order(pose[name], BLAZEPOSE_33.mirror_order.tolist(), 1)
    return value


def _in_order(values: list[Any], order: list[int], width: int) -> list[Any]:
    return [item for place in order for item in values[width * place : width * (place + 1)]]


def _other_side(name: str) -> str:
    for side, other in (("left_", "right_"), ("right_", "left_")):
        if name.startswith(side):
            return other + name.removeprefix(side)
    return name
