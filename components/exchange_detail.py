"""One exchange: request, answer, timing and findings."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import plotly.graph_objects as go
import streamlit as st

from components.audit import audit_panel
from components.body_tree import body_tree
from components.exchange_list import outcome_text, path_text, source_mark
from components.exchange_log import exchange_log, report_of
from components.exchange_running import running_panel
from posedeck.contracts.finding import Finding
from posedeck.net.record import ExchangeRecord, RecordedBody
from posedeck.services.exchanges.outcome import Outcome, ending_of
from posedeck.services.exchanges.places import Place, place_of
from posedeck.services.exchanges.timeline import timeline, total_s
from posedeck.services.sources import VENDOR_NAMES
from posedeck.services.wording import size_text
from posedeck.texts import Texts

_THUMBNAIL_WIDTH = 180
_PICTURES = ("image/jpeg", "image/png", "image/webp")
_ROW_PX = 34
#: Key of the tabs, whose value is the open one's label.
TABS = "inspector_tabs"
#: The exchange and the place in its answer that a finding led to.
_PLACE = "inspector_place"
_LOOKS: dict[Outcome, tuple[str, Literal["green", "red", "blue"]]] = {
    Outcome.ANSWERED: (":material/check_circle:", "green"),
    Outcome.FAILED: (":material/error:", "red"),
    Outcome.RUNNING: (":material/hourglass_top:", "blue"),
}


def exchange_head(record: ExchangeRecord, t: Texts) -> None:
    """What was called, by whom it was answered and how it ended."""
    st.header(f"{record.method} {path_text(record)}", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", key="inspector_head"):
        source_mark(record, t)
        ending = ending_of(record)
        icon, colour = _LOOKS[ending.outcome]
        st.badge(outcome_text(record, ending, t), icon=icon, color=colour)
        if (report := report_of(record.id)) is not None:
            clean = not report.findings
            st.badge(
                t("inspector.findings", count=len(report.findings)),
                icon=":material/task_alt:" if clean else ":material/rule:",
                color="green" if clean else "orange",
            )
        if record.costs:
            st.badge(t("inspector.costs"), icon=":material/toll:", color="orange")
        facts = [
            VENDOR_NAMES.get(record.vendor, "PoseDeck"),
            t("inspector.attempt", number=record.attempts),
        ]
        if record.phase is None:
            facts += [
                f"{1000 * total_s(record):.0f} ms",
                t("inspector.sent", size=size_text(record.bytes_sent)),
                t("inspector.received", size=size_text(record.bytes_received)),
            ]
        st.caption(" · ".join(facts))
    if record.phase is not None:
        running_panel(record.id, t)
    if record.error is not None:
        # The transport's words are text, never markup.
        st.text(f"{record.error.kind}: {record.error.detail}")


def request_panel(record: ExchangeRecord, t: Texts) -> None:
    """Address, headers and body of the request, secrets masked."""
    st.caption(t("inspector.masked"))
    st.code(f"{record.method} {record.url}", language=None, wrap_lines=True)
    _headers(record.request_headers, t)
    _body(record.request, t, "request")


def answer_panel(record: ExchangeRecord, t: Texts) -> None:
    """Status, headers and body of the answer."""
    if record.phase is not None:
        st.info(t("inspector.not_yet"), icon=":material/hourglass_top:")
        return
    if record.response is None:
        st.info(t("inspector.no_answer"), icon=":material/cloud_off:")
        return
    st.markdown(f"**HTTP {record.status}**")
    _headers(record.response_headers or {}, t)
    shown, place = st.session_state.get(_PLACE, ("", ()))
    _body(record.response, t, "answer", place if shown == record.id else ())


def timing_panel(record: ExchangeRecord, t: Texts) -> None:
    """A waterfall of the phases."""
    phases = timeline(record)
    if not phases:
        st.info(t("inspector.no_timing"), icon=":material/timer_off:")
        return
    if record.timings.connect_s is None:
        st.caption(t("inspector.reused"))
    labels = [t(f"inspector.phase.{phase.name}") for phase in phases]
    figure = go.Figure(
        go.Bar(
            base=[1000 * phase.start_s for phase in phases],
            x=[1000 * phase.duration_s for phase in phases],
            y=labels,
            orientation="h",
            text=[f"{1000 * phase.duration_s:.1f} ms" for phase in phases],
            # Beside the bars, where they can be read on either theme; the last phase ends at the edge, on a phone too.
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    figure.update_layout(
        height=90 + _ROW_PX * len(phases),
        margin={"l": 8, "r": 76, "t": 8, "b": 8},
        xaxis={"title": "ms", "rangemode": "tozero"},
        yaxis={"autorange": "reversed", "automargin": True, "type": "category"},
        showlegend=False,
    )
    st.plotly_chart(figure, key="inspector_waterfall", config={"displayModeBar": False})


def findings_panel(record: ExchangeRecord, t: Texts) -> None:
    """What the answer breaks of its contract."""
    report = report_of(record.id)
    if report is None:
        text = "inspector.no_audit" if record.phase is None else "inspector.not_yet"
        st.info(t(text), icon=":material/help:")
        return

    def show_place(finding: Finding) -> None:
        value = record.response.value if record.response else None
        st.session_state[_PLACE] = (record.id, place_of(finding.field, value))
        st.session_state[TABS] = t("inspector.tab.answer")

    audit_panel(report, t, key="inspector_audit", show_place=show_place)


def _headers(headers: Mapping[str, str], t: Texts) -> None:
    with st.expander(t("inspector.headers", count=len(headers)), icon=":material/list:"):
        st.code("\n".join(f"{name}: {value}" for name, value in headers.items()), language=None, wrap_lines=True)


def _body(body: RecordedBody, t: Texts, key: str, place: Place = ()) -> None:
    if body.kind == "none":
        st.caption(t("inspector.no_body"))
        return
    st.caption(t(f"inspector.body.{body.kind}", media=body.media or "?", size=size_text(body.bytes)))
    if body.kind == "text":
        st.code(body.value, language=None, wrap_lines=True, height=300)
    else:
        body_tree(body.value, t, key=f"inspector_tree_{key}", place=place)
    _pictures(body, t)


def _pictures(body: RecordedBody, t: Texts) -> None:
    """The folded pictures as thumbnails, as far as they are still held."""
    held = exchange_log().files()
    found = [(name, file) for name, file in _files(body.value, "") if file.get("type") in _PICTURES]
    shown = [(name, file, held[file["sha256"]]) for name, file in found if file.get("sha256") in held]
    if not shown:
        return
    with st.container(horizontal=True, key=f"inspector_pictures_{body.bytes}"):
        for name, file, data in shown:
            with st.container(width=_THUMBNAIL_WIDTH, gap="xsmall"):
                st.image(data, width=_THUMBNAIL_WIDTH, alt=t("inspector.picture.alt", name=name))
                width, height = file["size"]
                size = size_text(file["bytes"])
                st.caption(f"{name}: {file['type']}, {width}×{height}, {size}, {file['sha256'][:12]}…")


def _files(value: Any, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Names and descriptions of the files folded in a value."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in ("base64", "file") and isinstance(item, dict) and "sha256" in item:
                yield str(value.get("name", name)), item
            else:
                yield from _files(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _files(item, name)
