"""Where an answer comes from. The source is on the screen and in every export."""

from enum import StrEnum

#: Vendors by their short name, as they call themselves.
VENDOR_NAMES = {"remo": "Remo", "kakao": "Kakao", "nhn": "NHN Cloud"}


class Source(StrEnum):
    """Who answered."""

    LOCAL = "local"
    """Our engine in that vendor's format; not that vendor's model."""
    LIVE = "live"
    """The vendor itself."""
    RECORDED = "recorded"
    """A saved answer, by whomever: a file cannot prove who wrote it."""

    def label_for(self, vendor: str) -> str:
        """English name for exports, of an answer in the format of a vendor of ``VENDOR_NAMES``.

        Pages show their own translation. Raises KeyError for another vendor.
        """
        name = VENDOR_NAMES[vendor]
        return {
            Source.LOCAL: "Local engine",
            Source.LIVE: f"{name} live",
            Source.RECORDED: f"Recorded {name} answer",
        }[self]


#: Sources that answer a call made now.
CALLED_SOURCES = (Source.LOCAL, Source.LIVE)
