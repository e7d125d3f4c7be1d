"""Show a person slimmer or heavier: one photo in, one picture out, and what was changed in it, whoever answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from posedeck.clients.own import OwnClient
from posedeck.clients.remo import VENDOR, RemoClient, RemoCredentials
from posedeck.contracts.remo.future_shape import (
    BodyPart,
    Direction,
    FutureShapeAnswer,
    Gender,
    WireIntegrity,
    WireShapeMethod,
    WireWidth,
)
from posedeck.contracts.remo.skeleton import read_pose
from posedeck.engine.images import ImageError, load_image
from posedeck.net.errors import UnparseableAnswer, VendorError
from posedeck.net.transport import Exchange
from posedeck.pose.pose import Pose
from posedeck.pose.posture import View
from posedeck.services.photos import Photo
from posedeck.services.shape_alignment import Aligned, Picture, align
from posedeck.services.shape_integrity import ShapeIntegrity, measure_integrity
from posedeck.services.sources import Source, answered_by

#: The person in a picture (JPEG or PNG bytes), by our engine; None when it finds nobody or cannot tell right now.
FindPose = Callable[[bytes], Pose | None]


@dataclass(frozen=True)
class ShapeWish:
    """What is asked for.

    Attributes:
        ratio: Weight wanted ÷ weight now; None for what the source takes by itself. Our engine alone understands it.
    """

    direction: Direction
    gender: Gender
    ratio: float | None


@dataclass(frozen=True, eq=False)
class ShapeCheck:
    """What the two pictures themselves tell, and by which keypoints.

    Attributes:
        integrity: None when our engine found nobody in the photo.
        before, after: The person in the photo and in the answered picture, each in its own pixels; None where nobody
            was found or looked for.
    """

    integrity: ShapeIntegrity | None
    before: Pose | None = None
    after: Pose | None = None


@dataclass(frozen=True, eq=False)
class ShapeResult:
    """An answered picture as the pages show and export it.

    Attributes:
        wish: What was sent.
        after: (height, width, 3) RGB as answered, without any mark of ours.
        aligned: The photo in the frame of ``after``.
        ratio, widths, warnings, engine_integrity, method: What our engine says of its picture; None or empty else.
        check: What the two pictures themselves tell.
        credit: Balance after the call, None when the answer does not say.
        body: The answer as it came.
        exchange: What it came by; None for a kept answer of which no exchange is known.
        group: What the runs of one photo have in common.
        run_id: The run that it is kept as, of which only metadata are until the user saves it; None without a run.
    """

    wish: ShapeWish
    source: Source
    base_url: str
    answered_at: datetime
    photo: Photo
    after: Picture
    aligned: Aligned
    ratio: float | None
    widths: Mapping[BodyPart, WireWidth]
    warnings: tuple[str, ...]
    engine_integrity: WireIntegrity | None
    method: WireShapeMethod | None
    check: ShapeCheck
    credit: int | None
    credit_change: int | None
    body: dict[str, Any]
    exchange: Exchange | None
    group: str = ""
    run_id: str | None = None

    @property
    def integrity(self) -> ShapeIntegrity | None:
        """What was changed; None when our engine found nobody in the photo."""
        return self.check.integrity


def reshape_photo(
    client: RemoClient,
    credentials: RemoCredentials,
    photo: Photo,
    wish: ShapeWish,
    *,
    source: Source,
    base_url: str,
    find_pose: FindPose,
    group: str = "",
) -> ShapeResult:
    """Send the photo and read the picture. Costs one credit; each direction is a call of its own.

    Our server is asked for a picture without its mark: every picture that is shown or exported gets ours, from
    whatever source, and a mark would count as a change of the background.

    Raises:
        UnparseableAnswer: also when the answered picture cannot be decoded.
        VendorError: what ``RemoClient.future_shape`` raises.
    """
    is_ours = source is Source.LOCAL
    sent = wish if is_ours else replace(wish, ratio=None)
    reply = client.future_shape(
        credentials, photo.data, sent.direction, sent.gender, ratio=sent.ratio, mark=False if is_ours else None
    )

    def check(after: Picture, aligned: Aligned) -> ShapeCheck:
        return _check(photo, reply.answer.image, after, aligned, find_pose)

    try:
        return read_result(
            reply.answer,
            reply.body,
            photo,
            sent,
            exchange=reply.exchange,
            source=answered_by(reply.exchange.record, source),
            base_url=base_url,
            answered_at=datetime.now(UTC),
            check=check,
            group=group,
        )
    except ImageError as error:
        raise UnparseableAnswer(f"the picture: {error}", vendor=VENDOR, status=reply.exchange.status) from error


def read_result(
    answer: FutureShapeAnswer,
    body: dict[str, Any],
    photo: Photo,
    wish: ShapeWish,
    *,
    exchange: Exchange | None,
    source: Source,
    base_url: str,
    answered_at: datetime,
    check: Callable[[Picture, Aligned], ShapeCheck],
    group: str = "",
    run_id: str | None = None,
) -> ShapeResult:
    """The result that an answer gives, whether it came now or was kept.

    Args:
        check: Measures the answered picture against the photo in its frame, or knows the figures from when it came.

    Raises:
        ImageError: when the answered picture cannot be decoded.
    """
    after = load_image(answer.image)
    aligned = align(load_image(photo.data), after)
    return ShapeResult(
        wish=wish,
        source=source,
        base_url=base_url,
        answered_at=answered_at,
        photo=photo,
        after=after,
        aligned=aligned,
        ratio=answer.ratio,
        widths=answer.widths,
        warnings=answer.warnings,
        engine_integrity=answer.integrity,
        method=answer.method,
        check=check(after, aligned),
        credit=answer.credit,
        credit_change=answer.credit_change,
        body=body,
        exchange=exchange,
        group=group,
        run_id=run_id,
    )


def pose_finder(own: OwnClient) -> FindPose:
    """Finds poses by our pose server; an engine that cannot answer hides no picture, only what is said about it."""

    def find(picture: bytes) -> Pose | None:
        try:
            preview = own.preview(picture, View.FRONT.value)
        except VendorError:
            return None
        return None if preview.pose is None else read_pose(preview.pose)

    return find


def measured(aligned: Aligned, after: Picture, before_pose: Pose | None, after_pose: Pose | None) -> ShapeCheck:
    """What was changed between a photo and the answered picture, by the person in each."""
    trunk = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
    if before_pose is None or not before_pose.has(trunk):
        return ShapeCheck(None, before_pose, after_pose)
    integrity = measure_integrity(aligned.before, after, aligned.place(before_pose), after_pose)
    return ShapeCheck(integrity, before_pose, after_pose)


def _check(photo: Photo, answered: bytes, after: Picture, aligned: Aligned, find_pose: FindPose) -> ShapeCheck:
    pose = find_pose(photo.data)
    return measured(aligned, after, pose, None if pose is None else find_pose(answered))
