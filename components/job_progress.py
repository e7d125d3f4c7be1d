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

    @property
    def late(self) -> bool: ...


def job_progress(progress: Progress, t: Texts) -> None:
    """A bar with what the job is doing, and the seconds left; says when these are more than was estimated first."""
    left = _left(progress, t)
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


def _left(progress: Progress, t: Texts) -> str:
    if progress.wait_s is None:
        return ""
    seconds = math.ceil(progress.wait_s)
    if not progress.late:
        return f" · {t('soccer.job.left', seconds=seconds)}"
    # At zero nothing is known but that the first estimate is over.
    return f" · {t('soccer.job.left_late', seconds=seconds) if seconds else t('soccer.job.late')}"
