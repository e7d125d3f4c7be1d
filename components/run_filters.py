"""What the list of runs is narrowed to; the choices stay in the session and in the address."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from posedeck.runs.query import RunQuery
from posedeck.runs.run import ReviewState
from posedeck.services.run_wording import page_name
from posedeck.services.sources import VENDOR_NAMES, Source
from posedeck.texts import Texts

PAGES = (
    "posture",
    "future-shape",
    "soccer",
    "keypoints",
    "keypoints-clip",
    "keypoints-frame",
    "keypoints-lab",
    "keypoints-batch",
)
_PREFIX = "runs_filter_"
_TEXT, _TAG, _DAYS = f"{_PREFIX}text", f"{_PREFIX}tag", f"{_PREFIX}days"
_CHOICES: dict[str, tuple[Any, ...]] = {
    "page": PAGES,
    "vendor": tuple(VENDOR_NAMES),
    "source": tuple(source.value for source in Source),
    "state": tuple(state.value for state in ReviewState),
    "grade": (2, 1, 0),
}


def run_filters(tags: list[str], t: Texts) -> RunQuery:
    """Let the user narrow the list.

    Args:
        tags: Every tag that a run has.
        t: Texts of the session.
    """
    no_days: Any = ()
    with st.container(horizontal=True, vertical_alignment="bottom", key="runs_filters"):
        text = st.text_input(
            t("runs.filter.text"),
            key=_TEXT,
            placeholder=t("runs.filter.text.placeholder"),
            help=t("runs.filter.text.help"),
            persist_state="session",
            width=260,
        )
        chosen = {name: _choice(name, t) for name in _CHOICES}
        tag = st.selectbox(
            t("runs.filter.tag"), tags, index=None, key=_TAG, placeholder=t("runs.filter.all"), width=150
        )
        days = st.date_input(t("runs.filter.days"), value=no_days, key=_DAYS, format="YYYY-MM-DD", width=220)
        st.button(t("runs.filter.clear"), key="runs_filter_clear", icon=":material/filter_alt_off:", on_click=_clear)
    since, until = _span(days)
    state = chosen.pop("state")
    return RunQuery(
        text=text or "", tag=tag or "", since=since, until=until, state=ReviewState(state) if state else None, **chosen
    )


def _choice(name: str, t: Texts) -> Any:
    return st.selectbox(
        t(f"runs.filter.{name}"),
        _CHOICES[name],
        index=None,
        key=f"{_PREFIX}{name}",
        placeholder=t("runs.filter.all"),
        format_func=lambda value: _word(name, value, t),
        persist_state="session",
        width=150,
    )


def _word(name: str, value: Any, t: Texts) -> str:
    if name == "page":
        return page_name(value, t)
    if name == "vendor":
        return VENDOR_NAMES[value]
    return t(f"grade.{value}" if name == "grade" else f"runs.{name}.{value}")


def _clear() -> None:
    for name in (*_CHOICES, "tag"):
        st.session_state[f"{_PREFIX}{name}"] = None
    st.session_state[_TEXT] = ""
    st.session_state[_DAYS] = ()


def _span(days: Any) -> tuple[datetime | None, datetime | None]:
    """From the first chosen day's beginning to the last one's end, in the reader's zone."""
    chosen: list[date] = list(days) if isinstance(days, tuple) else [days]
    if not chosen:
        return None, None
    try:
        zone: Any = ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    first, last = chosen[0], chosen[-1]
    midnight = datetime.min.time()
    end = datetime.combine(last + timedelta(days=1), midnight, zone) if len(chosen) > 1 else None
    return datetime.combine(first, midnight, zone), end
