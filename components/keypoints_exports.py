"""Downloads of a comparison; each file is made when its button is pressed, not before."""

from collections.abc import Callable

import streamlit as st

from posedeck.pose.agreement import PersonAgreement
from posedeck.services.keypoint_comparison import KeypointComparison
from posedeck.services.keypoint_export import export_csv, export_json
from posedeck.services.keypoint_picture import export_png
from posedeck.services.keypoint_report import comparison_html
from posedeck.texts import Texts


def keypoint_exports(comparison: KeypointComparison, pair: PersonAgreement | None, t: Texts) -> None:
    """Buttons that download the comparison as report, JSON, CSV and, of the person shown, PNG."""
    kinds: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
        ("html", "text/html", ":material/description:", lambda: comparison_html(comparison, t)),
        ("json", "application/json", ":material/data_object:", lambda: export_json(comparison)),
        ("csv", "text/csv", ":material/table:", lambda: export_csv(comparison)),
        ("png", "image/png", ":material/image:", lambda: export_png(comparison, pair, t)),
    )
    name = f"keypoints-{comparison.right.answered_at:%Y%m%d-%H%M%S}"
    with st.container(horizontal=True, key="keypoints_export"):
        for kind, mime, icon, make in kinds:
            st.download_button(
                t(f"export.{kind}"),
                data=make,
                file_name=f"{name}.{kind}",
                mime=mime,
                icon=icon,
                on_click="ignore",
                help=t(f"keypoints.export.{kind}"),
                key=f"keypoints_{kind}",
            )
