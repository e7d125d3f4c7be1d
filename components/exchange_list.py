"""The list of this session's exchanges, kept up to date while it is on the screen."""

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from components.badges import SOURCE_LOOK
from components.exchange_log import exchange_log, report_of
from posedeck.net.record import ExchangeRecord
from posedeck.services.exchanges.timeline import total_s
from posedeck.services.sources import VENDOR_NAMES, Source
from posedeck.services.wording import size_text
from posedeck.texts import Texts

SELECTED = "inspector_selected"
_OWN = "inspector_own"
_FILTER = "inspector_vendors"
_LATEST = "inspector_latest"
#: Seconds between two looks for new exchanges.
_POLL_S = 1.0
_ROW_PX = 35
_MAX_ROWS_SEEN = 9


@st.fragment(run_every=_POLL_S)
def exchange_list(t: Texts) -> None:
    """The table; a chosen row is kept in the session under ``SELECTED``, and the page is run again."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="inspector_filters"):
        vendors = st.pills(
            t("inspector.vendors"),
            list(VENDOR_NAMES),
            format_func=VENDOR_NAMES.__getitem__,
            selection_mode="multi",
            key=_FILTER,
            persist_state="session",
        )
        own = st.toggle(t("inspector.own"), key=_OWN, help=t("inspector.own.help"), persist_state="session")
    records = [record for record in exchange_log().records() if _is_wanted(record, vendors or [], own)]
    if not records:
        st.info(t("inspector.empty"), icon=":material/hourglass_empty:")
        return
    _follow(records)
    event = st.dataframe(
        [_row(record, t) for record in records],
        column_config=_columns(t),
        hide_index=True,
        height=_ROW_PX * (min(len(records), _MAX_ROWS_SEEN) + 1) + 3,
        # Rows move down when a new one comes: a selection by place belongs to one list only.
        key=f"inspector_table_{records[0].id}_{len(records)}",
        on_select="rerun",
        selection_mode="single-row",
        alt=t("inspector.list.alt"),
    )
    rows = event["selection"]["rows"]
    if rows and records[rows[0]].id != st.session_state.get(SELECTED):
        st.session_state[SELECTED] = records[rows[0]].id
        st.rerun()


def _follow(records: list[ExchangeRecord]) -> None:
    """Keep to the latest exchange, until the user chooses an older one."""
    latest, before = records[0].id, st.session_state.get(_LATEST)
    st.session_state[_LATEST] = latest
    selected = st.session_state.get(SELECTED)
    if selected != latest and selected in (None, before):
        st.session_state[SELECTED] = latest
        st.rerun()


def _is_wanted(record: ExchangeRecord, vendors: list[str], own: bool) -> bool:
    if record.vendor not in VENDOR_NAMES:
        return own
    return not vendors or record.vendor in vendors


def outcome_text(record: ExchangeRecord, t: Texts) -> str:
    """Status of the answer, what came instead of one, or that it is still awaited."""
    if record.phase is not None:
        return t("inspector.running")
    if record.error is not None:
        word = t(f"inspector.error.{record.error.kind}")
        return f"{record.status} · {word}" if record.status else word
    return str(record.status)


def path_text(record: ExchangeRecord) -> str:
    """The path of the address as the vendor knows it."""
    return "/" + record.url.partition("://")[2].partition("/")[2].removeprefix("engine/")


def _row(record: ExchangeRecord, t: Texts) -> dict[str, object]:
    report = report_of(record)
    grave = 0 if report is None else sum(found.severity != "info" for found in report.findings)
    source = Source(record.source)
    return {
        "shown": "▸" if record.id == st.session_state.get(SELECTED) else "",
        "time": datetime.fromtimestamp(record.started_at, UTC),
        "vendor": VENDOR_NAMES.get(record.vendor, "PoseDeck"),
        "source": t(f"source.{source.value}.name"),
        "call": f"{record.method} {path_text(record)}",
        "outcome": outcome_text(record, t),
        "ms": round(1000 * total_s(record)),
        "sent": size_text(record.bytes_sent),
        "received": size_text(record.bytes_received),
        "findings": None if report is None else grave,
    }


def _columns(t: Texts) -> dict[str, Any]:
    def text(name: str) -> str:
        return t(f"inspector.column.{name}")

    return {
        "shown": st.column_config.TextColumn("", width=25),
        "time": st.column_config.DatetimeColumn(
            text("time"), format="HH:mm:ss.SSS", width=95, timezone=st.context.timezone
        ),
        "vendor": st.column_config.TextColumn(text("vendor"), width=80),
        "source": st.column_config.TextColumn(text("source"), width=100),
        "call": st.column_config.TextColumn(text("call"), width=230),
        "outcome": st.column_config.TextColumn(text("outcome"), width=115),
        "ms": st.column_config.NumberColumn(text("ms"), format="%d ms", width=80),
        "sent": st.column_config.TextColumn(text("sent"), width=70),
        "received": st.column_config.TextColumn(text("received"), width=75),
        "findings": st.column_config.NumberColumn(text("findings"), width=75, help=t("inspector.column.findings.help")),
    }


def source_mark(record: ExchangeRecord, t: Texts) -> None:
    """Who answered an exchange, as a badge."""
    source = Source(record.source)
    icon, colour = SOURCE_LOOK[source]
    st.badge(t(f"source.{source.value}.name"), icon=icon, color=colour)
