"""A kick from the clip to the result: submitted once, read when it is there, whoever analyses it."""

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from posedeck.clients.remo import RemoCredentials
from posedeck.clients.remo_soccer import NotReady, SoccerClient
from posedeck.contracts.remo.soccer import KEYS, Key, ResultAnswer, WireValidity, parse_result
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
    """

    uuid: str
    source: Source
    base_url: str
    submitted_at: float
    wait_s: float
    cost: int | None
    balance: int | None
    known: bool

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
class KickResult:
    """A kick analysis as the pages show and export it.

    Attributes:
        metrics: The twelve documented values.
        total_score: 0..100 by the contract's rule; None when fewer than four values could be scored.
        analysis: Events, curves and intervals; None for a vendor that sends values only.
        body: The answer as it came.
        exchange: What it came by; None for a kept or recorded one.
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
    run_id: str | None = None

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
) -> SubmittedKick:
    """Submit a clip, once. Costs credits. Raises what ``SoccerClient.submit`` raises."""
    answer = client.submit(credentials, clip, height_cm, uuid).answer
    return SubmittedKick(
        uuid=answer.uuid or uuid,
        source=source,
        base_url=base_url,
        submitted_at=now,
        wait_s=answer.wait_s,
        cost=answer.cost,
        balance=answer.balance,
        known=answer.file_exist,
    )


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
    run_id: str | None = None,
) -> KickResult:
    """The result that an answer gives, whether it came now or was kept; scored by the published bands."""
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
        run_id=run_id,
    )


def read_kick_body(
    body: dict[str, Any], *, uuid: str, source: Source, base_url: str, answered_at: datetime, run_id: str | None = None
) -> KickResult:
    """The result in a kept or recorded body. Raises ValueError when it is none."""
    answer = parse_result(body)
    return read_kick(answer, body, uuid=uuid, source=source, base_url=base_url, answered_at=answered_at, run_id=run_id)


def knee_at_impact_deg(analysis: KickAnalysis) -> float:
    """Included angle of the kicking knee at the estimated contact; NaN when the knee was not seen about it."""
    curve = [math.nan if value is None else value for value in analysis.angles_deg["kicking_knee"]]
    before, after = analysis.impact_frames
    start, end = analysis.times_s[before], analysis.times_s[after]
    share = (analysis.event("impact").time_s - start) / (end - start)
    return curve[before] + share * (curve[after] - curve[before])
