"""A kick as one picture: score, phases, and the documented values with their bands."""

import io

from PIL import Image, ImageDraw

from posedeck import __version__
from posedeck.services.fonts import picture_font
from posedeck.services.soccer import KickMetricResult, KickResult
from posedeck.services.soccer_wording import (
    kick_band_text,
    kick_interval_text,
    kick_phase_text,
    kick_validity_text,
    kick_value_text,
)
from posedeck.services.source_wording import source_text
from posedeck.texts import Texts

_WIDTH, _MARGIN, _ROW = 1600, 56, 66
_INK, _MUTED, _RULE, _PAPER = "#1b2330", "#5a6577", "#d9dee7", "#ffffff"
_COLUMNS = (0, 640, 830, 1110, 1340)
#: The impact is the darkest, so that the strip also reads without colours.
_PHASE_SHADES = {
    "approach": "#e4ebf6",
    "plant": "#cfdcf0",
    "backswing": "#b4c9e8",
    "impact": "#24457a",
    "follow_through": "#cfdcf0",
}


def export_png(result: KickResult, t: Texts) -> bytes:
    """The result as a PNG of fixed width in the language of ``t``, with its source."""
    height = 330 + _ROW * len(result.metrics) + 60
    page = Image.new("RGB", (_WIDTH, height), _PAPER)
    draw = ImageDraw.Draw(page)
    draw.text((_MARGIN, 44), t("page.soccer"), _INK, picture_font(40, bold=True))
    made = t("export.picture.made", date=f"{result.answered_at:%Y-%m-%d %H:%M}", version=__version__)
    draw.text((_MARGIN, 104), f"{source_text(result.source, result.exchange, t)} · {made}", _MUTED, picture_font(22))
    total = "–" if result.total_score is None else f"{result.total_score:.0f}"
    draw.text((_WIDTH - _MARGIN, 44), total, _INK, picture_font(64, bold=True), anchor="ra")
    draw.text((_WIDTH - _MARGIN, 124), t("kick.total"), _MUTED, picture_font(22), anchor="ra")
    _draw_phases(draw, result, t)
    top = 280
    heads = (
        "kick.column.metric",
        "kick.column.value",
        "kick.column.interval",
        "kick.column.band",
        "kick.column.points",
    )
    for x, head in zip(_COLUMNS, heads, strict=True):
        draw.text((_MARGIN + x, top), t(head), _MUTED, picture_font(20))
    for number, metric in enumerate(result.metrics):
        _draw_row(draw, metric, top + 40 + _ROW * number, t)
    output = io.BytesIO()
    page.save(output, "PNG", optimize=True)
    return output.getvalue()


def _draw_phases(draw: ImageDraw.ImageDraw, result: KickResult, t: Texts) -> None:
    analysis = result.analysis
    if analysis is None:
        return
    start, end = analysis.times_s[0], analysis.times_s[-1]
    scale = (_WIDTH - 2 * _MARGIN) / (end - start)
    for phase in analysis.phases:
        left, right = (_MARGIN + scale * (time - start) for time in (phase.start_s, phase.end_s))
        draw.rectangle((left, 170, max(right, left + 4), 206), _PHASE_SHADES[phase.name])
    for event in analysis.events:
        x = _MARGIN + scale * (event.time_s - start)
        draw.line((x, 164, x, 212), _INK, 2)
        # Impact stands above the strip, as it lies close to the others.
        place, anchor = ((x, 160), "ms") if event.name == "impact" else ((x, 234), "ms")
        draw.text(place, t(f"kick.event.{event.name}"), _INK, picture_font(18), anchor=anchor)


def _draw_row(draw: ImageDraw.ImageDraw, metric: KickMetricResult, y: int, t: Texts) -> None:
    draw.line((_MARGIN, y - 8, _WIDTH - _MARGIN, y - 8), _RULE, 1)
    name = t(f"kick.metric.{metric.key[0]}.name")
    draw.text((_MARGIN, y), name, _INK, picture_font(23, bold=True))
    note = f"{kick_phase_text(metric.key, t)} · {kick_validity_text(metric, t)}"
    draw.text((_MARGIN, y + 29), note, _MUTED, picture_font(18))
    points = "–" if metric.points is None else f"{metric.points} / 10"
    cells = (kick_value_text(metric, t), kick_interval_text(metric, t), kick_band_text(metric.key), points)
    for x, cell in zip(_COLUMNS[1:], cells, strict=True):
        draw.text((_MARGIN + x, y + 6), cell, _INK, picture_font(22))
