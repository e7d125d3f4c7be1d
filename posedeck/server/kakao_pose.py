"""``POST /pose``: the people in one picture in Kakao's form."""

from starlette.requests import Request
from starlette.responses import Response

from posedeck.contracts import kakao
from posedeck.contracts.kakao import KakaoCode
from posedeck.contracts.own import KAKAO_PASSES
from posedeck.engine.images import ImageError
from posedeck.engine.slots import SlotCrashed, SlotTimeout
from posedeck.net.fetch import FetchError
from posedeck.server.context import ServerContext
from posedeck.server.forms import Form, FormError, read_form
from posedeck.server.http import json_response
from posedeck.server.inference import QueueFullError
from posedeck.server.kakao_errors import KakaoRefusalError, queue_full, starting
from posedeck.server.picture_header import read_picture_header

#: Kakao's guide has its callers wait 15 s for an answer; inference needs its share of that.
FETCH_DEADLINE_S = 10.0


async def find_people_for_kakao(context: ServerContext, request: Request) -> Response:
    """Answer one request with everybody in the picture, best first. Raises KakaoRefusalError."""
    engine = context.engine_host.engine()
    if engine is None:
        raise starting()
    if not context.queue.has_room(1):
        raise queue_full()
    if not context.keys.opens_kakao(read_key(request)):
        raise KakaoRefusalError(KakaoCode.UNAUTHORISED)
    try:
        encoded = await _picture(context, await read_form(request, kakao.MAX_BYTES))
        await context.in_pool(_check, encoded)
        with context.queue.places(1) as places:
            people = await places.find_people(engine, encoded, KAKAO_PASSES)
    except (FormError, ImageError, FetchError) as error:
        raise KakaoRefusalError(KakaoCode.BAD_PARAMETER, str(error)) from error
    except QueueFullError:
        raise queue_full() from None
    except (SlotCrashed, SlotTimeout) as error:
        raise KakaoRefusalError(KakaoCode.INTERNAL, "the engine failed on this picture") from error
    return json_response(kakao.write_people([person.pose for person in people]))


def read_key(request: Request) -> str:
    """The REST API key of a request, empty without one."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme == kakao.AUTH_SCHEME else ""


async def _picture(context: ServerContext, form: Form) -> bytes:
    url = form.texts.get(kakao.URL_FIELD, "").strip()
    if kakao.FILE_FIELD in form.files and url:
        raise FormError(f"send {kakao.FILE_FIELD} or {kakao.URL_FIELD}, not both")
    if url:
        return await context.fetch(url, kakao.MAX_BYTES, FETCH_DEADLINE_S)
    if kakao.FILE_FIELD in form.files:
        return form.files[kakao.FILE_FIELD]
    if kakao.FILE_FIELD in form.texts:
        raise FormError(f"the part {kakao.FILE_FIELD} must have a file name")
    raise FormError(f"{kakao.FILE_FIELD} or {kakao.URL_FIELD} is required")


def _check(encoded: bytes) -> None:
    if len(encoded) > kakao.MAX_BYTES:
        raise ImageError("too_large", f"the picture is over {kakao.MAX_BYTES} bytes")
    header = read_picture_header(encoded)
    long_side, short_side = max(header.width, header.height), min(header.width, header.height)
    if long_side > kakao.MAX_LONG_SIDE_PX:
        raise ImageError("too_large", f"the longer side is {long_side} pixels, {kakao.MAX_LONG_SIDE_PX} are allowed")
    if short_side < kakao.MIN_SHORT_SIDE_PX:
        message = f"the shorter side is {short_side} pixels, {kakao.MIN_SHORT_SIDE_PX} are needed"
        raise ImageError("undecodable", message)
