"""Badges that stand on every result: who answered, and by which profile it is graded."""

from typing import Literal

import streamlit as st

from posedeck.net.exchange import Exchange
from posedeck.pose.calibration import Calibration
from posedeck.pose.grades import Profile
from posedeck.services.source_wording import source_text
from posedeck.services.sources import Source
from posedeck.texts import Texts

#: Icon and colour of each source.
SOURCE_LOOK: dict[Source, tuple[str, Literal["violet", "blue", "gray", "red"]]] = {
    Source.LOCAL: (":material/memory:", "violet"),
    Source.LIVE: (":material/cloud:", "blue"),
    Source.RECORDED: (":material/draft:", "gray"),
    Source.FAULT: (":material/bug_report:", "red"),
}


def source_badge(source: Source, t: Texts, exchange: Exchange | None = None) -> None:
    """Who answered; of a recorded answer also whose it was, which its exchange tells."""
    icon, colour = SOURCE_LOOK[source]
    text = source_text(source, exchange, t, st.context.timezone)
    st.badge(text, icon=icon, color=colour, help=t(f"source.{source.value}.note"))


def vendor_badge(vendor: str, t: Texts) -> None:
    """That a vendor itself works on something; never to be mistaken for our own server."""
    icon, colour = SOURCE_LOOK[Source.LIVE]
    st.badge(t("keypoints.side.live", vendor=vendor), icon=icon, color=colour, help=t("live_jobs.vendor"))


def profile_badge(profile: Profile, t: Texts) -> None:
    """Name of the profile that graded the result; its version and source on hover."""
    st.badge(
        t("profile.badge", title=profile.title),
        icon=":material/straighten:",
        color="gray",
        help=t("profile.help", name=profile.name, version=profile.version, source=profile.source),
    )


def calibration_badge(calibration: Calibration, t: Texts) -> None:
    """That the values are calibrated, and on whom."""
    st.badge(
        t("calibration.toggle"),
        icon=":material/tune:",
        color="gray",
        help=t("calibration.help", version=calibration.version, origin=calibration.origin),
    )


def local_engine_note(t: Texts) -> None:
    """One honest sentence on what the local engine is and is not."""
    st.caption(t("source.local.note"))
