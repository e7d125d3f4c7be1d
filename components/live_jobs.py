"""Jobs that were submitted to live vendors, as last known: opened, fetched when the user asks for it, forgotten."""

import time
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from components.badges import vendor_badge
from components.calls import has_ended, is_pending, submit, take
from components.errors import show_error
from components.runs import recorder, run_store
from components.sources import credential_inputs, transport, typed_credentials
from components.submissions import submission_store
from posedeck.clients.kakao import VENDOR as KAKAO
from posedeck.clients.kakao_job import KakaoJobClient
from posedeck.clients.remo_soccer import NotReady, SoccerClient
from posedeck.net.errors import VendorError
from posedeck.runs.submissions import State, Submission
from posedeck.services import clip_runs, soccer_runs
from posedeck.services.job_wording import kept_text, state_sign, time_text
from posedeck.services.kakao_clips import ClipAnswer, ClipEnded, ClipPending
from posedeck.services.kick_tape import KickTape
from posedeck.services.run_wording import run_place
from posedeck.services.soccer import KickResult
from posedeck.services.sources import VENDOR_NAMES
from posedeck.services.submissions import (
    as_clip,
    as_kick,
    can_be_read,
    expires_at,
    read_noted,
    state_at,
    submission_page,
)
from posedeck.texts import Texts

_PAGES = Path(__file__).resolve().parents[1] / "pages"
_CALL = "live_job_call_"
_ERROR = "live_job_error_"
#: Which credentials reading a job takes, and which of them are no secrets.
_FIELDS = {"remo": ("email",), "kakao": ("rest_api_key",)}
_PLAIN = ("email",)
#: So that one field alone is not as wide as the page.
_MIN_COLUMNS = 2
#: As jobs of our own server are signed.
_SIGNS = {
    State.SENDING: "waiting",
    State.UNKNOWN: "waiting",
    State.ACCEPTED: "processing",
    State.READY: "success",
    State.FAILED: "failed",
    State.GONE: "cancelled",
}


def live_jobs(since: float, until: float) -> list[Submission]:
    """What was submitted to live vendors at ``since`` or later and before ``until``, the newest first."""
    return submission_store().between(since, until)


def is_fetching(submissions: list[Submission]) -> bool:
    """Whether the result of one of them is on its way."""
    return any(is_pending(_CALL + each.id) for each in submissions)


def live_credentials(submissions: list[Submission], t: Texts) -> None:
    """What fetching a result takes, for the vendors of these submissions."""
    vendors = [vendor for vendor in _FIELDS if any(each.vendor == vendor for each in submissions)]
    if not vendors:
        return
    missing = not all(_is_complete(vendor) for vendor in vendors)
    with st.expander(t("live_jobs.credentials"), icon=":material/key:", key="live_jobs_keys", expanded=missing):
        st.caption(t("live_jobs.credentials.why"))
        for vendor, column in zip(vendors, st.columns(_MIN_COLUMNS), strict=False):
            with column:
                st.markdown(f"**{VENDOR_NAMES[vendor]}**")
                credential_inputs(vendor, _FIELDS[vendor], t, plain=_PLAIN)


def live_job(submission: Submission, t: Texts) -> None:
    """One of them: whose it is, where it stands, and what can be done."""
    call = _CALL + submission.id
    if is_pending(call) and has_ended(call):
        _take(submission, t)
    now = time.time()
    state = state_at(submission, now)
    with st.container(horizontal=True, horizontal_alignment="distribute", key=f"live_{submission.id}_head"):
        kind = t(f"live_jobs.kind.{submission.vendor}")
        st.markdown(f"**{kind}** · {state_sign(_SIGNS[state])} {t(f'live_jobs.state.{state.value}')}")
        st.caption(t("jobs.age", age=time_text(now - submission.submitted_at, t)), width="content")
    vendor_badge(VENDOR_NAMES[submission.vendor], t)
    if state is State.UNKNOWN:
        st.warning(t(f"live_jobs.unknown.{submission.vendor}"), icon=":material/help:")
    elif state is State.GONE:
        st.warning(t("live_jobs.gone"), icon=":material/search_off:")
    elif state is State.FAILED:
        st.error(t("live_jobs.failed"), icon=":material/error:")
    if submission.detail:
        # The vendor's words are text, never markup.
        st.text(submission.detail)
    if (error := st.session_state.get(_ERROR + submission.id)) is not None:
        show_error(error, t)
    st.caption(" · ".join(filter(None, _facts(submission, now, t))))
    if is_pending(call):
        st.progress(0.0, text=t("live_jobs.fetching", vendor=VENDOR_NAMES[submission.vendor]))
    with st.container(horizontal=True, vertical_alignment="center", key=f"live_{submission.id}_actions"):
        _actions(submission, t)


