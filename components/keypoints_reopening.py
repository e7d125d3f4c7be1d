"""A comparison that is opened again from its runs, and what holds the runs of one comparison together."""

import streamlit as st

from components.keypoints_outcome import Outcomes
from components.keypoints_picture import put_picture
from components.keypoints_sides import side_key
from components.runs import cannot_open, run_in_address, run_store
from posedeck.runs.run import Run, new_id
from posedeck.services.keypoint_runs import ANSWER_PAGES, FRAME_PAGE, LAB_PAGE, PAGE, reopen_keypoints, sides_of
from posedeck.services.photos import Photo
from posedeck.services.sources import CHOSEN_SOURCES, Source
from posedeck.texts import Texts

_GROUP, _ORIGIN = "keypoints_group", "keypoints_origin"


def group_of(photo: Photo) -> str:
    """What the runs about a picture in this browser session have in common."""
    known: tuple[str, str] | None = st.session_state.get(_GROUP)
    if known is None or known[0] != photo.sha256:
        known = st.session_state[_GROUP] = (photo.sha256, new_id())
    return known[1]


def run_of(outcomes: Outcomes | None) -> str | None:
    """The run that names a comparison in the address: its newest; None when none is kept."""
    answers = [] if outcomes is None else outcomes.answers.values()
    kept = [answer for answer in answers if answer.run_id is not None]
    return max(kept, key=lambda answer: answer.answered_at).run_id if kept else None


def reopen_comparison(shown: Outcomes | None) -> Outcomes | None:
    """The comparison of the run that the address names, its picture and sources chosen; None when there is none new."""
    run = run_in_address(PAGE, run_of(shown), ANSWER_PAGES)
    if run is None:
        return None
    try:
        answers = {side: reopen_keypoints(run_store(), each) for side, each in sides_of(run_store(), run).items()}
    except (OSError, ValueError):
        cannot_open(run.id, "unreadable")
        return None
    photo = next(iter(answers.values())).photo
    st.session_state[_ORIGIN] = (photo.sha256, run)
    put_picture(photo, f"{run.created_at:%Y-%m-%d %H:%M}")
    st.session_state[_GROUP] = (photo.sha256, run.group or new_id())
    for side, answer in answers.items():
        st.session_state[side_key(side, "vendor")] = answer.vendor.value
        chosen = answer.source if answer.source in CHOSEN_SOURCES else Source.LOCAL
        st.session_state[side_key(side, "source")] = chosen.value
    return Outcomes(photo, {side: answers[side] for side in sorted(answers)}, {})


def origin_note(photo: Photo, t: Texts) -> None:
    """Where a picture comes from that was reopened and that nobody uploaded: a clip, or the perturbation lab."""
    known: tuple[str, Run] | None = st.session_state.get(_ORIGIN)
    if known is None or known[0] != photo.sha256:
        return
    run = known[1]
    if run.page == FRAME_PAGE:
        st.info(t("keypoints.origin.frame", number=int(run.params["frame"]) + 1), icon=":material/movie:")
    elif run.page == LAB_PAGE:
        kind = t(f"lab.kind.{run.params['kind']}")
        st.info(t("keypoints.origin.lab", kind=kind, amount=f"{run.params['amount']:g}"), icon=":material/science:")
