"""Today's checks, or another grade profile, on many runs at once, with what comes out differently."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from components.calls import has_ended, is_pending, submit, take
from components.runs import RUN, run_store
from posedeck.pose.grades import SHIPPED_NAMES, load_profile
from posedeck.runs.query import RunQuery
from posedeck.services.run_checks import Rechecked, recheck_all
from posedeck.services.run_regrade import regrade_csv, regrade_row, regrade_summary
from posedeck.texts import Texts

_CALL, _WORK, _PROFILE = "regrade_call", "regrade_work", "regrade_profile"
_TICK_S = 0.5
#: Each run is read whole and computed again; a kick takes the longest, as it is analysed anew.
MOST_RUNS = 2000
#: What differs gets the room.
_WIDTHS = {"grades": 420, "findings": 160, "values": 220}
_COLUMNS = ("when", "page", "answered_by", "verdict", "grades", "findings", "values")


@dataclass
class _Work:
    """A round over many runs that another thread goes through."""

    run_ids: Sequence[str]
    profile: str | None
    found: list[Rechecked] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


def regrade_panel(chosen: Sequence[str], query: RunQuery, t: Texts) -> None:
    """Offer the checks on the chosen runs, or on all that the filters find when none is chosen; show what came."""
    with st.expander(t("regrade"), icon=":material/rule:", key="regrade"):
        st.caption(t("regrade.help"))
        with st.container(horizontal=True, vertical_alignment="bottom", key="regrade_choice"):
            profile = st.selectbox(
                t("regrade.profile"),
                SHIPPED_NAMES,
                index=None,
                format_func=lambda name: load_profile(name).title,
                placeholder=t("regrade.profile.as_graded"),
                key=_PROFILE,
                width=320,
            )
            ids = (chosen or run_store().ids(query))[:MOST_RUNS]
            st.button(
                t("regrade.start.chosen" if chosen else "regrade.start.found", count=f"{len(ids):,}"),
                key="regrade_start",
                icon=":material/play_arrow:",
                type="primary",
                on_click=_start,
                args=(ids, profile),
                disabled=not ids or is_pending(_CALL),
            )
        if is_pending(_CALL):
            _watch(t)
        elif (work := st.session_state.get(_WORK)) is not None:
            _show(work, t)


def _start(run_ids: Sequence[str], profile: str | None) -> None:
    work = st.session_state[_WORK] = _Work(run_ids, profile)
    store = run_store()

    def go_through() -> None:
        for each in recheck_all(store, work.run_ids, load_profile(work.profile) if work.profile else None):
            work.found.append(each)
            if work.stop.is_set():
                return

    submit(_CALL, go_through)


@st.fragment(run_every=_TICK_S)
def _watch(t: Texts) -> None:
    work: _Work = st.session_state[_WORK]
    if not is_pending(_CALL) or has_ended(_CALL):
        if is_pending(_CALL):
            take(_CALL, t("regrade"))
        st.rerun()
    done, total = len(work.found), len(work.run_ids)
    st.progress(done / total, text=t("regrade.progress", done=f"{done:,}", total=f"{total:,}"))
    st.button(t("regrade.stop"), key="regrade_stop", icon=":material/stop_circle:", on_click=work.stop.set)


def _show(work: _Work, t: Texts) -> None:
    summary = regrade_summary(work.found)
    if len(work.found) < len(work.run_ids):
        st.warning(t("regrade.stopped", done=len(work.found), total=len(work.run_ids)), icon=":material/stop_circle:")
    st.markdown(t("regrade.summary", different=summary.different, same=summary.same, skipped=summary.skipped))
    if not work.found:
        return
    # What differs is what somebody looks for.
    ordered = sorted(work.found, key=lambda each: not (each.recheck is not None and each.recheck.differs))
    rows = [{**regrade_row(each, t, st.context.timezone), "open": f"/runs?{RUN}={each.run.id}"} for each in ordered]
    st.dataframe(
        rows,
        key="regrade_table",
        hide_index=True,
        column_config={
            **{
                name: st.column_config.TextColumn(t(f"regrade.column.{name}"), width=_WIDTHS.get(name))
                for name in _COLUMNS
            },
            "open": st.column_config.LinkColumn(t("regrade.column.open"), display_text=t("regrade.open")),
        },
        alt=t("regrade.summary", different=summary.different, same=summary.same, skipped=summary.skipped),
    )
    st.download_button(
        t("regrade.csv"),
        data=lambda: regrade_csv(work.found, t),
        file_name="posedeck-checks.csv",
        mime="text/csv",
        icon=":material/download:",
        key="regrade_csv",
        on_click="ignore",
    )