def _facts(submission: Submission, now: float, t: Texts) -> list[str]:
    smoothing = submission.params.get("smoothing")
    host = urlsplit(submission.base_url).netloc or submission.base_url
    expires = expires_at(submission)
    return [
        submission.job_id or submission.id,
        host,
        "" if smoothing is None else t("clip.job.smoothed" if smoothing else "clip.job.plain"),
        t("live_jobs.never_asked")
        if submission.asked_at is None
        else t("live_jobs.asked", age=time_text(now - submission.asked_at, t)),
        t("live_jobs.kept.unknown", vendor=VENDOR_NAMES[submission.vendor])
        if expires is None
        else kept_text(expires, now, t),
    ]


def _actions(submission: Submission, t: Texts) -> None:
    if (place := _place(submission)) is not None:
        page, query, kept = place
        if (_PAGES / f"{page}.py").exists():
            label = t("jobs.open" if kept else "live_jobs.open")
            st.page_link(_PAGES / f"{page}.py", label=label, icon=":material/open_in_new:", query_params=query)
    if can_be_read(submission):
        complete = _is_complete(submission.vendor)
        st.button(
            t("live_jobs.fetch_again" if submission.state is State.READY else "live_jobs.fetch"),
            key=f"live_{submission.id}_fetch",
            icon=":material/refresh:",
            on_click=_fetch,
            args=(submission,),
            disabled=not complete or is_pending(_CALL + submission.id),
            help=None if complete else t("live_jobs.credentials.missing"),
        )
    with st.popover(t("live_jobs.forget"), icon=":material/playlist_remove:", key=f"live_{submission.id}_ask"):
        st.write(t("live_jobs.forget.sure", vendor=VENDOR_NAMES[submission.vendor]))
        st.button(
            t("live_jobs.forget.yes"),
            key=f"live_{submission.id}_forget",
            on_click=_forget,
            args=(submission.id,),
            type="primary",
        )


def _place(submission: Submission) -> tuple[str, dict[str, str], bool] | None:
    """The page that opens it, the query, and whether that is its kept run: then nobody is asked."""
    run_id = submission.run_id
    if run_id is not None and run_store().rows([run_id]):
        page, query = run_place(clip_runs.PAGE if submission.vendor == KAKAO else soccer_runs.PAGE)
        return page, {**query, "run": run_id}, True
    if not can_be_read(submission):
        return None
    return *submission_page(submission, submission_store().group(submission.group) if submission.group else []), False


def _is_complete(vendor: str) -> bool:
    return all(typed_credentials(vendor, _FIELDS[vendor]))


def _fetch(submission: Submission) -> None:
    st.session_state.pop(_ERROR + submission.id, None)
    keeper, store, now = recorder(), submission_store(), time.time()
    sender, (credential,) = (
        transport(submission.vendor),
        typed_credentials(submission.vendor, _FIELDS[submission.vendor]),
    )

    def read() -> KickResult | NotReady | ClipAnswer | ClipPending | ClipEnded:
        if submission.vendor == KAKAO:
            kakao = KakaoJobClient(sender, submission.base_url)
            return clip_runs.fetch_and_record(keeper, kakao, credential, as_clip(submission))
        kick, remo = as_kick(submission), SoccerClient(sender, submission.base_url)
        return soccer_runs.fetch_and_record(keeper, remo, credential, kick, KickTape())

    submit(_CALL + submission.id, lambda: read_noted(store, submission.id, now, read))


def _take(submission: Submission, t: Texts) -> None:
    try:
        take(_CALL + submission.id, t("live_jobs.fetching", vendor=VENDOR_NAMES[submission.vendor]))
    except VendorError as error:
        st.session_state[_ERROR + submission.id] = error
    st.rerun()


def _forget(submission_id: str) -> None:
    submission_store().forget(submission_id)
    st.session_state.pop(_ERROR + submission_id, None)
