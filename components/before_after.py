"""Two pictures of one size under a dividing line that is dragged in the browser, without a rerun."""

from dataclasses import dataclass

import streamlit as st

from components.assets import read_assets
from posedeck.texts import Texts

_mount = st.components.v2.component(
    "posedeck_before_after",
    html='<div class="before-after"></div>',
    css=read_assets("before_after.css"),
    js=read_assets("dom.js", "before_after.js"),
)


@dataclass(frozen=True)
class ShownPicture:
    """A picture as the browser gets it.

    Attributes:
        uri: ``data:`` URI.
        title: Short name, shown on the picture.
        alt: What it shows, for screen readers.
    """

    uri: str
    title: str
    alt: str


def before_after(
    before: ShownPicture, after: ShownPicture, *, size: tuple[int, int], key: str, t: Texts, max_height_px: int = 720
) -> None:
    """Show both pictures; keys: arrows move the line, B changes between before and after, D shows the difference.

    Args:
        before: Left of the line.
        after: Right of it, of the same size.
        size: Width and height of both in pixels.
        key: Stable key of the component.
        t: Texts of the session.
        max_height_px: The pictures are drawn no taller than this on the screen.
    """
    width, height = size
    _mount(
        key=key,
        data={
            "before": before.uri,
            "after": after.uri,
            "alt": {"before": before.alt, "after": after.alt},
            "width": width,
            "height": height,
            "max_height_px": max_height_px,
            "text": {
                "label": t("future_shape.slider"),
                "view": t("future_shape.slider.view"),
                "split": t("future_shape.slider.split"),
                "before": before.title,
                "after": after.title,
                "difference": t("future_shape.slider.difference"),
                "hint": t("future_shape.slider.hint"),
                "position": t("future_shape.slider.position", percent="{percent}"),
            },
        },
    )
