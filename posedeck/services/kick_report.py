"""The report of a kick: one HTML file that needs nothing else, to read offline and to print."""

from collections.abc import Sequence
from dataclasses import dataclass

from posedeck import __version__
from posedeck.contracts.finding import Finding
from posedeck.contracts.remo.soccer import parse_score
from posedeck.pose.kick.analysis import KickAnalysis, KickEvent
from posedeck.services.kick_facts import kick_facts
from posedeck.services.kick_frames import drawn_frames
from posedeck.services.report_findings import listed_findings
from posedeck.services.sharing import shareable_text
from posedeck.services.soccer import KickMetricResult, KickResult
from posedeck.services.soccer_wording import (
    kick_band_text,
    kick_interval_text,
    kick_phase_text,
    kick_validity_text,
    kick_value_text,
)
from posedeck.services.source_wording import source_text
from posedeck.services.templating import report_fonts, template
from posedeck.services.thumbnail import jpeg_uri, small_jpeg
from posedeck.texts import Texts

_TEMPLATE = "kick_report.html.jinja"
#: Longest side of a key frame in pixels: sharp at 9 cm on paper.
_FRAME_SIDE = 720
_TIMELINE_WIDTH = 760.0
#: So near to an end a name would be cut off, in the units of the timeline.
_NAME_MARGIN = 44.0
_LEAST_BAR = 3.0
_HEADS = ("metric", "when", "value", "interval", "band", "points", "validity")


@dataclass(frozen=True)
class _Bar:
    name: str
    title: str
    x: float
    width: float


@dataclass(frozen=True)
class _Mark:
    """An event on the timeline: where it is, where it can have been, and where its name stands."""

    name: str
    when: str
    x: float
    text_x: float
    low: float
    span: float
    above: bool


@dataclass(frozen=True)
class _Timeline:
    width: float
    label: str
    bars: list[_Bar]
    marks: list[_Mark]


@dataclass(frozen=True)
class _Row:
    name: str
    what: str
    when: str
    value: str
    interval: str
    band: str
    points: str
    worth: str
    withheld: bool


def kick_html(result: KickResult, findings: Sequence[Finding], t: Texts) -> bytes:
    """The report of a kick as HTML (UTF-8) in the language of ``t``.

    Args:
        result: The result; its key frames are shown when the drawn clip was answered with it.
        findings: What the audits of its answers found.
        t: Texts of one language.
    """
    listed, more = listed_findings(findings)
    analysis = result.analysis
    page = template(_TEMPLATE).render(
        t=t,
        title=t("kick_report.title"),
        fonts=report_fonts(),
        made=f"{result.answered_at:%Y-%m-%d %H:%M:%S %Z}",
        badges=[(source_text(result.source, result.exchange, t), t(f"source.{result.source.value}.note"))],
        key_facts=kick_facts(result, t),
        frames=_frames(result, t),
        timeline=None if analysis is None else _timeline(analysis, t),
        heads=[t(f"kick.column.{name}") for name in _HEADS],
        rows=[_row(metric, t) for metric in result.metrics],
        mirrored=analysis is not None and analysis.side == "left",
        findings=listed,
        more_findings=more,
        checked=t("soccer.audit.of", names=", ".join(_checked(result, t))),
        facts=_facts(result, t),
    )
    return page.encode("utf-8")


def _frames(result: KickResult, t: Texts) -> list[tuple[str, str]]:
    """The drawn picture of each event with its caption."""
    clip = result.others.drawn_clip()
    if clip is None or result.analysis is None:
        return []
    events = result.analysis.events
    pictures = drawn_frames(clip, (event.frame for event in events))
    return [
        (_event_text(event, t), jpeg_uri(small_jpeg(pictures[event.frame], _FRAME_SIDE)))
        for event in events
        if event.frame in pictures
    ]


def _event_text(event: KickEvent, t: Texts) -> str:
    earliest, latest = f"{event.earliest_s:.3f}", f"{event.latest_s:.3f}"
    name = t(f"kick.event.{event.name}")
    return t("kick_report.event", name=name, time=f"{event.time_s:.3f}", earliest=earliest, latest=latest)


def _timeline(analysis: KickAnalysis, t: Texts) -> _Timeline:
    start = analysis.times_s[0]
    scale = _TIMELINE_WIDTH / (analysis.times_s[-1] - start)

    def place(time_s: float) -> float:
        return round(min(max(scale * (time_s - start), 0.0), _TIMELINE_WIDTH), 1)

    bars = [
        _Bar(
            phase.name,
            f"{t(f'kick.stretch.{phase.name}')} {phase.start_s:.3f}–{phase.end_s:.3f} s",
            place(phase.start_s),
            round(max(place(phase.end_s) - place(phase.start_s), _LEAST_BAR), 1),
        )
        for phase in analysis.phases
    ]
    marks = [
        _Mark(
            name=t(f"kick.event.{event.name}"),
            when=f"{event.time_s:.3f} s",
            x=place(event.time_s),
            text_x=min(max(place(event.time_s), _NAME_MARGIN), _TIMELINE_WIDTH - _NAME_MARGIN),
            low=place(event.earliest_s),
            span=round(max(place(event.latest_s) - place(event.earliest_s), 1.0), 1),
            # Every other one stands above, as they lie close to each other.
            above=number % 2 == 1,
        )
        for number, event in enumerate(analysis.events)
    ]
    label = "; ".join(_event_text(event, t) for event in analysis.events)
    return _Timeline(_TIMELINE_WIDTH, label, bars, marks)


def _row(metric: KickMetricResult, t: Texts) -> _Row:
    key = metric.key[0]
    return _Row(
        name=t(f"kick.metric.{key}.name"),
        what=t(f"kick.metric.{key}.what"),
        when=kick_phase_text(metric.key, t),
        value=kick_value_text(metric, t),
        interval=kick_interval_text(metric, t) or "–",
        band=kick_band_text(metric.key),
        points="–" if metric.points is None else f"{metric.points} / 10",
        worth=kick_validity_text(metric, t),
        withheld=metric.value is None,
    )


def _checked(result: KickResult, t: Texts) -> list[str]:
    others = [name for name in ("submit", "score", "angle", "draw") if getattr(result.others, name) is not None]
    return [t(f"soccer.audit.{name}") for name in ("result", *others)]


def _facts(result: KickResult, t: Texts) -> list[tuple[str, str]]:
    analysis, total = result.analysis, _answered_total(result)
    facts = [
        (t("report.source"), source_text(result.source, result.exchange, t)),
        *([(t("kick_report.answered_score"), f"{total:g}")] if total is not None else []),
        *([(t("soccer.height"), f"{result.height_cm:g}")] if result.height_cm is not None else []),
        *([(t("kick_report.clip"), f"SHA-256 {result.clip_sha256}")] if result.clip_sha256 else []),
    ]
    if analysis is not None:
        told = t("kick_report.clip.value", frames=len(analysis.times_s), fps=f"{analysis.fps:.0f}")
        facts.append((t("kick_report.frames"), told))
        facts.append((t("kick_report.analysis"), t("report.version", version=analysis.version)))
    return [
        *facts,
        (t("report.application"), f"PoseDeck {__version__}"),
        (t("report.uuid"), shareable_text(result.uuid) or t("raw.unknown")),
    ]


def _answered_total(result: KickResult) -> float | None:
    """The total as the score's own answer tells it."""
    if result.others.score is None:
        return None
    try:
        return parse_score(result.others.score).total
    except ValueError:
        return None  # a finding of the audit
