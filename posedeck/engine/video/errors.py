"""What can be wrong with a clip."""

from typing import Literal

Reason = Literal[
    "unreadable",
    "no_video",
    "too_many_bytes",
    "too_large",
    "too_few_frames",
    "too_many_frames",
    "too_long",
    "too_dense",
]


class ClipError(ValueError):
    """A clip that cannot be used.

    Attributes:
        reason: ``unreadable`` (no container or codec that we decode, damaged, without presentation times), ``no_video``
            (sound or subtitles only), or which limit it breaks; ``too_dense`` is a small file that unpacks into a huge
            one.
        message: The same in words, with the figure and the limit.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(reason, message)  # both, so that pickling rebuilds it
        self.reason: Reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message
