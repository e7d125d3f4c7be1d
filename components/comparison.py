"""Compare two results of one person: this session's, or exported ones."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.assets import read_assets
from components.demo_state import samples_only
from posedeck.pose.posture import View
from posedeck.services.alignment import align_poses
from posedeck.services.assessment import Assessment
from posedeck.services.comparison import Comparison, MetricChange, Verdict, compare
from posedeck.services.posture import PostureResult
from posedeck.services.saved import MAX_EXPORT_BYTES, SavedMetric, SavedResult, read_export, save_result
from posedeck.services.thumbnail import thumbnail_uri
from posedeck.services.wording import degrees_text, grade_text, level
from posedeck.texts import Texts

#: Session key of this browser session's results, the oldest first.
_RESULTS = "posture_results"
MAX_RESULTS = 10
_PHOTO_SIDE = 700
#: The bars end at this many times the smallest change that counts.
_BAR_LIMIT = 3.0

_mount = st.components.v2.component(
    "posedeck_comparison",
    html='<div class="comparison"></div>',
    css=read_assets("comparison.css"),
    js=read_assets("dom.js", "comparison.js"),
)


@dataclass(frozen=True)
class Remembered:
    """A result that can be compared.

    Attributes:
        id: Tells it from the others of the session.
        photos: Small copies as ``data:`` URIs; empty for a result that was read from a file.
        file_name: The file it was read from; empty for a result of this session.
    """

    id: str
    saved: SavedResult
    photos: dict[View, str]
    file_name: str = ""


def remember_result(result: PostureResult, assessment: Assessment) -> Remembered:
    """Keep a result for comparisons in this browser session, as it is assessed now.

    The same result again takes the place of the former, so this may be called in every run of the page.
    """
    results: list[Remembered] = st.session_state.setdefault(_RESULTS, [])
    identity = f"{result.answered_at.isoformat()} {result.uuid}"
    former = next((entry for entry in results if entry.id == identity), None)
    photos = {view: thumbnail_uri(photo, _PHOTO_SIDE) for view, photo in result.photos.items()} if not former else {}
    entry = Remembered(identity, save_result(result, assessment), former.photos if former else photos)
    if former:
        results[results.index(former)] = entry
    else:
        results.append(entry)
        del results[:-MAX_RESULTS]
    return entry


def comparison_panel(current: Remembered, t: Texts, *, key: str = "comparison") -> None:
    """Choose two results and show what changed between them.

    Args:
        current: The result that the page shows; it is the later one until another is chosen.
        t: Texts of the session.
        key: Stable key of the panel.
    """
    st.markdown(t("comparison.lead"))
    choices = {entry.id: entry for entry in (*st.session_state.get(_RESULTS, []), *_uploaded(key, t))}
    choices.setdefault(current.id, current)
    if len(choices) < 2:
        st.info(t("comparison.too_few"), icon=":material/info:")
        return
    before, after = _choose(choices, current, key, t)
    comparison_view(before, after, t, key=f"{key}_view")


def comparison_view(before: Remembered, after: Remembered, t: Texts, *, key: str) -> None:
    """Show what changed between two results: both skeletons, each metric against its interval."""
    comparison = compare(before.saved, after.saved)
    _caveats(comparison, t)
    _mount(key=key, data=_data(comparison, after, t))


def remembered(identity: str, result: PostureResult, assessment: Assessment) -> Remembered:
    """A result that can be compared, with small copies of its photos."""
    photos = {view: thumbnail_uri(photo, _PHOTO_SIDE) for view, photo in result.photos.items()}
    return Remembered(identity, save_result(result, assessment), photos)


def _uploaded(key: str, t: Texts) -> list[Remembered]:
    if samples_only(t):
        return []
    files = st.file_uploader(
        t("comparison.upload"),
        type="json",
        accept_multiple_files=True,
        help=t("comparison.upload.help"),
        key=f"{key}_files",
        max_upload_size=MAX_EXPORT_BYTES // 1_000_000,
    )
    entries = []
    for file in files:
        try:
            saved = read_export(file.getvalue())
        except ValueError as error:
            # As plain text: both come from outside.
            st.error(t("comparison.unreadable"), icon=":material/error:")
            st.text(f"{file.name}: {error}")
        else:
            entries.append(Remembered(f"file {file.file_id}", saved, {}, file.name))
    return entries


def _choose(choices: dict[str, Remembered], current: Remembered, key: str, t: Texts) -> tuple[Remembered, Remembered]:
    keys = f"{key}_before", f"{key}_after"
    shown = f"{key}_current"
    ids = list(choices)
    if st.session_state.get(shown) != current.id or any(st.session_state.get(name) not in choices for name in keys):
        others = [name for name in ids if name != current.id]
        st.session_state[shown] = current.id
        st.session_state[keys[0]], st.session_state[keys[1]] = others[-1], current.id
    chosen = []
    for name, column in zip(keys, st.columns(2), strict=True):
        side = name.removeprefix(f"{key}_")
        label = t("comparison.before") if side == "before" else t("comparison.after")
        chosen.append(column.selectbox(label, ids, format_func=lambda entry: _title(choices[entry], t), key=name))
    return choices[chosen[0]], choices[chosen[1]]


def _title(entry: Remembered, t: Texts) -> str:
    saved = entry.saved
    facts = {
        "date": f"{saved.answered_at:%Y-%m-%d %H:%M:%S %Z}",
        "source": t(f"source.{saved.source.kind.value}.name"),
        "profile": saved.profile.title,
    }
    title = t("comparison.option", **facts)
    return f"{entry.file_name} · {title}" if entry.file_name else title


def _caveats(comparison: Comparison, t: Texts) -> None:
    if comparison.caveats:
        lines = [t(f"comparison.caveat.{caveat.value}") for caveat in comparison.caveats]
        text = lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)
        st.warning(text, title=t("comparison.caveat.title"), icon=":material/warning:")


def _data(comparison: Comparison, after: Remembered, t: Texts) -> dict[str, Any]:
    counts = Counter(change.verdict for change in comparison.changes)
    names = ("before", "after", "nearer", "further", "legend", "table")
    return {
        "overlays": [_overlay(comparison, view, after.photos.get(view), t) for view in View],
        "overlay_note": t("comparison.overlay.note"),
        "roll": _roll(comparison, t),
        "summary": t("comparison.summary", **{verdict.value: counts[verdict] for verdict in Verdict}),
        "rows": [_row(change, comparison, t) for change in comparison.changes],
        "limit": _BAR_LIMIT,
        "text": {
            **{name: t(f"comparison.{name}") for name in names},
            **{name: t(f"comparison.column.{name}") for name in ("change", "verdict", "chart")},
            "metric": t("table.metric"),
        },
    }


def _overlay(comparison: Comparison, view: View, photo: str | None, t: Texts) -> dict[str, Any]:
    before, after = comparison.before.poses.get(view), comparison.after.poses.get(view)
    aligned = align_poses(before.pose(), after.pose(), view) if before and after else None
    title = t(f"comparison.overlay.{view.value}")
    if aligned is None:
        return {"title": title, "missing": t("comparison.overlay.none")}
    size = comparison.after.photos.get(view)
    return {
        "title": title,
        "frame": [round(value, 1) for value in aligned.frame],
        "before": [bone.round(1).tolist() for bone in aligned.before],
        "after": [bone.round(1).tolist() for bone in aligned.after],
        "photo": {"uri": photo, "width": size.width, "height": size.height} if photo and size else None,
        "note": t("comparison.overlay.mirrored") if aligned.mirrored else "",
    }


def _roll(comparison: Comparison, t: Texts) -> str:
    both = [saved.common_mode for saved in (comparison.before, comparison.after)]
    texts = ["–" if mode is None else _with_margin(mode.value_deg, mode.interval_95_deg) for mode in both]
    return t("comparison.roll", before=texts[0], after=texts[1])


def _with_margin(value: float, interval: tuple[float, float]) -> str:
    return f"{degrees_text(value)} {_margin((interval[1] - interval[0]) / 2)}"


def _margin(degrees: float) -> str:
    return f"± {degrees:.1f}°"


def _row(change: MetricChange, comparison: Comparison, t: Texts) -> dict[str, Any]:
    verdict = change.verdict
    row: dict[str, Any] = {
        "key": change.metric.key,
        "name": t(f"metric.{change.metric.key}.name"),
        "before": _cell(change.before, comparison.before, t),
        "after": _cell(change.after, comparison.after, t),
        "verdict": verdict.value,
        "verdict_text": t(f"comparison.verdict.{verdict.value}"),
        "grade_changed": change.grade_changed,
    }
    if change.change is None:
        return row
    size = f"{change.margin_deg:.1f}°"
    words = {"verdict": row["verdict_text"], "change": degrees_text(change.deviation_change), "margin": size}
    return row | {
        "change": degrees_text(change.change.value),
        "margin": _margin(change.margin_deg),
        "bar": max(-_BAR_LIMIT, min(_BAR_LIMIT, change.deviation_change / (change.margin_deg or 1.0))),
        "label": t("comparison.chart.label", **words),
    }


def _cell(entry: SavedMetric | None, saved: SavedResult, t: Texts) -> dict[str, Any]:
    if entry is None or entry.value is None:
        return {"value": "–", "grade": t("table.missing"), "level": None}
    return {
        "value": degrees_text(entry.value, saved.profile.bands.get(entry.key)),
        "grade": grade_text(entry.grade, t),
        "level": level(entry.grade),
    }
