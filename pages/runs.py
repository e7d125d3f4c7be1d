"""Runs: every answer, found, reviewed, opened again, compared and asked again."""

from collections.abc import Sequence

import streamlit as st

from components.language import texts
from components.run_actions import housekeeping, selected_actions, undo_bar
from components.run_detail import run_exchange, run_facts, run_findings, run_header, run_review
from components.run_diff import WITH, run_diff
from components.run_exports import list_exports, result_exports
from components.run_filters import run_filters
from components.run_recording import recording_bar
from components.run_regrade import regrade_panel
from components.run_replay import replay_panel
from components.run_table import run_table
from components.runs import RUN, run_store
from posedeck.runs.run import StoredRun
from posedeck.texts import Texts


def _stored(run_id: str, t: Texts) -> StoredRun | None:
    try:
        return run_store().get(run_id)
    except KeyError:
        st.warning(t("runs.problem.unknown"), icon=":material/history_toggle_off:")
        return None


def _diff(run_ids: Sequence[str], t: Texts) -> None:
    stored = [_stored(run_id, t) for run_id in run_ids]
    runs = [each.run for each in stored if each is not None]
    if len(runs) == len(run_ids):
        run_diff(runs, t)


def _detail(run_id: str, t: Texts) -> None:
    stored = _stored(run_id, t)
    if stored is None:
        return
    run = stored.run
    with st.container(border=True, key="run_detail"):
        run_header(stored, t)
        names = ("facts", "findings", "exchange", "replay")
        labels = [t(f"runs.tab.{name}") for name in names]
        labels[1] += f" ({len(run.findings)})"
        left, right = st.columns([2, 1])
        with right:
            run_review(stored, t)
            result_exports(run, t)
        panels = {
            "facts": lambda: run_facts(run, t),
            "findings": lambda: run_findings(run, t),
            "exchange": lambda: run_exchange(run, t),
            "replay": lambda: replay_panel(run, t),
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
recording_bar(t)
undo_bar(t)
# What the address names comes first, so that a link shows what it leads to.
top = st.container()
query = run_filters(run_store().tags(), t)
chosen = run_table(run_store(), query, t)
if chosen:
    selected_actions(chosen, t)
    list_exports(chosen, t)
regrade_panel(chosen, query, t)
if len(chosen) == 1:
    st.query_params[RUN] = chosen[0]
    st.query_params.pop(WITH, None)
    _detail(chosen[0], t)
elif len(chosen) == 2:
    _diff(chosen, t)
elif not chosen and (named := st.query_params.get(RUN)):
    with top:
        if other := st.query_params.get(WITH):
            _diff([named, other], t)
        else:
            _detail(named, t)
