"""What else an answered picture changed, row by row, each with its verdict in words."""

from typing import Literal

import streamlit as st

from posedeck.services.future_shape import ShapeResult
from posedeck.services.shape_integrity import ShapeIntegrity
from posedeck.services.shape_wording import fit_text, flag_texts, share_text
from posedeck.texts import Texts

_LOOK: dict[str, tuple[str, Literal["green", "red", "gray"]]] = {
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
        for name, verdict, text in _rows(result, t):
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


def _rows(result: ShapeResult, t: Texts) -> list[tuple[str, str, str]]:
    rows = []
    if result.integrity is not None:
        rows += [_background(result.integrity, t), _face(result.integrity, t)]
    rows.append(_folds(result, t))
    if result.integrity is not None:
        rows += [_bones(result.integrity, t), _body(result, result.integrity, t)]
    return rows


def _background(integrity: ShapeIntegrity, t: Texts) -> tuple[str, str, str]:
    bad = integrity.background_bent or integrity.background_recoloured
    levels = f"{integrity.background_levels:.1f}"
    if integrity.background_moved is None:
        text = t("future_shape.integrity.background.flat", levels=levels)
        return "background", "bad" if bad else "unknown", text
    percent = share_text(integrity.background_moved)
    text = t("future_shape.integrity.background.value", percent=percent, levels=levels)
    return "background", "bad" if bad else "good", text


def _face(integrity: ShapeIntegrity, t: Texts) -> tuple[str, str, str]:
    if integrity.face_ssim is None:
        return "face", "unknown", t("future_shape.integrity.face.none")
    text = t("future_shape.integrity.face.value", value=f"{integrity.face_ssim:.3f}")
    return "face", "bad" if integrity.face_changed else "good", text


def _folds(result: ShapeResult, t: Texts) -> tuple[str, str, str]:
    engine = result.engine_integrity
    if engine is None:
        return "folds", "unknown", t("future_shape.integrity.folds.none")
    text = t("future_shape.integrity.folds.value", value=f"{engine.min_det_j:.2f}")
    return "folds", "good" if engine.min_det_j > 0 else "bad", text


def _bones(integrity: ShapeIntegrity, t: Texts) -> tuple[str, str, str]:
    if integrity.bone_change is None:
        return "bones", "unknown", t("future_shape.integrity.bones.none")
    text = t("future_shape.integrity.bones.value", percent=share_text(integrity.bone_change))
    return "bones", "bad" if integrity.bones_changed else "good", text


def _body(result: ShapeResult, integrity: ShapeIntegrity, t: Texts) -> tuple[str, str, str]:
    text = t("future_shape.integrity.body.value", percent=share_text(integrity.body_moved or 0.0))
    if integrity.unchanged:
        return "body", "good" if result.ratio == 1 else "unchanged", text
    return "body", "changed", text
