"""The list of this session's exchanges, kept up to date while it is on the screen."""

import time
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from components.assets import read_assets
from components.badges import SOURCE_LOOK
from components.exchange_log import exchange_log, reports_of
from posedeck.contracts.finding import AuditReport
from posedeck.net.record import ExchangeRecord
from posedeck.services.exchanges.log import Listed
from posedeck.services.exchanges.outcome import Ending, Outcome
from posedeck.services.exchanges.search import Search
from posedeck.services.exchanges.timeline import total_s
from posedeck.services.run_wording import local_time
from posedeck.services.sources import VENDOR_NAMES, Source
from posedeck.services.wording import size_text
from posedeck.texts import Texts

SELECTED = "inspector_selected"
_LATEST = "inspector_latest"
#: Seconds between two looks for new exchanges, and for audits in one look.
_POLL_S = 1.0
_AUDIT_S = 0.15
#: More rows are of no use to the eye; a search finds the others.
_MAX_ROWS = 200

_mount = st.components.v2.component(
    "posedeck_exchange_list",
    html='<div class="exchanges"></div>',
    css=read_assets("exchange_list.css"),
    js=read_assets("dom.js", "exchange_list.js"),
)


@st.fragment(run_every=_POLL_S)
def exchange_list(t: Texts) -> None:
    """The list with its search; a chosen row is kept in the session under ``SELECTED``, and the page is run again."""
    search = _search(t)
    found = [listed for listed in exchange_log().listed() if search.finds(listed)]
    if not found:
        asked = search != Search(own=search.own)
        st.info(t("inspector.none_found" if asked else "inspector.empty"), icon=":material/hourglass_empty:")
        return
    _follow(found)
    _counts(found, t)
    shown = found[:_MAX_ROWS]
    reports = reports_of([listed.record.id for listed in shown], _AUDIT_S)
    told = _mount(
        key="inspector_list",
        data={
            "rows": [_row(listed, reports.get(listed.record.id), t) for listed in shown],
            "selected": st.session_state.get(SELECTED),
            "text": {
                "alt": t("inspector.list.alt"),
                "hint": t("inspector.list.hint"),
                "costs": t("inspector.costs"),
            },
            "columns": {name: t(f"inspector.column.{name}") for name in _COLUMNS},
        },
        on_chosen_change=lambda: None,
    )
    if told.chosen and told.chosen != st.session_state.get(SELECTED):
        st.session_state[SELECTED] = told.chosen
        st.rerun()


_COLUMNS = ("time", "vendor", "call", "outcome", "ms", "sent", "received", "findings")


def _search(t: Texts) -> Search:
    with st.container(horizontal=True, vertical_alignment="bottom", key="inspector_filters"):
        text = st.text_input(
            t("inspector.search"),
            key="inspector_search",
            placeholder=t("inspector.search.placeholder"),
            icon=":material/search:",
            persist_state="session",
            width=260,
        )
        vendors = st.pills(
            t("inspector.vendors"),
            list(VENDOR_NAMES),
            format_func=VENDOR_NAMES.__getitem__,
            selection_mode="multi",
            key="inspector_vendors",
            persist_state="session",
        )
        outcomes = st.pills(
            t("inspector.outcomes"),
            [outcome.value for outcome in Outcome],
            format_func=lambda value: t(f"inspector.outcome.{value}"),
            selection_mode="multi",
            key="inspector_outcomes",
            persist_state="session",
        )
        own = st.toggle(t("inspector.own"), key="inspector_own", help=t("inspector.own.help"), persist_state="session")
    return Search(tuple(vendors or ()), tuple(map(Outcome, outcomes or ())), text or "", own)


def _counts(found: list[Listed], t: Texts) -> None:
    endings = [listed.ending.outcome for listed in found]
    told = [t("inspector.count", count=len(found))]
    told += [
        t(f"inspector.count.{outcome}", count=count)
        for outcome in (Outcome.FAILED, Outcome.RUNNING)
        if (count := endings.count(outcome))
    ]
    if len(found) > _MAX_ROWS:
        told.append(t("inspector.count.shown", count=_MAX_ROWS))
    st.caption(" · ".join(told))


def _follow(found: list[Listed]) -> None:
    """Keep to the latest exchange, until the user chooses an older one."""
    latest, before = found[0].record.id, st.session_state.get(_LATEST)
    st.session_state[_LATEST] = latest
    selected = st.session_state.get(SELECTED)
    if selected != latest and selected in (None, before):
        st.session_state[SELECTED] = latest
        st.rerun()


def outcome_text(record: ExchangeRecord, ending: Ending, t: Texts) -> str:
    """Status of the answer with the vendor's own code, what came instead of one, or that it is still awaited."""
    if record.phase is not None:
        return t(f"inspector.phase.{record.phase}.now")
    if record.error is not None:
        word = t(f"inspector.error.{record.error.kind}")
        return f"{record.status} · {word}" if record.status else word
    return f"{record.status} · {ending.code}" if ending.code is not None else str(record.status)


def path_text(record: ExchangeRecord) -> str:
    """The path of the address as the vendor knows it."""
    return "/" + record.url.partition("://")[2].partition("/")[2].removeprefix("engine/")


def _row(listed: Listed, report: AuditReport | None, t: Texts) -> dict[str, Any]:
    record = listed.record
    running = record.phase is not None
    moment = local_time(datetime.fromtimestamp(record.started_at, UTC), st.context.timezone)
    return {
        "id": record.id,
        "outcome_kind": listed.ending.outcome.value,
        "time": f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03}",
        "vendor": VENDOR_NAMES.get(record.vendor, "PoseDeck"),
        "source": t(f"source.{Source(record.source).value}.name"),
        "method": record.method,
        "path": path_text(record),
        "costs": record.costs,
        "outcome": outcome_text(record, listed.ending, t),
        "running_ms": round(1000 * (time.time() - record.started_at)) if running else None,
        "took_ms": None if running else round(1000 * total_s(record)),
        "sent": size_text(record.bytes_sent),
        "received": None if running else size_text(record.bytes_received),
        "findings": None if report is None else sum(found.severity != "info" for found in report.findings),
    }


def source_mark(record: ExchangeRecord, t: Texts) -> None:
    """Who answered an exchange, as a badge."""
    source = Source(record.source)
    icon, colour = SOURCE_LOOK[source]
    st.badge(t(f"source.{source.value}.name"), icon=icon, color=colour)
