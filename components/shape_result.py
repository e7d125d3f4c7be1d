"""The answered pictures: strip, slider, warnings, charts, downloads; the heavier one stays folded until asked for."""

from collections.abc import Mapping, Sequence

import streamlit as st

from components.audit import audit_panel
from components.badges import local_engine_note, source_badge
from components.before_after import ShownPicture, before_after
from components.raw_answer import raw_answer
from components.shape_check import integrity_panel
from components.shape_exports import shape_exports
from components.shape_pictures import shown_original, shown_result
from components.shape_saving import save_button
from components.shape_widths import width_chart
from posedeck.contracts.remo.audit_future_shape import audit_future_shape
from posedeck.contracts.remo.future_shape import Direction
from posedeck.services.future_shape import ShapeResult
from posedeck.services.shape_wording import change_text, percent_change, warning_texts
from posedeck.services.sources import Source
from posedeck.texts import Texts

_HEAVIER = "future_shape_heavier"
_COMPARED = "future_shape_compared"


def fold_heavier() -> None:
    """Close the heavier picture again, as for every new photo."""
    st.session_state[_HEAVIER] = False


def show_shapes(results: Mapping[Direction, ShapeResult], t: Texts) -> None:
    """Show what came of one photo; at least one direction."""
    any_result = next(iter(results.values()))
    st.header(t("future_shape.result"), anchor=False)
    with st.container(horizontal=True, key="future_shape_badges"):
        source_badge(any_result.source, t, any_result.exchange)
        st.badge(
            t("future_shape.simulated"),
            icon=":material/auto_fix_high:",
            color="orange",
            help=t("future_shape.simulation"),
        )
    if any_result.source is Source.LOCAL:
        local_engine_note(t)
    shown = _unfolded(results, t)
    for text in warning_texts(shown, t):
        st.warning(text, icon=":material/info:")
    if not shown:
        _folded(t)
        return
    _strip(shown, Direction.WORST in results, t)
    shape_exports(shown, t)
    save_button(list(results.values()), t)
    compared = _compared(shown, t)
    picture, figures = st.columns((3, 2), gap="large")
    with picture:
        height, width = compared.after.shape[:2]
        before_after(
            shown_original(compared, t),
            shown_result(compared, t),
            size=(width, height),
            key="future_shape_slider",
            t=t,
        )
    with figures:
        integrity_panel(compared, t)
    width_chart(shown, t)
    for result in shown:
        _answer(result, t)


def _answer(result: ShapeResult, t: Texts) -> None:
    direction = result.wish.direction.value
    report = audit_future_shape(result.body, (result.photo.width, result.photo.height))
    st.markdown(f"**{change_text(result, t)}**")
    title = f"{t('future_shape.audit')} ({len(report.findings)})"
    with st.expander(title, icon=":material/fact_check:", key=f"audit_{direction}"):
        audit_panel(report, t, key=f"audit_{direction}_report")
    raw_answer(result.body, result.exchange, t, key=f"raw_{direction}")


def _unfolded(results: Mapping[Direction, ShapeResult], t: Texts) -> list[ShapeResult]:
    """The pictures that may be seen, slimmer first."""
    heavier = False
    if Direction.WORST in results:
        heavier = st.toggle(t("future_shape.show_heavier"), key=_HEAVIER, persist_state="session")
    allowed = [Direction.BEST, *([Direction.WORST] if heavier else [])]
    return [results[direction] for direction in allowed if direction in results]


def _strip(shown: Sequence[ShapeResult], heavier_exists: bool, t: Texts) -> None:
    by_direction = {result.wish.direction: result for result in shown}
    # Columns would stand below each other on a phone, where they could not be compared.
    with st.container(horizontal=True, wrap=False, gap="small", key="future_shape_strip"):
        places = [st.container(key=f"future_shape_strip_{place}", gap="xsmall") for place in range(3)]
    with places[1]:
        _figure(shown_original(shown[0], t))
    for place, direction in ((places[0], Direction.BEST), (places[2], Direction.WORST)):
        with place:
            if direction in by_direction:
                result = by_direction[direction]
                _figure(shown_result(result, t))
                if result.ratio is not None:
                    st.caption(t("future_shape.weight", percent=percent_change(result.ratio)))
            elif direction is Direction.WORST and heavier_exists:
                _folded(t)


def _figure(picture: ShownPicture) -> None:
    st.markdown(f"**{picture.title}**")
    st.image(picture.uri, alt=picture.alt, width="stretch")


def _folded(t: Texts) -> None:
    st.markdown(f"**{t('future_shape.worst')}**")
    with st.container(border=True, key="future_shape_folded"):
        st.caption(f":material/visibility_off: {t('future_shape.heavier_folded')}")


def _compared(shown: Sequence[ShapeResult], t: Texts) -> ShapeResult:
    by_direction = {result.wish.direction.value: result for result in shown}
    if len(shown) == 1:
        return shown[0]
    chosen = st.segmented_control(
        t("future_shape.compare"),
        list(by_direction),
        format_func=lambda value: t(f"future_shape.{value}"),
        default=Direction.BEST.value,
        required=True,
        key=_COMPARED,
    )
    return by_direction[chosen]
