"""A body as a tree that unfolds under mouse and keyboard, with one place in it pointed out."""

from typing import Any

import streamlit as st

from components.assets import read_assets
from posedeck.services.exchanges.places import Place
from posedeck.services.exchanges.tree import body_tree as tree_of
from posedeck.texts import Texts

_mount = st.components.v2.component(
    "posedeck_body_tree",
    html='<div class="tree"></div>',
    css=read_assets("body_tree.css"),
    js=read_assets("dom.js", "body_tree.js"),
)


def body_tree(value: Any, t: Texts, *, key: str, place: Place = ()) -> None:
    """Show a JSON value of a record.

    Args:
        value: The value, its files folded.
        t: Texts of the session.
        key: Stable key of the component.
        place: Is unfolded, brought into view and marked.
    """
    _mount(
        key=key,
        data={
            "tree": tree_of(value, place),
            "place": list(place),
            "text": {
                "label": t("tree.label"),
                "more": t("tree.more", count="{count}"),
            },
        },
    )
