"""What else an answered picture changed, row by row, each with its verdict, in words."""

from typing import Literal

from posedeck.services.future_shape import ShapeResult
from posedeck.services.shape_integrity import ShapeIntegrity
from posedeck.services.shape_wording import share_text
from posedeck.texts import Texts

#: Keys of ``future_shape.verdict``.
Verdict = Literal["good", "bad", "changed", "unchanged", "unknown"]
#: What was looked at (a key of ``future_shape.integrity``), the verdict, and the figures behind it.
Row = tuple[str, Verdict, str]


def integrity_rows(result: ShapeResult, t: Texts) -> list[Row]:
    """Background, face, folds, bones and body, as far as they could be measured."""
    rows = []
    if result.integrity is not None:
        rows += [_background(result.integrity, t), _face(result.integrity, t)]
    rows.append(_folds(result, t))
    if result.integrity is not None:
        rows += [_bones(result.integrity, t), _body(result, result.integrity, t)]
    return rows


def _background(integrity: ShapeIntegrity, t: Texts) -> Row:
    bad = integrity.background_bent or integrity.background_recoloured
    levels = f"{integrity.background_levels:.1f}"
    if integrity.background_moved is None:
        text = t("future_shape.integrity.background.flat", levels=levels)
        return "background", "bad" if bad else "unknown", text
    percent = share_text(integrity.background_moved)
    text = t("future_shape.integrity.background.value", percent=percent, levels=levels)
    return "background", "bad" if bad else "good", text


def _face(integrity: ShapeIntegrity, t: Texts) -> Row:
    if integrity.face_ssim is None:
        return "face", "unknown", t("future_shape.integrity.face.none")
    text = t("future_shape.integrity.face.value", value=f"{integrity.face_ssim:.3f}")
    return "face", "bad" if integrity.face_changed else "good", text


def _folds(result: ShapeResult, t: Texts) -> Row:
    engine = result.engine_integrity
    if engine is None:
        return "folds", "unknown", t("future_shape.integrity.folds.none")
    text = t("future_shape.integrity.folds.value", value=f"{engine.min_det_j:.2f}")
    return "folds", "good" if engine.min_det_j > 0 else "bad", text


def _bones(integrity: ShapeIntegrity, t: Texts) -> Row:
    if integrity.bone_change is None:
        return "bones", "unknown", t("future_shape.integrity.bones.none")
    text = t("future_shape.integrity.bones.value", percent=share_text(integrity.bone_change))
    return "bones", "bad" if integrity.bones_changed else "good", text


def _body(result: ShapeResult, integrity: ShapeIntegrity, t: Texts) -> Row:
    text = t("future_shape.integrity.body.value", percent=share_text(integrity.body_moved or 0.0))
    if integrity.unchanged:
        return "body", "good" if result.ratio == 1 else "unchanged", text
    return "body", "changed", text
