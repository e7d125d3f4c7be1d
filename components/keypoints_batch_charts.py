"""Charts of a whole batch: how far each joint is off, what it was called, and how alike people are."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from posedeck.contracts.own_batch import BatchResult
from posedeck.pose.agreement import Verdict
from posedeck.pose.pose import FloatArray
from posedeck.services.keypoint_batch import JointSummary, joint_summaries, oks_values
from posedeck.services.keypoint_wording import joint_text, percent_text
from posedeck.texts import Texts

_CONFIG = {"displayModeBar": False}
_JOINTS_HEIGHT = 560
_HISTOGRAM_HEIGHT = 300
_BINS = 20
#: The OKS axis begins at the last of these below everybody, so that people who all agree well do not share one bar.
_OKS_STARTS = (0.9, 0.5)
#: Shares of the distribution that a box shows: its middle half, its median, and nine tenths by the whiskers.
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
#: Patterns tell the verdicts apart without colour.
_PATTERNS = {
    Verdict.GOOD: "",
    Verdict.JITTER: "/",
    Verdict.INVERSION: "x",
    Verdict.SWAP: "+",
    Verdict.MISS: ".",
    Verdict.ABSENT: "-",
}
_COLOURS = {
    Verdict.GOOD: "#2E9E6B",
    Verdict.JITTER: "#D98A1F",
    Verdict.INVERSION: "#D64545",
    Verdict.SWAP: "#8C6BD1",
    Verdict.MISS: "#B03A78",
    Verdict.ABSENT: "#8793A1",
}


def batch_charts(result: BatchResult, t: Texts) -> None:
    """The three charts of a batch."""
    joints = joint_summaries(result)
    if not any(joint.verdicts for joint in joints):
        st.info(t("batch.nobody"), icon=":material/person_off:")
        return
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{t('batch.joints')}**")
        st.caption(t("batch.joints.note"))
        st.plotly_chart(_distances(joints, t), key="batch_joints", config=_CONFIG, alt=_distances_alt(joints, t))
    with right:
        st.markdown(f"**{t('batch.verdicts')}**")
        st.caption(t("batch.verdicts.note"))
        st.plotly_chart(_verdicts(joints, t), key="batch_verdicts", config=_CONFIG, alt=_verdicts_alt(joints, t))
    st.markdown(f"**{t('batch.oks')}**")
    st.caption(t("batch.oks.note"))
    values = oks_values(result)
    figure, alt = oks_histogram([(t("batch.oks.people"), values)], t)
    st.plotly_chart(figure, key="batch_oks", config=_CONFIG, alt=alt)


def oks_histogram(sides: Sequence[tuple[str, FloatArray]], t: Texts) -> tuple[go.Figure, str]:
    """How many people have which OKS, each side beside the other, and the same in words."""
    lowest = min((float(values.min()) for _, values in sides if len(values)), default=0.0)
    start = next((each for each in _OKS_STARTS if each <= lowest), 0.0)
    edges = np.linspace(start, 1.0, _BINS + 1)
    middles = (edges[:-1] + edges[1:]) / 2.0
    figure, words = go.Figure(), []
    for number, (name, values) in enumerate(sides):
        counts, _ = np.histogram(values, edges)
        figure.add_bar(x=middles, y=counts, name=name, marker_pattern_shape="/" if number else "")
        median = float(np.median(values)) if len(values) else float("nan")
        words.append(t("batch.oks.alt", name=name, count=len(values), median=f"{median:.2f}"))
    figure.update_layout(
        height=_HISTOGRAM_HEIGHT,
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        # Beside the bars it would take half of a phone's width.
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        showlegend=len(sides) > 1,
        bargap=0.1,
    )
    figure.update_xaxes(title=t("keypoints.oks"), range=(start, 1.0))
    figure.update_yaxes(title=t("batch.axis.people"))
    return figure, " ".join(words)


def _distances(joints: Sequence[JointSummary], t: Texts) -> go.Figure:
    known = [joint for joint in joints if len(joint.distances_torso)]
    low, first, middle, third, high = np.array(
        [100.0 * np.quantile(joint.distances_torso, _QUANTILES) for joint in known]
    ).T
    figure = go.Figure(
        go.Box(
            y=[joint_text(joint.name, t) for joint in known],
            lowerfence=low,
            q1=first,
            median=middle,
            q3=third,
            upperfence=high,
            orientation="h",
            showlegend=False,
        )
    )
    figure.update_layout(height=_JOINTS_HEIGHT, margin={"l": 0, "r": 8, "t": 8, "b": 0})
    figure.update_xaxes(title=t("batch.axis.distance"), rangemode="tozero")
    figure.update_yaxes(autorange="reversed")
    return figure


def _distances_alt(joints: Sequence[JointSummary], t: Texts) -> str:
    medians = [
        f"{joint_text(joint.name, t)}: {percent_text(float(np.median(joint.distances_torso)))}"
        for joint in joints
        if len(joint.distances_torso)
    ]
    return f"{t('batch.joints.alt')} {', '.join(medians)}."


def _verdicts(joints: Sequence[JointSummary], t: Texts) -> go.Figure:
    names = [joint_text(joint.name, t) for joint in joints]
    figure = go.Figure()
    for verdict in Verdict:
        shares = [100.0 * joint.verdicts.get(verdict, 0) / max(sum(joint.verdicts.values()), 1) for joint in joints]
        if any(shares):
            figure.add_bar(
                y=names,
                x=shares,
                orientation="h",
                name=t(f"keypoints.verdict.{verdict.value}"),
                marker={
                    "color": _COLOURS[verdict],
                    # Over the colour, not in its place: a dark pattern alone is lost on the dark theme.
                    "pattern": {"shape": _PATTERNS[verdict], "fillmode": "overlay", "fgcolor": "#10181B"},
                },
                hovertemplate="%{x:.1f} %",
            )
    figure.update_layout(
        barmode="stack",
        height=_JOINTS_HEIGHT,
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        legend={"orientation": "h", "y": -0.12},
        showlegend=True,
    )
    figure.update_xaxes(title=t("batch.axis.share"), range=(0.0, 100.0))
    figure.update_yaxes(autorange="reversed")
    return figure


def _verdicts_alt(joints: Sequence[JointSummary], t: Texts) -> str:
    good = []
    for joint in joints:
        if joint.verdicts:
            share = joint.verdicts.get(Verdict.GOOD, 0) / sum(joint.verdicts.values())
            good.append(f"{joint_text(joint.name, t)}: {percent_text(share)}")
    return f"{t('batch.verdicts.alt')} {', '.join(good)}."
