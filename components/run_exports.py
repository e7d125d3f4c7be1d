"""Downloads of runs; each file is made when its button is pressed, not before."""

from collections.abc import Callable, Sequence

import streamlit as st

from components.runs import run_store
from posedeck.runs.run import Run
from posedeck.services.replay import cassette_of
from posedeck.services.reviewer_pack import MAX_RUNS, reviewer_pack
from posedeck.services.run_files import run_files
from posedeck.services.run_lists import runs_csv, runs_json
from posedeck.texts import Texts


def list_exports(run_ids: Sequence[str], t: Texts, *, key: str = "runs_export") -> None:
    """Buttons for some runs: reviewer pack, cassette, JSON and CSV."""
    store = run_store()
    kinds: tuple[tuple[str, str, str, str, Callable[[], bytes]], ...] = (
        ("pack", "zip", "application/zip", "folder_zip", lambda: reviewer_pack(store, run_ids, t.language)),
        ("cassette", "json", "application/json", "replay", lambda: cassette_of(store, run_ids)),
        ("json", "json", "application/json", "data_object", lambda: runs_json(store, run_ids)),
        ("csv", "csv", "text/csv", "table", lambda: runs_csv(store, run_ids)),
    )
    with st.container(horizontal=True, key=key):
        for name, ending, mime, icon, make in kinds:
            st.download_button(
                t(f"runs.export.{name}"),
                data=make,
                file_name=f"posedeck-{name if name in ('pack', 'cassette') else 'runs'}.{ending}",
                mime=mime,
                icon=f":material/{icon}:",
                help=t(f"runs.export.{name}.help", most=MAX_RUNS),
                key=f"{key}_{name}",
                on_click="ignore",
                disabled=name == "pack" and len(run_ids) > MAX_RUNS,
            )
    if bare := sum(not row.kept for row in store.rows(run_ids)):
        st.caption(t("cassette.not_in", count=bare))


def result_exports(run: Run, t: Texts, *, key: str = "run_export") -> None:
    """Buttons for the files of one run's result."""
    try:
        files = run_files(run_store(), run, t.language)
    except (OSError, ValueError):
        st.warning(t("runs.problem.unreadable"), icon=":material/history_toggle_off:")
        return
    with st.container(horizontal=True, key=key):
        for file in files:
            st.download_button(
                file.name,
                data=file.make,
                file_name=f"{run.page}-{run.created_at:%Y%m%d-%H%M%S}-{file.name}",
                mime=file.mime,
                icon=":material/download:",
                key=f"{key}_{file.name}",
                on_click="ignore",
            )
