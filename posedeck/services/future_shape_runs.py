"""Future shapes as runs: of each answer only metadata is kept, until the user saves it with its pictures."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

import msgspec

from posedeck import __version__
from posedeck.clients.remo import VENDOR, RemoClient, RemoCredentials
from posedeck.contracts.finding import Finding
from posedeck.contracts.remo.audit_future_shape import audit_future_shape
from posedeck.contracts.remo.future_shape import Direction, Gender, parse_answer
from posedeck.contracts.remo.skeleton import WirePose, read_pose, write_pose
from posedeck.engine.images import ImageError
from posedeck.runs.query import RunQuery
from posedeck.runs.run import Ending, Run, Summary
from posedeck.runs.store import RunStore
from posedeck.services.future_shape import (
    FindPose,
    ShapeCheck,
    ShapeResult,
    ShapeWish,
    measured,
    read_result,
    reshape_photo,
)
from posedeck.services.photos import Photo
from posedeck.services.recording import (
    Contents,
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
from posedeck.services.shape_integrity import ShapeIntegrity
from posedeck.services.shipped_runs import played_from, shipped_run
from posedeck.services.sources import Source

PAGE = "future-shape"
#: Name of the photo of a run.
PHOTO = "photo"
#: Runs of one photo: two directions, each of which may have been drawn again and again with another strength.
_MOST_OF_A_GROUP = 200
#: Of figures that are compared: optical flow is not the same to the last bit on every machine.
_DIGITS = 3


class KeptCheck(msgspec.Struct, frozen=True):
    """What was measured when the answer came (``result`` of the run), and by which keypoints."""

    integrity: ShapeIntegrity | None
    before: WirePose | None = None
    after: WirePose | None = None

    def read(self) -> ShapeCheck:
        """As results hold it."""
        poses = (None if wire is None else read_pose(wire) for wire in (self.before, self.after))
        return ShapeCheck(self.integrity, *poses)


def keep_check(check: ShapeCheck) -> KeptCheck:
    """As runs keep it."""
    poses = (None if pose is None else write_pose(pose) for pose in (check.before, check.after))
    return KeptCheck(check.integrity, *poses)


@dataclass(frozen=True)
class CheckedAgain:
    """Today's findings, and the figures then and now, by name."""

    findings: list[Finding]
    before: dict[str, Any]
    now: dict[str, Any]


def reshape_and_record(
    recorder: Recorder | None,
    client: RemoClient,
    credentials: RemoCredentials,
    photo: Photo,
    wish: ShapeWish,
    *,
    source: Source,
    base_url: str,
    find_pose: FindPose,
    group: str,
) -> ShapeResult:
    """``reshape_photo``, its metadata kept before it is returned. Raises what that raises.

    Args:
        recorder: Who keeps it; None keeps nothing.
        group: What the runs of one photo have in common.
    """

    def ask() -> ShapeResult:
        return reshape_photo(
            client, credentials, photo, wish, source=source, base_url=base_url, find_pose=find_pose, group=group
        )

    question = _question(photo, wish, source, base_url, group)
    result, run = recorded(recorder, question, ask, shape_draft)
    return result if run is None else replace(result, run_id=run.id)


def shape_draft(result: ShapeResult) -> Draft:
    """What a result leaves behind; its contents are kept only when the user saves them."""
    run, answer = new_run(
        _question(result.photo, result.wish, result.source, result.base_url, result.group),
        result.body,
        result.exchange,
        created_at=result.answered_at,
        versions=_versions(result),
    )
    audit = audit_future_shape(msgspec.json.decode(answer), (result.photo.width, result.photo.height))
    findings = tuple(audit.findings)
    run = msgspec.structs.replace(run, findings=findings, summary=_summary(result, len(findings)))
    photos = {PHOTO: result.photo}
    kept = msgspec.json.encode(keep_check(result.check))
    return Draft(run, photo_contents(photos) | {"answer": answer, "result": kept}, thumbnail(photos))


def save_shapes(recorder: Recorder, results: list[ShapeResult]) -> None:
    """Keep photo, answer and figures of results of which only metadata was kept so far.

    Raises:
        KeyError: when a run is gone.
        OSError, sqlalchemy.exc.SQLAlchemyError: when the storage refuses.
    """
    for result in results:
        if result.run_id is not None:
            recorder.keep(result.run_id, shape_draft(result))


