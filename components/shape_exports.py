"""Downloads of a future shape; each file is made when its button is pressed, not before."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from posedeck.services.future_shape import ShapeResult
from posedeck.services.future_shape_runs import audit_shapes
from posedeck.services.shape_export import export_json, export_png, export_together
from posedeck.services.shape_report import shape_html
from posedeck.texts import Texts

_MIMES = {"png": "image/png", "html": "text/html", "json": "application/json"}


def shape_exports(shown: Sequence[ShapeResult], t: Texts, *, key: str = "shape_export") -> None:
    """Buttons for what is shown: each picture, all side by side, and the figures."""
    kinds: list[tuple[str, str, str, str, str, Callable[[], bytes]]] = [
        (
            f"png_{result.wish.direction.value}",
            "png",
            t(f"future_shape.export.png_{result.wish.direction.value}"),
            t("future_shape.export.png.help"),
            ":material/image:",
            partial(export_png, result, t),
        )
        for result in shown
    ]
    kinds += [
        (
            "report",
            "html",
            t("export.html"),
            t("future_shape.export.html.help"),
            ":material/description:",
            lambda: shape_html(shown, audit_shapes(shown), t),
        ),
        (
            "together",
            "png",
            t("future_shape.export.together"),
            t("future_shape.export.together.help"),
            ":material/view_column:",
            partial(export_together, shown, t),
        ),
        (
            "json",
            "json",
            t("export.json"),
            t("future_shape.export.json.help"),
            ":material/data_object:",
            partial(export_json, shown),
        ),
    ]
    made = f"{shown[0].answered_at:%Y%m%d-%H%M%S}"
    with st.container(horizontal=True, key=key):
        for name, ending, label, help_text, icon, make in kinds:
            st.download_button(
                label,
                data=make,
                file_name=f"future-shape-simulated-{name.replace('_', '-')}-{made}.{ending}",
                mime=_MIMES[ending],
                icon=icon,
                help=help_text,
                key=f"{key}_{name}",
                on_click="ignore",
            )
