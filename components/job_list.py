"""Every job, of the pose server and of live vendors: where it is, how long it is kept, and what can be done with it."""

import math
import time
from pathlib import Path

import streamlit as st

from components.badges import source_badge
from components.errors import show_error
from components.job_card import resume_button
from components.job_progress import job_progress
from components.live_jobs import is_fetching, live_credentials, live_job, live_jobs
from components.sources import jobs_client
from posedeck.contracts.own_jobs import RESULT_NAME, JobList, JobView
from posedeck.net.errors import VendorError
from posedeck.runs.submissions import Submission
from posedeck.services.job_wording import job_page, kept_text, progress_of, state_sign, time_text
from posedeck.services.sources import Source
from posedeck.texts import Texts

_PAGES = Path(__file__).resolve().parents[1] / "pages"
_LIVE_STATES = ("waiting", "processing")
_PAGE_SIZE = 20
_BEFORE, _ERROR = "jobs_before", "jobs_error"
#: Seconds between two looks while something moves, and while nothing does.
_TICK_S, _IDLE_TICK_S = 1.0, 10.0


def job_list(t: Texts) -> None:
    """The jobs, newest first, kept up to date; a page of them at a time."""
    jobs = _jobs()
    live = _live_jobs(jobs)
    live_credentials(live, t)
    moving = _is_moving(jobs, live)
    st.fragment(_show, run_every=_TICK_S if moving else _IDLE_TICK_S)(moving, t)


def _show(moving: bool, t: Texts) -> None:
    jobs = _jobs()
    live = _live_jobs(jobs)
    error: VendorError | None = st.session_state.pop(_ERROR, None)
    if error is not None:
        show_error(error, t)
    if jobs is None:
        st.warning(t("jobs.unreachable"), icon=":material/cloud_off:")
    elif not jobs.jobs and not live:
        st.info(t("jobs.none"), icon=":material/inbox:")
    if moving is not _is_moving(jobs, live):
        # The pace of this fragment is set by the page's own run.
        st.rerun()
    rows: list[tuple[float, JobView | Submission]] = [(each.submitted_at, each) for each in live]
    rows += [(each.created_at, each) for each in jobs.jobs] if jobs is not None else []
    for _, row in sorted(rows, key=lambda each: -each[0]):
        with st.container(border=True, key=f"job_{row.id}"):
            if isinstance(row, Submission):
                live_job(row, t)
            else:
                _row(row, t)
    with st.container(horizontal=True, key="jobs_paging"):
        if _BEFORE in st.session_state:
            st.button(t("jobs.newest"), key="jobs_newest", on_click=_to_newest, icon=":material/first_page:")
        if jobs is not None and jobs.before is not None:
            st.button(
                t("jobs.older"),
                key="jobs_older",
                on_click=_to_older,
                args=(jobs.before,),
                icon=":material/expand_more:",
            )


def _live_jobs(jobs: JobList | None) -> list[Submission]:
    """Those of live vendors that belong between the shown ones of our server."""
    since = jobs.before if jobs is not None and jobs.before is not None else 0.0
    return live_jobs(since, st.session_state.get(_BEFORE, math.inf))


def _is_moving(jobs: JobList | None, live: list[Submission]) -> bool:
    ours = jobs is not None and any(job.state in _LIVE_STATES for job in jobs.jobs)
    return ours or is_fetching(live)


def _row(job: JobView, t: Texts) -> None:
    now = time.time()
    with st.container(horizontal=True, horizontal_alignment="distribute", key=f"job_{job.id}_head"):
        st.markdown(f"**{t(f'jobs.kind.{job.kind}')}** · {state_sign(job.state)} {t(f'jobs.state.{job.state}')}")
        st.caption(t("jobs.age", age=time_text(now - job.created_at, t)), width="content")
    source_badge(Source.LOCAL, t)
    if job.state in _LIVE_STATES:
        job_progress(progress_of(job), t)
    elif job.error_code is not None:
        st.error(_why(job, t), icon=":material/error:")
    st.caption(" · ".join(filter(None, (job.client_uuid or job.id, _took(job, t), kept_text(job.expires_at, now, t)))))
    with st.container(horizontal=True, vertical_alignment="center", key=f"job_{job.id}_actions"):
        _actions(job, t)


def _actions(job: JobView, t: Texts) -> None:
    page, query = job_page(job)
    if job.state not in ("failed", "cancelled") and (_PAGES / f"{page}.py").exists():
        label = t("jobs.watch" if job.state in _LIVE_STATES else "jobs.open")
        st.page_link(_PAGES / f"{page}.py", label=label, icon=":material/open_in_new:", query_params=query)
    if job.state in _LIVE_STATES:
        st.button(
            t("jobs.cancel"), key=f"job_{job.id}_cancel", on_click=_cancel, args=(job.id,), icon=":material/cancel:"
        )
        return
    if RESULT_NAME in job.files:
        st.download_button(
            t("jobs.result"),
            data=lambda: jobs_client().file(job, RESULT_NAME),
            file_name=f"{job.kind}-{job.id}.json",
            mime="application/json",
            key=f"job_{job.id}_result",
            icon=":material/download:",
            on_click="ignore",
        )
    if job.state == "cancelled":
        resume_button(job.id, t, key=f"job_{job.id}_resume", on_resumed=lambda _: None)
    with st.popover(t("jobs.delete"), icon=":material/delete:", key=f"job_{job.id}_ask"):
        st.write(t("jobs.delete.sure"))
        st.button(t("jobs.delete.yes"), key=f"job_{job.id}_delete", on_click=_delete, args=(job.id,), type="primary")


def _why(job: JobView, t: Texts) -> str:
    key = f"jobs.error.{job.error_code}"
    return t(key) if key in t else f"{t('jobs.error.other')} ({job.error_code}: {job.error_text})"


def _took(job: JobView, t: Texts) -> str:
    if job.ended_at is None or job.started_at is None:
        return ""
    return t("jobs.took", time=time_text(job.ended_at - job.started_at, t))


def _jobs() -> JobList | None:
    try:
        return jobs_client().jobs(limit=_PAGE_SIZE, before=st.session_state.get(_BEFORE))
    except VendorError:
        return None


def _to_older(before: float) -> None:
    st.session_state[_BEFORE] = before


def _to_newest() -> None:
    st.session_state.pop(_BEFORE, None)


def _cancel(job_id: str) -> None:
    try:
        jobs_client().cancel(job_id)
    except VendorError as error:
        st.session_state[_ERROR] = error


def _delete(job_id: str) -> None:
    try:
        jobs_client().delete(job_id)
    except VendorError as error:
        st.session_state[_ERROR] = error
