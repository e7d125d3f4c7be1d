"""The perturbation lab on the page: choose a source, watch the run, see how steady the source is."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import streamlit as st

from components.calls import has_ended, is_pending, submit, take
from components.errors import show_error
from components.keypoints_sides import Side, side_title
from components.runs import run_store
from posedeck.net.errors import VendorError
from posedeck.pose.agreement.perturbation import Kind, Perturbation, Stability, perturbations
from posedeck.runs.run import new_id
from posedeck.services.keypoint_runs import LAB_PAGE
from posedeck.services.keypoints import KeypointAnswer
from posedeck.services.lab_runs import kept_lab, lab_group, step_params
from posedeck.services.perturbation import LabResult, LabRun, Measured, export_lab_csv
from posedeck.services.photos import Photo
from posedeck.services.sources import CALLED_SOURCES, VENDOR_NAMES, Source
from posedeck.texts import Texts

_SIDE, _KINDS, _MEASURE = "lab_side", "lab_kinds", "lab_measure"
_RUN, _CALL, _RESULT = "lab_run", "lab_call", "lab_result"
#: Runs whose measurements were looked for and not found.
_LOOKED_FOR = "lab_looked_for"
_POLL_S = 0.5
_MEASURES = ("distance", "oks")
#: The amount at which a kind leaves the picture as it is; a JPEG has been compressed before, nobody knows how much.
_UNTOUCHED = {Kind.ROTATE: 0.0, Kind.CROP: 0.0, Kind.DOWNSCALE: 1.0}
_CHART_HEIGHT = 260
#: A single curve over the whole width of a page would be a line to the horizon.
_MIN_COLUMNS = 3


def perturbation_lab(answers: Mapping[str, KeypointAnswer], sides: Mapping[str, Side], t: Texts) -> None:
    """The lab for the picture that the answers are about.

    Args:
        answers: What the sides answered, by side.
        sides: What is chosen for each side now.
        t: Texts of the session.
    """
    st.subheader(t("lab.title"), anchor=False)
    st.markdown(t("lab.lead"))
    names = [name for name, answer in answers.items() if _can_be_asked(answer, sides[name])]
    if is_pending(_CALL) and has_ended(_CALL):
        st.session_state[_RESULT] = take(_CALL, t("lab.ending"))
    if names:
        _choices(names, answers, sides, t)
    else:
        st.info(t("lab.nobody"), icon=":material/info:")
    if is_pending(_CALL):
        _watch(t)
        return
    result = _known(answers)
    if result is not None:
        _show(result, t)


def _known(answers: Mapping[str, KeypointAnswer]) -> LabResult | None:
    """The measurement of this session about the picture, else the last one that was kept about one of its answers."""
    result: LabResult | None = st.session_state.get(_RESULT)
    photo = next(iter(answers.values())).photo
    if result is not None and result.baseline.photo.sha256 == photo.sha256:
        return result
    runs = tuple(answer.run_id for answer in answers.values())
    if st.session_state.get(_LOOKED_FOR) == runs:
        return None
    st.session_state[_LOOKED_FOR] = runs
    kept = next(filter(None, (kept_lab(run_store(), answer) for answer in answers.values())), None)
    if kept is not None:
        st.session_state[_RESULT] = kept
    return kept


def _can_be_asked(answer: KeypointAnswer, side: Side) -> bool:
    # What the fault lab answered was asked of our server.
    asked = Source.LOCAL if answer.source is Source.FAULT else answer.source
    chosen = (side.vendor, side.source) == (answer.vendor, asked)
    return chosen and side.source in CALLED_SOURCES and side.is_complete


def _choices(names: list[str], answers: Mapping[str, KeypointAnswer], sides: Mapping[str, Side], t: Texts) -> None:
    if st.session_state.get(_SIDE) not in names:
        st.session_state[_SIDE] = names[0]
    st.session_state.setdefault(_KINDS, [kind.value for kind in Kind])
    with st.container(horizontal=True, vertical_alignment="bottom", key="lab_choices", gap="large"):
        name = st.segmented_control(
            t("lab.source"),
            names,
            format_func=lambda each: side_title(answers[each].vendor, answers[each].source, t),
            key=_SIDE,
            required=True,
            persist_state="session",
        )
        kinds = st.pills(
            t("lab.kinds"),
            [kind.value for kind in Kind],
            selection_mode="multi",
            format_func=lambda value: t(f"lab.kind.{value}"),
            key=_KINDS,
            persist_state="session",
        )
    steps = perturbations([Kind(kind) for kind in kinds])
    name = name or names[0]
    side = sides[name]
    st.caption(t(f"lab.costs.{side.source.value}", count=len(steps), vendor=VENDOR_NAMES[side.vendor]))
    st.button(
        t("lab.start"),
        key="lab_start",
        icon=":material/science:",
        disabled=not steps or is_pending(_CALL),
        on_click=_start,
        args=(side, answers[name], steps),
    )


def _start(side: Side, baseline: KeypointAnswer, steps: Sequence[Perturbation]) -> None:
    asking, asks = new_id(), side.asker(lab_group(baseline), LAB_PAGE)

    def ask(photo: Photo, step: Perturbation) -> KeypointAnswer:
        return asks(photo, None, step_params(step, baseline, asking))

    run = LabRun(ask, baseline, steps)
    st.session_state.pop(_RESULT, None)
    st.session_state[_RUN] = run
    submit(_CALL, run.run)


@st.fragment(run_every=_POLL_S)
def _watch(t: Texts) -> None:
    run: LabRun = st.session_state[_RUN]
    if not is_pending(_CALL) or has_ended(_CALL):
        st.rerun()
    step = run.steps[min(run.done, len(run.steps) - 1)]
    words = t("lab.running", done=run.done, total=len(run.steps), step=_step_text(step.kind, step.amount, t))
    st.progress(run.done / len(run.steps), text=words)
    st.button(t("lab.stop"), key="lab_stop", icon=":material/stop_circle:", on_click=run.stop)


def _show(result: LabResult, t: Texts) -> None:
    baseline = result.baseline
    source = side_title(baseline.vendor, result.source, t)
    if isinstance(result.error, VendorError):
        show_error(result.error, t)
    elif result.error is not None:
        st.error(t("fitting.impossible"), icon=":material/error:")
    if len(result.measured) < result.wanted:
        st.warning(t("lab.partial", done=len(result.measured), total=result.wanted), icon=":material/timelapse:")
    if not result.measured:
        return
    _verdict(result, source, t)
    _curves(result.measured, source, t)
    with st.expander(t("lab.numbers"), key="lab_numbers"):
        st.table(_table(result.measured, t), hide_index=True, alt=t("lab.numbers.alt", source=source))
    st.download_button(
        t("export.csv"),
        data=lambda: export_lab_csv(result),
        file_name=f"stability-{baseline.answered_at:%Y%m%d-%H%M%S}.csv",
        mime="text/csv",
        icon=":material/table:",
        on_click="ignore",
        help=t("lab.export.csv"),
        key="lab_csv",
    )


def _verdict(result: LabResult, source: str, t: Texts) -> None:
    mirror = result.mirror
    if mirror is None:
        return
    facts = {
        "source": source,
        "inverted": mirror.inverted_pairs,
        "pairs": mirror.decidable_pairs,
        "distance": _percent(mirror.median_distance_torso),
    }
    if mirror.exchanges_sides is None:
        st.info(t("lab.mirror.unknown", **facts), icon=":material/help:")
    elif mirror.exchanges_sides:
        st.error(t("lab.mirror.exchanges", **facts), icon=":material/swap_horiz:")
    else:
        st.success(t("lab.mirror.keeps", **facts), icon=":material/check_circle:")


def _curves(measured: Sequence[Measured], source: str, t: Texts) -> None:
    kinds = [kind for kind in Kind if kind is not Kind.MIRROR and any(_is(entry, kind) for entry in measured)]
    if not kinds:
        return
    chosen = st.segmented_control(
        t("lab.measure"),
        _MEASURES,
        format_func=lambda value: t(f"lab.measure.{value}"),
        key=_MEASURE,
        default=_MEASURES[0],
        required=True,
        persist_state="session",
    )
    values = [_value(entry.stability, chosen) for entry in measured if not _is(entry, Kind.MIRROR)]
    known = [value for value in values if value == value]
    # All curves on one scale: only so can the kinds be compared.
    limits = (0.0, 1.15 * max([1.0, *known])) if chosen == "distance" else (min([0.5, *known]) - 0.02, 1.02)
    for kind, column in zip(kinds, st.columns(max(len(kinds), _MIN_COLUMNS)), strict=False):
        points = [
            (entry.perturbation.amount, _value(entry.stability, chosen)) for entry in measured if _is(entry, kind)
        ]
        with column:
            st.markdown(f"**{t(f'lab.kind.{kind.value}')}**")
            st.plotly_chart(
                _figure(kind, points, chosen, limits, t),
                key=f"lab_chart_{kind.value}",
                config={"displayModeBar": False},
                alt=_alt(kind, points, chosen, source, t),
            )


def _figure(
    kind: Kind, points: Sequence[tuple[float, float]], measure: str, limits: tuple[float, float], t: Texts
) -> go.Figure:
    curve = sorted([*points, *_untouched(kind, measure)])
    text = [f"{_amount_text(kind, amount)}: {_value_text(value, measure)}" for amount, value in curve]
    figure = go.Figure(
        go.Scatter(
            x=[_axis(kind, amount) for amount, _ in curve],
            y=[value for _, value in curve],
            mode="lines+markers",
            line={"width": 2},
            marker={"size": 8},
            hovertext=text,
            hoverinfo="text",
            cliponaxis=False,
        )
    )
    figure.update_layout(height=_CHART_HEIGHT, margin={"l": 0, "r": 8, "t": 8, "b": 0}, showlegend=False)
    # Towards the right the picture gets worse, whatever the unit counts.
    worse_when_smaller = kind in (Kind.JPEG, Kind.DOWNSCALE)
    figure.update_xaxes(title=t(f"lab.axis.{kind.value}"), autorange="reversed" if worse_when_smaller else True)
    figure.update_yaxes(title=t(f"lab.axis.{measure}"), range=limits)
    return figure


def _untouched(kind: Kind, measure: str) -> list[tuple[float, float]]:
    return [(_UNTOUCHED[kind], 0.0 if measure == "distance" else 1.0)] if kind in _UNTOUCHED else []


def _alt(kind: Kind, points: Sequence[tuple[float, float]], measure: str, source: str, t: Texts) -> str:
    values = ", ".join(f"{_amount_text(kind, amount)}: {_value_text(value, measure)}" for amount, value in points)
    return t("lab.chart.alt", measure=t(f"lab.axis.{measure}"), kind=t(f"lab.kind.{kind.value}"), source=source) + (
        f" {values}."
    )


def _table(measured: Sequence[Measured], t: Texts) -> dict[str, list[str]]:
    return {
        t("lab.column.change"): [_step_text(each.perturbation.kind, each.perturbation.amount, t) for each in measured],
        t("lab.column.people"): [f"{each.stability.matched} / {each.stability.people}" for each in measured],
        t("lab.axis.distance"): [_percent(each.stability.mean_distance_torso) for each in measured],
        t("lab.axis.oks"): [_value_text(each.stability.oks, "oks") for each in measured],
    }


def _is(entry: Measured, kind: Kind) -> bool:
    return entry.perturbation.kind is kind


def _value(found: Stability, measure: str) -> float:
    return 100.0 * found.mean_distance_torso if measure == "distance" else found.oks


def _value_text(value: float, measure: str) -> str:
    if value != value:
        return "–"
    return f"{value:.1f} %" if measure == "distance" else f"{value:.3f}"


def _percent(share: float) -> str:
    return _value_text(100.0 * share, "distance")


def _axis(kind: Kind, amount: float) -> float:
    return 100.0 * amount if kind in (Kind.CROP, Kind.DOWNSCALE) else amount


def _amount_text(kind: Kind, amount: float) -> str:
    shown = f"{_axis(kind, amount):g}".replace("-", "−")
    return shown + {Kind.ROTATE: "°", Kind.CROP: " %", Kind.DOWNSCALE: " %"}.get(kind, "")


def _step_text(kind: Kind, amount: float, t: Texts) -> str:
    name = t(f"lab.kind.{kind.value}")
    return name if kind is Kind.MIRROR else f"{name} {_amount_text(kind, amount)}"
