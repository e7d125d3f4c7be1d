"""Recorded answers in place of a vendor: from a cassette that this browser session loaded, else from the runs."""

import streamlit as st

from components.runs import run_store
from posedeck.net.cassette import Player, Recorded, play, read_cassette
from posedeck.services.replay import runs_player
from posedeck.texts import Texts

_EXCHANGES, _PLAYERS, _PROBLEM = "cassette_exchanges", "cassette_players", "cassette_problem"
_MAX_MB = 200


def player(vendor: str) -> Player:
    """What answers calls of a vendor from what was recorded."""
    exchanges = loaded_cassette(vendor)
    if exchanges is None:
        return runs_player(run_store(), vendor)
    # Kept for the session: the same call again gets the next answer.
    players: dict[str, Player] = st.session_state.setdefault(_PLAYERS, {})
    if vendor not in players:
        players[vendor] = play(vendor, exchanges)
    return players[vendor]


def loaded_cassette(vendor: str) -> list[Recorded] | None:
    """The exchanges of a vendor in the cassette that this session loaded; None without one."""
    exchanges: tuple[Recorded, ...] | None = st.session_state.get(_EXCHANGES)
    return None if exchanges is None else [each for each in exchanges if each.record.vendor == vendor]


def cassette_choice(t: Texts, *, key: str) -> None:
    """Let the user load a cassette; without one the runs of this installation answer."""
    st.file_uploader(
        t("cassette.load"),
        type="json",
        key=key,
        help=t("cassette.load.help"),
        max_upload_size=_MAX_MB,
        on_change=_load,
        args=(key,),
    )
    exchanges: tuple[Recorded, ...] | None = st.session_state.get(_EXCHANGES)
    if problem := st.session_state.get(_PROBLEM):
        st.error(t("cassette.unreadable"), icon=":material/error:")
        # As plain text: it quotes the file.
        st.text(problem)
    elif exchanges is None:
        st.caption(t("cassette.from_runs"))
    else:
        st.caption(t("cassette.loaded", count=len(exchanges)))


def _load(key: str) -> None:
    for name in (_EXCHANGES, _PLAYERS, _PROBLEM):
        st.session_state.pop(name, None)
    file = st.session_state[key]
    if file is None:
        return
    try:
        st.session_state[_EXCHANGES] = read_cassette(file.getvalue())
    except ValueError as error:
        st.session_state[_PROBLEM] = str(error)
