"""Charts of a clip's keypoints over time. Seconds on every x axis, so that the frame viewer's cursor fits all."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from posedeck.pose.pose import FloatArray
from posedeck.pose.track import PoseTrack
from posedeck.services.clip_agreement import FrameAgreement
from posedeck.services.keypoint_wording import joint_text
from posedeck.texts import Texts

_CONFIG = {"displayModeBar": False, "scrollZoom": False}
#: Told apart by pattern as well as by colour.
_SMOOTHED, _PLAIN = "#0072B2", "#D55E00"
_SERIES = {True: "clip.job.smoothed", False: "clip.job.plain", None: "clip.job.either"}
_ROW_PX = 22
#: Shown in any case, so that a small difference looks small.
_OKS_FLOOR = 0.5


def confidence_chart(track: PoseTrack, t: Texts, *, key: str) -> None:
    """Heat map of the scores, keypoints by frames; a gap where the keypoint is not told."""
    told = np.isfinite(track.xy_px).all(axis=2)
    figure = go.Figure(
        go.Heatmap(
            x=track.times_s,
            y=[joint_text(name, t) for name in track.skeleton.names],
            z=np.where(told, track.score, np.nan).T.astype(np.float32),
            zmin=0.0,
            zmax=1.0,
            # Its lightness grows evenly, so it is read without colours too.
            colorscale="Cividis",
            colorbar={"title": t("clip.score"), "thickness": 12},
            hovertemplate="%{y} · %{x:.2f} s · %{z:.2f}<extra></extra>",
        )
    )
    _layout(figure, t("clip.time"), height=120 + _ROW_PX * len(track.skeleton))
    figure.update_yaxes(autorange="reversed", ticks="")
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=t("clip.confidence.alt"))


def trembling_chart(names: Sequence[str], shares: Mapping[bool | None, FloatArray], t: Texts, *, key: str) -> None:
    """Trembling of each keypoint in percent of the torso, by whether they were smoothed; None: not known."""
    figure = go.Figure()
    for smoothed, share in shares.items():
        figure.add_bar(
            x=[joint_text(name, t) for name in names],
            y=100.0 * share,
            name=t(_SERIES[smoothed]),
            marker={
                "color": _PLAIN if smoothed is False else _SMOOTHED,
                "pattern": {"shape": "/" if smoothed is False else ""},
            },
            hovertemplate="%{x}: %{y:.2f} %",
        )
    _layout(figure, "", height=320)
    figure.update_yaxes(title=t("clip.trembling.axis"))
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=t("clip.trembling.alt"))


def agreement_chart(frames: Sequence[FrameAgreement], end_s: float, t: Texts, *, key: str) -> None:
    """OKS of the sampled frames over the clip."""
    figure = go.Figure(
        go.Scatter(
            x=[frame.time_s for frame in frames],
            y=[frame.oks for frame in frames],
            mode="lines+markers",
            marker={"size": 9, "symbol": ["x" if frame.disputed else "circle" for frame in frames]},
            line={"color": _SMOOTHED, "width": 2},
            hovertemplate="%{x:.2f} s · OKS %{y:.3f}<extra></extra>",
        )
    )
    _layout(figure, t("clip.time"), height=280)
    figure.update_xaxes(range=[0.0, end_s])
    lowest = float(np.nanmin([frame.oks for frame in frames]))
    figure.update_yaxes(title="OKS", range=[min(_OKS_FLOOR, lowest) - 0.02, 1.02])
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=t("clip.agreement.alt"))


def _layout(figure: go.Figure, x_title: str, height: int) -> None:
    figure.update_layout(
        height=height,
        margin={"l": 10, "r": 10, "t": 30, "b": 10},
        legend={"orientation": "h", "y": 1.12},
        barmode="group",
    )
    figure.update_xaxes(title=x_title)
