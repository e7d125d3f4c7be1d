"""Where an answer comes from. The source is on the screen and in every export."""

from datetime import UTC, datetime
from enum import StrEnum

from posedeck.contracts.faults import FAULT_HEADER, SESSION_HEADER
from posedeck.net.exchange import Exchange
from posedeck.net.record import ExchangeRecord, Origin

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

    def label_for(self, vendor: str, origin: Origin | None = None) -> str:
        """English name for exports, of an answer in the format of a vendor of ``VENDOR_NAMES``.

        Pages show their own translation. Raises KeyError for another vendor.

        Args:
            vendor: In whose format.
            origin: Whose answer was recorded, when that is known.
        """
        name = VENDOR_NAMES[vendor]
        label = {
            Source.LOCAL: "Local engine",
            Source.LIVE: f"{name} live",
            Source.RECORDED: f"Recorded {name} answer",
            Source.FAULT: "Fault lab",
        }[self]
        if origin is None or origin.source not in set(Source):
            return label
        when = datetime.fromtimestamp(origin.answered_at, UTC)
        return f"{label} ({Source(origin.source).label_for(vendor)}, {when:%Y-%m-%d %H:%M:%S} UTC)"


#: Sources that answer a call made now.
CALLED_SOURCES = (Source.LOCAL, Source.LIVE)
#: Sources that a user may choose from.
CHOSEN_SOURCES = (*CALLED_SOURCES, Source.RECORDED)
_FAULT_HEADERS = {FAULT_HEADER.lower(), SESSION_HEADER.lower()}


def origin_of(exchange: Exchange | None) -> Origin | None:
    """Whose answer was played, when a recording answered an exchange."""
    return None if exchange is None or exchange.record is None else exchange.record.origin


def answered_by(record: ExchangeRecord | None, asked: Source) -> Source:
    """Who answered an exchange with the source that was asked: the fault lab, if the call took part in it."""
    if record is not None and any(name.lower() in _FAULT_HEADERS for name in record.request_headers):
        return Source.FAULT
    return asked
