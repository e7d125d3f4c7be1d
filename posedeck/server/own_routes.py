"""Our own routes beside the vendors': health, preview of a photo, everybody in a picture, refill of credits."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from posedeck import __version__
from posedeck.contracts import own
from posedeck.contracts.remo.skeleton import write_pose
from posedeck.engine.images import ImageError
from posedeck.engine.slots import SlotCrashed, SlotTimeout
from posedeck.pose.capture import CaptureFault, framing_faults, front_faults, side_faults
from posedeck.pose.pose import Pose
from posedeck.pose.posture import View
from posedeck.server.context import FULL_RETRY_S, STARTING_RETRY_S, ServerContext
from posedeck.server.engine_host import PoseEngine
from posedeck.server.http import json_response, read_body
from posedeck.server.inference import ANALYSIS_PASSES, PREVIEW_PASSES, QueueFullError
from posedeck.server.own_access import check_token, come_back
from posedeck.server.own_errors import OwnRefusalError
from posedeck.server.photos import Photo, open_photo

#: As many bytes as two photos in base64 may take with Remo, so that whatever can be analysed can be previewed.
PREVIEW_LIMIT = 30_000_000
_SMALL_BODY_LIMIT = 10_000
NO_PERSON = "no_person"


class Balance(msgspec.Struct, frozen=True):
    """Answer of the refill."""

    credit: int


async def health(context: ServerContext, _: Request) -> Response:
    """Whether the engine is there, and how far it is; asking also retries a start that failed a while ago."""
    engine = context.engine_host.engine()
    return json_response(
        own.Health(
            status="starting" if engine is None else "ok",
            models=context.engine_host.state,
            version=__version__,
            queue=context.queue.length,
        )
    )


async def preview(context: ServerContext, request: Request) -> Response:
    """What one photo shows and what is wrong with it, by a single quick pass. Raises OwnRefusalError."""
    check_token(context, request)
    try:
        view = View(request.query_params.get("view", ""))
    except ValueError:
        raise OwnRefusalError(400, "the query must say view=front or view=side") from None
    engine = _engine(context)
    encoded = await read_body(request, PREVIEW_LIMIT)
    with _engine_refusals(), context.queue.places(1) as places:
        photo = await context.in_pool(open_photo, encoded)
        person = await places.estimate(engine, encoded, PREVIEW_PASSES)
    if person is None:
        return json_response(own.Preview(photo.width, photo.height, [NO_PERSON], None))
    faults = _faults(view, person.pose, photo)
    return json_response(own.Preview(photo.width, photo.height, faults, write_pose(person.pose)))


async def people(context: ServerContext, request: Request) -> Response:
    """Everybody in a picture, by as many passes as an analysis takes. Raises OwnRefusalError."""
    check_token(context, request)
    engine = _engine(context)
    encoded = await read_body(request, PREVIEW_LIMIT)
    with _engine_refusals(), context.queue.places(1) as places:
        photo = await context.in_pool(open_photo, encoded)
        found = await places.find_people(engine, encoded, ANALYSIS_PASSES)
    return json_response(own.People(photo.width, photo.height, [write_pose(person.pose) for person in found]))


async def set_credit(context: ServerContext, request: Request) -> Response:
    """Set an account's balance. Raises OwnRefusalError."""
    check_token(context, request)
    try:
        refill = msgspec.json.decode(await read_body(request, _SMALL_BODY_LIMIT), type=own.Refill)
        known = await context.in_pool(context.accounts.set_credit, refill.email, refill.credit)
    except msgspec.ValidationError as error:
        raise OwnRefusalError(400, str(error)) from error
    except msgspec.DecodeError as error:
        raise OwnRefusalError(400, "the body is not JSON") from error
    except (ValueError, RecursionError) as error:
        raise OwnRefusalError(400, str(error)) from error
    if not known:
        raise OwnRefusalError(404, "there is no such account")
    await context.in_pool(context.faults.store.fill)
    return json_response(Balance(refill.credit))


def _engine(context: ServerContext) -> PoseEngine:
    engine = context.engine_host.engine()
    if engine is None:
        raise come_back(STARTING_RETRY_S, "the models are not loaded yet, see /health")
    return engine


@contextmanager
def _engine_refusals() -> Iterator[None]:
    """Tell what goes wrong between a picture and the engine in our routes' own words."""
    try:
        yield
    except QueueFullError:
        raise come_back(FULL_RETRY_S, "the queue is full") from None
    except ImageError as error:
        raise OwnRefusalError(412, str(error)) from error
    except (SlotCrashed, SlotTimeout) as error:
        raise come_back(FULL_RETRY_S, "the engine failed on this photo") from error


def _faults(view: View, pose: Pose, photo: Photo) -> list[str]:
    faults = front_faults(pose) if view is View.FRONT else side_faults(pose)
    if CaptureFault.WRONG_FACING in faults:
        # Tilt and arms of somebody who faces elsewhere mean nothing.
        faults = [CaptureFault.WRONG_FACING]
    return [fault.value for fault in (*framing_faults(pose, photo.width, photo.height), *faults)]
