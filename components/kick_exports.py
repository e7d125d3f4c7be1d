"""Downloads of a kick; each file is made when its button is pressed, not before."""

from collections.abc import Callable

import streamlit as st

from components.kick_clips import drawn_clip
from posedeck.services.kick_audit import audit_answers
from posedeck.services.kick_report import kick_html
from posedeck.services.soccer import KickResult
from posedeck.services.soccer_export import export_csv, export_curves_csv, export_json
from posedeck.services.soccer_picture import export_png
from posedeck.texts import Texts


def kick_exports(result: KickResult, t: Texts) -> None:
    """Buttons for JSON, CSV, the curves, the picture and the drawn clip; each file names its source."""
    findings = list(audit_answers(result))
    kinds: list[tuple[str, str, str, str, Callable[[], bytes]]] = [
        ("html", "html", "text/html", ":material/description:", lambda: kick_html(result, findings, t)),
        ("json", "json", "application/json", ":material/data_object:", lambda: export_json(result)),
        ("csv", "csv", "text/csv", ":material/table:", lambda: export_csv(result)),
        ("png", "png", "image/png", ":material/image:", lambda: export_png(result, t)),
    ]
    if result.analysis is not None:
        kinds.insert(3, ("curves", "csv", "text/csv", ":material/show_chart:", lambda: export_curves_csv(result)))
    name = f"kick-{result.source.value}-{result.answered_at:%Y%m%d-%H%M%S}"
    with st.container(horizontal=True, key="kick_exports"):
        for kind, ending, mime, icon, make in kinds:
            st.download_button(
                t(f"soccer.export.{kind}"),
                data=make,
                file_name=f"{name}-{kind}.{ending}" if kind == "curves" else f"{name}.{ending}",
                mime=mime,
                icon=icon,
                help=t("soccer.export.help"),
                key=f"kick_export_{kind}",
                on_click="ignore",
            )
        st.download_button(
            t("soccer.export.mp4"),
            data=lambda: drawn_clip(result) or b"",
            file_name=f"{name}.mp4",
            mime="video/mp4",
            icon=":material/movie:",
            key="kick_export_mp4",
            on_click="ignore",
        )
