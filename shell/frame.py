"""The frame: table of pages, header with the language, sidebar with the source."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from components.demo import demo_bar, demo_switch
from components.fault_lab import fault_banner
from components.language import COOKIE, KEY, language
from components.sources import source_sidebar
from posedeck.texts import LANGUAGES, Texts, load_texts

_ROOT = Path(__file__).resolve().parents[1]
_PAGES = _ROOT / "pages"
_ICON = _ROOT / "assets" / "icon.png"
#: What the theme cannot say, for all pages.
_STYLE = Path(__file__).resolve().parent / "frame.css"
_COOKIE_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class _Page:
    name: str
    icon: str
    default: bool = False
    #: Whether the sidebar asks who answers; a page with several sources asks itself.
    asks_source: bool = True

    def build(self, t: Texts) -> st.Page:
        return st.Page(
            _PAGES / f"{self.name}.py",
            title=t(f"page.{self.name}"),
            icon=f":material/{self.icon}:",
            url_path=None if self.default else self.name,
            default=self.default,
        )


PAGES = (
    _Page("home", "home", default=True),
    _Page("posture", "accessibility_new"),
    _Page("future_shape", "compare"),
    _Page("soccer", "sports_soccer"),
    _Page("keypoints", "compare_arrows", asks_source=False),
    _Page("jobs", "pending_actions", asks_source=False),
    _Page("runs", "history", asks_source=False),
    _Page("inspector", "manage_search", asks_source=False),
    _Page("fault_lab", "bug_report", asks_source=False),
)


def render() -> None:
    """Run the chosen page inside the frame."""
    st.set_page_config(page_title="PoseDeck", page_icon=str(_ICON), layout="wide")
    st.html(_STYLE)
    st.session_state.setdefault(KEY, language())
    t = load_texts(language())
    built = [each.build(t) for each in PAGES]
    page = st.navigation(built)
    _header(t)
    entry = PAGES[built.index(page)]
    credit_line = source_sidebar(t) if entry.asks_source else None
    fault_banner(t)
    demo_bar(entry.name, {each.name: shown for each, shown in zip(PAGES, built, strict=True)}, t)
    page.run()
    if credit_line is not None:
        credit_line.update()


def _header(t: Texts) -> None:
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="header"):
        demo_switch(t)
        st.segmented_control(
            t("header.language"),
            options=list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            key=KEY,
            required=True,
            label_visibility="collapsed",
        )
    # Streamlit fixes <html lang="en">; screen readers need the true one. The value is one of LANGUAGES, never input.
    st.html(
        f"<script>document.documentElement.lang = '{language()}';"
        f"document.cookie = '{COOKIE}={language()};path=/;max-age={_COOKIE_SECONDS};samesite=lax';</script>",
        unsafe_allow_javascript=True,
    )
