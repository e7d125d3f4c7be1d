"""Camera roll against the body: what the frontal lines share, and the grades without it."""

import streamlit as st

from posedeck.services.assessment import Assessment, MetricAssessment
from posedeck.services.levelling import level_photo
from posedeck.services.photos import Photo
from posedeck.services.wording import degrees_text, grade_text
from posedeck.texts import Texts


def roll_panel(assessment: Assessment, front: Photo, t: Texts, *, key: str = "roll") -> None:
    """What the frontal lines share, with its interval; on demand both sets of grades and the photo levelled."""
    common = assessment.common
    if common is None:
        st.info(t("roll.unknown"), icon=":material/help:")
        return
    low, high = common.estimate.interval_95
    angle = degrees_text(common.estimate.value, None)
    st.markdown(t("roll.sentence", angle=angle, low=degrees_text(low, None), high=degrees_text(high, None)))
    if low <= 0 <= high:
        st.caption(t("roll.small"))
    if not st.toggle(t("roll.level"), key=f"{key}_level", persist_state="session"):
        return
    pairs = [
        (photo, level)
        for photo, level in zip(assessment.metrics, assessment.levelled, strict=True)
        if photo.metric.tilt
    ]
    changed = sum(photo.grade != level.grade for photo, level in pairs)
    st.markdown(t("roll.changes", count=changed, total=len(pairs)))
    table, preview = st.columns([3, 2])
    with table:
        st.markdown(_table(pairs, t))
    turned_by = degrees_text(-common.estimate.value, None)
    preview.image(
        level_photo(front, common.estimate.value),
        alt=t("roll.level.alt", angle=turned_by),
        caption=t("roll.level.caption", angle=turned_by),
        width="stretch",
    )


def _table(pairs: list[tuple[MetricAssessment, MetricAssessment]], t: Texts) -> str:
    rows = [
        f"| {t('roll.column.metric')} | {t('roll.column.photo')} | {t('roll.column.levelled')} |",
        "|---|---|---|",
        *(
            f"| {t(f'metric.{photo.metric.key}.name')} | {_cell(photo, t)} | {_cell(level, t)} |"
            for photo, level in pairs
        ),
    ]
    return "\n".join(rows)


def _cell(entry: MetricAssessment, t: Texts) -> str:
    if entry.value is None:
        return t("roll.missing")
    value = degrees_text(entry.value, None)
    return value if entry.grade is None else f"{value} · {grade_text(entry.grade, t)}"
