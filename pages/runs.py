"""Runs: every answer, found, reviewed, opened again, compared and asked again."""

import streamlit as st

from components.language import texts
from components.run_actions import housekeeping, selected_actions, undo_bar
from components.run_detail import run_exchange, run_facts, run_findings, run_header, run_review
from components.run_filters import run_filters
from components.run_table import run_table
from components.runs import RUN, run_store
from posedeck.texts import Texts


def _detail(run_id: str, t: Texts) -> None:
    try:
        stored = run_store().get(run_id)
    except KeyError:
        st.warning(t("runs.problem.unknown"), icon=":material/history_toggle_off:")
        return
    run = stored.run
    with st.container(border=True, key="run_detail"):
        run_header(stored, t)
        names = ("facts", "findings", "exchange")
        labels = [t(f"runs.tab.{name}") for name in names]
        labels[1] += f" ({len(run.findings)})"
        left, right = st.columns([2, 1])
        with right:
            run_review(stored, t)
        panels = {
            "facts": lambda: run_facts(run, t),
            "findings": lambda: run_findings(run, t),
            "exchange": lambda: run_exchange(run, t),
        }
        with left:
            for name, tab in zip(names, st.tabs(labels, key="run_tabs", on_change="rerun"), strict=True):
                if tab.open:
                    with tab:
                        panels[name]()


t = texts()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", key="runs_top"):
    st.title(t("page.runs"), anchor=False)
    housekeeping(t)
st.markdown(t("runs.lead"))
undo_bar(t)
# What the address names comes first, so that a link shows what it leads to.
top = st.container()
chosen = run_table(run_store(), run_filters(run_store().tags(), t), t)
if chosen:
    selected_actions(chosen, t)
if len(chosen) == 1:
    st.query_params[RUN] = chosen[0]
    _detail(chosen[0], t)
elif not chosen and (named := st.query_params.get(RUN)):
    with top:
        _detail(named, t)
