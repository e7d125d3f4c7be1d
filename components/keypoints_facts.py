"""The facts of each answer: who answered, how fast, how large, and what was sent."""

from collections.abc import Mapping

import streamlit as st

from components.keypoints_sides import side_badge
from posedeck.services.keypoint_wording import answer_text, sent_text
from posedeck.services.keypoints import KeypointAnswer
from posedeck.texts import Texts


def side_facts(answers: Mapping[str, KeypointAnswer], t: Texts) -> None:
    """One column of facts per side."""
    for (name, answer), column in zip(answers.items(), st.columns(len(answers)), strict=True):
        with column.container(border=True, key=f"{name}_facts", height="stretch"):
            with st.container(horizontal=True, vertical_alignment="center", key=f"{name}_who"):
                st.markdown(f"**{t(f'keypoints.{name}')}**", width="content")
                side_badge(answer, t)
            st.markdown(answer_text(answer, t))
            st.caption(sent_text(answer, t))
