"""How much each part of the body changed, intended against achieved."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from posedeck.contracts.remo.future_shape import BodyPart, Direction
from posedeck.services.future_shape import ShapeResult
from posedeck.services.shape_wording import percent_change
from posedeck.texts import Texts

_ROW_PX, _FRAME_PX = 46, 110
#: Legible on the light and the dark ground; neither of them says good or bad.
_COLOURS = {Direction.BEST: "#1f9aa3", Direction.WORST: "#b5762a"}
#: Of the target's line, over bar and ground alike.
_TARGET_COLOURS = {"light": "#10181b", "dark": "#ffffff"}


def width_chart(results: Sequence[ShapeResult], t: Texts, *, key: str = "shape_widths") -> None:
    """Chart of the widths of one or both directions; a sentence when the answer tells none."""
    st.subheader(t("future_shape.widths"), anchor=False)
    told = [result for result in results if result.widths]
    if not told:
        st.info(t("future_shape.widths.none"), icon=":material/straighten:")
        return
    st.caption(t("future_shape.widths.note"))
    parts = [part for part in BodyPart if any(part in result.widths for result in told)]
    figure = go.Figure()
    for result in told:
        _add(figure, result, [part for part in parts if part in result.widths], t)
    figure.update_layout(
        height=_FRAME_PX + _ROW_PX * len(parts),
        margin={"l": 0, "r": 10, "t": 40, "b": 40},
        barmode="overlay",
        bargap=0.45,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"title": t("future_shape.widths.axis"), "zeroline": True, "ticksuffix": " %"},
        yaxis={"autorange": "reversed", "title": None},
        dragmode=False,
    )
    st.plotly_chart(figure, key=key, config={"displayModeBar": False}, alt=_alt(told, parts, t))


def _add(figure: go.Figure, result: ShapeResult, parts: Sequence[BodyPart], t: Texts) -> None:
    direction = t(f"future_shape.{result.wish.direction.value}")
    names = [t(f"future_shape.part.{part.value}") for part in parts]
    achieved = [100 * (result.widths[part].achieved - 1) for part in parts]
    intended = [100 * (result.widths[part].intended - 1) for part in parts]
    words = [_words(result, part) for part in parts]
    hover = "%{y}: %{customdata}<extra></extra>"
    figure.add_bar(
        x=achieved,
        y=names,
        orientation="h",
        marker={"color": _COLOURS[result.wish.direction]},
        name=f"{direction}, {t('future_shape.widths.achieved')}",
        customdata=words,
        hovertemplate=hover,
    )
    figure.add_scatter(
        x=intended,
        y=names,
        mode="markers",
        marker={
            "symbol": "line-ns",
            "size": 24,
            "line": {"width": 3, "color": _TARGET_COLOURS[st.context.theme.type or "light"]},
        },
        name=f"{direction}, {t('future_shape.widths.intended')}",
        customdata=words,
        hovertemplate=hover,
    )


def _words(result: ShapeResult, part: BodyPart) -> str:
    width = result.widths[part]
    return f"{percent_change(width.intended)} → {percent_change(width.achieved)}"


def _alt(results: Sequence[ShapeResult], parts: Sequence[BodyPart], t: Texts) -> str:
    sentences = [
        t(
            "future_shape.widths.alt.part",
            direction=t(f"future_shape.{result.wish.direction.value}"),
            part=t(f"future_shape.part.{part.value}"),
            intended=percent_change(result.widths[part].intended),
            achieved=percent_change(result.widths[part].achieved),
        )
        for result in results
        for part in parts
        if part in result.widths
    ]
    return t("future_shape.widths.alt", parts=" ".join(sentences))
