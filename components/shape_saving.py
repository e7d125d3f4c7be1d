"""Saving a future shape with its pictures, and opening a saved one again."""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from components.photo_slot import put_photo
from components.runs import cannot_open, recorder, run_in_address, run_link, run_store
from posedeck.contracts.remo.future_shape import Direction
from posedeck.runs.run import new_id
from posedeck.services.future_shape import ShapeResult
from posedeck.services.future_shape_runs import PAGE, reopen_shapes, save_shapes
from posedeck.services.photos import Photo
from posedeck.services.sources import Source
from posedeck.texts import Texts

_SAVED, _FAILED, _GROUP = "future_shape_saved", "future_shape_save_failed", "future_shape_group"


def group_of(photo: Photo) -> str:
    """What the runs about a photo in this browser session have in common."""
    known: tuple[str, str] | None = st.session_state.get(_GROUP)
    if known is None or known[0] != photo.sha256:
        known = st.session_state[_GROUP] = (photo.sha256, new_id())
    return known[1]


def saved_run(results: Iterable[ShapeResult]) -> str | None:
    """The run that names what is shown in the address: only a saved one can be opened again."""
    return next((result.run_id for result in results if result.run_id in _saved()), None)


def save_button(results: Sequence[ShapeResult], t: Texts) -> None:
    """Save the runs of what is shown, or say that they are saved, with their link."""
    if all(result.source is Source.RECORDED and result.run_id is None for result in results):
        return  # it came with PoseDeck
    if st.session_state.pop(_FAILED, False):
        st.error(t("future_shape.save_failed"), icon=":material/save:")
    if all(result.run_id in _saved() for result in results):
        with st.container(horizontal=True, vertical_alignment="center", key="future_shape_saved_line"):
            st.markdown(f":material/check_circle: {t('future_shape.saved')}", width="content")
            run_link(saved_run(results), t)
    elif any(result.run_id is None for result in results):
        run_link(None, t)
    else:
        st.button(
            t("future_shape.save"),
            key="future_shape_save",
            icon=":material/save:",
            help=t("future_shape.save.help"),
            on_click=_save,
            args=(results,),
        )


def reopen(slot: str, shown: Iterable[ShapeResult]) -> Mapping[Direction, ShapeResult] | None:
    """What the run in the address holds, its photo put into the slot; None when there is nothing new to open."""
    run = run_in_address(PAGE, saved_run(shown))
    if run is None:
        return None
    try:
        results = reopen_shapes(run_store(), run)
    except (OSError, ValueError):
        cannot_open(run.id, "unreadable")
        return None
    photo = next(iter(results.values())).photo
    put_photo(slot, photo.data, f"{run.created_at:%Y-%m-%d %H:%M}")
    st.session_state[_GROUP] = (photo.sha256, run.group or new_id())
    _saved().update(result.run_id for result in results.values())
    return results


def _saved() -> set[str | None]:
    saved: set[str | None] = st.session_state.setdefault(_SAVED, set())
    return saved


def _save(results: Sequence[ShapeResult]) -> None:
    try:
        save_shapes(recorder(), [result for result in results if result.run_id not in _saved()])
    except (KeyError, OSError, SQLAlchemyError):
        st.session_state[_FAILED] = True
    else:
        _saved().update(result.run_id for result in results)
