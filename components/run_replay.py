"""An old run put to use: today's checks on its answer, and the same question to another source."""

from pathlib import Path

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from components.calls import is_pending, submit, take
from components.engine_state import engine_ready, watch_engine
from components.errors import show_error
from components.run_diff import WITH, show_changes, show_findings
from components.run_questions import FIELDS, PLAIN, AskedAgain, can_be_asked, question_of
from components.runs import RUN, run_store
from components.sources import credential_inputs, typed_credentials
from posedeck.contracts.remo.soccer import CREDITS
from posedeck.net.errors import ServiceStarting, VendorError
from posedeck.runs.run import Run
from posedeck.services import soccer_runs
from posedeck.services.fitting import FittingError
from posedeck.services.run_checks import recheck
from posedeck.services.run_wording import headline, job_place, run_title
from posedeck.services.soccer_runs import asked_again
from posedeck.services.sources import CALLED_SOURCES, VENDOR_NAMES, Source
from posedeck.texts import Texts

_PAGES = Path(__file__).resolve().parents[1] / "pages"
_SOCCER, _RUNS = _PAGES / "soccer.py", _PAGES / "runs.py"
_CALL, _WANTED, _SOURCE = "run_replay_call", "run_replay_wanted", "run_replay_source"


def replay_panel(run: Run, t: Texts) -> None:
    """Show what today's checks say of a run, and offer to ask again."""
    if run.has_result:
        _recheck(run, t)
    if can_be_asked(run):
        _ask_again(run, t)
        _asked_before(run, t)
    else:
        st.info(t("replay.own_page"), icon=":material/info:")


def _recheck(run: Run, t: Texts) -> None:
    st.markdown(f"**{t('replay.checks')}**")
    try:
        checked = recheck(run_store(), run)
    except FileNotFoundError:
        st.info(t("runs.problem.not_kept"), icon=":material/visibility_off:")
        return
    except ValueError as error:
        st.error(t("replay.unreadable"), icon=":material/error:")
        st.text(str(error))
        return
    if checked is None:
        st.caption(t("replay.no_checks"))
        return
    findings = checked.findings
    if not checked.differs:
        st.success(t("replay.same", count=len(findings.both)), icon=":material/check_circle:")
        return
    show_findings(findings, t)
    show_changes(checked.values, "replay_values", t)


def _ask_again(run: Run, t: Texts) -> None:
    st.markdown(f"**{t('replay.ask')}**")
    st.caption(t(f"replay.ask.help.{run.page}" if f"replay.ask.help.{run.page}" in t else "replay.ask.help"))
    chosen = st.segmented_control(
        t("source.label"),
        [source.value for source in CALLED_SOURCES],
        format_func=lambda value: t(f"runs.source.{value}"),
        key=_SOURCE,
        default=Source.LOCAL.value,
        required=True,
    )
    source, complete = Source(chosen or Source.LOCAL), True
    if source is Source.LIVE:
        costs = "replay.costs.soccer" if run.page == soccer_runs.PAGE else f"replay.costs.{run.vendor}"
        st.warning(t(costs, credits=CREDITS), icon=":material/toll:")
        credential_inputs(run.vendor, FIELDS[run.vendor], t, plain=PLAIN)
        complete = all(typed_credentials(run.vendor, FIELDS[run.vendor]))
    st.button(
        t("replay.start", vendor=VENDOR_NAMES[run.vendor], source=t(f"runs.source.{source.value}")),
        key="run_replay_start",
        type="primary",
        icon=":material/replay:",
        disabled=not complete or is_pending(_CALL),
        on_click=_want,
    )
    if st.session_state.get(_WANTED) and not is_pending(_CALL):
        _start(run, source, t)
    if is_pending(_CALL):
        _finish(run, t)


def _want() -> None:
    st.session_state[_WANTED] = True


def _start(run: Run, source: Source, t: Texts) -> None:
    if source is Source.LOCAL and not engine_ready():
        watch_engine(t)
        return
    del st.session_state[_WANTED]
    try:
        question = question_of(run, source)
    except OSError:
        key = f"replay.not_kept.{run.page}"
        st.warning(t(key if key in t else "runs.problem.not_kept"), icon=":material/visibility_off:")
        return
    submit(_CALL, question)


def _finish(run: Run, t: Texts) -> None:
    try:
        asked: AskedAgain = take(_CALL, t("replay.asking"))
    except ServiceStarting:
        _want()
        watch_engine(t)
    except VendorError as error:
        show_error(error, t)
    except FittingError as error:
        st.error(t("fitting.impossible"), icon=":material/error:")
        st.text(str(error))
    except (KeyError, OSError, SQLAlchemyError):
        st.warning(t("replay.not_written"), icon=":material/save:")
    else:
        if asked.run_id is not None and not asked.is_job:
            st.query_params[RUN], st.query_params[WITH] = run.id, asked.run_id
        st.rerun()


def _asked_before(run: Run, t: Texts) -> None:
    """The jobs that asked about the same clip again, with the way to each and to its difference."""
    later = asked_again(run_store(), run) if run.page == soccer_runs.PAGE else []
    for other in later:
        with st.container(horizontal=True, vertical_alignment="center", key=f"run_again_{other.id}"):
            st.markdown(f"{run_title(other, t, st.context.timezone)} · {headline(other, t)}", width="content")
            if (job := job_place(other)) is not None:
                st.page_link(_SOCCER, label=t("runs.open_job"), icon=":material/open_in_new:", query_params=job)
            elif other.has_result:
                place = {RUN: run.id, WITH: other.id}
                st.page_link(_RUNS, label=t("runs.diff"), icon=":material/difference:", query_params=place)
