"""Keypoint answers as runs: asked for and kept in one step, and read back without a call."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np

from posedeck import __version__
from posedeck.contracts.finding import Finding
from posedeck.contracts.kakao.audit import audit_kakao
from posedeck.contracts.nhn.audit import audit_nhn
from posedeck.net.cassette import BASE_URL, Player, is_cassette, play, read_cassette
from posedeck.net.exchange import Sender
from posedeck.runs.query import RunQuery
from posedeck.runs.run import Ending, Run, Summary
from posedeck.runs.store import RunStore
from posedeck.services.fitting import Fitted
from posedeck.services.keypoint_export import save_side
from posedeck.services.keypoints import (
    DEMO_CREDENTIALS,
    KeypointAnswer,
    KeypointCredentials,
    RecordedAnswerError,
    Vendor,
    ask_keypoints,
    read_answer,
    read_recorded,
)
from posedeck.services.photos import Photo
from posedeck.services.recording import (
    Draft,
    Question,
    Recorder,
    new_run,
    photo_contents,
    read_exchange,
    read_photo,
    recorded,
    thumbnail,
)
from posedeck.services.sources import Source

PAGE = "keypoints"
#: Answers about one frame of a clip, and about a changed picture of the perturbation lab.
FRAME_PAGE, LAB_PAGE = "keypoints-frame", "keypoints-lab"
#: Runs of all these hold one answer about one picture.
ANSWER_PAGES = (PAGE, FRAME_PAGE, LAB_PAGE)
#: Names of the pictures of a run: the user's own, and what was sent of it.
PICTURE, _SENT = "picture", "sent"
#: Runs of a comparison: two sides, and each may have been asked again.
_MOST_OF_A_GROUP = 200


def ask_and_record(
    recorder: Recorder | None,
    vendor: Vendor,
    source: Source,
    photo: Photo,
    credentials: KeypointCredentials,
    base_url: str,
    transport: Sender,
    image_url: str | None = None,
    *,
    side: str = "",
    group: str = "",
    page: str = PAGE,
    params: Mapping[str, Any] | None = None,
) -> KeypointAnswer:
    """``ask_keypoints``, its answer kept before it is returned. Raises what that raises.

    Args:
        recorder: Who keeps it; None keeps nothing.
        side: Side of the comparison that it is asked for.
        group: What the runs of one comparison have in common.
        page: One of ``ANSWER_PAGES``.
        params: What else tells the run from others.
    """

    def ask() -> KeypointAnswer:
        return ask_keypoints(vendor, source, photo, credentials, base_url, transport, image_url)

    known = {"side": side, **(params or {})}
    question = Question(page, vendor.value, source, base_url, {PICTURE: photo}, group, known)
    return _record(recorder, question, ask)


def read_and_record(
    recorder: Recorder | None, vendor: Vendor, data: bytes, photo: Photo, *, side: str = "", group: str = ""
) -> KeypointAnswer:
    """``read_recorded``, its answer kept before it is returned; a cassette is played instead.

    Raises:
        RecordedAnswerError: what ``read_recorded`` raises, or a cassette that cannot be read.
        NotRecorded: the cassette holds no answer about this picture.
    """
    if is_cassette(data):
        try:
            player = play(vendor.value, read_cassette(data))
        except ValueError as error:
            raise RecordedAnswerError("recorded.not_cassette", str(error)) from error
        return replay_and_record(recorder, vendor, player, photo, side=side, group=group)
    question = Question(PAGE, vendor.value, Source.RECORDED, "", {PICTURE: photo}, group, {"side": side})
    return _record(recorder, question, lambda: read_recorded(vendor, data, photo))


def replay_and_record(
    recorder: Recorder | None, vendor: Vendor, player: Player, photo: Photo, *, side: str = "", group: str = ""
) -> KeypointAnswer:
    """The answer that was recorded about a picture. Raises NotRecorded when there is none."""
    credentials, source = DEMO_CREDENTIALS[vendor], Source.RECORDED
    return ask_and_record(recorder, vendor, source, photo, credentials, BASE_URL, player, side=side, group=group)


def reopen_keypoints(store: RunStore, run: Run) -> KeypointAnswer:
    """The answer of a run, read again as it was kept; nobody is asked.

    Raises:
        FileNotFoundError: when its picture or its answer was not kept.
        ValueError: when the answer is none that this PoseDeck reads.
    """
    fitted = None
    if _SENT in run.inputs:
        fitted = Fitted(read_photo(store, run, _SENT), run.params["scale"], tuple(run.params["changes"]))
    return read_answer(
        Vendor(run.vendor),
        Source(run.source),
        msgspec.json.decode(store.content(run, "answer")),
        read_photo(store, run, PICTURE),
        fitted=fitted,
        exchange=read_exchange(run.exchange),
        answered_at=run.created_at,
        run_id=run.id,
    )


def sides_of(store: RunStore, run: Run) -> dict[str, Run]:
    """The newest kept answer of each side of the comparison that a run belongs to; of its own side the run itself."""
    side = run.params.get("side") or "left"
    sides = {side: run}
    if run.group and run.page == PAGE:
        query = RunQuery(group=run.group, ending=Ending.ANSWERED)
        for row in store.search(query, limit=_MOST_OF_A_GROUP).rows:
            other = store.get(row.id).run
            if other.is_kept:
                sides.setdefault(other.params["side"], other)
    return sides


def asked_together(store: RunStore, page: str, group: str) -> list[tuple[Run, KeypointAnswer]]:
    """The kept answers of a group that were asked for with its newest one (``params["ask"]``), in that order.

    What cannot be read any more is left out; nobody is asked.
    """
    query = RunQuery(page=page, group=group, ending=Ending.ANSWERED)
    found: list[tuple[Run, KeypointAnswer]] = []
    for row in store.search(query, limit=_MOST_OF_A_GROUP).rows:
        run = store.get(row.id).run
        if found and run.params.get("ask") != found[0][0].params.get("ask"):
            break
        # Files that somebody took away, or an answer of a form that is not read any more.
        with suppress(OSError, ValueError):
            found.append((run, reopen_keypoints(store, run)))
    return found[::-1]


def _record(recorder: Recorder | None, question: Question, ask: Callable[[], KeypointAnswer]) -> KeypointAnswer:
    answer, run = recorded(recorder, question, ask, lambda answer: keypoint_draft(answer, question))
    return answer if run is None else replace(answer, run_id=run.id)


def keypoint_draft(answer: KeypointAnswer, question: Question) -> Draft:
    """What an answer leaves behind."""
    photos, params = dict(question.photos), dict(question.params)
    if answer.fitted is not None:
        photos[_SENT] = answer.fitted.photo
        params |= {"scale": answer.fitted.scale, "changes": list(answer.fitted.changes)}
    run, body = new_run(
        replace(question, photos=photos, params=params),
        answer.body,
        answer.exchange,
        created_at=answer.answered_at,
        versions={"posedeck": __version__},
    )
    findings = audit_keypoints(answer.vendor, msgspec.json.decode(body))
    run = msgspec.structs.replace(run, findings=tuple(findings), summary=_summary(answer, len(findings)))
    contents = photo_contents(photos) | {"answer": body, "result": msgspec.json.encode(save_side(answer))}
    return Draft(run, contents, thumbnail(photos))


def audit_keypoints(vendor: Vendor, body: Any) -> list[Finding]:
    """How an answer deviates from its vendor's contract."""
    return (audit_kakao(body) if vendor is Vendor.KAKAO else audit_nhn(body)).findings


def _summary(answer: KeypointAnswer, findings: int) -> Summary:
    numbers = {"people": float(len(answer.people))}
    scores = np.concatenate([pose.score for pose in answer.people]) if answer.people else np.empty(0)
    if np.isfinite(scores).any():
        numbers["score"] = round(float(np.nanmean(scores)), 4)
    return Summary(numbers=numbers, findings=findings)
