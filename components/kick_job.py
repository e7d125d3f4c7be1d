"""A submitted kick on the page: one submit, a card that watches it, and what became of it.

The job is known by its address (``?job=``): a reload, another tab or a server that was restarted finds it again.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from components.calls import has_ended, is_pending, submit, take
from components.errors import show_error
from components.job_card import resume_button
from components.job_progress import job_progress
from components.kick_access import SoccerAccess, soccer_access
from components.runs import recorder
from components.sources import credential_inputs, current_source, jobs_client, remember_credit, silent_jobs_client
from components.submissions import noting, submission_store
from posedeck.clients.own_jobs import JobsClient
from posedeck.clients.remo import RemoRefused
from posedeck.clients.remo_soccer import NotReady
from posedeck.contracts.remo.soccer import CREDITS
from posedeck.contracts.remo.soccer_errors import FINAL_CODES, SoccerCode
from posedeck.net.errors import AmbiguousOutcome, AnswerRefused, VendorError
from posedeck.services.kick_files import kick_job, kick_track
from posedeck.services.kick_tape import KickTape
from posedeck.services.local_server import local_base_url
from posedeck.services.soccer import KickResult, SubmittedKick
from posedeck.services.soccer_runs import fetch_and_record, submit_and_record
from posedeck.services.soccer_watch import Turn, Watch
from posedeck.services.sources import Source
from posedeck.services.submissions import as_kick, kick_submission, read_noted, submit_noted
from posedeck.services.uploaded_clip import spooled_upload
from posedeck.texts import Texts

RESULT = "kick_result"
_TAPE = "kick_tape"
_JOB, _WATCH, _SEEN, _ERROR, _NOTE = "kick_job", "kick_watch", "kick_seen", "kick_error", "kick_note"
_SUBMIT, _POLL = "kick_submit_call", "kick_poll_call"
#: Name of the job in the address.
_UUID = "job"
_TICK_S = 1.0


def submitted() -> SubmittedKick | None:
    """The job of this session."""
    job: SubmittedKick | None = st.session_state.get(_JOB)
    return job


def is_submitting() -> bool:
    """Whether a submit is on its way."""
    return is_pending(_SUBMIT)


def start(clip: Path | str, height_cm: float, access: SoccerAccess) -> None:
    """Submit a clip in a thread of its own, under a number made now; only for callbacks."""
    forget()
    intended = kick_submission(str(uuid4()), access.base_url, time.time())
    st.session_state[_JOB] = as_kick(replace(intended, source=access.source))
    tape = st.session_state[_TAPE] = KickTape()
    keeper, store, jobs = recorder(), noting(access.source), silent_jobs_client()

    def send(file: Path) -> SubmittedKick:
        return submit_and_record(
            keeper,
            access.client,
            access.credentials,
            # A vendor gets the file itself; our server has an upload already.
            clip if access.source is Source.LOCAL else file,
            height_cm,
            intended.id,
            tape,
            source=access.source,
            base_url=access.base_url,
            now=time.time(),
            clip_file=file,
        )

    def bring_and_send() -> SubmittedKick:
        with clip_file(jobs, clip) as file:
            return submit_noted(store, intended, lambda: send(file))

    submit(_SUBMIT, bring_and_send)


@contextmanager
def clip_file(jobs: JobsClient, clip: Path | str) -> Iterator[Path]:
    """The file of a clip, or of an upload for as long as the context lasts; errors of ``spooled_upload``."""
    if isinstance(clip, Path):
        yield clip
        return
    with spooled_upload(jobs, clip) as file:
        yield file


def forget() -> None:
    """Leave the job of this session; only for callbacks. It goes on where it is and is found under its address."""
    for name in (_JOB, _WATCH, _SEEN, _ERROR, _NOTE, _TAPE, RESULT):
        st.session_state.pop(name, None)
    _keep_address(None)


def show_result(result: KickResult) -> None:
    """Show a result that no job of this session gave."""
    forget()
    st.session_state[RESULT] = result


def finish_submit(t: Texts) -> None:
    """Wait for the submit on its way. What was lost on the way back is asked for by its number, never sent again."""
    try:
        job: SubmittedKick = take(_SUBMIT, t("soccer.submitting"))
    except AmbiguousOutcome:
        st.session_state[_NOTE] = "ambiguous"
        job = st.session_state[_JOB]
    except FileNotFoundError:
        st.session_state.pop(_JOB, None)
        st.error(t("soccer.upload.gone"), icon=":material/upload_file:")
        return
    except SQLAlchemyError:
        st.session_state.pop(_JOB, None)
        st.error(t("live_jobs.not_written"), icon=":material/save:")
        return
    except VendorError as error:
        st.session_state[_ERROR] = error
        st.session_state.pop(_JOB, None)
        if isinstance(error, RemoRefused):
            remember_credit(soccer_access().source, error.credit)
        return
    st.session_state[_JOB] = job
    st.session_state[_WATCH] = Watch(job.submitted_at, job.wait_s)
    remember_credit(job.source, job.balance)
    if job.known:
        st.session_state[_NOTE] = "known"
    _keep_address(job)
    st.rerun()


def restore() -> None:
    """Take up the job that the address names, unless it is the one of this session."""
    uuid = st.query_params.get(_UUID, "").strip()
    known = submitted()
    if not uuid or (known is not None and known.uuid == uuid) or is_submitting():
        return
    noted = submission_store().find(uuid)
    job = _local_job(uuid) if noted is None else as_kick(noted)
    for name in (_SEEN, _ERROR, _NOTE, RESULT):
        st.session_state.pop(name, None)
    st.session_state[_TAPE] = KickTape()
    st.session_state[_JOB] = job
    st.session_state[_WATCH] = Watch(job.submitted_at, job.wait_s)
    _keep_address(job)


def show_failure(t: Texts) -> None:
    """What ended the job or kept it from being accepted, in words, with the way on."""
    error: VendorError | None = st.session_state.get(_ERROR)
    if error is None:
        return
    cancelled = (
        isinstance(error, RemoRefused) and "cancelled" in error.detail and error.code == SoccerCode.ANALYSIS_FAILED
    )
    if cancelled:
        st.info(t("soccer.job.cancelled"), icon=":material/cancel:")
    else:
        show_error(error, t)
    job = submitted()
    if job is not None:
        with st.container(horizontal=True, key="kick_failed"):
            if cancelled and (found := kick_job(jobs_client(), job.uuid)) is not None:
                resume_button(found.id, t, key="kick_resume", on_resumed=lambda _: _fetch_again())
            st.button(t("soccer.job.fetch"), key="kick_fetch_failed", on_click=_fetch_again, icon=":material/refresh:")
            st.button(t("soccer.job.forget"), key="kick_forget_failed", on_click=forget, icon=":material/restart_alt:")


def has_failed() -> bool:
    """Whether there is something for ``show_failure``."""
    return _ERROR in st.session_state


@st.fragment(run_every=_TICK_S)
def watch_job(t: Texts) -> None:
    """The card of the job that is not finished; reruns the page when it is."""
    job, watch = submitted(), st.session_state.get(_WATCH)
    if job is None or watch is None or has_failed() or RESULT in st.session_state:
        return
    now = time.time()
    trouble = _take_poll(job, t)
    access = soccer_access(job.source, job.base_url)
    watch = st.session_state[_WATCH]
    turn = watch.turn(now)
    # Our own server tells progress, so it is asked at each tick; a vendor only when its wait is over.
    due = turn is Turn.ASK or job.source is Source.LOCAL
    # A read takes the e-mail alone.
    if due and not is_pending(_POLL) and access.credentials.email:
        st.session_state[_WATCH] = replace(watch, asked_at=now)
        _ask(job, access)
    with st.container(border=True, key="kick_card"):
        _card(job, turn, watch.next_in_s(now), access, trouble, t)


def _card(job: SubmittedKick, turn: Turn, next_in_s: float, access: SoccerAccess, trouble: bool, t: Texts) -> None:
    st.markdown(f"**{t('soccer.job')}** · {t(f'source.{job.source.value}.name')}")
    note = st.session_state.get(_NOTE)
    if note == "ambiguous":
        st.warning(t("soccer.ambiguous"), icon=":material/help:")
    elif note == "known":
        st.info(t("soccer.job.known"), icon=":material/info:")
    seen: NotReady | None = st.session_state.get(_SEEN)
    if not access.credentials.email:
        st.info(t("soccer.job.email"), icon=":material/key:")
        if current_source() is not Source.LIVE:
            # The sidebar does not ask for it.
            credential_inputs("remo", ("email",), t, plain=("email",))
    elif trouble:
        st.warning(t("soccer.job.server_gone"), icon=":material/cloud_off:")
    elif seen is not None and seen.progress is not None:
        job_progress(seen.progress, t)
    elif turn is Turn.REST and job.source is not Source.LOCAL:
        st.info(t("soccer.job.rest"), icon=":material/hourglass_empty:")
    elif seen is not None and seen.code == SoccerCode.UNKNOWN_UUID:
        st.info(t("soccer.job.unknown"), icon=":material/search_off:")
    elif job.source is not Source.LOCAL:
        st.progress(0.0, text=t("soccer.job.live", seconds=math.ceil(next_in_s)))
    else:
        st.progress(0.0, text=t("soccer.job.starting"))
    st.caption(t("soccer.job.uuid", uuid=job.uuid))
    with st.container(horizontal=True, key="kick_card_actions"):
        if seen is not None and seen.progress is not None:
            st.button(
                t("soccer.job.cancel"),
                key="kick_cancel",
                icon=":material/cancel:",
                on_click=_cancel,
                args=(seen.progress.id,),
            )
        elif turn is Turn.REST or (seen is not None and job.source is not Source.LOCAL):
            st.button(t("soccer.job.fetch"), key="kick_fetch", icon=":material/refresh:", on_click=_fetch_again)
        st.button(t("soccer.job.forget"), key="kick_forget", icon=":material/restart_alt:", on_click=forget)


def _ask(job: SubmittedKick, access: SoccerAccess) -> None:
    keeper, email, store, now = recorder(), access.credentials.email, noting(job.source), time.time()
    tape, jobs = st.session_state[_TAPE], jobs_client()

    def find_track() -> bytes | None:
        return kick_track(jobs, job.uuid) if job.source is Source.LOCAL else None

    def read() -> KickResult | NotReady:
        return fetch_and_record(keeper, access.client, email, job, tape, find_track=find_track)

    submit(_POLL, lambda: read_noted(store, job.uuid, now, read))


def _take_poll(job: SubmittedKick, t: Texts) -> bool:
    """Take the read that has ended; whether it was lost on the way."""
    if not is_pending(_POLL) or not has_ended(_POLL):
        return False
    try:
        got: KickResult | NotReady = take(_POLL, t("soccer.job.fetch"))
    except AnswerRefused as error:
        if error.code in FINAL_CODES or not error.retry_safe:
            st.session_state[_ERROR] = error
            st.rerun()
        return True
    except VendorError:
        return True
    if isinstance(got, NotReady):
        st.session_state[_SEEN] = got
        return False
    if got.uuid == job.uuid:
        st.session_state[RESULT] = got
        st.rerun()
    return False


def _fetch_again() -> None:
    for name in (_ERROR, _SEEN):
        st.session_state.pop(name, None)
    watch: Watch | None = st.session_state.get(_WATCH)
    if watch is not None:
        st.session_state[_WATCH] = replace(watch, submitted_at=time.time() - watch.first_s, asked_at=None)


def _cancel(job_id: str) -> None:
    try:
        jobs_client().cancel(job_id)
    except VendorError as error:
        st.session_state[_ERROR] = error


def _local_job(uuid: str) -> SubmittedKick:
    """A job that our server is asked for: when it was submitted is told by the server."""
    return SubmittedKick(uuid, Source.LOCAL, local_base_url(), 0.0, 0.0, CREDITS, None, known=False)


def _keep_address(job: SubmittedKick | None) -> None:
    if job is None:
        st.query_params.pop(_UUID, None)
    else:
        st.query_params[_UUID] = job.uuid
