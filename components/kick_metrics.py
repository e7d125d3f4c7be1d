"""The documented values of a kick as a table: value, interval, band, points, and what each is worth."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from components.assets import read_assets
from posedeck.pose.kick.references import Reference, references
from posedeck.services.soccer import KickMetricResult, KickResult
from posedeck.services.soccer_wording import (
    kick_band_text,
    kick_interval_text,
    kick_phase_text,
    kick_validity_text,
    kick_value_text,
)
from posedeck.texts import Texts

#: Signs beside the words, so that a status does not rest on its colour alone.
_SIGNS = {"reported": "●", "range": "◐", "withheld": "○"}


def kick_metrics(result: KickResult, t: Texts) -> None:
    """Show the twelve values."""
    heads = ("metric", "when", "value", "interval", "band", "points", "validity")
    rows = "".join(_row(metric, t) for metric in result.metrics)
    head = "".join(f'<th scope="col">{escape(t(f"kick.column.{name}"))}</th>' for name in heads)
    _table(f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>", t("soccer.metrics"))


def kick_references(t: Texts) -> None:
    """Show the published values with who was measured, how and where it stands."""
    heads = ("about", "value", "population", "source")
    head = "".join(f'<th scope="col">{escape(t(f"soccer.reference.{name}"))}</th>' for name in heads)
    rows = "".join(_reference(reference, t) for reference in references())
    _table(f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>", t("soccer.references"))


def _table(inner: str, caption: str) -> None:
    # Everything in it is escaped above; Streamlit sanitises it once more.
    st.html(
        f"<style>{read_assets('kick_table.css')}</style>"
        f'<div class="kick-table" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f"<table>{inner}</table></div>"
    )


def _row(metric: KickMetricResult, t: Texts) -> str:
    key, _ = metric.key
    status = metric.validity.status if metric.validity else "withheld" if metric.value is None else ""
    points = "–" if metric.points is None else f"{metric.points} / 10"
    cells = (
        kick_phase_text(metric.key, t),
        kick_value_text(metric, t),
        kick_interval_text(metric, t) or "–",
        kick_band_text(metric.key),
        points,
    )
    name = _two_lines(t(f"kick.metric.{key}.name"), t(f"kick.metric.{key}.what"))
    sign = f'<span class="sign" aria-hidden="true">{_SIGNS.get(status, "·")}</span>'
    worth = f"{sign} {escape(kick_validity_text(metric, t))}"
    return f'<tr class="{escape(status)}"><th scope="row">{name}</th>{_cells(cells)}<td>{worth}</td></tr>'


def _reference(reference: Reference, t: Texts) -> str:
    about = escape(t(f"soccer.reference.{reference.metric}"))
    value = _two_lines(f"{reference.value} {_unit(reference.unit)}", t(f"kick.reference.{reference.key}.note"))
    population, method = (escape(t(f"kick.reference.{reference.key}.{part}")) for part in ("population", "method"))
    who = f"{population}<br><small>{method}</small>"
    address, title = escape(reference.url, quote=True), escape(reference.source)
    source = f'<a href="{address}" target="_blank" rel="noreferrer">{title}</a>'
    return f'<tr><th scope="row">{about}</th><td>{value}</td><td>{who}</td><td>{source}</td></tr>'


def _two_lines(title: str, note: str) -> str:
    return f"<strong>{escape(title)}</strong><br><small>{escape(note)}</small>"


def _unit(unit: str) -> str:
    return {"deg": "°", "m_s": "m/s", "ball_diameters": "×"}.get(unit, unit)


def _cells(cells: Iterable[str]) -> str:
    return "".join(f"<td>{escape(cell)}</td>" for cell in cells)
