"""What can be done to selected runs, and to all."""

from collections.abc import Sequence

import streamlit as st

from components.run_table import TABLE
from components.runs import recorder, run_store
from posedeck.runs.run import Review, ReviewState
from posedeck.services.recording import MAY_BE_SAVED_BY_HAND
from posedeck.services.run_wording import page_name
from posedeck.texts import Texts

_DELETED, _ERASED = "runs_deleted", "runs_erased"
_TAG, _SURE = "runs_bulk_tag", "runs_erase_sure"


def selected_actions(run_ids: Sequence[str], t: Texts) -> None:
    """Buttons for the selected runs: states, a tag, delete."""
    with st.container(horizontal=True, vertical_alignment="center", key="runs_actions"):
        st.markdown(t("runs.selected", count=len(run_ids)))
        for state, icon in (("accepted", "check"), ("rejected", "close"), ("open", "radio_button_unchecked")):
            st.button(
                t(f"runs.mark.{state}"),
                key=f"runs_mark_{state}",
                icon=f":material/{icon}:",
                on_click=_mark,
                args=(run_ids, ReviewState(state)),
            )
        with st.popover(t("runs.add_tag"), icon=":material/label:", key="runs_tag_popover"):
            st.text_input(t("runs.tag"), key=_TAG)
            st.button(t("runs.add_tag"), key="runs_tag_add", on_click=_tag, args=(run_ids,))
        st.button(t("runs.delete"), key="runs_delete", icon=":material/delete:", on_click=delete_runs, args=(run_ids,))


def delete_runs(run_ids: Sequence[str]) -> None:
    """Delete runs and offer to bring them back; only for callbacks."""
    run_store().delete(run_ids)
    st.session_state[_DELETED] = list(run_ids)
    st.query_params.clear()
    st.session_state.pop(TABLE, None)


def undo_bar(t: Texts) -> None:
    """What was just deleted, with the way back."""
    if count := st.session_state.pop(_ERASED, None):
        st.success(t("runs.erased", count=count), icon=":material/delete_forever:")
    deleted: list[str] = st.session_state.get(_DELETED, [])
    if deleted:
        with st.container(horizontal=True, vertical_alignment="center", key="runs_undo_bar"):
            st.info(t("runs.deleted", count=len(deleted)), icon=":material/delete:")
            st.button(t("runs.undo"), key="runs_undo", icon=":material/undo:", on_click=_undo)


def housekeeping(t: Texts) -> None:
    """What is kept without being asked, and the way to be rid of everything."""
    with st.popover(t("runs.keeping"), icon=":material/settings:", key="runs_keeping"):
        for page in MAY_BE_SAVED_BY_HAND:
            name = page_name(page, t)
            st.toggle(
                t("runs.keeps", page=name),
                value=recorder().keeps(page),
                key=f"runs_keeps_{page}",
                help=t("runs.keeps.help"),
                on_change=_choose,
                args=(page,),
            )
        st.caption(t("runs.keeps.future_shape"))
        st.divider()
        st.markdown(f"**{t('runs.erase_all')}**")
        st.caption(t("runs.erase_all.help"))
        st.checkbox(t("runs.erase_all.sure"), key=_SURE)
        st.button(
            t("runs.erase_all"),
            key="runs_erase_all",
            icon=":material/delete_forever:",
            disabled=not st.session_state.get(_SURE),
            on_click=_erase_all,
        )


def _mark(run_ids: Sequence[str], state: ReviewState) -> None:
    for run_id in run_ids:
        review = run_store().get(run_id).review
        run_store().review(run_id, Review(state, review.tags, review.notes))


def _tag(run_ids: Sequence[str]) -> None:
    tag = st.session_state[_TAG].strip()
    st.session_state[_TAG] = ""
    for run_id in run_ids if tag else ():
        review = run_store().get(run_id).review
        if tag not in review.tags:
            run_store().review(run_id, Review(review.state, (*review.tags, tag), review.notes))


def _undo() -> None:
    run_store().undelete(st.session_state.pop(_DELETED))


def _choose(page: str) -> None:
    recorder().choose(page, keeps=st.session_state[f"runs_keeps_{page}"])


def _erase_all() -> None:
    st.session_state[_ERASED] = run_store().erase_all()
    st.session_state[_SURE] = False
    st.session_state.pop(_DELETED, None)
    st.query_params.clear()
