"""The reference guide: one metric at a time, with its drawing."""

import streamlit as st

from components.assets import read_assets
from posedeck.pose.grades import Profile
from posedeck.pose.posture import METRIC_BY_KEY
from posedeck.services.guide import guide_sections
from posedeck.services.guide_drawings import guide_svg
from posedeck.texts import Texts

_draw = st.components.v2.component(
    "posedeck_drawing",
    html='<div class="drawing"></div>',
    css=read_assets("drawing.css"),
    js=read_assets("drawing.js"),
)


def reference_guide(t: Texts, profile: Profile, *, key: str = "guide") -> None:
    """Show what a metric of the user's choice means, with the band of the profile."""

    def name(metric_key: str) -> str:
        return f"{t(f'metric.{metric_key}.name')} · {t(f'view.{METRIC_BY_KEY[metric_key].view.value}')}"

    metric = METRIC_BY_KEY[st.selectbox(t("guide.choose"), list(METRIC_BY_KEY), format_func=name, key=f"{key}_metric")]
    drawing, words = st.columns((2, 3), gap="medium")
    with drawing:
        _draw(key=f"{key}_drawing", data={"svg": guide_svg(metric, t)})
    for title, text in guide_sections(metric, profile, t):
        words.markdown(f"**{title}**  \n{text}" if not text.startswith("- ") else f"**{title}**\n\n{text}")
    st.caption(t("posture.screening"))
