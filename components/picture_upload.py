"""Many pictures sent by the browser straight to the pose server, packed there into one archive.

The bytes never pass through this process: a folder of 300 MB costs the dashboard nothing.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

import streamlit as st

from components.assets import read_assets
from components.sources import jobs_client
from posedeck.contracts.own_batch import MAX_PICTURES
from posedeck.contracts.own_jobs import MAX_UPLOAD_BYTES
from posedeck.services.local_server import browser_base_url
from posedeck.texts import Texts

_mount = st.components.v2.component(
    "posedeck_picture_upload",
    html='<div class="upload"></div>',
    css=read_assets("upload.css"),
    js=read_assets("dom.js", "zip.js", "picture_upload.js"),
)


@dataclass(frozen=True)
class UploadedPictures:
    """An archive that lies with the pose server: its name there, what was chosen, and its bytes."""

    upload: str
    name: str
    size: int


def picture_upload(t: Texts, *, key: str) -> UploadedPictures | None:
    """Let pictures, a folder or a ZIP file be chosen and sent; the archive once, right after it has arrived.

    Raises VendorError when the pose server gives no leave to upload.

    Args:
        t: Texts of the session.
        key: Stable key of the component.
    """
    url = f"{key}_url"
    if url not in st.session_state:
        st.session_state[url] = _upload_url()
    words = (
        "label", "files", "folder", "drop", "cancel", "packing", "progress", "failed", "too_large", "too_many",
        "empty", "no_pictures",
    )  # fmt: skip
    told = _mount(
        key=key,
        data={
            "url": st.session_state[url],
            "max_bytes": MAX_UPLOAD_BYTES,
            "max_pictures": MAX_PICTURES,
            "text": {name: t(f"batch.upload.{name}") for name in words},
        },
        on_archive_change=lambda: None,
    )
    if told.archive is None:
        return None
    # A ticket is good for one file: the next one needs another.
    del st.session_state[url]
    return UploadedPictures(str(told.archive["upload"]), str(told.archive["name"]), int(told.archive["size"]))


def _upload_url() -> str:
    # A server elsewhere must know from which page the browser comes.
    address = urlsplit(st.context.url or "")
    origin = f"{address.scheme}://{address.netloc}" if address.netloc else ""
    _, path = jobs_client().upload_path(origin=origin)
    return browser_base_url() + path
