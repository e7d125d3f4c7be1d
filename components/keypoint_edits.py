"""Keypoints moved by hand on a photo: kept in the session, so that a page can assess them before it draws the photo.

The browser sends the whole list of moves each time, so a message that a newer one overtakes loses nothing. Its number
comes back with the drawing; until then the browser shows its own, newer state.
"""

import hashlib
from collections.abc import Callable
from functools import partial

import msgspec
import streamlit as st

from posedeck.pose.pose import Pose
from posedeck.services.photos import Photo

#: A keypoint's name with its new place in pixels of the photo; None takes all moves before it back.
Move = tuple[str, float, float] | None


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The moves on one photo, in order.

    Attributes:
        subject: Photo and keypoints that they belong to.
        seq: Number of the last message of the browser.
        moves: What was done and not undone.
    """

    subject: str
    seq: int = 0
    moves: list[Move] = []


def keypoint_edits(key: str, photo: Photo, pose: Pose) -> dict[str, tuple[float, float]]:
    """The keypoints that were moved on the overlay ``key``, in pixels of the photo; none when it shows another pose.

    Args:
        key: Key of the overlay viewer, which may come later in the script.
        photo: The photo that it shows.
        pose: Its keypoints as found.
    """
    moved: dict[str, tuple[float, float]] = {}
    for move in current_edit(key, photo, pose).moves:
        if move is None:
            moved.clear()
        elif move[0] in pose.skeleton.index:
            name, x, y = move
            moved[name] = (min(max(x, 0.0), float(photo.width)), min(max(y, 0.0), float(photo.height)))
    return moved


def current_edit(key: str, photo: Photo, pose: Pose) -> Edit:
    """The moves on the overlay ``key`` that belong to this photo and pose."""
    subject = hashlib.sha256(photo.sha256.encode() + pose.xy_px.tobytes()).hexdigest()
    edit: Edit | None = st.session_state.get(_slot(key))
    return edit if edit and edit.subject == subject else Edit(subject)


def keep_edit(key: str) -> Callable[[], None]:
    """A callback that keeps what the overlay ``key`` has sent."""
    return partial(_keep, key)


def _keep(key: str) -> None:
    sent = st.session_state[key].get("edit")
    if sent is not None:
        st.session_state[_slot(key)] = msgspec.convert(dict(sent), Edit)


def _slot(key: str) -> str:
    return f"{key}_edit"
