"""Runs in words."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from posedeck.runs.query import RunRow
from posedeck.runs.run import Ending, Run, Summary
from posedeck.services.sources import VENDOR_NAMES
from posedeck.texts import Texts

#: How the figures of a summary are printed; those that have no line here are not shown.
_FORMATS = {
    "danger": "{:.0f}", "caution": "{:.0f}", "borderline": "{:.0f}", "people": "{:.0f}", "score": "{:.2f}",
    "frames": "{:.0f}", "reported": "{:.0f}", "total": "{:.0f}", "ratio": "{:.2f}",
}  # fmt: skip


def page_name(page: str, t: Texts) -> str:
    """A page of runs as its own title; one that this PoseDeck does not have by its short name."""
    key = f"page.{page.replace('-', '_')}"
    return t(key) if key in t else page


def answered_by(run: Run | RunRow, t: Texts) -> str:
    """Whose format and who answered, for example "Kakao · local engine"."""
    return f"{VENDOR_NAMES.get(run.vendor, run.vendor)} · {t(f'runs.source.{run.source}')}"


def headline(ending: Ending, summary: Summary, t: Texts) -> str:
    """What came, in a few words."""
    if ending is not Ending.ANSWERED:
        return t(f"runs.ending.{ending.value}")
    parts = [
        t(f"runs.number.{name}", value=_FORMATS[name].format(value))
        for name, value in summary.numbers.items()
        if name in _FORMATS and f"runs.number.{name}" in t and (value or name in ("people", "score"))
    ]
    return " · ".join(parts) or t("runs.ending.answered" if summary.grade != 0 else "grade.0")


def local_time(moment: datetime, zone: str | None) -> datetime:
    """The moment on the reader's clock; on UTC's when the zone is not known here."""
    try:
        return moment.astimezone(ZoneInfo(zone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return moment


def moment_text(moment: datetime, zone: str | None) -> str:
    """Date and time with the zone's name."""
    return f"{local_time(moment, zone):%Y-%m-%d %H:%M:%S %Z}"


def run_title(run: Run, t: Texts, zone: str | None) -> str:
    """A run in one line."""
    return f"{page_name(run.page, t)} · {answered_by(run, t)} · {moment_text(run.created_at, zone)}"
