"""Runs in words."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from posedeck.runs.query import RunRow
from posedeck.runs.run import Ending, Run
from posedeck.services.sources import VENDOR_NAMES
from posedeck.texts import Texts

_ANSWER = {"people": "{:.0f}", "score": "{:.2f}"}
#: Which part of the keypoints page opens the runs of its pages.
_KEYPOINT_VIEWS = {
    "keypoints": "picture",
    "keypoints-frame": "picture",
    "keypoints-lab": "picture",
    "keypoints-clip": "video",
    "keypoints-batch": "batch",
}
#: How the figures of a page's summaries are printed, in the order in which they stand; others are not shown.
_NUMBERS = {
    "posture": {"danger": "{:.0f}", "caution": "{:.0f}", "borderline": "{:.0f}"},
    "keypoints": _ANSWER,
    "keypoints-frame": _ANSWER,
    "keypoints-lab": _ANSWER,
    "keypoints-clip": {"people": "{:.0f}", "frames": "{:.0f}"},
    "keypoints-batch": {"pictures": "{:.0f}", "skipped": "{:.0f}", "oks": "{:.3f}"},
    "future-shape": {"ratio": "{:.2f}", "flags": "{:.0f}"},
    "soccer": {"score": "{:.0f}"},
}
#: Pages whose figures are worded as another's.
_WORDED_AS = {"keypoints-frame": "keypoints", "keypoints-lab": "keypoints"}
#: Those that are worth a word only when they are not zero.
_COUNTS = frozenset({"danger", "caution", "borderline", "flags", "skipped"})


def page_name(page: str, t: Texts) -> str:
    """A page of runs as its own title; one that this PoseDeck does not have by its short name."""
    key = f"page.{page.replace('-', '_')}"
    return t(key) if key in t else page


def run_place(page: str) -> tuple[str, dict[str, str]]:
    """The script that opens the runs of a page, and what its address must say beside the run."""
    if page in _KEYPOINT_VIEWS:
        return "keypoints", {"view": _KEYPOINT_VIEWS[page]}
    return page.replace("-", "_"), {}


def job_place(run: Run) -> dict[str, str] | None:
    """The address of the job that a run waits for, on the page of the run; None when it waits for none."""
    return {"job": str(run.params.get("uuid", ""))} if run.ending is Ending.SUBMITTED else None


def answered_by(run: Run | RunRow, t: Texts) -> str:
    """Whose format and who answered, for example "Kakao · local engine"."""
    names = (VENDOR_NAMES.get(vendor, vendor) for vendor in run.vendor.split("+"))
    return f"{' + '.join(names)} · {t(f'runs.source.{run.source}')}"


def headline(run: Run | RunRow, t: Texts) -> str:
    """What came, in a few words."""
    if run.ending is not Ending.ANSWERED:
        return t(f"runs.ending.{run.ending.value}")
    parts = [
        t(f"runs.number.{_WORDED_AS.get(run.page, run.page)}.{name}", value=form.format(run.summary.numbers[name]))
        for name, form in _NUMBERS.get(run.page, {}).items()
        if name in run.summary.numbers and (run.summary.numbers[name] or name not in _COUNTS)
    ]
    return " · ".join(parts) or t("grade.0" if run.summary.grade == 0 else "runs.ending.answered")


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
