"""The result of a kick: clips with phases, curves, the nine metrics, published values, comparison, exports."""

import streamlit as st

from components.audit import audit_panel
from components.badges import local_engine_note, source_badge
from components.kick_charts import CURVES, SHOWN_AT_FIRST, angle_chart, speed_chart
from components.kick_clips import kick_viewer
from components.kick_compare import kick_compare
from components.kick_exports import kick_exports
from components.kick_metrics import kick_metrics, kick_references
from components.raw_answer import raw_answer
from components.runs import run_link
from posedeck.contracts.finding import AuditReport, count_fields
from posedeck.pose.kick.analysis import KickAnalysis
from posedeck.services.kick_audit import audit_answers
from posedeck.services.kick_facts import kick_facts
from posedeck.services.soccer import KickResult
from posedeck.services.sources import Source
from posedeck.texts import Texts

#: Container of the charts that the clips' cursor stands in.
_CHARTS = "kick_charts"


def kick_result(result: KickResult, t: Texts) -> None:
    """Everything that the result tells."""
    st.header(t("soccer.result"), anchor=False)
    with st.container(horizontal=True, key="kick_badges"):
        source_badge(result.source, t, result.exchange)
    if result.source is Source.LOCAL:
        local_engine_note(t)
    _facts(result, t)
    kick_exports(result, t)
    if result.analysis is None:
        st.info(t("soccer.values_only"), icon=":material/info:")
    else:
        kick_viewer(result, result.analysis, t, charts_key=_CHARTS)
        _curves(result.analysis, t)
    st.subheader(t("soccer.metrics"), anchor=False)
    st.caption(t("soccer.metrics.note"))
    if result.analysis is not None and result.analysis.side == "left":
        st.caption(t("soccer.metrics.left"))
    kick_metrics(result, t)
    if result.analysis is not None:
        with st.expander(t("soccer.compare"), icon=":material/compare_arrows:", key="kick_compare"):
            kick_compare(result.analysis, t)
    with st.expander(t("soccer.references"), icon=":material/menu_book:", key="kick_references"):
        st.caption(t("soccer.references.note"))
        kick_references(t)
    with st.expander(t("soccer.audit"), icon=":material/rule:", key="kick_audit"):
        _contract(result, t)
    if result.run_id is not None or result.source is not Source.RECORDED:
        run_link(result.run_id, t)
    raw_answer(result.body, result.exchange, t, key="raw_kick")


def _contract(result: KickResult, t: Texts) -> None:
    others = {name: getattr(result.others, name) for name in ("submit", "score", "angle", "draw")}
    told = [t(f"soccer.audit.{name}") for name, body in others.items() if body is not None]
    missing = [t(f"soccer.audit.{name}") for name, body in others.items() if body is None]
    st.caption(t("soccer.audit.of", names=", ".join([t("soccer.audit.result"), *told])))
    if missing:
        st.caption(t("soccer.audit.missing", names=", ".join(missing)))
    checked = count_fields([result.body, *(body for body in others.values() if body is not None)])
    audit_panel(AuditReport(list(audit_answers(result)), checked=checked), t, key="kick_audit")


def _facts(result: KickResult, t: Texts) -> None:
    with st.container(horizontal=True, gap="medium", key="kick_facts"):
        for title, value, note in kick_facts(result, t):
            with st.container(width="content", gap=None):
                st.caption(title)
                st.markdown(f"**{value}**")
                st.caption(note)


def _curves(analysis: KickAnalysis, t: Texts) -> None:
    st.subheader(t("soccer.curves"), anchor=False)
    chosen = st.pills(
        t("soccer.curves.choose"),
        CURVES,
        selection_mode="multi",
        default=SHOWN_AT_FIRST,
        format_func=lambda name: t(f"kick.curve.{name}"),
        key="kick_curves",
    )
    with st.container(key=_CHARTS):
        angle_chart(analysis, chosen or SHOWN_AT_FIRST, t, key="kick_angle_chart")
        speed_chart(analysis, t, key="kick_speed_chart")
    st.caption(t("soccer.curves.note"))
