"""Pictures of a future shape as the browser gets them: marked, and kept no longer than the browser session."""

import base64
import hashlib
import io
from collections.abc import Callable

import streamlit as st
from PIL import Image

from components.before_after import ShownPicture
from posedeck.services.future_shape import ShapeResult
from posedeck.services.shape_alignment import Picture
from posedeck.services.shape_export import marked_picture
from posedeck.texts import Texts

#: Longest side of the shown copy, sharp at the width of half a page.
_SIDE = 1100
_QUALITY = 88
_KEPT = 16


def shown_result(result: ShapeResult, t: Texts) -> ShownPicture:
    """The answered picture, never without its mark."""
    uri = _uri(_key(result.after), t.language, result.source.value, _make=lambda: marked_picture(result, t))
    direction = result.wish.direction.value
    return ShownPicture(uri, t(f"future_shape.{direction}"), t(f"future_shape.alt.{direction}"))


def shown_original(result: ShapeResult, t: Texts) -> ShownPicture:
    """The photo in the frame of the answered picture."""
    before = result.aligned.before
    uri = _uri(_key(before), "", "", _make=lambda: before)
    return ShownPicture(uri, t("future_shape.original"), t("future_shape.alt.original"))


def _key(picture: Picture) -> str:
    return hashlib.sha256(picture.tobytes()).hexdigest()


@st.cache_data(scope="session", max_entries=_KEPT, show_spinner=False)
def _uri(sha256: str, language: str, source: str, _make: Callable[[], Picture]) -> str:  # noqa: ARG001
    picture = Image.fromarray(_make())
    picture.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
