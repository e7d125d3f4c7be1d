"""An old run put to use: today's checks on its answer, and the same question to another source."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from components.calls import is_pending, submit, take
from components.engine_state import engine_ready, watch_engine
from components.errors import show_error
from components.run_diff import WITH, show_changes, show_findings
from components.runs import RUN, recorder, run_store
from components.sources import credential_inputs, transport, typed_credentials
from posedeck.clients.remo import LIVE_BASE_URL, RemoClient, RemoCredentials
from posedeck.contracts.own import DEMO_ACCOUNT
from posedeck.net.errors import ServiceStarting, VendorError
from posedeck.pose.posture import View
from posedeck.runs.run import Run
from posedeck.services import keypoint_runs, posture_runs
from posedeck.services.fitting import FittingError
from posedeck.services.keypoints import DEMO_CREDENTIALS, LIVE_BASE_URLS, KeypointCredentials, Vendor
from posedeck.services.local_server import local_base_url
from posedeck.services.recording import read_photo
from posedeck.services.replay import recheck
from posedeck.services.sources import CALLED_SOURCES, VENDOR_NAMES, Source
from posedeck.texts import Texts

_CALL, _WANTED, _SOURCE = "run_replay_call", "run_replay_wanted", "run_replay_source"
#: Credentials by vendor, in the order in which they are passed, and those that are no secrets.
_FIELDS = {"remo": ("email", "user_key", "api_key"), "kakao": ("rest_api_key",), "nhn": ("app_key", "secret_key")}
_PLAIN = ("email",)


def replay_panel(run: Run, t: Texts) -> None:
    """Show what today's checks say of a run, and offer to ask again."""
    if run.error is None:
        _recheck(run, t)
    if run.page in _QUESTIONS:
        _ask_again(run, t)
    else:
        st.info(t("replay.own_page"), icon=":material/info:")


def _recheck(run: Run, t: Texts) -> None:
    st.markdown(f"**{t('replay.checks')}**")
    try:
        checked = recheck(run_store(), run)
    except FileNotFoundError:
        st.info(t("runs.problem.not_kept"), icon=":material/visibility_off:")
        return
    except ValueError as error:
        st.error(t("replay.unreadable"), icon=":material/error:")
        st.text(str(error))
        return
    if checked is None:
        st.caption(t("replay.no_checks"))
        return
    findings = checked.findings
    if not (checked.values or findings.only_before or findings.only_after):
        st.success(t("replay.same", count=len(findings.both)), icon=":material/check_circle:")
        return
    show_findings(findings, t)
    show_changes(checked.values, "replay_values", t)


def _ask_again(run: Run, t: Texts) -> None:
    st.markdown(f"**{t('replay.ask')}**")
    st.caption(t("replay.ask.help"))
    chosen = st.segmented_control(
        t("source.label"),
        [source.value for source in CALLED_SOURCES],
        format_func=lambda value: t(f"runs.source.{value}"),
        key=_SOURCE,
        default=Source.LOCAL.value,
        required=True,
    )
    source, complete = Source(chosen or Source.LOCAL), True
    if source is Source.LIVE:
        st.warning(t(f"replay.costs.{run.vendor}"), icon=":material/toll:")
        credential_inputs(run.vendor, _FIELDS[run.vendor], t, plain=_PLAIN)
        complete = all(typed_credentials(run.vendor, _FIELDS[run.vendor]))
    st.button(
        t("replay.start", vendor=VENDOR_NAMES[run.vendor], source=t(f"runs.source.{source.value}")),
        key="run_replay_start",
        type="primary",
        icon=":material/replay:",
        disabled=not complete or is_pending(_CALL),
        on_click=_want,
    )
    if st.session_state.get(_WANTED) and not is_pending(_CALL):
        _start(run, source, t)
    if is_pending(_CALL):
        _finish(run, t)


def _want() -> None:
    st.session_state[_WANTED] = True


def _start(run: Run, source: Source, t: Texts) -> None:
    if source is Source.LOCAL and not engine_ready():
        watch_engine(t)
        return
    del st.session_state[_WANTED]
    try:
        question = _QUESTIONS[run.page](run, source)
    except OSError:
        st.warning(t("runs.problem.not_kept"), icon=":material/visibility_off:")
        return
    submit(_CALL, question)


def _finish(run: Run, t: Texts) -> None:
    try:
        answer = take(_CALL, t("replay.asking"))
    except ServiceStarting:
        _want()
        watch_engine(t)
    except VendorError as error:
        show_error(error, t)
    except FittingError as error:
        st.error(t("fitting.impossible"), icon=":material/error:")
        st.text(str(error))
    else:
        if answer.run_id is not None:
            st.query_params[RUN], st.query_params[WITH] = run.id, answer.run_id
        st.rerun()


def _posture(run: Run, source: Source) -> Callable[[], Any]:
    photos = {view: read_photo(run_store(), run, view.value) for view in View}
    url, account = local_base_url(), RemoCredentials(*DEMO_ACCOUNT)
    if source is Source.LIVE:
        url, account = LIVE_BASE_URL, RemoCredentials(*typed_credentials("remo", _FIELDS["remo"]))
    client, kept_by, profile = RemoClient(transport("remo"), url), recorder(), run.params["profile"]
    return lambda: posture_runs.analyse_and_record(
        kept_by, client, account, photos, source=source, base_url=url, profile_name=profile
    )


def _keypoints(run: Run, source: Source) -> Callable[[], Any]:
    vendor, photo = Vendor(run.vendor), read_photo(run_store(), run, keypoint_runs.PICTURE)
    url, keys = local_base_url(), DEMO_CREDENTIALS[vendor]
    if source is Source.LIVE:
        url, keys = LIVE_BASE_URLS[vendor], KeypointCredentials(*typed_credentials(vendor, _FIELDS[vendor]))
    sender, kept_by, side = transport(vendor), recorder(), run.params["side"]
    return lambda: keypoint_runs.ask_and_record(kept_by, vendor, source, photo, keys, url, sender, side=side)


_QUESTIONS: dict[str, Callable[[Run, Source], Callable[[], Any]]] = {
    posture_runs.PAGE: _posture,
    keypoint_runs.PAGE: _keypoints,
}
