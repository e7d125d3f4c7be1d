"""The facts of each answer: who answered, how fast, how large, and what was sent."""

from collections.abc import Mapping

import streamlit as st

from components.keypoints_sides import side_badge
from posedeck.services.keypoint_export import latency_s
from posedeck.services.keypoints import KeypointAnswer
from posedeck.services.wording import size_text
from posedeck.texts import Texts


def side_facts(answers: Mapping[str, KeypointAnswer], t: Texts) -> None:
    """One column of facts per side."""
    for (name, answer), column in zip(answers.items(), st.columns(len(answers)), strict=True):
        with column.container(border=True, key=f"{name}_facts", height="stretch"):
            with st.container(horizontal=True, vertical_alignment="center", key=f"{name}_who"):
                st.markdown(f"**{t(f'keypoints.{name}')}**", width="content")
                side_badge(answer, t)
            st.markdown(" · ".join(_numbers(answer, t)))
            st.caption(_sent(answer, t))


def _numbers(answer: KeypointAnswer, t: Texts) -> list[str]:
    numbers = [t("keypoints.people", count=len(answer.people))]
    seconds = latency_s(answer)
    if answer.exchange is not None and seconds is not None:
        numbers.append(t("keypoints.latency", milliseconds=f"{1000 * seconds:.0f}"))
        sizes = {"sent": answer.exchange.bytes_sent, "received": answer.exchange.bytes_received}
        numbers.append(t("keypoints.bytes", **{name: size_text(size) for name, size in sizes.items()}))
    return numbers


def _sent(answer: KeypointAnswer, t: Texts) -> str:
    fitted = answer.fitted
    if fitted is None:
        return t("keypoints.sent.nothing" if answer.exchange is None else "keypoints.sent.address")
    photo = fitted.photo
    facts = {"width": photo.width, "height": photo.height, "size": size_text(len(photo.data))}
    if not fitted.changes:
        return t("keypoints.sent.original", **facts)
    changes = ", ".join(t(change) for change in fitted.changes)
    return t("keypoints.sent.changed", changes=changes, **facts)
