"""``POST /api/analysis-future-shape``: one photo in, the same person slimmer or heavier out."""

import time
from collections import defaultdict

import msgspec
import numpy as np
from msgspec import UNSET
from starlette.requests import Request
from starlette.responses import Response

from posedeck import __version__
from posedeck.contracts.images import decode_base64_image, encode_base64_image
from posedeck.contracts.remo import future_shape
from posedeck.contracts.remo.errors import RemoCode
from posedeck.contracts.remo.future_shape import (
    BodyPart,
    FutureShapeError,
    FutureShapeRequest,
    FutureShapeSuccess,
    Refusal,
    RefusalReason,
    ShapeWarning,
    WireIntegrity,
    WireShapeMethod,
    WireWidth,
)
from posedeck.engine.images import ImageError
from posedeck.engine.reshape.anthropometry import Gender
from posedeck.engine.reshape.body import ReshapeError
from posedeck.engine.reshape.pipeline import Reshaped, SiteWidth
from posedeck.engine.reshape.plan import Figures, Goal, Plan, PlanError, make_plan
from posedeck.engine.slots import SlotCrashed, SlotTimeout
from posedeck.server.context import FULL_RETRY_S, STARTING_RETRY_S, ServerContext
from posedeck.server.engine_host import PoseEngine
from posedeck.server.http import json_bytes_response, json_response, read_body
from posedeck.server.inference import Places, QueueFullError
from posedeck.server.remo_errors import RemoRefusalError, come_back
from posedeck.server.remo_requests import PICTURES_LIMIT, authenticate, parse_request
from posedeck.server.simulated import encode_simulated

_MODELS = (
    "pose_detection",
    "pose_landmark_full",
    "selfie_segmentation",
    "face_detection_short_range",
    "face_landmark",
)
#: How much a body faces the camera, 1 straight on and 0 from the side, down to which a view has its name.
_VIEWS = (("front", 0.75), ("oblique", 0.35), ("side", 0.0))


class ShapeRefusalError(RemoRefusalError):
    """One of the two refusals that this operation has of its own."""

    def __init__(self, message: Refusal, reason: RefusalReason | None = None) -> None:
        super().__init__(RemoCode.PROTOCOL)
        self.message = message
        self.reason = reason

    def response(self) -> Response:
        """The answer."""
        body = FutureShapeError(
            message=self.message,
            x_reason=UNSET if self.reason is None else self.reason,
            x_credit=UNSET if self.credit is None else self.credit,
        )
        return json_response(body, self.http_status)


async def reshape_by_alias(context: ServerContext, request: Request) -> Response:
    """The path of the document's sample code, which is another operation's: only with ``requestMessage`` it is ours."""
    return await _answer(context, request, alias=True)


async def reshape_photo(context: ServerContext, request: Request) -> Response:
    """Answer one request. Credit is taken as in ``analyse_skeleton``. Raises RemoRefusalError."""
    return await _answer(context, request, alias=False)


async def _answer(context: ServerContext, request: Request, *, alias: bool) -> Response:
    started = time.perf_counter()
    engine = context.engine_host.engine()
    if engine is None:
        raise come_back(STARTING_RETRY_S, "the models are not loaded yet, see /health")
    if not context.queue.has_room(1):
        raise come_back(FULL_RETRY_S, "the queue is full")
    ask, plan = await context.in_pool(_parse, await read_body(request, PICTURES_LIMIT), alias)
    credit = await context.in_pool(authenticate, context, ask, future_shape.CREDITS)
    try:
        with context.queue.places(1) as places:
            photo = await context.in_pool(_decode, ask)
            engine_started = time.perf_counter()
            reshaped = await _reshape(engine, places, photo, ask, plan)
            engine_s = time.perf_counter() - engine_started
        answer = await context.in_pool(_compose, ask, plan, reshaped)
    except QueueFullError:
        raise come_back(FULL_RETRY_S, "the queue is full", credit) from None
    except RemoRefusalError as refusal:
        refusal.credit = credit
        raise
    left = await context.in_pool(context.accounts.charge, ask.Email, future_shape.CREDITS)
    if left is None:
        # Another call spent the last credit meanwhile.
        raise RemoRefusalError(RemoCode.NO_CREDIT, credit=0)
    body = await context.in_pool(msgspec.json.encode, msgspec.structs.replace(answer, x_credit=left))
    timing = f"engine;dur={engine_s * 1e3:.1f}, total;dur={(time.perf_counter() - started) * 1e3:.1f}"
    return json_bytes_response(body, headers={"Server-Timing": timing})


