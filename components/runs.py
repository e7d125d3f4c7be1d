"""The runs of this installation, as pages use them."""

from collections.abc import Collection
from pathlib import Path

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from posedeck.runs.run import Run
from posedeck.runs.store import RunStore, open_runs
from posedeck.services.recording import Recorder
from posedeck.storage.paths import data_dir
from posedeck.texts import Texts

#: Names a run in the address of a page.
RUN = "run"
_PAGE = Path(__file__).resolve().parents[1] / "pages" / "runs.py"
_PROBLEM, _WRITTEN = "run_problem", "run_address_"


@st.cache_resource(max_entries=1, show_spinner=False, on_release=RunStore.close)
def run_store() -> RunStore:
    """The store of runs, the same for every session."""
    return open_runs(data_dir())


def recorder() -> Recorder:
    """Who keeps the answers of this installation."""
    return Recorder(run_store())


def run_in_address(page: str, shown: str | None, also: Collection[str] = ()) -> Run | None:
    """The run that the address names, unless it is the one shown; None also when the page cannot open it.

    Why it cannot is then told by ``run_problem``.

    Args:
        page: The page of the runs.
        shown: The run that is shown.
        also: Further pages of runs that open here.
    """
    wanted = st.query_params.get(RUN)
    # What the page itself wrote there is older than what it shows now.
    ours = (st.session_state.get(_WRITTEN + page), st.session_state.get(_PROBLEM, ("",))[0])
    if not wanted or wanted == shown or wanted in ours:
        return None
    try:
        stored = run_store().get(wanted)
    except KeyError:
        cannot_open(wanted, "unknown")
    except (OSError, SQLAlchemyError):
        cannot_open(wanted, "unreadable")
    else:
        run = stored.run
        if run.page in (page, *also) and run.has_result:
            return run
        cannot_open(wanted, "other_page" if run.page not in (page, *also) else "error" if run.error else "not_kept")
    return None


def cannot_open(run_id: str, reason: str) -> None:
    """Note why a run cannot be opened: a key of ``runs.problem``."""
    st.session_state[_PROBLEM] = (run_id, reason)


def run_problem(t: Texts) -> None:
    """Say once why the run that the address named cannot be opened."""
    if _PROBLEM not in st.session_state:
        return
    run_id, reason = st.session_state[_PROBLEM]
    if st.query_params.get(RUN) != run_id:
        del st.session_state[_PROBLEM]
        return
    st.warning(t(f"runs.problem.{reason}"), icon=":material/history_toggle_off:")


def keep_address(page: str, run_id: str | None) -> None:
    """Name the run that a page shows in the address, so that a reload or a link opens it again; None names none."""
    st.session_state[_WRITTEN + page] = run_id
    if run_id is None:
        st.query_params.pop(RUN, None)
    elif st.query_params.get(RUN) != run_id:
        st.query_params[RUN] = run_id


def run_link(run_id: str | None, t: Texts) -> None:
    """A link to the run of what is shown, or the warning that it is not kept."""
    if run_id is None:
        st.warning(t("runs.not_recorded"), icon=":material/save:")
    elif _PAGE.exists():
        st.page_link(_PAGE, label=t("runs.link"), icon=":material/history:", query_params={RUN: run_id})
