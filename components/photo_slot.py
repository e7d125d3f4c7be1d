"""A place for one photo: upload, camera or sample; what was chosen stays in the session until it is removed."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from PIL import Image

from components.demo_state import samples_only
from posedeck.engine.images import ImageError
from posedeck.pose.capture import CaptureFault
from posedeck.pose.posture import View
from posedeck.services.photos import Photo, prepare_photo
from posedeck.services.wording import size_text
from posedeck.texts import Texts

#: Largest request body that the pose server takes for pictures (40 MB); base64 makes three bytes four.
MAX_REQUEST_BYTES = 40_000_000
_TYPES = ["jpg", "jpeg", "png", "webp", "heic", "heif"]
_THUMBNAIL_SIDE = 360
#: Width of the preview on the screen; the thumbnail is twice as large for dense displays.
_PREVIEW_WIDTH = 150
#: The preview finds no person at all; every other fault is a ``CaptureFault``.
_FAULTS = {"no_person", *CaptureFault}


@dataclass(frozen=True, eq=False)
class _Chosen:
    name: str
    photo: Photo
    thumbnail: bytes


def photo_slot(kind: str, *, key: str, t: Texts, sample: Path) -> Photo | None:
    """Let the user choose one photo; None while none is chosen.

    The choice lives in ``st.session_state[key]`` for as long as the session, whatever page is shown. The texts of the
    slot are those of ``photo.<kind>``.
    """
    with st.container(border=True, key=f"{key}_slot", height="stretch"):
        st.markdown(f"**{t(f'photo.{kind}.title')}**")
        chosen: _Chosen | None = st.session_state.get(key)
        if chosen is None:
            _choose(kind, key, sample, t)
            return None
        _preview(chosen, kind, key, t)
        return chosen.photo


def put_photo(key: str, data: bytes, name: str) -> None:
    """Put a photo into a slot as if it had been uploaded; one that cannot be read leaves it empty, with a note."""
    clear_photo(key)
    if len(data) > MAX_REQUEST_BYTES:
        st.session_state[_error_key(key)] = "too_large"
        return
    try:
        photo = prepare_photo(data)
    except ImageError as error:
        st.session_state[_error_key(key)] = error.reason
        return
    st.session_state[key] = _Chosen(name, photo, _thumbnail(photo))


def clear_photo(key: str) -> None:
    """Empty a slot."""
    for name in (key, _error_key(key), _camera_key(key)):
        st.session_state.pop(name, None)


def fits_request(photos: Iterable[Photo], t: Texts) -> bool:
    """Whether the photos fit into one request; says so on the page when they do not."""
    size = sum(4 * -(-len(photo.data) // 3) for photo in photos)
    if size <= MAX_REQUEST_BYTES:
        return True
    st.error(
        t("photo.error.total", size=size_text(size), limit=size_text(MAX_REQUEST_BYTES)), icon=":material/database_off:"
    )
    return False


def show_faults(faults: Iterable[str], view: View, t: Texts) -> None:
    """Show what a preview found wrong, each with what to do about it.

    Args:
        faults: Values of ``CaptureFault`` or ``no_person``; one that we do not know is told in general words.
        view: Which photo was previewed.
        t: Texts of the session.
    """
    for fault in faults:
        text = t(f"capture.{view.value}.{fault}") if fault in _FAULTS else t("capture.other")
        st.warning(text, icon=":material/photo_camera:")


def _error_key(key: str) -> str:
    return f"{key}_error"


def _camera_key(key: str) -> str:
    return f"{key}_camera_open"


def _choose(kind: str, key: str, sample: Path, t: Texts) -> None:
    st.caption(t(f"photo.{kind}.guide"))
    if reason := st.session_state.get(_error_key(key)):
        st.error(t(f"photo.{reason}"), icon=":material/broken_image:")
    if samples_only(t):
        _sample_button(key, sample, t)
        return
    upload_key = f"{key}_upload"
    st.file_uploader(
        t(f"photo.{kind}.upload"),
        type=_TYPES,
        key=upload_key,
        on_change=_take,
        args=(key, upload_key, ""),
        max_upload_size=MAX_REQUEST_BYTES // 1_000_000,
    )
    camera_open = st.session_state.get(_camera_key(key), False)
    with st.container(horizontal=True, key=f"{key}_ways"):
        st.button(
            t("photo.camera.close" if camera_open else "photo.camera.open"),
            key=f"{key}_camera_toggle",
            icon=":material/photo_camera:",
            on_click=_set_camera,
            args=(key, not camera_open),
        )
        _sample_button(key, sample, t)
    if camera_open:
        camera_key = f"{key}_camera"
        st.camera_input(
            t(f"photo.{kind}.camera"),
            key=camera_key,
            on_change=_take,
            args=(key, camera_key, t("photo.camera_name")),
        )


def _sample_button(key: str, sample: Path, t: Texts) -> None:
    st.button(
        t("photo.use_sample"),
        key=f"{key}_sample",
        icon=":material/person:",
        on_click=_take_sample,
        args=(key, sample),
    )


def _take(key: str, widget_key: str, name: str) -> None:
    file = st.session_state[widget_key]
    if file is not None:
        put_photo(key, file.getvalue(), name or file.name)


def _take_sample(key: str, sample: Path) -> None:
    put_photo(key, sample.read_bytes(), sample.name)


def _set_camera(key: str, is_open: bool) -> None:
    st.session_state[_camera_key(key)] = is_open


def _preview(chosen: _Chosen, kind: str, key: str, t: Texts) -> None:
    with st.container(horizontal=True, key=f"{key}_preview", wrap=False, gap="medium"):
        st.image(chosen.thumbnail, alt=t(f"photo.{kind}.alt"), width=_PREVIEW_WIDTH)
        with st.container(key=f"{key}_facts"):
            st.text(chosen.name)
            photo = chosen.photo
            facts = t("photo.facts", width=photo.width, height=photo.height, size=size_text(len(photo.data)))
            st.caption(facts)
            st.button(
                t("photo.remove"), key=f"{key}_remove", icon=":material/delete:", on_click=clear_photo, args=(key,)
            )


def _thumbnail(photo: Photo) -> bytes:
    with Image.open(io.BytesIO(photo.data)) as picture:
        picture.draft("RGB", (_THUMBNAIL_SIDE, _THUMBNAIL_SIDE))
        small = picture.convert("RGB")
    small.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
