"""Downloads of a result; each file is made when its button is pressed, not before."""

from collections.abc import Callable, Sequence

import streamlit as st

from posedeck.contracts.finding import Finding
from posedeck.services.assessment import Assessment
from posedeck.services.picture import export_png
from posedeck.services.posture import PostureResult
from posedeck.services.report import report_html
from posedeck.services.saved import export_json
from posedeck.services.spreadsheet import export_csv
from posedeck.texts import Texts


def export_buttons(
    result: PostureResult, assessment: Assessment, findings: Sequence[Finding], t: Texts, *, key: str = "export"
) -> None:
    """Buttons that download the assessed result as report, JSON, CSV and PNG."""
    kinds: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
        ("html", "text/html", ":material/description:", lambda: report_html(result, assessment, findings, t)),
        ("json", "application/json", ":material/data_object:", lambda: export_json(result, assessment)),
        ("csv", "text/csv", ":material/table:", lambda: export_csv(result, assessment)),
        ("png", "image/png", ":material/image:", lambda: export_png(result, assessment, t)),
    )
    name = f"posture-{result.answered_at:%Y%m%d-%H%M%S}"
    with st.container(horizontal=True, key=key):
        for kind, mime, icon, make in kinds:
            st.download_button(
                t(f"export.{kind}"),
                data=make,
                file_name=f"{name}.{kind}",
                mime=mime,
                icon=icon,
                help=t(f"export.{kind}.help"),
                key=f"{key}_{kind}",
                on_click="ignore",
            )
