"""Submitted clips of this session: one job, or two that differ in smoothing; submitted once, watched, found again.

The address names the jobs, so a reload, another tab or a restarted server finds them.
"""

import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from uuid import uuid4

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from components.calls import has_ended, is_pending, submit, take
from components.errors import show_error
from components.job_card import job_card
from components.runs import recorder
from components.sources import silent_jobs_client, transport, typed_credentials
from components.submissions import noting, submission_store
from posedeck.clients.kakao import LIVE_BASE_URL
from posedeck.clients.kakao_job import KakaoJobClient, UploadName
from posedeck.contracts.own import DEMO_KAKAO_KEY
from posedeck.net.errors import VendorError
from posedeck.services.clip_material import clip_material
from posedeck.services.clip_runs import fetch_and_record
from posedeck.services.kakao_clips import ClipAnswer, ClipEnded, ClipPending, SubmittedClip, submit_clip
from posedeck.services.local_server import local_base_url
from posedeck.services.soccer_watch import Turn
from posedeck.services.sources import Source
from posedeck.services.submissions import as_clip, clip_submission, read_noted, submit_noted
from posedeck.services.uploaded_clip import spooled_upload
from posedeck.texts import Texts

_JOBS, _ANSWERS, _ASKED = "clip_jobs", "clip_answers", "clip_asked"
_TWIN_ERROR = "clip_twin_error"
_SUBMIT, _FETCH = "clip_submit_call", "clip_fetch_call_"
#: Names in the address: the job, and its twin without smoothing.
JOB, OTHER = "job", "other"
_TICK_S = 1.0


@dataclass(frozen=True)
class ClipJobs:
    """What was submitted together.

    Attributes:
        chosen: The job whose result is shown.
        unsmoothed: The same clip without smoothing, when both were asked for.
        clip: Where the clip is for this session: a file, an upload at our server, or an address; None when it was
            submitted elsewhere.
        reopened: Whether this is a kept answer, about which nobody is asked.
    """

    chosen: SubmittedClip
    unsmoothed: SubmittedClip | None = None
    clip: Path | UploadName | str | None = None
    reopened: bool = False

    @property
    def each(self) -> tuple[SubmittedClip, ...]:
        """Both jobs, or the one."""
        return (self.chosen,) if self.unsmoothed is None else (self.chosen, self.unsmoothed)


def kakao_key(source: Source) -> str:
    """The key for Kakao's API at a source; empty when it is not typed in yet."""
    return DEMO_KAKAO_KEY if source is Source.LOCAL else typed_credentials("kakao", ("rest_api_key",))[0]


def clip_jobs() -> ClipJobs | None:
    """The jobs of this session."""
    jobs: ClipJobs | None = st.session_state.get(_JOBS)
    return jobs


def is_submitting() -> bool:
    """Whether a submit is on its way."""
    return is_pending(_SUBMIT)


def start(clip: Path | UploadName | str, source: Source, *, smoothing: bool, both: bool, callback_url: str) -> None:
    """Submit a clip in a thread of its own; only for callbacks."""
    forget()
    key, base_url = kakao_key(source), local_base_url() if source is Source.LOCAL else LIVE_BASE_URL
    client, callback = KakaoJobClient(transport("kakao"), base_url), callback_url or None
    store, jobs, group = noting(source), silent_jobs_client(), str(uuid4())

    def one(sent: Path | UploadName | str, smooth: bool) -> SubmittedClip:
        now = time.time()
        return submit_noted(
            store,
            clip_submission(str(uuid4()), base_url, now, smoothing=smooth, group=group),
            lambda: submit_clip(
                client,
                key,
                sent,
                source=source,
                base_url=base_url,
                now=now,
                smoothing=smooth,
                callback_url=callback,
            ),
        )

    def send(sent: Path | UploadName | str) -> _Sent:
        first = one(sent, both or smoothing)
        if not both:
            return _Sent(ClipJobs(first, None, clip))
        try:
            return _Sent(ClipJobs(first, one(sent, False), clip))
        except VendorError as error:
            # The first is on its way: sending both again would have it done twice.
            return _Sent(ClipJobs(first, None, clip), error)

    def bring_and_send() -> _Sent:
        if not isinstance(clip, UploadName) or source is Source.LOCAL:
            return send(clip)
        with spooled_upload(jobs, clip.name) as file:
            return send(file)

    submit(_SUBMIT, bring_and_send)


@dataclass(frozen=True)
class _Sent:
    """What was accepted, and why its twin was not."""

    jobs: ClipJobs
    error: VendorError | None = None


def finish_submit(t: Texts) -> None:
    """Wait for the submit on its way."""
    try:
        sent: _Sent = take(_SUBMIT, t("clip.submitting"))
    except FileNotFoundError:
        st.error(t("soccer.upload.gone"), icon=":material/upload_file:")
        return
    except SQLAlchemyError:
        st.error(t("live_jobs.not_written"), icon=":material/save:")
        return
    except VendorError as error:
        show_error(error, t)
        return
    st.session_state[_JOBS], st.session_state[_TWIN_ERROR] = sent.jobs, sent.error
    _keep_address(sent.jobs)
    st.rerun()


def forget() -> None:
    """Leave the jobs of this session; only for callbacks. They go on where they are."""
    for name in (_JOBS, _ANSWERS, _ASKED, _TWIN_ERROR):
        st.session_state.pop(name, None)
    for name in (JOB, OTHER):
        st.query_params.pop(name, None)


