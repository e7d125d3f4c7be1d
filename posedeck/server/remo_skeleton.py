"""``POST /api/analysis-skeleton``: one analysis from the request to the answer, in the vendor's order of refusals."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from posedeck import __version__
from posedeck.contracts.images import decode_base64_image, encode_base64_image
from posedeck.contracts.remo import skeleton
from posedeck.contracts.remo.coords import print_coords, to_remo_22
from posedeck.contracts.remo.errors import RemoCode
from posedeck.contracts.remo.skeleton import SkeletonRequest, WireMethod, write_pose
from posedeck.contracts.remo.success import SkeletonSuccess
from posedeck.engine.images import ImageError
from posedeck.engine.people import Person
from posedeck.engine.slots import SlotCrashed, SlotTimeout
from posedeck.pose.calibration import Calibration, load_calibration
from posedeck.pose.capture import CaptureFault, front_faults, side_faults
from posedeck.pose.grades import PROFILE_NAMES, Profile, load_profile
from posedeck.pose.posture import View
from posedeck.server.context import FULL_RETRY_S, STARTING_RETRY_S, ServerContext
from posedeck.server.drawing import draw_result
from posedeck.server.engine_host import PoseEngine
from posedeck.server.http import json_bytes_response, read_body
from posedeck.server.inference import ANALYSIS_PASSES, Places, QueueFullError
from posedeck.server.photos import Photo, open_photo
from posedeck.server.readings import Reading, as_printed, read_metrics
from posedeck.server.remo_errors import RemoRefusalError, come_back
from posedeck.server.remo_requests import PICTURES_LIMIT, authenticate, parse_request

#: Two photos are inferred for an analysis.
_PLACES = len(View)

#: The models that a person's pose comes from.
_MODELS = ("pose_detection", "pose_landmark_full", "face_detection_short_range", "face_landmark")

#: Which code tells that the front photo, the side photo or both are at fault.
_UNDECODABLE = (RemoCode.BAD_FRONT_IMAGE, RemoCode.BAD_SIDE_IMAGE, RemoCode.BAD_IMAGES)
_NOBODY = (RemoCode.NO_PERSON_FRONT, RemoCode.NO_PERSON_SIDE, RemoCode.NO_PERSON_BOTH)
_WRONG_FACING = (RemoCode.WRONG_FACING_FRONT, RemoCode.WRONG_FACING_SIDE, RemoCode.WRONG_FACING_BOTH)
_FRONT_FAULTS = {CaptureFault.TILTED: RemoCode.FRONT_TILTED, CaptureFault.NOT_A_POSE: RemoCode.NOT_A_POSE}


async def analyse_skeleton(context: ServerContext, request: Request) -> Response:
    """Answer one request.

    Credit is taken after everything else has succeeded, in one conditional step: a refused or failed analysis costs
    nothing, whatever ends it, and two requests cannot spend the same credit. Raises RemoRefusalError.
    """
    started = time.perf_counter()
    profile = _profile(context, request)
    engine = context.engine_host.engine()
    if engine is None:
        raise come_back(STARTING_RETRY_S, "the models are not loaded yet, see /health")
    if not context.queue.has_room(_PLACES):
        raise come_back(FULL_RETRY_S, "the queue is full")
    ask = await context.in_pool(parse_request, await read_body(request, PICTURES_LIMIT), SkeletonRequest)
    credit = await context.in_pool(authenticate, context, ask, skeleton.CREDITS)
    try:
        with context.queue.places(_PLACES) as places:
            photos = await context.in_pool(_open_photos, ask)
            inference_started = time.perf_counter()
            people = await _find_people(engine, places, photos)
            inference_s = time.perf_counter() - inference_started
        _refuse_bad_captures(people)
        calibration = load_calibration() if context.settings.calibrated else None
        answer = await context.in_pool(_compose, ask, photos, people, profile, calibration)
    except QueueFullError:
        raise come_back(FULL_RETRY_S, "the queue is full", credit) from None
    except RemoRefusalError as refusal:
        refusal.credit = credit
        raise
    left = await context.in_pool(context.accounts.charge, ask.Email, skeleton.CREDITS)
    if left is None:
        # Another call spent the last credit meanwhile.
        raise RemoRefusalError(RemoCode.NO_CREDIT, credit=0)
    answer = msgspec.structs.replace(answer, credit=left)
    body = await context.in_pool(msgspec.json.encode, answer)
    # Milliseconds, as Server-Timing has them; the benchmark of the page splits its figures by it.
    timing = f"engine;dur={inference_s * 1e3:.1f}, total;dur={(time.perf_counter() - started) * 1e3:.1f}"
    return json_bytes_response(body, headers={"Server-Timing": timing})


def _profile(context: ServerContext, request: Request) -> Profile:
    name = request.headers.get(skeleton.PROFILE_HEADER, context.settings.profile)
    if name not in PROFILE_NAMES:
        detail = f"{skeleton.PROFILE_HEADER} must be one of {', '.join(PROFILE_NAMES)}"
        raise RemoRefusalError(RemoCode.PROTOCOL, detail=detail)
    return load_profile(name)


def _open_photos(ask: SkeletonRequest) -> dict[View, Photo]:
    photos: dict[View, Photo] = {}
    reasons: dict[View, str] = {}
    for view, field in skeleton.IMAGES.items():
        try:
            photos[view] = open_photo(decode_base64_image(getattr(ask, field)))
        except ValueError as error:  # ImageError is one
            reasons[view] = str(error)
    _refuse_photos(_UNDECODABLE, [view in reasons for view in View], "; ".join(reasons.values()))
    return photos


async def _find_people(engine: PoseEngine, places: Places, photos: Mapping[View, Photo]) -> dict[View, Person]:
    # All answers are awaited even if one is an error: nothing of this request is left running behind the other.
    found = await asyncio.gather(
        *(places.estimate(engine, photos[view].encoded, ANALYSIS_PASSES) for view in View), return_exceptions=True
    )
    failed = [isinstance(answer, ImageError) for answer in found]
    _refuse_photos(_UNDECODABLE, failed, "")
    people: dict[View, Person] = {}
    for view, answer in zip(View, found, strict=True):
        if isinstance(answer, SlotCrashed | SlotTimeout):
            raise RemoRefusalError(RemoCode.ENGINE_FAILED) from answer
        if isinstance(answer, BaseException):
            raise answer
        if answer is not None:
            people[view] = answer
    _refuse_photos(_NOBODY, [view not in people for view in View], "")
    return people


def _refuse_bad_captures(people: Mapping[View, Person]) -> None:
    faults = {
        View.FRONT: front_faults(people[View.FRONT].pose),
        View.SIDE: side_faults(people[View.SIDE].pose),
    }
    _refuse_photos(_WRONG_FACING, [CaptureFault.WRONG_FACING in faults[view] for view in View], "")
    for fault, code in _FRONT_FAULTS.items():
        if fault in faults[View.FRONT]:
            raise RemoRefusalError(code)


def _refuse_photos(codes: tuple[RemoCode, RemoCode, RemoCode], at_fault: list[bool], detail: str) -> None:
    front, side = at_fault
    front_code, side_code, both_code = codes
    if front and side:
        raise RemoRefusalError(both_code, detail=detail)
    if front or side:
        raise RemoRefusalError(front_code if front else side_code, detail=detail)


def _compose(
    ask: SkeletonRequest,
    photos: Mapping[View, Photo],
    people: Mapping[View, Person],
    profile: Profile,
    calibration: Calibration | None,
) -> SkeletonSuccess:
    """The whole answer but the balance, which is known only after charging."""
    poses = {view: as_printed(person.pose) for view, person in people.items()}
    readings = read_metrics(poses[View.FRONT], poses[View.SIDE], profile, calibration)
    images = {}
    for view, photo in photos.items():
        drawn = poses[view].with_xy(poses[view].xy_px * photo.scale)
        images[view] = encode_base64_image(draw_result(photo.picture, drawn, view, readings), "image/jpeg")
    return SkeletonSuccess(
        credit_change=-skeleton.CREDITS,
        credit=0,
        uuid=ask.uuid or str(uuid4()),
        forigimg=images[View.FRONT],
        sorigimg=images[View.SIDE],
        far_coords=print_coords(to_remo_22(poses[View.FRONT])),
        sar_coords=print_coords(to_remo_22(poses[View.SIDE])),
        **_fields(readings),
        x_raw={key: reading.raw for key, reading in readings.items()},
        x_pose={view: write_pose(pose) for view, pose in poses.items()},
        x_method=_method(people, profile, calibration),
    )


def _fields(readings: Mapping[str, Reading]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key, (value_name, grade_name) in skeleton.FIELDS.items():
        fields[value_name] = readings[key].value
        fields[grade_name] = readings[key].grade
    return fields


def _method(people: Mapping[View, Person], profile: Profile, calibration: Calibration | None) -> WireMethod:
    return WireMethod(
        engine=f"posedeck {__version__}",
        models=list(_MODELS),
        passes=ANALYSIS_PASSES,
        calibration=None if calibration is None else calibration.version,
        profile=profile.name,
        head_source={view.value: person.head_source for view, person in people.items()},
    )
