"""The findings that are surest, as cards."""

from typing import Literal

import streamlit as st

from posedeck.pose.grades import Profile
from posedeck.services.assessment import Assessment, MetricAssessment
from posedeck.services.wording import (
    degrees_text,
    direction_text,
    grade_text,
    half_width_text,
    level,
    probability_text,
)
from posedeck.texts import Texts

#: Icon and colour of a grade by its level; the word stands beside both.
_LOOK: dict[int, tuple[str, Literal["orange", "red"]]] = {
    1: (":material/warning:", "orange"),
    2: (":material/dangerous:", "red"),
}
_CARDS = 3


def top_findings(assessment: Assessment, t: Texts, *, key: str = "findings") -> None:
    """Show up to three findings, the surest first, or in one sentence that nothing stands out."""
    graded = [entry for entry in assessment.metrics if entry.probabilities]
    if not graded:
        st.info(t("findings.ungraded.text"), title=t("findings.ungraded.title"), icon=":material/help:")
        return
    findings = assessment.findings(_CARDS)
    if not findings:
        _calm(graded, assessment.profile, t)
        return
    with st.grid(_CARDS, min_column_width=220, key=key):
        # Keyed by place: cards that change places would take the page's scroll position with them.
        for place, finding in enumerate(findings):
            with st.container(border=True, key=f"{key}_{place}", height="stretch"):
                _card(finding, assessment.profile, t)


def _calm(graded: list[MetricAssessment], profile: Profile, t: Texts) -> None:
    text = t("findings.none.text", profile=profile.title, count=len(graded))
    borderline = sum(entry.borderline for entry in graded)
    if borderline:
        text = f"{text} {t('findings.none.borderline', count=borderline)}"
    st.success(text, title=t("findings.none.title"), icon=":material/check_circle:")


def _card(finding: MetricAssessment, profile: Profile, t: Texts) -> None:
    key, estimate, grade = finding.metric.key, finding.estimate, finding.likeliest
    if estimate is None or grade is None:
        raise ValueError(f"{key} was not measured")
    icon, colour = _LOOK[level(grade) or 1]
    with st.container(horizontal=True, gap="xsmall"):
        st.badge(grade_text(grade, t), icon=icon, color=colour)
        if finding.borderline:
            st.badge(t("borderline"), icon=":material/contrast:", color="gray", help=t("borderline.help"))
    st.metric(
        t(f"metric.{key}.name"),
        f"{degrees_text(estimate.value, profile.bands.get(key))} {half_width_text(estimate)}",
        direction_text(key, estimate.value, t) or None,
        delta_color="off",
        delta_arrow="off",
        help=t(f"metric.{key}.definition"),
    )
    st.caption(t("findings.probability", percent=probability_text(finding.probabilities[grade])))
