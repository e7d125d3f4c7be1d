"""What became of both calls: answers, or what went wrong and what to do about it."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from components.errors import show_error
from components.keypoints_sides import SIDES, side_key
from posedeck.net.errors import ServiceStarting, VendorError
from posedeck.services.fitting import FittingError
from posedeck.services.keypoints import KeypointAnswer, RecordedAnswerError
from posedeck.services.photos import Photo
from posedeck.services.sources import Source
from posedeck.texts import Texts

#: Everything that a side may answer instead of keypoints.
_FAILURES = (VendorError, RecordedAnswerError, FittingError)


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What came for each side of a picture, in the order of ``SIDES``."""

    photo: Photo
    answers: dict[str, KeypointAnswer] = field(default_factory=dict)
    errors: dict[str, Exception] = field(default_factory=dict)

    def starting(self) -> list[str]:
        """Sides whose service was still getting ready."""
        return [name for name, error in self.errors.items() if isinstance(error, ServiceStarting)]


def outcomes_of(photo: Photo, ended: Mapping[str, Future[Any]], before: Outcomes | None) -> Outcomes:
    """The outcomes of ended calls; a side that was not asked anew keeps its former one for the same picture."""
    same = before is not None and before.photo.sha256 == photo.sha256
    answers = dict(before.answers) if same and before else {}
    errors = dict(before.errors) if same and before else {}
    for name, future in ended.items():
        answers.pop(name, None)
        errors.pop(name, None)
        try:
            answers[name] = future.result()
        except _FAILURES as error:
            errors[name] = error
    return Outcomes(photo, _in_order(answers), _in_order(errors))


def show_failure(name: str, error: Exception, t: Texts, *, on_local: Callable[[str], None]) -> None:
    """What went wrong on a side, with the offer to ask the local engine instead."""
    st.markdown(f"**{t(f'keypoints.{name}')}**")
    if isinstance(error, VendorError):
        show_error(error, t)
    else:
        key = error.message_key if isinstance(error, RecordedAnswerError) else "fitting.impossible"
        st.error(t(key), icon=":material/error:")
        # As plain text: it may quote what came from outside.
        st.text(str(error))
    if st.session_state.get(side_key(name, "source")) != Source.LOCAL:
        st.button(
            t("keypoints.use_local"),
            key=f"{name}_use_local",
            icon=":material/memory:",
            on_click=on_local,
            args=(name,),
        )


def ask_local_instead(name: str) -> None:
    """Choose the local engine for a side; only for callbacks."""
    st.session_state[side_key(name, "source")] = Source.LOCAL.value


def _in_order(by_side: dict[str, Any]) -> dict[str, Any]:
    return {name: by_side[name] for name in SIDES if name in by_side}
