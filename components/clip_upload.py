"""A clip sent by the browser straight to the pose server: its bytes never pass through this process."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import streamlit as st

from components.assets import read_assets
from components.sources import jobs_client
from posedeck.contracts.own_jobs import MAX_UPLOAD_BYTES
from posedeck.services.local_server import browser_base_url
from posedeck.texts import Texts

_mount = st.components.v2.component(
    "posedeck_clip_upload",
    html='<div class="upload"></div>',
    css=read_assets("upload.css"),
    js=read_assets("dom.js", "clip_upload.js"),
)


@dataclass(frozen=True)
class UploadedClip:
    """A clip that lies with the pose server: its name there, and name and bytes of the file."""

    upload: str
    name: str
    size: int


def clip_upload(t: Texts, *, key: str) -> UploadedClip | None:
    """Let a clip be chosen and sent; the clip of this session under this key once it is there.

    Args:
        t: Texts of the session.
        key: Stable key of the component.
    """
    kept, url = f"{key}_clip", f"{key}_url"
    if url not in st.session_state:
        st.session_state[url] = _upload_url()
    told = _mount(
        key=key,
        data={
            "url": st.session_state[url],
            "max_bytes": MAX_UPLOAD_BYTES,
            "text": {
                "label": t("soccer.upload"),
                "choose": t("soccer.upload.again" if kept in st.session_state else "soccer.upload.choose"),
                "drop": t("soccer.upload.drop"),
                "cancel": t("soccer.upload.cancel"),
                "progress": t("soccer.upload.progress", done="{done}", total="{total}"),
                "done": t("soccer.upload.done", name="{name}", size="{size}"),
                "failed": t("soccer.upload.failed"),
                "too_large": t("soccer.upload.too_large"),
                "empty": t("soccer.upload.empty"),
            },
        },
        on_clip_change=lambda: None,
    )
    if told.clip is not None:
        clip = told.clip
        st.session_state[kept] = UploadedClip(str(clip["upload"]), str(clip["name"]), int(clip["size"]))
        # A ticket is good for one file: the next one needs another.
        del st.session_state[url]
        st.rerun()
    uploaded: UploadedClip | None = st.session_state.get(kept)
    if uploaded is not None:
        size = f"{uploaded.size / 1e6:.1f}"
        st.caption(f":material/check: {t('soccer.upload.done', name=uploaded.name, size=size)}")
    return uploaded


def forget_clip(key: str) -> None:
    """Forget the clip of this session under that key; only for callbacks."""
    st.session_state.pop(f"{key}_clip", None)


def _upload_url() -> str:
    # A server elsewhere must know from which page the browser comes.
    _, path = jobs_client().upload_path(origin=_page_origin())
    return browser_base_url() + path


def _page_origin() -> str:
    address = urlsplit(st.context.url or "")
    return f"{address.scheme}://{address.netloc}" if address.netloc else ""