def reopen_shapes(store: RunStore, run: Run) -> dict[Direction, ShapeResult]:
    """The newest kept picture of each direction of the photo that a run belongs to; of its own the run itself.

    Nobody is asked, and the figures are those from when the answers came.

    Raises:
        FileNotFoundError: when pictures or answer were not kept.
        ValueError: when an answer is none that this PoseDeck reads.
    """
    opened = {Direction(run.params["direction"]): _reopen(store, run)}
    if run.group:
        query = RunQuery(group=run.group, ending=Ending.ANSWERED)
        for row in store.search(query, limit=_MOST_OF_A_GROUP).rows:
            other = store.get(row.id).run
            if other.is_kept and Direction(other.params["direction"]) not in opened:
                opened[Direction(other.params["direction"])] = _reopen(store, other)
    return {direction: opened[direction] for direction in Direction if direction in opened}


def reopen_shape(store: Contents, run: Run) -> ShapeResult:
    """The one picture of a run. Errors as in ``reopen_shapes``."""
    return _reopen(store, run)


def audit_shapes(results: Iterable[ShapeResult]) -> list[Finding]:
    """The findings of one or both directions, each once."""
    found = (finding for result in results for finding in audit_shape(result))
    return list(dict.fromkeys(found))


def audit_shape(result: ShapeResult) -> list[Finding]:
    """What the audit finds in the answer of one direction."""
    return audit_future_shape(result.body, (result.photo.width, result.photo.height)).findings


def check_again(store: Contents, run: Run) -> CheckedAgain:
    """Today's checks on the picture of a run, by the keypoints that were kept; nobody is asked.

    Errors as in ``reopen_shapes``.
    """
    result = _reopen(store, run)
    findings = audit_shape(result)
    kept = result.check
    # Of a run of before keypoints were kept, nothing can be measured anew.
    again = kept if kept.before is None else measured(result.aligned, result.after, kept.before, kept.after)
    return CheckedAgain(findings, _figures(kept), _figures(again))


def shipped_shapes() -> dict[Direction, ShapeResult]:
    """Our own engine's recorded answers to the sample photo; nobody is asked, and no run of here is theirs."""
    shapes = {}
    for direction in Direction:
        shipped = shipped_run(shipped_name(direction))
        result = _reopen(shipped, shipped.run)
        exchange = played_from(result.exchange, shipped.run)
        shapes[direction] = replace(result, source=Source.RECORDED, exchange=exchange, run_id=None)
    return shapes


def shipped_name(direction: Direction) -> str:
    """The file of a direction's recorded answer."""
    return f"future_shape_{direction.value}"


def _reopen(store: Contents, run: Run) -> ShapeResult:
    body = msgspec.json.decode(store.content(run, "answer"))
    kept = msgspec.json.decode(store.content(run, "result"), type=KeptCheck)
    params = run.params
    try:
        return read_result(
            parse_answer(body),
            body,
            read_photo(store, run, PHOTO),
            ShapeWish(Direction(params["direction"]), Gender(params["gender"]), params["ratio"]),
            exchange=read_exchange(run.exchange),
            source=Source(run.source),
            base_url=run.base_url,
            answered_at=run.created_at,
            check=lambda *_: kept.read(),
            group=run.group,
            run_id=run.id,
        )
    except ImageError as error:
        raise ValueError(f"the picture: {error}") from error


def _question(photo: Photo, wish: ShapeWish, source: Source, base_url: str, group: str) -> Question:
    params = {"direction": wish.direction.value, "gender": wish.gender.value, "ratio": wish.ratio}
    return Question(PAGE, VENDOR, source, base_url, {PHOTO: photo}, group, params)


def _versions(result: ShapeResult) -> dict[str, str]:
    versions = {"posedeck": __version__}
    if result.method is not None:
        versions |= {"engine": result.method.engine, "models": ", ".join(result.method.models)}
    return versions


def _figures(check: ShapeCheck) -> dict[str, Any]:
    if check.integrity is None:
        return {"flags": []}
    figures = {
        name: None if value is None else round(value, _DIGITS) for name, value in asdict(check.integrity).items()
    }
    return {**figures, "flags": list(check.integrity.flags)}


def _summary(result: ShapeResult, findings: int) -> Summary:
    numbers = {} if result.ratio is None else {"ratio": result.ratio}
    if result.integrity is not None:
        numbers["flags"] = float(len(result.integrity.flags))
    return Summary(numbers=numbers, findings=findings)
