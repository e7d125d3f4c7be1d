"""Two runs and what is different between them: values, keypoints, contract findings, request and answer."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import streamlit as st

from components.audit import finding_card
from components.comparison import Remembered, comparison_view, remembered
from components.keypoints_view import keypoints_view
from components.profiles import profile_choice
from components.run_diff_kick import kick_diff
from components.run_diff_shape import shape_diff
from components.runs import RUN, run_store
from posedeck.pose.grades import REMO_2024, load_profile
from posedeck.runs.run import Run
from posedeck.services import future_shape_runs, keypoint_runs, posture_runs, soccer_runs
from posedeck.services.assessment import assess
from posedeck.services.json_diff import Change
from posedeck.services.keypoint_comparison import KeypointComparison
from posedeck.services.keypoint_runs import reopen_keypoints
from posedeck.services.keypoint_wording import summary_text
from posedeck.services.posture_runs import reopen_posture
from posedeck.services.run_diff import FindingsDiff, answers_diff, findings_diff, requests_diff
from posedeck.services.run_wording import run_title
from posedeck.texts import Texts

#: Names the second run in the address.
WITH = "with"
_SWAPPED = "run_diff_swapped"
#: More rows than anybody reads; the count is always told.
_MOST_ROWS = 2000
_MOST_CHARS = 120
_SIGNS = {"changed": "≠", "added": "+", "removed": "−"}


def run_diff(runs: Sequence[Run], t: Texts) -> None:
    """Show the difference of two runs, the older one first unless they are swapped."""
    before, after = sorted(runs, key=lambda run: (run.created_at, run.id))
    with st.container(border=True, key="run_diff"):
        with st.container(horizontal=True, horizontal_alignment="distribute", key="run_diff_head"):
            st.header(t("runs.diff"), anchor=False)
            st.toggle(t("runs.diff.swap"), key=_SWAPPED, persist_state="session")
        if st.session_state.get(_SWAPPED):
            before, after = after, before
        st.query_params[RUN], st.query_params[WITH] = before.id, after.id
        for side, run in (("before", before), ("after", after)):
            st.markdown(f"**{t(f'comparison.{side}')}** · {run_title(run, t, st.context.timezone)}")
        contract, request = findings_diff(before, after), requests_diff(before, after)
        changed = len(contract.only_before) + len(contract.only_after)
        panels: dict[str, tuple[str, Callable[[], None]]] = {
            "values": ("", lambda: _values(before, after, t)),
            "contract": (f" ({changed})", lambda: _contract(before, after, t)),
            "answer": ("", lambda: _answers(before, after, t)),
            "request": (f" ({len(request)})", lambda: show_changes(request, "run_diff_request_table", t)),
        }
        labels = [t(f"runs.diff.{name}") + count for name, (count, _) in panels.items()]
        tabs = st.tabs(labels, key="run_diff_tabs", on_change="rerun")
        for (name, (_, show)), tab in zip(panels.items(), tabs, strict=True):
            if tab.open:
                with tab, st.container(key=f"run_diff_{name}"):
                    show()


def _values(before: Run, after: Run, t: Texts) -> None:
    show, other = (_VALUES.get(run.page) for run in (before, after))
    if before.page != after.page and (show is None or show is not other):
        st.info(t("runs.diff.other_page"), icon=":material/info:")
    elif not all(run.has_result for run in (before, after)):
        st.info(t("runs.diff.no_result"), icon=":material/info:")
    elif show is None:
        st.info(t("runs.diff.only_json"), icon=":material/info:")
    else:
        try:
            show(before, after, t)
        except (OSError, ValueError):
            st.warning(t("runs.problem.unreadable"), icon=":material/history_toggle_off:")


def _postures(before: Run, after: Run, t: Texts) -> None:
    results = [reopen_posture(run_store(), run) for run in (before, after)]
    profile, calibrated = profile_choice(any(result.method is not None for result in results), t)

    def entry(index: int) -> Remembered:
        result = results[index]
        return remembered(result.run_id or "", result, assess(result, profile, calibrated=calibrated))

    comparison_view(entry(0), entry(1), t, key="run_diff_postures")


def _keypoints(before: Run, after: Run, t: Texts) -> None:
    left, right = (reopen_keypoints(run_store(), run) for run in (before, after))
    if left.photo.sha256 != right.photo.sha256:
        st.info(t("runs.diff.other_picture"), icon=":material/info:")
        return
    comparison = KeypointComparison(left, right, load_profile(REMO_2024))
    pairs = comparison.agreement.pairs
    number = 1
    if len(pairs) > 1:
        number = st.segmented_control(
            t("keypoints.person"), range(1, len(pairs) + 1), key="run_diff_person", default=1, required=True
        )
    pair = pairs[number - 1] if pairs else None
    st.markdown(f"**{summary_text(pair, t)}**" if pair else t("keypoints.nobody"))
    keypoints_view(comparison, pair, t, key="run_diff_keypoints")


_VALUES: dict[str, Callable[[Run, Run, Texts], None]] = {
    posture_runs.PAGE: _postures,
    # A step of the lab, asked again, is an ordinary answer about its picture.
    **dict.fromkeys(keypoint_runs.ANSWER_PAGES, _keypoints),
    soccer_runs.PAGE: kick_diff,
    future_shape_runs.PAGE: shape_diff,
}


def _contract(before: Run, after: Run, t: Texts) -> None:
    show_findings(findings_diff(before, after), t)


def show_findings(diff: FindingsDiff, t: Texts) -> None:
    """What two audits found: by one, by the other, by both."""
    if not (diff.only_before or diff.only_after or diff.both):
        st.success(t("runs.diff.no_findings"), icon=":material/check_circle:")
    for name, findings in (
        ("only_before", diff.only_before),
        ("only_after", diff.only_after),
        ("both", diff.both),
    ):
        if findings:
            st.markdown(f"**{t(f'runs.diff.{name}', count=len(findings))}**")
            for number, finding in enumerate(findings):
                finding_card(finding, f"run_diff_{name}_{number}", t)


def _answers(before: Run, after: Run, t: Texts) -> None:
    try:
        changes = answers_diff(run_store(), before, after)
    except OSError:
        st.warning(t("runs.problem.unreadable"), icon=":material/history_toggle_off:")
        return
    st.caption(t("raw.note"))
    show_changes(changes, "run_diff_answer_table", t)


def show_changes(changes: Sequence[Change], key: str, t: Texts) -> None:
    """Differences of two JSON values as a table."""
    if not changes:
        st.success(t("runs.diff.equal"), icon=":material/check_circle:")
        return
    st.caption(t("runs.diff.count", count=f"{len(changes):,}"))
    names = {name: t(f"runs.diff.column.{name}") for name in ("kind", "path", "before", "after")}
    st.dataframe(
        [_cells(change, t) for change in changes[:_MOST_ROWS]],
        key=key,
        hide_index=True,
        column_config={
            **{name: st.column_config.TextColumn(label) for name, label in names.items()},
            "delta": st.column_config.NumberColumn(t("runs.diff.column.delta"), format="%+.4g"),
        },
        alt=t("runs.diff.count", count=len(changes)),
    )


def _cells(change: Change, t: Texts) -> dict[str, Any]:
    return {
        "kind": f"{_SIGNS[change.kind]} {t(f'runs.diff.kind.{change.kind}')}",
        "path": change.path,
        "before": _short(change.before) if change.kind != "added" else "",
        "after": _short(change.after) if change.kind != "removed" else "",
        "delta": change.delta,
    }


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= _MOST_CHARS else text[: _MOST_CHARS - 1] + "…"
