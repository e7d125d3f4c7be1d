"""A kick from the clip to the result: submitted once, read when it is there, whoever analyses it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from posedeck.clients.remo import RemoCredentials
from posedeck.clients.remo_soccer import NotReady, Reply, SoccerClient
from posedeck.contracts.kick_track import KickTrack
from posedeck.contracts.remo.soccer import (
    KEYS,
    Key,
    ResultAnswer,
    SubmitAnswer,
    WireValidity,
    parse_draw,
    parse_result,
)
from posedeck.net.transport import Exchange
from posedeck.pose.kick.analysis import KickAnalysis
from posedeck.pose.kick.score import points, total_score
from posedeck.services.sources import Source, answered_by


@dataclass(frozen=True)
class SubmittedKick:
    """A job as its submitter knows it; enough to read the result by.

    Attributes:
        uuid: Under which it is read; made before the submit, so that it is known whatever happens to the answer.
        submitted_at: Seconds since 1970.
        wait_s: The announced wait.
        cost, balance: Credits, where the answer told them.
        known: Whether the vendor had the uuid already and charged nothing more.
        run_id: The run that it is kept as; None when it is not kept, or when only its address is known.
    """

    uuid: str
    source: Source
    base_url: str
    submitted_at: float
    wait_s: float
    cost: int | None
    balance: int | None
    known: bool
    run_id: str | None = None

    @property
    def job_id(self) -> str:
        """The vendor's name of the job, which is the submitter's."""
        return self.uuid


@dataclass(frozen=True)
class KickMetricResult:
    """One documented value with what it is worth and its points by the published bands; None where there is none."""

    key: Key
    value: float | None
    validity: WireValidity | None
    points: int | None


@dataclass(frozen=True, eq=False)
class KickAnswers:
    """The other answers about a job as they came: of the submit and of three reads; None for what was not got."""

    submit: dict[str, Any] | None = None
    score: dict[str, Any] | None = None
    angle: dict[str, Any] | None = None
    draw: dict[str, Any] | None = None

    def drawn_clip(self) -> bytes | None:
        """The clip with the skeleton drawn (MP4); None when it was not got or cannot be read."""
        if self.draw is None:
            return None
        try:
            return parse_draw(self.draw)
        except ValueError:
            return None


@dataclass(frozen=True, eq=False)
class KickResult:
    """A kick analysis as the pages show and export it.

    Attributes:
        metrics: The twelve documented values.
        total_score: 0..100 by the contract's rule; None when fewer than four values could be scored.
        analysis: Events, curves and intervals; None for a vendor that sends values only.
        body: The answer as it came.
        exchange: What it came by; None for one from a file.
        height_cm: The kicker's height as it was told; None when it is not known here.
        clip_sha256: Hash of the clip; empty when it is not known here.
        others: What else was answered about the job.
        track: Keypoints of the kicker over the clip; None for a vendor that tells none.
        run_id: The run that it is kept as; None when it is not kept.
    """

    uuid: str
    source: Source
    base_url: str
    answered_at: datetime
    metrics: tuple[KickMetricResult, ...]
    total_score: float | None
    analysis: KickAnalysis | None
    body: dict[str, Any]
    exchange: Exchange | None
    height_cm: float | None = None
    clip_sha256: str = ""
    others: KickAnswers = KickAnswers()
    track: KickTrack | None = None
    run_id: str | None = None

    @property
    def frames(self) -> int | None:
        """Frames of the clip; None when the answer does not tell."""
        return None if self.analysis is None else len(self.analysis.times_s)

    def with_run(self, run_id: str) -> "KickResult":
        """The same result, kept as that run."""
        return replace(self, run_id=run_id)


def submit_kick(
    client: SoccerClient,
    credentials: RemoCredentials,
    clip: Path | str,
    height_cm: float,
    uuid: str,
    *,
    source: Source,
    base_url: str,
    now: float,
) -> tuple[SubmittedKick, Reply[SubmitAnswer]]:
    """Submit a clip, once: the job, and the answer. Costs credits. Raises what ``SoccerClient.submit`` raises."""
    reply = client.submit(credentials, clip, height_cm, uuid)
    answer = reply.answer
    job = SubmittedKick(
        uuid=answer.uuid or uuid,
        source=source,
        base_url=base_url,
        submitted_at=now,
        wait_s=answer.wait_s,
        cost=answer.cost,
        balance=answer.balance,
        known=answer.file_exist,
    )
    return job, reply


def fetch_kick(client: SoccerClient, email: str, uuid: str, *, source: Source, base_url: str) -> KickResult | NotReady:
    """The result of a job, or that it is not there yet. Costs nothing. Raises what ``SoccerClient.result`` raises."""
    reply = client.result(email, uuid)
    if isinstance(reply, NotReady):
        return reply
    return read_kick(
        reply.answer,
        reply.body,
        uuid=uuid,
        source=answered_by(reply.exchange.record, source),
        base_url=base_url,
        answered_at=datetime.now(UTC),
        exchange=reply.exchange,
    )


def read_kick(
    answer: ResultAnswer,
    body: dict[str, Any],
    *,
    uuid: str,
    source: Source,
    base_url: str,
    answered_at: datetime,
    exchange: Exchange | None = None,
    **facts: Any,
) -> KickResult:
    """The result that an answer gives, whether it came now or was kept; scored by the published bands.

    ``facts`` are further fields of ``KickResult``.
    """
    metrics = tuple(
        KickMetricResult(
            key,
            answer.values[key],
            answer.validity.get(key),
            points(*key, answer.values[key]),
        )
        for key in KEYS
    )
    return KickResult(
        uuid=uuid,
        source=source,
        base_url=base_url,
        answered_at=answered_at,
        metrics=metrics,
        total_score=total_score(metric.points for metric in metrics),
        analysis=answer.analysis,
        body=body,
        exchange=exchange,
        **facts,
    )


def read_kick_body(
    body: dict[str, Any], *, uuid: str, source: Source, base_url: str, answered_at: datetime, **facts: Any
) -> KickResult:
    """The result in a kept or recorded body, as in ``read_kick``. Raises ValueError when it is none."""
    answer = parse_result(body)
    return read_kick(answer, body, uuid=uuid, source=source, base_url=base_url, answered_at=answered_at, **facts)
