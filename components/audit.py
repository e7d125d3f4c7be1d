"""Findings of an audit, the gravest first."""

from collections import Counter
from collections.abc import Callable

import streamlit as st

from components.demo_state import samples_only
from posedeck.contracts.json import decode_object
from posedeck.contracts.remo.audit import AuditReport, Finding, audit_answer
from posedeck.texts import Texts

_ORDER = ("error", "warning", "info")
_ICONS = {"error": ":material/error:", "warning": ":material/warning:", "info": ":material/info:"}
#: So many are shown; the rest is folded.
_SHOWN = 6


def audit_upload(t: Texts, *, key: str = "audit_upload") -> None:
    """Audit a saved answer of Remo's, whoever gave it."""
    if samples_only(t):
        return
    file = st.file_uploader(t("audit.upload"), type=["json"], key=key, help=t("audit.upload.help"))
    if file is None:
        return
    body = decode_object(file.getvalue())
    if body is None:
        st.error(t("audit.upload.unreadable"), icon=":material/error:")
        return
    audit_panel(audit_answer(body), t, key=f"{key}_report")


def audit_panel(
    report: AuditReport, t: Texts, *, key: str = "audit", show_place: Callable[[Finding], None] | None = None
) -> None:
    """Show what an audit found.

    Args:
        report: What it found.
        t: Texts of the session.
        key: Stable key of the panel.
        show_place: Leads to a finding's place in the answer; called when the button beside it is pressed.
    """
    if report.follows:
        st.caption(t("audit.follows", profiles=" / ".join(report.follows)))
    if not report.findings:
        st.success(t("audit.clean", count=f"{report.checked:,}"), icon=":material/check_circle:")
        return
    count = Counter(finding.severity for finding in report.findings)
    st.markdown(t("audit.summary", errors=count["error"], warnings=count["warning"], infos=count["info"]))
    st.caption(t("audit.checked", count=f"{report.checked:,}"))
    ordered = sorted(report.findings, key=lambda finding: _ORDER.index(finding.severity))
    for index, finding in enumerate(ordered[:_SHOWN]):
        finding_card(finding, f"{key}_{index}", t, show_place)
    if rest := ordered[_SHOWN:]:
        with st.expander(t("audit.more", count=len(rest)), key=f"{key}_more"):
            for index, finding in enumerate(rest, _SHOWN):
                finding_card(finding, f"{key}_{index}", t, show_place)


def finding_card(finding: Finding, key: str, t: Texts, show_place: Callable[[Finding], None] | None = None) -> None:
    """Show one finding; one that another version of PoseDeck made goes by its bare name."""
    title = t(f"audit.{finding.name}") if f"audit.{finding.name}" in t else finding.name
    with st.container(border=True, key=key):
        severity = t(f"audit.severity.{finding.severity}")
        st.markdown(f"{_ICONS[finding.severity]} **{severity}** · {title}")
        # Field and message quote the answer, so they are shown as text.
        st.text(f"{finding.field or t('audit.whole')}: {finding.message}")
        if show_place is not None and finding.field:
            st.button(
                t("audit.show_place"),
                key=f"{key}_place",
                icon=":material/my_location:",
                on_click=show_place,
                args=(finding,),
            )
