"""What else an answered picture changed, row by row, each with its verdict in words."""

from typing import Literal

import streamlit as st

from posedeck.services.future_shape import ShapeResult
from posedeck.services.shape_check_wording import Verdict, integrity_rows
from posedeck.services.shape_wording import fit_text, flag_texts
from posedeck.texts import Texts

_LOOK: dict[Verdict, tuple[str, Literal["green", "red", "gray"]]] = {
    "good": (":material/check_circle:", "green"),
    "changed": (":material/check_circle:", "green"),
    "bad": (":material/warning:", "red"),
    "unchanged": (":material/warning:", "red"),
    "unknown": (":material/help:", "gray"),
}


def integrity_panel(result: ShapeResult, t: Texts, *, key: str = "shape_check") -> None:
    """Flags first, then background, face, folds, bones and body."""
    st.subheader(t("future_shape.integrity"), anchor=False)
    integrity = result.integrity
    if integrity is None:
        st.info(t("future_shape.integrity.none"), icon=":material/help:")
    else:
        for text in flag_texts(integrity, t, wanted_unchanged=result.ratio == 1):
            st.error(text, icon=":material/flag:")
    with st.container(key=key, gap="small"):
        for name, verdict, text in integrity_rows(result, t):
            icon, colour = _LOOK[verdict]
            with st.container(key=f"{key}_{name}", gap=None):
                with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                    st.markdown(f"**{t(f'future_shape.integrity.{name}')}**", width="content")
                    st.badge(t(f"future_shape.verdict.{verdict}"), icon=icon, color=colour)
                st.caption(text)
    if result.engine_integrity is not None:
        engine = result.engine_integrity
        face = "–" if engine.face_ssim is None else f"{engine.face_ssim:.3f}"
        st.caption(t("future_shape.integrity.ours", levels=f"{engine.background_max_diff:g}", face=face))
    st.caption(f"{t('future_shape.integrity.note')} {fit_text(result, t)}")
