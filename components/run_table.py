"""The list of runs, a page of it at a time: rows can be selected by click or keyboard."""

from typing import Any

import streamlit as st

from posedeck.runs.query import RunQuery, RunRow
from posedeck.runs.run import Ending
from posedeck.runs.store import RunStore
from posedeck.services.run_wording import answered_by, headline, local_time, page_name
from posedeck.services.thumbnail import jpeg_uri
from posedeck.texts import Texts

PAGE_SIZE = 50
TABLE, NUMBER = "runs_table", "runs_page_number"
_ROW_HEIGHT_PX = 56
_HEADER_PX = 38
_MOST_ROWS_SHOWN = 6
#: Signs of the states and grades; the word stands beside each.
_STATE_SIGNS = {"open": "○", "accepted": "✓", "rejected": "✕"}
_GRADE_SIGNS = {0: "●", 1: "▲", 2: "■"}


def run_table(store: RunStore, query: RunQuery, t: Texts) -> list[str]:
    """Show the runs that a query finds; returns the identities of the selected ones, the newest first."""
    number = st.session_state.get(NUMBER, 1)
    page = store.search(query, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    pages = max(-(-page.total // PAGE_SIZE), 1)
    if number > pages:
        st.session_state[NUMBER] = 1
        return run_table(store, query, t)
    with st.container(horizontal=True, vertical_alignment="center", key="runs_count"):
        st.caption(t("runs.count", count=f"{page.total:,}"))
        if pages > 1:
            st.pagination(pages, key=NUMBER)
    if not page.rows:
        st.info(t("runs.none" if query == RunQuery() else "runs.none_found"), icon=":material/history:")
        return []
    event: Any = st.dataframe(
        [_cells(row, t) for row in page.rows],
        key=TABLE,
        on_select="rerun",
        selection_mode="multi-row",
        hide_index=True,
        row_height=_ROW_HEIGHT_PX,
        height=_HEADER_PX + _ROW_HEIGHT_PX * min(len(page.rows), _MOST_ROWS_SHOWN),
        column_config=_columns(t),
        placeholder="",
        alt=t("runs.table.alt"),
    )
    # Rows that were selected before the list grew shorter are gone.
    return [page.rows[index].id for index in sorted(event.selection.rows) if index < len(page.rows)]


def _cells(row: RunRow, t: Texts) -> dict[str, Any]:
    grade = row.summary.grade
    return {
        "picture": jpeg_uri(row.thumbnail) if row.thumbnail else None,
        "when": local_time(row.created_at, st.context.timezone),
        "page": page_name(row.page, t),
        "answered_by": answered_by(row, t),
        "grade": "–" if grade is None else f"{_GRADE_SIGNS[grade]} {t(f'grade.{grade}')}",
        "result": headline(row, t),
        "findings": row.summary.findings if row.ending is Ending.ANSWERED else None,
        "state": f"{_STATE_SIGNS[row.review.state]} {t(f'runs.state.{row.review.state}')}",
        "tags": list(row.review.tags),
        "notes": row.review.notes,
    }


def _columns(t: Texts) -> dict[str, Any]:
    names = {name: t(f"runs.column.{name}") for name in ("page", "answered_by", "grade", "result", "state", "notes")}
    return {
        "picture": st.column_config.ImageColumn(t("runs.column.picture"), width=70),
        "when": st.column_config.DatetimeColumn(t("runs.column.when"), format="YYYY-MM-DD HH:mm:ss", width=150),
        "findings": st.column_config.NumberColumn(t("runs.column.findings"), width=70),
        "tags": st.column_config.ListColumn(t("runs.column.tags")),
        **{name: st.column_config.TextColumn(label) for name, label in names.items()},
    }
