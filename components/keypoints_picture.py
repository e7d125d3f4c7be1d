"""The picture of a comparison: uploaded, from the camera, a sample, or named by its address."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from components.demo_state import demo_on
from components.photo_slot import photo_slot, put_photo
from posedeck.contracts import kakao
from posedeck.net.fetch import Fetcher, FetchError
from posedeck.services.photos import Photo
from posedeck.texts import Texts

SLOT = "keypoints_photo"
_SAMPLES = Path(__file__).resolve().parents[1] / "assets" / "samples"
#: One person in the slot itself; the group is the page's own sample.
_PERSON, _GROUP = _SAMPLES / "front_apose.jpg", _SAMPLES / "group3.jpg"
_URL, _FETCHED, _FAILED = "keypoints_url", "keypoints_fetched", "keypoints_url_failed"
_FETCH_S = 15.0


@dataclass(frozen=True)
class _Fetched:
    url: str
    sha256: str


def put_sample_group() -> None:
    """Choose the sample picture with several people."""
    put_photo(SLOT, _GROUP.read_bytes(), _GROUP.name)


def put_picture(photo: Photo, name: str) -> None:
    """Choose a picture that is ready to send."""
    put_photo(SLOT, photo.data, name)


def picture_slot(*, by_address: bool, t: Texts) -> tuple[Photo | None, str | None]:
    """Let the user choose a picture; returns it, and its address when that is where it came from.

    Args:
        by_address: Whether a side takes a picture's address.
        t: Texts of the session.
    """
    photo = photo_slot("people", key=SLOT, t=t, sample=_PERSON)
    if photo is None and by_address and not demo_on():
        with st.container(horizontal=True, vertical_alignment="bottom", key="keypoints_address"):
            st.text_input(t("keypoints.url"), key=_URL, placeholder="https://", help=t("keypoints.url.help"))
            wanted = st.button(t("keypoints.url.fetch"), key="fetch_url", icon=":material/download:")
        if wanted:
            with st.spinner(t("keypoints.url.fetching")):
                _fetch(st.session_state[_URL].strip())
            st.rerun()
        if reason := st.session_state.get(_FAILED):
            st.error(t("keypoints.url.failed"), icon=":material/link_off:")
            st.text(reason)
    fetched: _Fetched | None = st.session_state.get(_FETCHED)
    known = photo is not None and fetched is not None and fetched.sha256 == photo.sha256
    return photo, fetched.url if known and fetched else None


@st.cache_resource(max_entries=1, on_release=Fetcher.close)
def _fetcher() -> Fetcher:
    return Fetcher()


def _fetch(url: str) -> None:
    st.session_state.pop(_FAILED, None)
    try:
        data = _fetcher().fetch(url, kakao.MAX_BYTES, _FETCH_S)
    except FetchError as error:
        st.session_state[_FAILED] = str(error)
        return
    put_photo(SLOT, data, url.rsplit("/", 1)[-1])
    if SLOT in st.session_state:
        st.session_state[_FETCHED] = _Fetched(url, st.session_state[SLOT].photo.sha256)
