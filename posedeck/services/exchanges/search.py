"""Which exchanges of a list are asked for."""

from collections.abc import Collection
from dataclasses import dataclass

from posedeck.services.exchanges.log import Listed
from posedeck.services.exchanges.outcome import Outcome
from posedeck.services.sources import VENDOR_NAMES


@dataclass(frozen=True)
class Search:
    """What is asked for.

    Attributes:
        vendors: Short names; none means all.
        outcomes: None means all.
        text: Words that must all stand in method, address, status or codes, in any letter case.
        own: Whether calls between the dashboard and its server are asked for too.
    """

    vendors: Collection[str] = ()
    outcomes: Collection[Outcome] = ()
    text: str = ""
    own: bool = False

    def finds(self, listed: Listed) -> bool:
        """Whether it asks for this one."""
        record, ending = listed.record, listed.ending
        if record.vendor not in VENDOR_NAMES:
            if not self.own:
                return False
        elif self.vendors and record.vendor not in self.vendors:
            return False
        if self.outcomes and ending.outcome not in self.outcomes:
            return False
        error = record.error.kind if record.error else ""
        told = f"{record.method} {record.url} {record.status or ''} {ending.code or ''} {error}".casefold()
        return all(word in told for word in self.text.casefold().split())
