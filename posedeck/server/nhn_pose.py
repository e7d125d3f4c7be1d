"""``POST /v1.0/appkeys/{appKey}/pose``: the people in one picture in NHN's form."""

from starlette.requests import Request
from starlette.responses import Response

from posedeck.contracts import nhn
from posedeck.contracts.nhn import NhnCode
from posedeck.contracts.own import NHN_PASSES
from posedeck.engine.images import ImageError
from posedeck.engine.slots import SlotCrashed, SlotTimeout
from posedeck.server.context import ServerContext
from posedeck.server.forms import FORM_OVERHEAD_BYTES, Form, FormError, read_form
from posedeck.server.http import json_response
from posedeck.server.inference import QueueFullError
from posedeck.server.nhn_errors import NhnRefusalError, queue_full, starting
from posedeck.server.picture_header import read_picture_header

#: The gateway's limit. A picture over the service's own limit still gets the service's own code below it.
BODY_LIMIT = 10_000_000


async def find_people_for_nhn(context: ServerContext, request: Request) -> Response:
    """Answer one request with everybody in the picture, best first. Raises NhnRefusalError."""
    engine = context.engine_host.engine()
    if engine is None:
        raise starting()
    if not context.queue.has_room(1):
        raise queue_full()
    secret_key = request.headers.get("authorization", "").strip()
    if not context.keys.opens_nhn(request.path_params["appKey"], secret_key):
        raise NhnRefusalError(NhnCode.INVALID_APPKEY_SECRETKEY)
    try:
        encoded = _picture(await read_form(request, BODY_LIMIT - FORM_OVERHEAD_BYTES))
        file_type = await context.in_pool(_file_type, encoded)
        with context.queue.places(1) as places:
            people = await places.find_people(engine, encoded, NHN_PASSES)
    except FormError as error:
        raise NhnRefusalError(NhnCode.INVALID_PARAMETER, str(error)) from error
    except ImageError as error:
        raise NhnRefusalError(NhnCode.POSE_ESTIMATION_RECOGNITION_FAIL, str(error)) from error
    except QueueFullError:
        raise queue_full() from None
    except SlotTimeout as error:
        raise NhnRefusalError(NhnCode.GATEWAY_TIMEOUT) from error
    except SlotCrashed as error:
        raise NhnRefusalError(NhnCode.POSE_ESTIMATION_API_FAIL) from error
    return json_response(nhn.write_answer([person.pose for person in people], file_type))


def _picture(form: Form) -> bytes:
    encoded = form.files.get(nhn.FILE_FIELD)
    if encoded is None:
        raise FormError(f"{nhn.FILE_FIELD} must be a file of a multipart form")
    if not encoded:
        raise NhnRefusalError(NhnCode.UPLOADED_FILE_IS_EMPTY)
    if len(encoded) > nhn.MAX_BYTES:
        raise NhnRefusalError(NhnCode.MAX_UPLOAD_SIZE_EXCEEDED, f"{nhn.MAX_BYTES} bytes are allowed")
    return encoded


def _file_type(encoded: bytes) -> str:
    # By its bytes: names and declared types are the caller's guess.
    try:
        found = read_picture_header(encoded).format
    except ImageError as error:
        if error.reason == "too_large":
            raise
        raise NhnRefusalError(NhnCode.INVALID_FILE_TYPE, "expected JPEG or PNG") from error
    if found not in nhn.FILE_TYPES:
        raise NhnRefusalError(NhnCode.INVALID_FILE_TYPE, "expected JPEG or PNG")
    return nhn.FILE_TYPES[found]
