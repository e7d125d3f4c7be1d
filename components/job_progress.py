"""How far a job is: its place in the queue or its stage, frames done, and the time left."""

import math
from typing import Protocol

import streamlit as st

from posedeck.texts import Texts

#: Stages that have a sentence of their own.
_STAGES = {
    "track": "soccer.stage.track",
    "swing": "soccer.stage.swing",
    "draw": "soccer.stage.draw",
    "infer": "job_card.stage.infer",
}


class Progress(Protocol):
    """What is shown; a wire answer or a job of the list has it."""

    @property
    def state(self) -> str: ...

    @property
    def stage(self) -> str: ...

    @property
    def frames_done(self) -> int: ...

    @property
    def frames_total(self) -> int: ...

    @property
    def position(self) -> int: ...

    @property
    def wait_s(self) -> float | None: ...


def job_progress(progress: Progress, t: Texts) -> None:
    """A bar with what the job is doing, and the seconds left."""
    left = "" if progress.wait_s is None else f" · {t('soccer.job.left', seconds=math.ceil(progress.wait_s))}"
    if progress.state == "waiting":
        st.progress(0.0, text=t("soccer.job.waiting", ahead=progress.position) + left)
        return
    total, done = progress.frames_total, progress.frames_done
    if not total or not progress.stage:
        st.progress(0.0, text=t("soccer.job.starting") + left)
        return
    stage = t(_STAGES.get(progress.stage, "soccer.stage.other"))
    share = min(done / total, 1.0)
    st.progress(share, text=t("soccer.job.processing", stage=stage, done=done, total=total) + left)
