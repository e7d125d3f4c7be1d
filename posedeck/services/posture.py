"""Analyse a posture: two photos in, eleven graded metrics out, whoever answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from posedeck.clients.remo import RemoClient, RemoCredentials
from posedeck.contracts.remo.skeleton import SkeletonAnswer, WireMethod
from posedeck.net.transport import Exchange
from posedeck.pose.grades import Profile, load_profile
from posedeck.pose.pose import Pose
from posedeck.pose.posture import METRICS, Metric, View
from posedeck.services.photos import Photo
from posedeck.services.sources import Source, answered_by


@dataclass(frozen=True)
class MetricResult:
    """One metric of a result: ``value`` in degrees as answered, ``grade`` by the profile; None where there is none."""

    metric: Metric
    value: float | None
    raw_value: float | None
    grade: int | None


@dataclass(frozen=True, eq=False)
class PostureResult:
    """A posture analysis as the pages show and export it.

    Attributes:
        poses: Per photo our 33 points when the answer has them, else the vendor's 22, in pixels of ``photos``.
        result_images: The answerer's own pictures with the result drawn.
        body: The answer as it came.
        credit: Balance after the call, None when the answer does not say.
        exchange: What it came by; None for a run whose exchange is not known.
        run_id: The run that it is kept as; None when it is not kept.
    """

    source: Source
    base_url: str
    profile: Profile
    answered_at: datetime
    photos: dict[View, Photo]
    metrics: tuple[MetricResult, ...]
    poses: dict[View, Pose]
    result_images: dict[View, bytes]
    method: WireMethod | None
    credit: int | None
    credit_change: int | None
    uuid: str
    body: dict[str, Any]
    exchange: Exchange | None
    run_id: str | None = None


def analyse_posture(
    client: RemoClient,
    credentials: RemoCredentials,
    photos: Mapping[View, Photo],
    *,
    source: Source,
    base_url: str,
    profile_name: str,
) -> PostureResult:
    """Send both photos and read the answer. Costs one credit. Raises what ``RemoClient.analyse_skeleton`` raises."""
    reply = client.analyse_skeleton(
        credentials,
        photos[View.FRONT].data,
        photos[View.SIDE].data,
        profile=profile_name if source is Source.LOCAL else None,
    )
    return read_result(
        reply.answer,
        reply.body,
        photos,
        exchange=reply.exchange,
        source=answered_by(reply.exchange.record, source),
        base_url=base_url,
        profile=load_profile(profile_name),
        answered_at=datetime.now(UTC),
    )


def read_result(
    answer: SkeletonAnswer,
    body: dict[str, Any],
    photos: Mapping[View, Photo],
    *,
    exchange: Exchange | None,
    source: Source,
    base_url: str,
    profile: Profile,
    answered_at: datetime,
    run_id: str | None = None,
) -> PostureResult:
    """The result that an answer gives, whether it came now or was kept."""
    return PostureResult(
        source=source,
        base_url=base_url,
        profile=profile,
        answered_at=answered_at,
        photos=dict(photos),
        metrics=tuple(
            MetricResult(
                metric=metric,
                value=answer.values.get(metric.key),
                raw_value=answer.raw_values.get(metric.key),
                grade=answer.grades.get(metric.key),
            )
            for metric in METRICS
        ),
        poses={**answer.coords, **answer.poses},
        result_images=answer.images,
        method=answer.method,
        credit=answer.credit,
        credit_change=answer.credit_change,
        uuid=answer.uuid,
        body=body,
        exchange=exchange,
        run_id=run_id,
    )
