"""Results for the tests of our components: the sample people with their true joints, without any inference."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from posedeck.net.exchange import Exchange, Timings
from posedeck.pose.grades import REMO_2024, Profile, load_profile
from posedeck.pose.pose import Pose
from posedeck.pose.posture import METRICS, View, measure_posture
from posedeck.services.photos import Photo, prepare_photo
from posedeck.services.posture import MetricResult, PostureResult
from posedeck.services.sources import Source
from tests.support.people import SAMPLES, truth_pose


def true_pose(view: View) -> Pose:
    """The sample person's rendered joints; those that the rendering does not know are missing."""
    pose = truth_pose(f"{view.value}_apose")
    return replace(pose, sigma_px=np.where(np.isfinite(pose.xy_px[:, 0]), 1.5, np.nan))


def sample_photo(view: View) -> Photo:
    """The sample person's photo."""
    return prepare_photo((SAMPLES / f"{view.value}_apose.jpg").read_bytes())


def graded(values: dict[str, float | None], profile: Profile) -> tuple[MetricResult, ...]:
    """Results of all metrics by their values in degrees; a missing one has neither value nor grade."""
    return tuple(
        MetricResult(
            metric=metric,
            value=(value := values.get(metric.key)),
            raw_value=value,
            grade=None if value is None else profile.grade(metric.key, value),
        )
        for metric in METRICS
    )


def sample_result(
    values: dict[str, float | None] | None = None, *, profile_name: str = REMO_2024, source: Source = Source.LOCAL
) -> PostureResult:
    """A result for the sample person, with its measured values unless others are given."""
    poses = {view: true_pose(view) for view in View}
    if values is None:
        values = {
            key: None if value != value else value
            for key, value in measure_posture(poses[View.FRONT], poses[View.SIDE]).items()
        }
    profile = load_profile(profile_name)
    return PostureResult(
        source=source,
        base_url="http://127.0.0.1:8600",
        profile=profile,
        answered_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        photos={view: sample_photo(view) for view in View},
        metrics=graded(values, profile),
        poses=poses,
        result_images={},
        method=None,
        credit=99,
        credit_change=-1,
        uuid="6c1f0b52-0000-4000-8000-000000000000",
        body={"state": True, "status_code": 200, "credit": 99, "uuid": "6c1f0b52-0000-4000-8000-000000000000"},
        exchange=Exchange(
            status=200,
            headers={},
            body=b"{}",
            started_at=0.0,
            timings=Timings(send_s=0.004, wait_s=0.41, receive_s=0.002),
            attempts=1,
            bytes_sent=120_000,
            bytes_received=340_000,
        ),
    )
