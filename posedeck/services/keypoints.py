"""Keypoints of everybody in a picture, from Kakao or NHN Cloud: asked for now, or read from a saved answer."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec

from posedeck.clients.kakao import LIVE_BASE_URL as KAKAO_BASE_URL
from posedeck.clients.kakao import KakaoClient
from posedeck.clients.nhn import LIVE_BASE_URL as NHN_BASE_URL
from posedeck.clients.nhn import NhnClient
from posedeck.clients.own import OwnClient
from posedeck.contracts import kakao, nhn
from posedeck.contracts.coco import as_coco_17
from posedeck.contracts.own import DEMO_KAKAO_KEY, DEMO_NHN_KEYS
from posedeck.contracts.remo.skeleton import read_pose
from posedeck.net.exchange import Exchange, Sender
from posedeck.pose.pose import Pose
from posedeck.services.fitting import Fitted, Limits, fit_picture
from posedeck.services.photos import Photo
from posedeck.services.sources import Source, answered_by


class Vendor(StrEnum):
    """In whose format keypoints are given."""

    KAKAO = "kakao"
    NHN = "nhn"


@dataclass(frozen=True)
class KeypointCredentials:
    """Kakao: its REST API key as ``key``. NHN: app key as ``key`` and secret key as ``secret``. Never printed."""

    key: str = field(repr=False)
    secret: str = field(default="", repr=False)


LIVE_BASE_URLS = {Vendor.KAKAO: KAKAO_BASE_URL, Vendor.NHN: NHN_BASE_URL}
#: What every pose server of ours takes.
DEMO_CREDENTIALS = {
    Vendor.KAKAO: KeypointCredentials(DEMO_KAKAO_KEY),
    Vendor.NHN: KeypointCredentials(*DEMO_NHN_KEYS),
}
LIMITS = {
    Vendor.KAKAO: Limits(
        max_bytes=kakao.MAX_BYTES,
        max_side_px=kakao.MAX_LONG_SIDE_PX,
        min_side_px=kakao.MIN_SHORT_SIDE_PX,
        # Kakao's Korean guide recommends it, the English one demands it.
        max_ratio=16 / 9,
    ),
    Vendor.NHN: Limits(max_bytes=nhn.MAX_BYTES),
}
#: Both vendors place hidden joints beyond the edge, with low scores. A joint that they are sure of lies in the picture,
#: give or take this share of its long side.
_SURE_SCORE = 0.5
_OUTSIDE_SHARE = 0.05


@dataclass(frozen=True, eq=False)
class KeypointAnswer:
    """Everybody in a picture as one source sees them.

    Attributes:
        people: COCO-17 poses in pixels of ``photo``, those with the highest mean score first.
        photo: The picture that the keypoints lie on.
        fitted: What was sent of it; None when the vendor fetched the picture itself or the answer was recorded.
        body: The answer as it came; its keypoints are pixels of what was sent.
        exchange: What it came by; None for a recorded answer.
        answered_at: When the answer came; for a recorded one, when it was read.
        run_id: The run that it is kept as; None when it is not kept.
    """

    vendor: Vendor
    source: Source
    people: list[Pose]
    photo: Photo
    fitted: Fitted | None
    body: Any
    exchange: Exchange | None
    answered_at: datetime
    run_id: str | None = None


def ask_keypoints(
    vendor: Vendor,
    source: Source,
    photo: Photo,
    credentials: KeypointCredentials,
    base_url: str,
    transport: Sender,
    image_url: str | None = None,
) -> KeypointAnswer:
    """Ask one vendor, live or our own server in its place. Costs no credits.

    Args:
        vendor: In whose format.
        source: Who answers at the base URL.
        photo: The picture; what is sent of it is fitted to the vendor's limits.
        credentials: The vendor's keys.
        base_url: Where to ask.
        transport: What to send by.
        image_url: The photo's public address, which is then sent in its place; only Kakao takes one.

    Raises:
        FittingError: the photo cannot be made to fit.
        ValueError: an address for a vendor that takes none.
        VendorError: what the vendor's client raises.
    """
    if vendor is Vendor.KAKAO:
        return _ask_kakao(source, photo, credentials, KakaoClient(transport, base_url), image_url)
    if image_url is not None:
        raise ValueError("only Kakao takes a picture's address")
    fitted = fit_picture(photo, LIMITS[vendor])
    reply = NhnClient(transport, base_url).pose(credentials.key, credentials.secret, fitted.photo.data)
    return _answer(vendor, source, reply.answer.people, photo, fitted, reply.body, reply.exchange)


def _ask_kakao(
    source: Source, photo: Photo, credentials: KeypointCredentials, client: KakaoClient, image_url: str | None
) -> KeypointAnswer:
    fitted = None if image_url is not None else fit_picture(photo, LIMITS[Vendor.KAKAO])
    reply = client.pose(credentials.key, fitted.photo.data if fitted else None, image_url)
    return _answer(Vendor.KAKAO, source, reply.people, photo, fitted, reply.body, reply.exchange)


class RecordedAnswerError(ValueError):
    """A file that is no answer to this picture: ``message_key`` for the user, the message for the expert."""

    def __init__(self, message_key: str, message: str) -> None:
        super().__init__(message)
        self.message_key = message_key


def read_recorded(vendor: Vendor, data: bytes, photo: Photo) -> KeypointAnswer:
    """A saved answer of a vendor (the bare JSON body) with the picture it was given for.

    Raises:
        RecordedAnswerError: no JSON, no success of that vendor, or keypoints that lie outside of the picture.
    """
    body = _decoded(data)
    try:
        people = _people(vendor, body)
    except ValueError as error:
        raise RecordedAnswerError(f"recorded.not_{vendor}", str(error)) from error
    _check_inside(people, photo)
    return _answer(vendor, Source.RECORDED, people, photo, None, body, None)


def read_answer(
    vendor: Vendor,
    source: Source,
    body: Any,
    photo: Photo,
    *,
    fitted: Fitted | None,
    exchange: Exchange | None,
    answered_at: datetime,
    run_id: str | None,
) -> KeypointAnswer:
    """The answer that a body gives which was kept. Raises ValueError when it is no success of that vendor."""
    answer = _answer(vendor, source, _people(vendor, body), photo, fitted, body, exchange)
    return replace(answer, answered_at=answered_at, run_id=run_id)


def recorded_vendor(data: bytes) -> Vendor:
    """Whose answer a saved file is, told by its form: Kakao's is a list of people, NHN's an object with a header.

    Raises:
        RecordedAnswerError: no JSON, or neither.
    """
    body = _decoded(data)
    if isinstance(body, list):
        return Vendor.KAKAO
    if isinstance(body, dict) and "header" in body:
        return Vendor.NHN
    raise RecordedAnswerError("recorded.unknown", "neither Kakao's list of people nor NHN's object with a header")


def _decoded(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordedAnswerError("recorded.not_json", f"the file is not JSON: {error}") from error


def latency_s(answer: KeypointAnswer) -> float | None:
    """Seconds from the first byte sent to the last received, connecting included; None for a recorded answer."""
    if answer.exchange is None:
        return None
    timings = answer.exchange.timings
    return sum(
        seconds or 0.0
        for seconds in (timings.connect_s, timings.tls_s, timings.send_s, timings.wait_s, timings.receive_s)
    )


def local_consensus(client: OwnClient, photo: Photo) -> list[Pose]:
    """Everybody in the photo by our engine at its most careful (16 perturbed passes), COCO-17, best first.

    The same models as behind our server's Kakao and NHN answers, so errors that all their passes share remain in it.
    Raises what ``OwnClient.people`` raises.
    """
    return _best_first([as_coco_17(read_pose(pose)) for pose in client.people(photo.data).people])


def _people(vendor: Vendor, body: Any) -> list[Pose]:
    return kakao.parse_people(body) if vendor is Vendor.KAKAO else nhn.parse_answer(body).people


def _answer(
    vendor: Vendor,
    source: Source,
    people: list[Pose],
    photo: Photo,
    fitted: Fitted | None,
    body: Any,
    exchange: Exchange | None,
) -> KeypointAnswer:
    """The answer with its people, who are in pixels of what was sent, brought to the photo."""
    originals = people if fitted is None else [fitted.to_original(pose) for pose in people]
    answered = source if exchange is None else answered_by(exchange.record, source)
    return KeypointAnswer(vendor, answered, _best_first(originals), photo, fitted, body, exchange, datetime.now(UTC))


def _best_first(people: list[Pose]) -> list[Pose]:
    return sorted(people, key=lambda pose: -float(pose.score.mean()))


def _check_inside(people: list[Pose], photo: Photo) -> None:
    margin = _OUTSIDE_SHARE * max(photo.width, photo.height)
    for pose in people:
        sure = pose.xy_px[pose.score >= _SURE_SCORE]
        if ((sure < -margin) | (sure > (photo.width + margin, photo.height + margin))).any():
            raise RecordedAnswerError(
                "recorded.other_picture",
                f"the keypoints are not of this picture: some lie outside of {photo.width} × {photo.height} px",
            )
