"""Where an answer comes from. The source is on the screen and in every export."""

from enum import StrEnum


class Source(StrEnum):
    """Who answered."""

    LOCAL = "local"
    """Our engine in that vendor's format; not that vendor's model."""
    LIVE = "live"
    """The vendor itself."""

    @property
    def label(self) -> str:
        """English name for exports; pages show their own translation."""
        return {Source.LOCAL: "Local engine", Source.LIVE: "Remo live"}[self]
