"""A failed call as a sentence that says what to do."""

import streamlit as st

from posedeck.net.errors import VendorError
from posedeck.texts import Texts

#: Balance of the demo account is spent: the page offers to refill it.
NO_CREDIT = 422


def show_error(error: VendorError, t: Texts) -> None:
    """The error in the user's language, with the vendor's own code and words for the expert."""
    key = error.message_key if error.message_key in t else "error.unknown"
    st.error(t(key), icon=":material/error:")
    facts = [f"HTTP {error.status}" if error.status else "", f"code {error.code}" if error.code else ""]
    # The vendor's words are text, never markup.
    st.text(" · ".join(filter(None, [*facts, error.detail])))
