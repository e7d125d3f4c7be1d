"""Two kicks aligned at contact: the one shown and one that was kept or opened from a file."""

import json

import msgspec
import streamlit as st

from components.demo_state import samples_only
from components.kick_charts import CURVES, aligned_chart
from posedeck.pose.kick.alignment import align_at_impact
from posedeck.pose.kick.analysis import KickAnalysis
from posedeck.texts import Texts

_KEPT, _CURVE, _FILE = "kick_kept", "kick_compare_curve", "kick_compare_file"


def kick_compare(analysis: KickAnalysis, t: Texts) -> None:
    """Choose the other kick, and show one curve of both over the seconds from contact."""
    st.markdown(t("soccer.compare.note"))
    with st.container(horizontal=True, vertical_alignment="bottom", key="kick_compare_choice"):
        st.button(t("soccer.compare.keep"), key="kick_keep", on_click=_keep, args=(analysis,), icon=":material/keep:")
        if _KEPT in st.session_state:
            st.button(t("soccer.compare.drop"), key="kick_drop", on_click=_drop, icon=":material/keep_off:")
    opened = None if samples_only(t) else st.file_uploader(t("soccer.compare.file"), type=["json"], key=_FILE)
    other: KickAnalysis | None = st.session_state.get(_KEPT)
    if opened is not None:
        other = _read(opened.getvalue())
        if other is None:
            st.error(t("soccer.compare.bad_file"), icon=":material/error:")
            return
    if other is None:
        return
    if other == analysis and opened is None:
        st.info(t("soccer.compare.kept"), icon=":material/keep:")
        return
    _show(analysis, other, t)


def _show(analysis: KickAnalysis, other: KickAnalysis, t: Texts) -> None:
    try:
        pair = align_at_impact(analysis, other)
    except ValueError:
        st.warning(t("soccer.compare.impossible"), icon=":material/timer_off:")
        return
    name = st.selectbox(t("soccer.curves.choose"), CURVES, format_func=lambda each: t(f"kick.curve.{each}"), key=_CURVE)
    titles = (t("soccer.compare.first"), t("soccer.compare.second"))
    aligned_chart(pair, titles, name, t, key="kick_aligned")
    st.caption(t("soccer.compare.uncertain", ms=f"{1000 * pair.uncertainty_s:.0f}"))


def _keep(analysis: KickAnalysis) -> None:
    st.session_state[_KEPT] = analysis


def _drop() -> None:
    st.session_state.pop(_KEPT, None)


def _read(data: bytes) -> KickAnalysis | None:
    """The analysis in an export of this page; None when the file is no such thing."""
    try:
        return msgspec.convert(json.loads(data)["analysis"], KickAnalysis)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
