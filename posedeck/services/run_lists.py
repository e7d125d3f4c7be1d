"""Many runs as one JSON or CSV file."""

from collections.abc import Iterable
from typing import Any

import msgspec

from posedeck import __version__
from posedeck.pose.posture import METRICS
from posedeck.runs.run import Run, StoredRun
from posedeck.runs.store import RunStore
from posedeck.services import posture_runs
from posedeck.services.csv_table import csv_table
from posedeck.services.run_files import as_json, describe_run
from posedeck.services.saved import SavedResult
from posedeck.services.sharing import shareable_text

FORMAT = "posedeck-runs"
FORMAT_VERSION = 1
_COLUMNS = (
    "id", "created_at", "page", "vendor", "source", "base_url", "ending", "error", "profile", "worst_grade",
    "findings", "state", "tags", "notes",
)  # fmt: skip


def runs_json(store: RunStore, run_ids: Iterable[str]) -> bytes:
    """All that is known of some runs, files folded, as indented JSON."""
    runs = [describe_run(store, store.get(run_id)) for run_id in run_ids]
    return as_json({"format": FORMAT, "format_version": FORMAT_VERSION, "application": __version__, "runs": runs})


def runs_csv(store: RunStore, run_ids: Iterable[str]) -> bytes:
    """A row per run; of postures the eleven values in degrees too."""
    rows = [_row(store, store.get(run_id)) for run_id in run_ids]
    numbers = sorted({name for row in rows for name in row if name.startswith("number.")})
    metrics = [f"{metric.key}_deg" for metric in METRICS]
    columns = (*_COLUMNS, *numbers, *metrics)
    return csv_table(columns, ([row.get(name, "") for name in columns] for row in rows))


def _row(store: RunStore, stored: StoredRun) -> dict[str, Any]:
    run, review = stored.run, stored.review
    return {
        "id": run.id,
        "created_at": run.created_at.isoformat(),
        "page": run.page,
        "vendor": run.vendor,
        "source": run.source,
        "base_url": shareable_text(run.base_url),
        "ending": run.ending.value,
        "error": "" if run.error is None else shareable_text(f"{run.error.kind} {run.error.code or ''}".strip()),
        "profile": run.profile,
        "worst_grade": "" if run.summary.grade is None else run.summary.grade,
        "findings": run.summary.findings,
        "state": review.state.value,
        "tags": shareable_text(", ".join(review.tags)),
        "notes": shareable_text(review.notes),
        **{f"number.{name}": value for name, value in run.summary.numbers.items()},
        **_values(store, run),
    }


def _values(store: RunStore, run: Run) -> dict[str, float]:
    if run.page != posture_runs.PAGE or "result" not in run.contents:
        return {}
    try:
        result = msgspec.json.decode(store.content(run, "result"), type=SavedResult)
    except FileNotFoundError:
        return {}
    return {f"{entry.key}_deg": entry.value for entry in result.metrics if entry.value is not None}
