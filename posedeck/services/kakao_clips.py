"""Everybody in every frame of a clip, from Kakao or our server in its place: submitted once, read when it is there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from posedeck.clients.kakao_job import KakaoJobClient, UploadName
from posedeck.contracts.kakao.job import JobAnswer, Status, VideoInfo
from posedeck.net.exchange import Exchange
from posedeck.pose.track import PoseTrack
from posedeck.services.soccer_watch import Watch
from posedeck.services.sources import Source

#: Seconds after which a job is first asked for: the vendor announces no wait.
FIRST_READ_S = 2.0


@dataclass(frozen=True)
class SubmittedClip:
    """A job as its submitter knows it; enough to read the result by, with the key that submitted it.

    Attributes:
        submitted_at: Seconds since 1970.
        smoothing: As it was asked for; None when only its number is known.
    """

    job_id: str
    source: Source
    base_url: str
    submitted_at: float
    smoothing: bool | None

    @property
    def wait_s(self) -> float:
        """Seconds after which it is first asked for."""
        return FIRST_READ_S

    def watch(self, asked_at: float | None = None) -> Watch:
        """The clock by which it is asked for."""
        return Watch(self.submitted_at, self.wait_s, asked_at)


@dataclass(frozen=True)
class ClipPending:
    """There is no result yet: ``waiting`` or ``processing``."""

    status: Status


@dataclass(frozen=True)
class ClipEnded:
    """There will be no result: ``failed`` with its reason, or ``not found`` (unknown, or over seven days old)."""

    status: Status
    description: str | None


@dataclass(frozen=True, eq=False)
class ClipAnswer:
    """Everybody in every frame.

    Attributes:
        tracks: COCO_17 tracks by the answer's ``object_id``, in pixels of the clip; times are taken as even.
        video: The clip as the answer describes it.
        body: The answer as it came.
        smoothing: As it was asked for; None when that is not known.
        exchange: What it came by; None for one that was kept.
        run_id: The run that it is kept as; None when it is not kept.
    """

    job_id: str
    source: Source
    base_url: str
    answered_at: datetime
    tracks: dict[int, PoseTrack]
    video: VideoInfo
    body: dict[str, Any]
    exchange: Exchange | None
    smoothing: bool | None = None
    run_id: str | None = None


def submit_clip(
    client: KakaoJobClient,
    key: str,
    clip: Path | UploadName | str,
    *,
    source: Source,
    base_url: str,
    now: float,
    smoothing: bool = True,
    callback_url: str | None = None,
) -> SubmittedClip:
    """Submit a clip, once. Costs no credits. Raises what ``KakaoJobClient.submit`` raises."""
    job_id = client.submit(key, clip, smoothing=smoothing, callback_url=callback_url)
    return SubmittedClip(job_id, source, base_url, now, smoothing)


def fetch_clip(
    client: KakaoJobClient, key: str, job_id: str, *, source: Source, base_url: str
) -> ClipAnswer | ClipPending | ClipEnded:
    """The result of a job, that it is not there yet, or that it never will be.

    Raises what ``KakaoJobClient.read`` raises.
    """
    reply = client.read(key, job_id)
    answer: JobAnswer = reply.answer
    if answer.status in ("waiting", "processing"):
        return ClipPending(answer.status)
    if answer.tracks is None or answer.video is None:
        return ClipEnded(answer.status, answer.description)
    return ClipAnswer(
        job_id=job_id,
        source=source,
        base_url=base_url,
        answered_at=datetime.fromtimestamp(reply.exchange.started_at, UTC),
        tracks=answer.tracks,
        video=answer.video,
        body=reply.body,
        exchange=reply.exchange,
    )
