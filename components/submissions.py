"""What this installation submitted to live vendors, as pages use it."""

import streamlit as st

from posedeck.runs.submissions import SubmissionStore, open_submissions
from posedeck.services.sources import Source
from posedeck.storage.paths import data_dir


@st.cache_resource(max_entries=1, show_spinner=False, on_release=SubmissionStore.close)
def submission_store() -> SubmissionStore:
    """The submissions, the same for every session."""
    return open_submissions(data_dir())


def noting(source: Source) -> SubmissionStore | None:
    """Where jobs of a source are noted; None for those of our own server, which lists them itself."""
    return submission_store() if source is Source.LIVE else None