def _parse(body: bytes, alias: bool) -> tuple[FutureShapeRequest, Plan]:
    if alias and not _names_a_direction(body):
        raise RemoRefusalError(
            RemoCode.PROTOCOL, detail=f"this path is served only with requestMessage, as {future_shape.PATH}"
        )
    ask = parse_request(body, FutureShapeRequest)
    try:
        return ask, make_plan(Goal(ask.direction), _wish(ask))
    except PlanError as error:
        raise RemoRefusalError(RemoCode.PROTOCOL, detail=str(error)) from error


def _names_a_direction(body: bytes) -> bool:
    try:
        told = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (ValueError, RecursionError):
        return True  # whatever is wrong with it is told as everywhere
    return "requestMessage" in told


def _wish(ask: FutureShapeRequest) -> float | Figures | None:
    if ask.x_ratio is not UNSET:
        return ask.x_ratio
    if ask.x_height_cm is not UNSET and ask.x_weight_kg is not UNSET and ask.x_target_kg is not UNSET:
        return Figures(ask.x_height_cm, ask.x_weight_kg, ask.x_target_kg)
    return None


def _decode(ask: FutureShapeRequest) -> bytes:
    try:
        return decode_base64_image(ask.image)
    except ValueError as error:
        raise ShapeRefusalError(Refusal.WRONG_IMAGE, RefusalReason.UNDECODABLE) from error


async def _reshape(engine: PoseEngine, places: Places, photo: bytes, ask: FutureShapeRequest, plan: Plan) -> Reshaped:
    try:
        return await places.reshape(engine, photo, Gender(ask.gender), plan.ratio)
    except ImageError as error:
        raise ShapeRefusalError(Refusal.WRONG_IMAGE, RefusalReason.UNDECODABLE) from error
    except ReshapeError as error:
        raise ShapeRefusalError(Refusal.WRONG_IMAGE, RefusalReason(error.fault.value)) from error
    except (SlotCrashed, SlotTimeout) as error:
        raise ShapeRefusalError(Refusal.INFERENCE_FAILED) from error


def _compose(ask: FutureShapeRequest, plan: Plan, reshaped: Reshaped) -> FutureShapeSuccess:
    """The whole answer but the balance, which is known only after charging."""
    encoded = encode_base64_image(encode_simulated(reshaped.image, marked=ask.marked))
    integrity = reshaped.integrity
    notes = () if plan.note is None else (plan.note,)
    return FutureShapeSuccess(
        result_image=encoded,
        result_image_again=encoded,
        x_credit_change=-future_shape.CREDITS,
        x_credit=0,
        x_ratio=reshaped.ratio,
        x_widths=_widths(reshaped.widths),
        x_warnings=[ShapeWarning(note.value) for note in (*notes, *reshaped.warnings)],
        x_integrity=WireIntegrity(
            background_mean_diff=integrity.background_mean,
            background_max_diff=integrity.background_max,
            face_ssim=integrity.face_ssim,
            min_det_j=integrity.min_determinant,
            amplitude=integrity.amplitude,
            bone_change=integrity.bone_change,
        ),
        x_method=WireShapeMethod(
            engine=f"posedeck {__version__}",
            models=list(_MODELS),
            gender=ask.gender,
            view=next(name for name, least in _VIEWS if reshaped.frontal >= least),
            marked=ask.marked,
        ),
    )


def _widths(widths: tuple[SiteWidth, ...]) -> dict[BodyPart, WireWidth]:
    """Left and right as one: the mean of those that can be measured."""
    measured: dict[BodyPart, list[tuple[float, float]]] = defaultdict(list)
    for width in widths:
        part = BodyPart(width.site.removeprefix("left_").removeprefix("right_"))
        if width.achieved is not None:
            measured[part].append((width.intended, width.achieved))
    means = {part: np.mean(pairs, axis=0).tolist() for part, pairs in measured.items()}
    return {part: WireWidth(intended=intended, achieved=achieved) for part, (intended, achieved) in means.items()}
