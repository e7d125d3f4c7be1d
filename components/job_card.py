"""The card of one job: where it stands, how far it is, and a way to cancel it; it follows the job by itself."""

from collections.abc import Callable

import streamlit as st

from components.errors import show_error
from components.job_progress import job_progress
from components.sources import jobs_client
from posedeck.contracts.own_jobs import JobView
from posedeck.net.errors import VendorError
from posedeck.services.job_wording import progress_of, state_sign
from posedeck.texts import Texts

_POLL_S = 1.0
_LIVE = ("waiting", "processing")


def job_card(job_id: str, t: Texts, *, errors: str, key: str, on_resumed: Callable[[str], None]) -> JobView | None:
    """Show a job and follow it; the page runs again when it ends.

    Args:
        job_id: Which job.
        t: Texts of the session.
        errors: Where its kind has sentences of its own for codes of failure: keys ``<errors>.<code>``.
        key: Stable key of the card.
        on_resumed: Told the id of the job that goes on in place of a cancelled one.

    Returns:
        The job once it has ended, in whatever way; None before that and when it is not there (any more).
    """
    view = _load(job_id, t)
    if view is None:
        return None
    if view.state in _LIVE:
        _follow(job_id, t, key)
        return None
    _ended(view, t, errors, key, on_resumed)
    return view


def job_identity(job: JobView) -> str:
    """What tells a job's files from another's, for caches: they never change once it has ended."""
    return job.id


def state_text(job: JobView, t: Texts) -> str:
    """A job's state as sign and word."""
    return f"{state_sign(job.state)} {t(f'jobs.state.{job.state}')}"


@st.fragment(run_every=_POLL_S)
def _follow(job_id: str, t: Texts, key: str) -> None:
    view = _load(job_id, t)
    if view is None:
        return
    if view.state not in _LIVE:
        st.rerun()
    with st.container(border=True, key=f"{key}_card"):
        st.markdown(state_text(view, t))
        job_progress(progress_of(view), t)
        refused = f"{key}_refused"
        st.button(
            t("jobs.cancel"), key=f"{key}_cancel", icon=":material/cancel:", on_click=_cancel, args=(job_id, refused)
        )
        if error := st.session_state.pop(refused, None):
            show_error(error, t)
        st.caption(t("job_card.leave"))


def resume_button(job_id: str, t: Texts, *, key: str, on_resumed: Callable[[str], None]) -> None:
    """Lets a cancelled job go on; why it could not is said in the same place."""
    refused = f"{key}_refused"
    st.button(
        t("jobs.resume"),
        key=key,
        icon=":material/play_arrow:",
        help=t("jobs.resume.help"),
        on_click=_resume,
        args=(job_id, refused, on_resumed),
    )
    if error := st.session_state.pop(refused, None):
        show_error(error, t)


def _ended(view: JobView, t: Texts, errors: str, key: str, on_resumed: Callable[[str], None]) -> None:
    if view.state == "success":
        return
    with st.container(border=True, key=f"{key}_card"):
        st.markdown(state_text(view, t))
        if view.state == "cancelled":
            st.markdown(t("job_card.cancelled"))
            resume_button(view.id, t, key=f"{key}_resume", on_resumed=on_resumed)
            return
        keys = (f"{errors}.{view.error_code}", f"jobs.error.{view.error_code}", "jobs.error.other")
        st.error(t(next(each for each in keys if each in t)), icon=":material/error:")
        # As plain text: it may quote a file's name.
        st.text(view.error_text or "")


def _load(job_id: str, t: Texts) -> JobView | None:
    try:
        return jobs_client().job(job_id)
    except VendorError as error:
        show_error(error, t)
        return None


def _resume(job_id: str, refused_key: str, on_resumed: Callable[[str], None]) -> None:
    try:
        job = jobs_client().resume(job_id)
    except VendorError as error:
        st.session_state[refused_key] = error
    else:
        on_resumed(job.id)


def _cancel(job_id: str, refused_key: str) -> None:
    try:
        jobs_client().cancel(job_id)
    except VendorError as error:
        st.session_state[refused_key] = error
