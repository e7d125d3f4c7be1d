"""Where an answer comes from. The source is on the screen and in every export."""

from enum import StrEnum

from posedeck.contracts.faults import FAULT_HEADER, SESSION_HEADER
from posedeck.net.record import ExchangeRecord

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
    FAULT = "fault"
    """Our server, asked for a fault: nobody's true answer."""

    def label_for(self, vendor: str) -> str:
        """English name for exports, of an answer in the format of a vendor of ``VENDOR_NAMES``.

        Pages show their own translation. Raises KeyError for another vendor.
        """
        name = VENDOR_NAMES[vendor]
        return {
            Source.LOCAL: "Local engine",
            Source.LIVE: f"{name} live",
            Source.RECORDED: f"Recorded {name} answer",
            Source.FAULT: "Fault lab",
        }[self]


#: Sources that answer a call made now.
CALLED_SOURCES = (Source.LOCAL, Source.LIVE)
#: Sources that a user may choose from.
CHOSEN_SOURCES = (*CALLED_SOURCES, Source.RECORDED)
_FAULT_HEADERS = {FAULT_HEADER.lower(), SESSION_HEADER.lower()}


def answered_by(record: ExchangeRecord | None, asked: Source) -> Source:
    """Who answered an exchange with the source that was asked: the fault lab, if the call took part in it."""
    if record is not None and any(name.lower() in _FAULT_HEADERS for name in record.request_headers):
        return Source.FAULT
    return asked