def restore() -> bool:
    """Take up the jobs that the address names; False when there are none or they are those of this session."""
    job_id, known = st.query_params.get(JOB, "").strip(), clip_jobs()
    if not job_id or (known is not None and known.chosen.job_id == job_id) or is_submitting():
        return False
    other = st.query_params.get(OTHER, "").strip()
    for name in (_ANSWERS, _TWIN_ERROR):
        st.session_state.pop(name, None)
    st.session_state[_JOBS] = ClipJobs(_named(job_id, True if other else None), _named(other, False) if other else None)
    return True


def _named(job_id: str, smoothing: bool | None) -> SubmittedClip:
    """The job by its vendor's name of it: one of ours when nobody else's is known by it."""
    noted = submission_store().find(job_id)
    if noted is not None:
        return as_clip(noted)
    return SubmittedClip(job_id, Source.LOCAL, local_base_url(), time.time(), smoothing)


def reopen(answer: ClipAnswer) -> None:
    """Show an answer that was kept; nobody is asked."""
    job = SubmittedClip(answer.job_id, answer.source, answer.base_url, answer.answered_at.timestamp(), answer.smoothing)
    st.session_state[_JOBS] = ClipJobs(job, reopened=True)
    st.session_state[_ANSWERS] = {answer.job_id: answer}


def answers() -> dict[str, ClipAnswer | ClipEnded]:
    """What came of the jobs of this session, by their ids."""
    found: dict[str, ClipAnswer | ClipEnded] = st.session_state.setdefault(_ANSWERS, {})
    return found


def watch(jobs: ClipJobs, t: Texts) -> None:
    """Follow the jobs that have not ended; the page runs again when one does."""
    if (error := st.session_state.get(_TWIN_ERROR)) is not None:
        st.warning(t("clip.twin_refused"), icon=":material/content_copy_off:")
        show_error(error, t)
    for job in jobs.each:
        if job.job_id in answers():
            continue
        name = t("clip.job.smoothed" if job.smoothing else "clip.job.plain")
        if jobs.unsmoothed is not None:
            st.caption(name)
        if is_pending(_FETCH + job.job_id):
            _take(job, t)
        elif job.source is Source.LOCAL:
            # The card runs the page again when the job has ended; then its answer is due in Kakao's own form.
            taken_up = partial(_take_up, job.job_id)
            view = job_card(job.job_id, t, errors="jobs.error", key=f"clip_{job.job_id}", on_resumed=taken_up)
            if view is not None and view.state != "cancelled":
                _fetch(job)
                st.rerun()
        else:
            _watch_vendor(job, t)


def _take_up(job_id: str, resumed_id: str) -> None:
    """Follow the job that goes on in place of a cancelled one."""
    jobs = clip_jobs()
    if jobs is None:
        return

    def resumed(job: SubmittedClip) -> SubmittedClip:
        return replace(job, job_id=resumed_id) if job.job_id == job_id else job

    unsmoothed = None if jobs.unsmoothed is None else resumed(jobs.unsmoothed)
    jobs = replace(jobs, chosen=resumed(jobs.chosen), unsmoothed=unsmoothed)
    st.session_state[_JOBS] = jobs
    _keep_address(jobs)


@st.fragment(run_every=_TICK_S)
def _watch_vendor(job: SubmittedClip, t: Texts) -> None:
    """A vendor tells no progress, so it is only asked when its turn has come."""
    asked: dict[str, float] = st.session_state.setdefault(_ASKED, {})
    clock, now = job.watch(asked.get(job.job_id)), time.time()
    call = _FETCH + job.job_id
    if is_pending(call) and has_ended(call):
        st.rerun()
    keyed = bool(kakao_key(job.source))
    if keyed and not is_pending(call) and clock.turn(now) is Turn.ASK:
        asked[job.job_id] = now
        _fetch(job)
    with st.container(border=True, key=f"clip_{job.job_id}_card"):
        if not keyed:
            st.info(t("clip.job.key"), icon=":material/key:")
        elif clock.turn(now) is Turn.REST:
            st.info(t("soccer.job.rest"), icon=":material/hourglass_empty:")
            st.button(t("soccer.job.fetch"), key=f"clip_{job.job_id}_fetch", on_click=_fetch, args=(job,))
        else:
            st.progress(0.0, text=t("clip.job.vendor"))
        st.caption(t("soccer.job.uuid", uuid=job.job_id))


def fetch_again() -> None:
    """Ask once more about jobs that ended without a result; only for callbacks."""
    jobs, told = clip_jobs(), answers()
    for job in () if jobs is None else jobs.each:
        if isinstance(told.get(job.job_id), ClipEnded):
            del told[job.job_id]
            _fetch(job)


def _fetch(job: SubmittedClip) -> None:
    client = KakaoJobClient(transport("kakao"), job.base_url)
    key, keeper, store, now = kakao_key(job.source), recorder(), noting(job.source), time.time()
    jobs = clip_jobs()
    material = clip_material(None if jobs is None else jobs.clip, job, silent_jobs_client())

    def read() -> ClipAnswer | ClipPending | ClipEnded:
        return fetch_and_record(keeper, client, key, job, material)

    submit(_FETCH + job.job_id, lambda: read_noted(store, job.job_id, now, read))


def _take(job: SubmittedClip, t: Texts) -> None:
    try:
        got: ClipAnswer | ClipPending | ClipEnded = take(_FETCH + job.job_id, t("clip.fetching"))
    except VendorError as error:
        show_error(error, t)
        st.button(t("soccer.job.fetch"), key=f"clip_{job.job_id}_again", on_click=_fetch, args=(job,))
        return
    if not isinstance(got, ClipPending):
        answers()[job.job_id] = got
    st.rerun()


def _keep_address(jobs: ClipJobs) -> None:
    st.query_params[JOB] = jobs.chosen.job_id
    if jobs.unsmoothed is not None:
        st.query_params[OTHER] = jobs.unsmoothed.job_id
