"""Two kicks and what is different between them: values and times against their intervals, both bodies at contact."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from components.runs import run_store
from posedeck.pose.pose import Pose
from posedeck.runs.run import Run
from posedeck.services.kick_diff import BodiesAtContact, Delta, bodies_at_contact, event_deltas, metric_deltas
from posedeck.services.kick_frames import contact_picture
from posedeck.services.soccer import KickResult
from posedeck.services.soccer_runs import reopen_kick
from posedeck.services.soccer_wording import kick_number, kick_phase_text, kick_value_text
from posedeck.texts import Texts

#: Told apart by dash as well as by colour (Okabe & Ito's palette, readable on light and dark).
_LOOKS = (("#0072B2", "solid"), ("#D55E00", "dash"))
_SIGNS = {"inside": "≈", "outside": "≠", "unknown": "–"}
_HEIGHT = 460
_MOST_JOINTS = 6
#: Torso lengths that are printed as nothing.
_LEAST_SHOWN = 0.005


def kick_diff(before: Run, after: Run, t: Texts) -> None:
    """Show the difference of two kicks."""
    results = [reopen_kick(run_store(), run) for run in (before, after)]
    if results[0].clip_sha256 != results[1].clip_sha256:
        st.caption(t("kick_diff.other_clip"))
    if results[0].height_cm != results[1].height_cm:
        st.caption(t("kick_diff.other_height"))
    totals = ["–" if result.total_score is None else f"{result.total_score:.0f}" for result in results]
    st.markdown(f"{t('soccer.score')}: **{totals[0]}** → **{totals[1]}**")
    _pictures(results, t)
    _metrics(results, t)
    _events(results, t)
    _bodies(results, t)


def _pictures(results: Sequence[KickResult], t: Texts) -> None:
    pictures = [contact_picture(result) for result in results]
    if not any(pictures):
        return
    for column, name, picture in zip(st.columns(2), ("before", "after"), pictures, strict=True):
        with column:
            title = f"{t(f'comparison.{name}')}: {t('kick.event.impact')}"
            if picture is None:
                st.caption(f"{title}: {t('kick_report.no_frames')}")
            else:
                st.image(picture, caption=title, alt=title, width="stretch")


def _metrics(results: Sequence[KickResult], t: Texts) -> None:
    st.markdown(f"**{t('soccer.metrics')}**")
    st.caption(t("kick_diff.note"))
    rows = [
        {
            "metric": t(f"kick.metric.{each.key[0]}.name"),
            "when": kick_phase_text(each.key, t),
            "before": kick_value_text(each.before, t),
            "after": kick_value_text(each.after, t),
            "change": "–" if each.delta.value is None else kick_number(each.key, each.delta.value),
            "interval": _interval(each.delta, lambda value, key=each.key: kick_number(key, value), t),
            "verdict": _verdict(each.delta, t),
        }
        for each in metric_deltas(*results)
    ]
    _table(rows, "run_diff_kick_metrics", t)


def _events(results: Sequence[KickResult], t: Texts) -> None:
    analyses = [result.analysis for result in results if result.analysis is not None]
    if len(analyses) < len(results):
        st.info(t("kick_diff.values_only"), icon=":material/info:")
        return
    st.markdown(f"**{t('kick_diff.times')}**")
    rows = [
        {
            "metric": t(f"kick.event.{each.name}"),
            "before": _ms(each.before_s),
            "after": _ms(each.after_s),
            "change": "–" if each.delta.value is None else _ms(each.delta.value),
            "interval": _interval(each.delta, _ms, t),
            "verdict": _verdict(each.delta, t),
        }
        for each in event_deltas(*analyses)
    ]
    _table(rows, "run_diff_kick_events", t)


def _bodies(results: Sequence[KickResult], t: Texts) -> None:
    st.markdown(f"**{t('kick_diff.bodies')}**")
    bodies = bodies_at_contact(*results)
    if bodies is None:
        st.info(t("kick_diff.no_keypoints"), icon=":material/info:")
        return
    st.caption(t("kick_diff.bodies.note"))
    if bodies.mirrored:
        st.caption(t("kick_diff.mirrored"))
    _chart(bodies, t)
    furthest = [entry for entry in bodies.distances.items() if entry[1] >= _LEAST_SHOWN][:_MOST_JOINTS]
    if not furthest:
        return
    st.caption(t("kick_diff.furthest", joints=", ".join(f"{t(f'keypoint.{name}')} {d:.2f}" for name, d in furthest)))


def _chart(bodies: BodiesAtContact, t: Texts) -> None:
    figure = go.Figure()
    for name, pose, (colour, dash) in zip(("before", "after"), (bodies.before, bodies.after), _LOOKS, strict=True):
        x, y = _bones(pose)
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines+markers",
            name=t(f"comparison.{name}"),
            line={"color": colour, "dash": dash, "width": 3},
            marker={"size": 6},
            hoverinfo="name",
        )
    axis: dict[str, Any] = {"visible": False}
    figure.update_layout(
        height=_HEIGHT,
        margin={"l": 0, "r": 0, "t": 30, "b": 0},
        xaxis=axis,
        yaxis={**axis, "scaleanchor": "x", "autorange": "reversed"},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        dragmode=False,
    )
    st.plotly_chart(figure, key="run_diff_kick_bodies", config={"displayModeBar": False}, alt=t("kick_diff.bodies"))


def _bones(pose: Pose) -> tuple[list[float | None], list[float | None]]:
    """The bones as one broken line."""
    x: list[float | None] = []
    y: list[float | None] = []
    for edge in pose.skeleton.edges:
        if pose.has(edge) and np.isfinite(pose.xy_px[pose.skeleton.indices(edge)]).all():
            for place in pose.xy_px[pose.skeleton.indices(edge)]:
                x.append(float(place[0]))
                y.append(float(place[1]))
            x.append(None)
            y.append(None)
    return x, y


def _interval(delta: Delta, text: Any, t: Texts) -> str:
    if delta.low is None or delta.high is None:
        return "–"
    return t("kick.interval", low=text(delta.low), high=text(delta.high))


def _verdict(delta: Delta, t: Texts) -> str:
    return f"{_SIGNS[delta.verdict]} {t(f'kick_diff.{delta.verdict}')}"


def _ms(seconds: float) -> str:
    sign = "−" if seconds < 0 else "+"
    return f"{sign}{abs(1000 * seconds):.0f} ms"


def _table(rows: list[dict[str, str]], key: str, t: Texts) -> None:
    st.dataframe(
        rows,
        key=key,
        hide_index=True,
        height="content",
        column_config={name: st.column_config.TextColumn(t(f"kick_diff.column.{name}")) for name in rows[0]},
        alt=t("kick_diff.note"),
    )
