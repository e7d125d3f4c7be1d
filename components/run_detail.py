"""One run: what it is, what reviewers make of it, and the way to its page."""

from pathlib import Path
from typing import Any

import streamlit as st

from components.audit import audit_panel
from components.badges import SOURCE_LOOK
from components.run_actions import delete_runs
from components.runs import RUN, run_store
from posedeck.contracts.finding import AuditReport, count_fields
from posedeck.runs.run import Review, ReviewState, Run, StoredRun
from posedeck.services import batch_runs
from posedeck.services.run_wording import answered_by, headline, job_place, moment_text, page_name, run_place
from posedeck.services.sources import Source
from posedeck.services.wording import size_text
from posedeck.texts import Texts

_PAGES = Path(__file__).resolve().parents[1] / "pages"
_PICTURE_WIDTH = 190
_MOST_TAG_CHARS = 60
_SHOWN_PARAMS = ("profile", "side", "frame", "kind", "amount")


def run_header(stored: StoredRun, t: Texts) -> None:
    """What the run is, with the buttons that open and delete it."""
    run = stored.run
    st.header(f"{page_name(run.page, t)} · {headline(run, t)}", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", key="run_badges"):
        icon, colour = SOURCE_LOOK[Source(run.source)]
        st.badge(answered_by(run, t), icon=icon, color=colour)
        st.badge(moment_text(run.created_at, st.context.timezone), icon=":material/schedule:", color="gray")
        if run.profile:
            st.badge(run.profile, icon=":material/straighten:", color="gray")
        if not run.is_kept:
            st.badge(t("runs.metadata_only"), icon=":material/visibility_off:", color="gray")
    if stored.is_deleted:
        st.warning(t("runs.is_deleted"), icon=":material/delete:")
    if run.error is not None:
        st.error(t(run.error.message_key) if run.error.message_key in t else t("error.vendor"), icon=":material/error:")
        # As plain text: it quotes the vendor.
        st.text(f"{run.error.kind}: {run.error.message}")
    job = job_place(run)
    with st.container(horizontal=True, key="run_buttons"):
        page, place = run_place(run.page)
        script = _PAGES / f"{page}.py"
        st.button(
            t("runs.open" if job is None else "runs.open_job"),
            key="run_open",
            type="primary",
            icon=":material/open_in_new:",
            disabled=not ((run.has_result or job) and script.exists()),
            help=t("runs.open.help"),
        )
        if st.session_state.get("run_open"):
            st.switch_page(script, query_params={**place, RUN: run.id} if job is None else job)
        st.button(t("runs.delete"), key="run_delete", icon=":material/delete:", on_click=delete_runs, args=([run.id],))


def run_review(stored: StoredRun, t: Texts) -> None:
    """State, tags and notes; each change is kept at once."""
    run, review = stored.run, stored.review
    keys = {name: f"review_{name}_{run.id}" for name in ("state", "tags", "notes")}
    change: dict[str, Any] = {"on_change": _keep_review, "args": (run.id, keys)}
    st.session_state.setdefault(keys["state"], review.state.value)
    st.session_state.setdefault(keys["tags"], list(review.tags))
    st.session_state.setdefault(keys["notes"], review.notes)
    st.segmented_control(
        t("runs.column.state"),
        [state.value for state in ReviewState],
        format_func=lambda value: t(f"runs.state.{value}"),
        key=keys["state"],
        required=True,
        **change,
    )
    known = sorted({*run_store().tags(), *st.session_state[keys["tags"]]})
    st.multiselect(
        t("runs.column.tags"),
        known,
        key=keys["tags"],
        accept_new_options=True,
        placeholder=t("runs.tags.placeholder"),
        **change,
    )
    st.text_area(t("runs.column.notes"), key=keys["notes"], placeholder=t("runs.notes.placeholder"), **change)


def run_facts(run: Run, t: Texts) -> None:
    """Its pictures with their facts, and what computed it."""
    with st.container(horizontal=True, key="run_pictures"):
        for name, entry in run.inputs.items():
            with st.container(width=_PICTURE_WIDTH, gap="xsmall"):
                if entry.mime.startswith("image/"):
                    _picture(run, name, t)
                elif entry.mime == batch_runs.ZIP:
                    st.markdown(f":material/folder_zip: {t('runs.input.archive')}")
                else:
                    st.markdown(f":material/movie: {t('runs.clip' if name in run.contents else 'runs.clip.not_kept')}")
                size = [f"{entry.width} × {entry.height} px"] if entry.width else []
                st.caption(" · ".join([*size, size_text(entry.size)]))
                st.caption(f"{entry.sha256[:16]}…", help=entry.sha256)
    facts = [(t("runs.fact.id"), run.id), (t("runs.fact.base_url"), run.base_url)]
    facts += [(t("runs.fact.answer"), run.answer_sha256[:16])] if run.answer_sha256 else []
    facts += [(f"{t('runs.fact.version')} {name}", value) for name, value in run.versions.items()]
    facts += [
        (t(f"runs.fact.{name}"), _param_text(name, run, t))
        for name in _SHOWN_PARAMS
        if run.params.get(name) not in (None, "")
    ]
    with st.grid(min_column_width=220, key="run_facts"):
        for label, value in facts:
            with st.container(gap=None):
                st.caption(label)
                st.text(value)


def run_findings(run: Run, t: Texts) -> None:
    """What the audit found when the answer came."""
    answer = run.exchange.response.value if run.exchange and run.exchange.response else None
    audit_panel(AuditReport(list(run.findings), checked=count_fields(answer)), t, key="run_audit")


def run_exchange(run: Run, t: Texts) -> None:
    """Request and answer without secrets, files folded."""
    if run.exchange is None:
        st.info(t("runs.no_exchange"), icon=":material/draft:")
        return
    record = run.exchange
    st.code(f"{record.method} {record.url}", language=None, wrap_lines=True)
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{t('runs.request')}**")
        st.json({"headers": record.request_headers, "body": record.request.value}, expanded=2)
    with right:
        st.markdown(f"**{t('runs.answer')}** · HTTP {record.status}")
        value: Any = record.response.value if record.response else None
        st.json({"headers": record.response_headers, "body": value}, expanded=2)


def _param_text(name: str, run: Run, t: Texts) -> str:
    value = run.params[name]
    if name == "kind":
        return t(f"lab.kind.{value}")
    # Frames are counted from 1 for people.
    return str(value + 1) if name == "frame" else str(value)


def _picture(run: Run, name: str, t: Texts) -> None:
    try:
        data = run_store().content(run, name)
    except (OSError, FileNotFoundError):
        st.caption(f":material/hide_image: {t('runs.picture_gone')}")
        return
    st.image(data, alt=t("runs.picture.alt", name=name), width=_PICTURE_WIDTH)


def _keep_review(run_id: str, keys: dict[str, str]) -> None:
    tags = dict.fromkeys(tag.strip()[:_MOST_TAG_CHARS] for tag in st.session_state[keys["tags"]])
    state = ReviewState(st.session_state[keys["state"]])
    run_store().review(run_id, Review(state, tuple(tag for tag in tags if tag), st.session_state[keys["notes"]]))
