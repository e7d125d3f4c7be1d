"""Kick results as runs: fetched and kept in one step, and read back without a call."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from posedeck import __version__
from posedeck.clients.remo import VENDOR
from posedeck.clients.remo_soccer import NotReady, SoccerClient
from posedeck.contracts.json import decode_object
from posedeck.contracts.remo.audit_soccer import audit_kick
from posedeck.runs.run import Run, Summary
from posedeck.services.recording import Contents, Draft, Question, Recorder, new_run
from posedeck.services.shipped_runs import shipped_run
from posedeck.services.soccer import KickResult, fetch_kick, read_kick_body
from posedeck.services.soccer_export import FORMAT, answer_of
from posedeck.services.sources import Source, answered_by

PAGE = "soccer"
#: The recorded kick that comes with PoseDeck.
SHIPPED = "soccer_kick"


def fetch_and_record(
    recorder: Recorder | None, client: SoccerClient, email: str, uuid: str, *, source: Source, base_url: str
) -> KickResult | NotReady:
    """``fetch_kick``, its result kept before it is returned. Raises what that raises.

    A job that is not ready, or has failed, is no answer to keep: it is asked for again, or told by its number.
    """
    got = fetch_kick(client, email, uuid, source=source, base_url=base_url)
    if isinstance(got, NotReady):
        return got
    got = replace(got, source=answered_by(got.exchange.record if got.exchange else None, source))
    if recorder is None:
        return got
    run = recorder.record(kick_draft(got))
    return got if run is None else got.with_run(run.id)


def kick_draft(result: KickResult) -> Draft:
    """What a result leaves behind."""
    question = Question(
        page=PAGE, vendor=VENDOR, source=result.source, base_url=result.base_url, params={"uuid": result.uuid}
    )
    numbers = {} if result.total_score is None else {"score": result.total_score}
    # Nulls and layouts of this answer; what it quotes goes through the run's own redaction.
    findings = tuple(audit_kick(result.body).findings)
    run, answer = new_run(
        question,
        result.body,
        result.exchange,
        created_at=result.answered_at,
        versions={"posedeck": __version__},
        findings=findings,
        summary=Summary(numbers=numbers, findings=len(findings)),
    )
    return Draft(run, {"answer": answer})


def shipped_kick() -> KickResult:
    """Our own engine's recorded answer to the sample clip; nobody is asked, and no run of here is its."""
    shipped = shipped_run(SHIPPED)
    return replace(reopen_kick(shipped, shipped.run), source=Source.RECORDED, run_id=None)


def shipped_clips() -> dict[str, bytes]:
    """Its clips by what they show, ``drawn`` and ``original`` (MP4)."""
    contents = shipped_run(SHIPPED).contents
    return {name: contents[name] for name in ("drawn", "original")}


def reopen_kick(store: Contents, run: Run) -> KickResult:
    """The result of a run, computed again from the answer that was kept; nobody is asked.

    Raises:
        FileNotFoundError: when its answer was not kept.
        ValueError: when the answer is none that this PoseDeck reads.
    """
    body: dict[str, Any] = msgspec.json.decode(store.content(run, "answer"))
    return read_kick_body(
        body,
        uuid=str(run.params.get("uuid", "")),
        source=Source(run.source),
        base_url=run.base_url,
        answered_at=run.created_at,
        run_id=run.id,
    )


def read_recorded(recorder: Recorder | None, data: bytes) -> KickResult:
    """The kick in a saved answer of the result, or in an export of the page; kept like an answer that came now.

    Raises:
        ValueError: when the file is neither.
    """
    body = decode_object(data)
    if body is None:
        raise ValueError("the file is not a JSON object")
    if body.get("format") == FORMAT:
        body = answer_of(body)
    result = read_kick_body(
        body, uuid=str(body.get("uuid") or ""), source=Source.RECORDED, base_url="", answered_at=datetime.now(UTC)
    )
    if recorder is None:
        return result
    run = recorder.record(kick_draft(result))
    return result if run is None else result.with_run(run.id)
