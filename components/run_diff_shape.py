"""Two answered pictures of a future shape and what is different between them."""

import streamlit as st
from PIL import Image

from components.runs import run_store
from components.shape_pictures import shown_result
from posedeck.runs.run import Run
from posedeck.services.future_shape_runs import reopen_shape
from posedeck.services.shape_diff import pictures_diff, width_deltas
from posedeck.services.shape_wording import change_text, percent_change
from posedeck.services.thumbnail import jpeg_uri, small_jpeg
from posedeck.texts import Texts

_SIDE = 1100


def shape_diff(before: Run, after: Run, t: Texts) -> None:
    """Both pictures with their difference between them, and how the widths differ."""
    results = [reopen_shape(run_store(), run) for run in (before, after)]
    if results[0].photo.sha256 != results[1].photo.sha256:
        st.caption(t("shape_diff.other_photo"))
    if results[0].wish.direction is not results[1].wish.direction:
        st.caption(t("shape_diff.other_direction"))
    difference = pictures_diff(results[0].after, results[1].after)
    left, middle, right = st.columns(3)
    for column, name, result in ((left, "before", results[0]), (right, "after", results[1])):
        with column:
            picture = shown_result(result, t)
            st.markdown(f"**{t(f'comparison.{name}')}** · {change_text(result, t)}")
            st.image(picture.uri, alt=picture.alt, width="stretch")
    with middle:
        st.markdown(f"**{t('shape_diff.difference')}**")
        uri = jpeg_uri(small_jpeg(Image.fromarray(difference.picture), _SIDE))
        st.image(uri, alt=t("shape_diff.difference.alt"), width="stretch")
        st.caption(t("shape_diff.levels", levels=f"{difference.mean_levels:.2f}"))
        if difference.resized:
            st.caption(t("shape_diff.resized"))
    deltas = width_deltas(*results)
    st.markdown(f"**{t('future_shape.widths')}**")
    if not deltas:
        st.info(t("future_shape.widths.none"), icon=":material/straighten:")
        return
    rows = [
        {
            "part": t(f"future_shape.part.{each.part.value}"),
            "before": "–" if each.before is None else percent_change(each.before),
            "after": "–" if each.after is None else percent_change(each.after),
            "change": "–" if each.change is None else percent_change(each.change),
        }
        for each in deltas
    ]
    st.dataframe(
        rows,
        key="run_diff_shape_widths",
        hide_index=True,
        column_config={name: st.column_config.TextColumn(t(f"shape_diff.column.{name}")) for name in rows[0]},
        alt=t("future_shape.widths"),
    )
