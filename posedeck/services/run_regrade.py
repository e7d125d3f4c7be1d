"""What came of checking many runs at once, in words and as CSV."""

from collections.abc import Sequence
from dataclasses import dataclass

from posedeck.services.csv_table import csv_table
from posedeck.services.run_checks import Recheck, Rechecked
from posedeck.services.run_wording import answered_by, moment_text, page_name
from posedeck.texts import Texts

#: Paths that are named in a row; the run itself shows all.
_MOST_NAMED = 3
_COLUMNS = ("id", "when", "page", "answered_by", "verdict", "grades", "findings", "values")


@dataclass(frozen=True)
class RegradeSummary:
    """How many runs differ, how many do not, and how many could not be checked."""

    different: int
    same: int
    skipped: int


def regrade_summary(found: Sequence[Rechecked]) -> RegradeSummary:
    """Counts of a round."""
    checked = [each.recheck for each in found if each.recheck is not None]
    different = sum(recheck.differs for recheck in checked)
    return RegradeSummary(different, len(checked) - different, len(found) - len(checked))


def regrade_row(each: Rechecked, t: Texts, zone: str | None) -> dict[str, str]:
    """One run: which it is, and what is different."""
    run, recheck = each.run, each.recheck
    row = {
        "when": moment_text(run.created_at, zone),
        "page": page_name(run.page, t),
        "answered_by": answered_by(run, t),
    }
    if recheck is None:
        return row | {
            "verdict": f"– {t(f'regrade.skipped.{each.skipped}')}",
            "grades": "",
            "findings": "",
            "values": "",
        }
    return row | {
        "verdict": f"≠ {t('regrade.different')}" if recheck.differs else f"= {t('regrade.same')}",
        "grades": _grades(recheck, t),
        "findings": _findings(recheck),
        "values": _values(recheck, t),
    }


def regrade_csv(found: Sequence[Rechecked], t: Texts) -> bytes:
    """A row a run with its identity (UTF-8 with BOM, so that spreadsheets read it)."""
    rows = [{"id": each.run.id, **regrade_row(each, t, "UTC")} for each in found]
    return csv_table(_COLUMNS, [[row[name] for name in _COLUMNS] for row in rows])


def _grades(recheck: Recheck, t: Texts) -> str:
    def grade(level: int | None) -> str:
        return "–" if level is None else t(f"grade.{level}")

    changes = (
        f"{t(f'metric.{key}.name')}: {grade(then)} → {grade(now)}" for key, (then, now) in recheck.grades.items()
    )
    return f"{len(recheck.grades)} · {'; '.join(changes)}" if recheck.grades else ""


def _findings(recheck: Recheck) -> str:
    gone = [f"− {finding.name}" for finding in recheck.findings.only_before]
    return ", ".join([*gone, *(f"+ {finding.name}" for finding in recheck.findings.only_after)])


def _values(recheck: Recheck, t: Texts) -> str:
    named = [change.path for change in recheck.values[:_MOST_NAMED]]
    more = len(recheck.values) - len(named)
    return ", ".join([*named, *([t("regrade.more", count=more)] if more else [])])
