"""What runs are searched for, and what a list of them shows."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, or_

from posedeck.runs.run import Ending, Review, ReviewState, Run, Summary
from posedeck.storage.tables import runs

_ESCAPE = "\\"


@dataclass(frozen=True)
class RunQuery:
    """What a run must have; None or empty asks for nothing.

    Attributes:
        text: Words that all stand, in any letter case, in its notes, tags, findings, sources, hashes or identity.
        grade: The worst grade in it: 0 normal, 1 caution, 2 danger.
        tag: One of its tags, whole.
        since: It was made then or later.
        until: It was made before.
        group: The group it belongs to.
    """

    text: str = ""
    page: str | None = None
    vendor: str | None = None
    source: str | None = None
    state: ReviewState | None = None
    ending: Ending | None = None
    grade: int | None = None
    tag: str = ""
    since: datetime | None = None
    until: datetime | None = None
    group: str = ""


@dataclass(frozen=True)
class RunRow:
    """A run as a list shows it; ``thumbnail`` is a small JPEG."""

    id: str
    created_at: datetime
    page: str
    vendor: str
    source: str
    ending: Ending
    kept: bool
    summary: Summary
    thumbnail: bytes | None
    review: Review


@dataclass(frozen=True)
class RunPage:
    """Some of the runs that a query found, the newest first, and how many it found in all."""

    total: int
    rows: list[RunRow]


def conditions(query: RunQuery) -> list[ColumnElement[bool]]:
    """The query as SQL conditions on ``runs``, deleted runs left out."""
    found: list[ColumnElement[bool]] = [runs.c.deleted_at.is_(None)]
    equal = {
        runs.c.page: query.page,
        runs.c.source: query.source,
        runs.c.state: query.state,
        runs.c.ending: query.ending,
        runs.c.grade: query.grade,
        runs.c.group_id: query.group or None,
    }
    found += [column == value for column, value in equal.items() if value is not None]
    if query.vendor is not None:
        # A run in the formats of two vendors is found by either.
        joined = [runs.c.vendor.like(f"{query.vendor}+%"), runs.c.vendor.like(f"%+{query.vendor}")]
        found.append(or_(runs.c.vendor == query.vendor, *joined))
    found += [runs.c.found_by.contains(_quoted(word), escape=_ESCAPE) for word in query.text.casefold().split()]
    if query.tag:
        found.append(runs.c.tags.contains(_quoted(_json(query.tag)), escape=_ESCAPE))
    if query.since is not None:
        found.append(runs.c.created_at >= query.since.timestamp())
    if query.until is not None:
        found.append(runs.c.created_at < query.until.timestamp())
    return found


def found_by(run: Run, review: Review) -> str:
    """The text that a query's words are looked for in."""
    words = [
        run.id, run.page, run.vendor, run.source, run.base_url, run.ending.value, run.profile, run.answer_sha256,
        *(entry.sha256 for entry in run.inputs.values()), *(finding.name for finding in run.findings),
        *(str(value) for value in run.params.values() if isinstance(value, str)),
        *((str(run.error.code), run.error.message) if run.error else ()),
        *review.tags, review.notes,
    ]  # fmt: skip
    return "\n".join(words).casefold()


def write_tags(tags: tuple[str, ...]) -> str:
    """Tags as their column holds them."""
    return _json(tags)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _quoted(text: str) -> str:
    for sign in (_ESCAPE, "%", "_"):
        text = text.replace(sign, _ESCAPE + sign)
    return text
