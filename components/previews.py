"""What is wrong with a photo, told before anything is spent on it."""

import streamlit as st

from components.sources import own_client
from posedeck.net.errors import VendorError
from posedeck.pose.posture import View
from posedeck.services.photos import Photo

_KEPT = 64


def preview_faults(photo: Photo, view: View) -> list[str]:
    """Faults of the photo as seen by our engine; none while the engine cannot tell."""
    try:
        return _faults(photo.sha256, view.value, _picture=photo.data)
    except VendorError:
        return []


@st.cache_data(max_entries=_KEPT, show_spinner=False)
def _faults(sha256: str, view: str, _picture: bytes) -> list[str]:  # noqa: ARG001 - the hash is the cache's key
    return own_client().preview(_picture, view).faults
