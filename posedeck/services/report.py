"""The report: one HTML file that needs nothing else, to read offline and to print on two A4 pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from posedeck import __version__
from posedeck.contracts.finding import Finding
from posedeck.net.redact import redact_text
from posedeck.pose.grades import Bands
from posedeck.pose.posture import View
from posedeck.pose.roll import TILT_KEYS
from posedeck.services.assessment import Assessment, MetricAssessment
from posedeck.services.posture import PostureResult
from posedeck.services.report_drawing import (
    CHART_WIDTH,
    DISC,
    NUMBERS,
    ChartDrawing,
    PhotoDrawing,
    draw_chart,
    draw_photo,
)
from posedeck.services.report_findings import listed_findings, short_text
from posedeck.services.source_wording import source_text
from posedeck.services.templating import report_fonts, template
from posedeck.services.wording import (
    degrees_text,
    directed_grade_text,
    direction_text,
    grade_text,
    interval_text,
    level,
    probability_text,
)
from posedeck.texts import Texts

#: What a profile of the user's own says of itself, and what a caller named the request, can be long too.
_MAX_FACT_CHARS = 460
#: All 66 could have been moved; the photos show each.
MAX_CORRECTED = 12


@dataclass(frozen=True)
class _Grade:
    level: int | None
    text: str


@dataclass(frozen=True)
class _Row:
    """A metric in the table; its texts are ready to print, empty where there is nothing to say."""

    number: int
    name: str
    direction: str
    value: str
    interval: str
    raw: str
    grade: _Grade
    answered: str
    likeliest: str
    borderline: bool
    corrected: bool
    chart: ChartDrawing | None
    levelled_value: str
    levelled_grade: _Grade | None


def report_html(result: PostureResult, assessment: Assessment, findings: Sequence[Finding], t: Texts) -> bytes:
    """The report of a result as HTML (UTF-8) in the language of ``t``.

    Args:
        result: The answer.
        assessment: Its values, intervals and grades, as they are shown.
        findings: What the audit of the answer found.
        t: Texts of one language.
    """
    listed, more_findings = listed_findings(findings)
    corrected = [t(f"keypoint.{name}") for moved in assessment.edits.values() for name in moved]
    page = template("report.html.jinja").render(
        t=t,
        title=t("report.title"),
        chart_width=CHART_WIDTH,
        disc=DISC,
        fonts=report_fonts(),
        made=f"{result.answered_at:%Y-%m-%d %H:%M:%S %Z}",
        source=result.source.value,
        profile=assessment.profile,
        photos=[(t(f"photo.{view.value}.title"), _photo(result, assessment, view)) for view in result.photos],
        groups=[
            (t(f"photo.{view.value}.title"), [_row(*pair, assessment, t) for pair in _pairs(assessment, view)])
            for view in View
        ],
        common=_common(assessment, t),
        corrected=corrected[:MAX_CORRECTED],
        more_corrected=max(len(corrected) - MAX_CORRECTED, 0),
        findings=listed,
        more_findings=more_findings,
        facts=_facts(result, assessment, t),
        definitions=[_definition(entry, t) for entry in assessment.metrics],
    )
    return page.encode("utf-8")


def _photo(result: PostureResult, assessment: Assessment, view: View) -> PhotoDrawing:
    levels = {entry.metric.key: level(entry.grade) for entry in assessment.metrics if entry.value is not None}
    edits = assessment.edits.get(view, {})
    return draw_photo(result.photos[view], assessment.poses.get(view), view, levels, edits)


def _pairs(assessment: Assessment, view: View) -> list[tuple[MetricAssessment, MetricAssessment]]:
    pairs = zip(assessment.metrics, assessment.levelled, strict=True)
    return [(entry, levelled) for entry, levelled in pairs if entry.metric.view is view]


def _row(entry: MetricAssessment, levelled: MetricAssessment, assessment: Assessment, t: Texts) -> _Row:
    key, value, bands = entry.metric.key, entry.value, assessment.profile.bands.get(entry.metric.key)
    shown = "" if value is None else degrees_text(value, bands)
    raw = "" if entry.raw_value is None else degrees_text(entry.raw_value, bands)
    differs = None not in (entry.grade, entry.answered_grade) and level(entry.answered_grade) != level(entry.grade)
    tilted = assessment.common is not None and key in TILT_KEYS and levelled.value is not None
    return _Row(
        number=NUMBERS[key],
        name=t(f"metric.{key}.name"),
        direction="" if value is None else direction_text(key, value, t),
        value=shown or "–",
        interval=interval_text(entry.estimate, t) if entry.estimate else "",
        raw=t("report.raw", value=raw) if raw not in ("", shown) else "",
        grade=_Grade(level(entry.grade), t("table.missing") if value is None else grade_text(entry.grade, t)),
        answered=t("report.answered", grade=grade_text(entry.answered_grade, t)) if differs else "",
        likeliest=_likeliest(entry, bands, t),
        borderline=entry.borderline,
        corrected=entry.corrected,
        chart=draw_chart(bands, entry.estimate) if bands and entry.estimate else None,
        levelled_value=degrees_text(levelled.value or 0.0, bands) if tilted else "",
        levelled_grade=_Grade(level(levelled.grade), grade_text(levelled.grade, t)) if tilted and bands else None,
    )


def _likeliest(entry: MetricAssessment, bands: Bands | None, t: Texts) -> str:
    if entry.likeliest is None or bands is None:
        return ""
    grade = directed_grade_text(entry.metric.key, entry.likeliest, bands, t)
    return f"{grade} {probability_text(entry.probabilities[entry.likeliest])}"


def _common(assessment: Assessment, t: Texts) -> str:
    if assessment.common is None:
        return t("report.common.unknown")
    estimate = assessment.common.estimate
    return t("report.common.value", value=degrees_text(estimate.value), interval=interval_text(estimate, t))


def _definition(entry: MetricAssessment, t: Texts) -> tuple[int, str, str, str]:
    key = entry.metric.key
    sign = t("table.sign.text", positive=t(f"metric.{key}.positive"), negative=t(f"metric.{key}.negative"))
    return NUMBERS[key], t(f"metric.{key}.name"), t(f"metric.{key}.definition"), sign


def _facts(result: PostureResult, assessment: Assessment, t: Texts) -> list[tuple[str, str]]:
    profile, calibration, method = assessment.profile, assessment.calibration, result.method
    engine = t("report.engine.unknown") if method is None else method.engine
    models = () if method is None else (t("report.models", models=", ".join(method.models), passes=method.passes),)
    calibrated = t("report.calibrated", version=calibration.version) if calibration else t("report.as_measured")
    facts = [
        (
            t("report.source"),
            f"{source_text(result.source, result.exchange, t)}. {t(f'source.{result.source.value}.note')}",
        ),
        (t("report.profile"), t("profile.help", name=profile.title, version=profile.version, source=profile.source)),
        (t("report.calibration"), calibrated),
        (t("report.engine"), " · ".join((engine, *models))),
        (t("report.application"), f"PoseDeck {__version__}"),
        (t("report.uuid"), redact_text(result.uuid) or t("raw.unknown")),
    ]
    return [(label, short_text(value, _MAX_FACT_CHARS)) for label, value in facts]
