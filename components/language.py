"""The language of this browser session."""

import streamlit as st

from posedeck.texts import LANGUAGES, Texts, best_language, load_texts

#: Session key of the language, set by the switch in the header.
KEY = "language"
#: Cookie that remembers the choice.
COOKIE = "posedeck_language"


def language() -> str:
    """The chosen language, else the remembered one, else the browser's."""
    chosen = st.session_state.get(KEY)
    if chosen in LANGUAGES:
        return str(chosen)
    remembered = st.context.cookies.get(COOKIE)
    if remembered in LANGUAGES:
        return str(remembered)
    return best_language(st.context.locale)


def texts() -> Texts:
    """The texts of the session's language."""
    return load_texts(language())
