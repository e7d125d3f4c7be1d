"""Recorded kicks in place of an analysis: from a cassette, from the runs, or from a file with one saved answer."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from components.calls import is_pending, submit, take
from components.cassettes import loaded_cassette
from components.demo_state import samples_only
from components.errors import show_error
from components.exchange_log import exchange_log
from components.kick_job import clip_file, forget, show_result
from components.runs import recorder, run_store
from components.sources import silent_jobs_client
from posedeck.contracts.folding import describe_file
from posedeck.net.errors import VendorError
from posedeck.services.kick_recordings import RecordedKick, find_kick, kicks_in, kicks_of_runs, play_and_record
from posedeck.services.run_wording import moment_text
from posedeck.services.soccer import KickResult
from posedeck.services.soccer_runs import read_recorded
from posedeck.services.source_wording import origin_name
from posedeck.texts import Texts

_PLAY, _CHOSEN = "kick_play_call", "kick_recorded_chosen"
#: Of saved answers, the one opened last.
_OPENED = "kick_recorded_opened"


def recorded_kicks() -> list[RecordedKick]:
    """The kicks of the cassette that this session loaded, else those that this installation keeps."""
    exchanges = loaded_cassette("remo")
    return kicks_of_runs(run_store()) if exchanges is None else kicks_in(exchanges)


def choose_recorded(kicks: Sequence[RecordedKick], t: Texts) -> None:
    """Let one of the recorded kicks be chosen and played, whether its clip is here or not."""
    if not kicks:
        st.info(t("soccer.play.none"), icon=":material/draft:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="kick_play_choice"):
        chosen = st.selectbox(
            t("soccer.play.choose"),
            range(len(kicks)),
            format_func=lambda index: kick_title(kicks[index], t),
            key=_CHOSEN,
        )
        st.button(
            t("soccer.play"),
            key="kick_play",
            type="primary",
            icon=":material/replay:",
            on_click=_play,
            args=(kicks[chosen],),
            disabled=is_pending(_PLAY),
        )


def kick_title(kick: RecordedKick, t: Texts) -> str:
    """Who answered about which clip, and when."""
    source = origin_name(kick.origin.source, t)
    when = moment_text(datetime.fromtimestamp(kick.origin.answered_at, UTC), st.context.timezone)
    clip = t("soccer.play.clip", sha=kick.clip_sha256[:8]) if kick.clip_sha256 else t("soccer.play.no_clip")
    height = "" if kick.height_cm is None else f" · {kick.height_cm:g} cm"
    return f"{source} · {when}{height} · {clip}"


def play_clip(clip: Path | str, height_cm: float, kicks: Sequence[RecordedKick]) -> None:
    """Play what was recorded about a clip and a height; only for callbacks."""
    forget()
    keeper, observer, jobs = recorder(), exchange_log().observe, silent_jobs_client()

    def find_and_play() -> KickResult:
        with clip_file(jobs, clip) as file:
            sha256 = describe_file(file)["sha256"]
        return play_and_record(keeper, find_kick(kicks, sha256, height_cm), observer)

    submit(_PLAY, find_and_play)


def is_playing() -> bool:
    """Whether a recorded kick is being played."""
    return is_pending(_PLAY)


def finish_play(t: Texts) -> None:
    """Wait for the recorded kick that is being played, and show it."""
    try:
        result = take(_PLAY, t("soccer.playing"))
    except FileNotFoundError:
        st.error(t("soccer.upload.gone"), icon=":material/upload_file:")
        return
    except VendorError as error:
        show_error(error, t)
        return
    show_result(result)
    st.rerun()


def open_recorded(t: Texts) -> None:
    """Open a saved answer instead of asking anybody."""
    if samples_only(t):
        return
    file = st.file_uploader(t("soccer.recorded"), type=["json"], key="kick_recorded", help=t("soccer.recorded.help"))
    if file is None or st.session_state.get(_OPENED) == file.file_id:
        return
    st.session_state[_OPENED] = file.file_id
    try:
        result = read_recorded(recorder(), file.getvalue())
    except ValueError as error:
        st.error(t("soccer.recorded.bad"), icon=":material/error:")
        # As plain text: it may quote what came from outside.
        st.text(str(error))
        return
    show_result(result)
    st.rerun()


def _play(kick: RecordedKick) -> None:
    forget()
    keeper, observer = recorder(), exchange_log().observe
    submit(_PLAY, lambda: play_and_record(keeper, kick, observer))
