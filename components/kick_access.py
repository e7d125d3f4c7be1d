"""Who analyses a kick: client and credentials for a source."""

from dataclasses import dataclass

from components.cassettes import player
from components.sources import current_source, remo_access_for, transport
from posedeck.clients.remo import RemoCredentials
from posedeck.clients.remo_soccer import SoccerClient
from posedeck.services.sources import Source


@dataclass(frozen=True)
class SoccerAccess:
    """What the page needs to call the soccer API of a source."""

    source: Source
    base_url: str
    client: SoccerClient
    credentials: RemoCredentials

    @property
    def ready(self) -> bool:
        """Whether the credentials are filled in."""
        return self.credentials.complete()


def soccer_access(source: Source | None = None, base_url: str | None = None) -> SoccerAccess:
    """Access to the chosen source, or to the one named; a vendor's job is read at the address it was submitted to."""
    access = remo_access_for(current_source() if source is None else source)
    url = base_url if base_url and source is Source.LIVE else access.base_url
    sender = player("remo") if access.source is Source.RECORDED else transport("remo")
    return SoccerAccess(access.source, url, SoccerClient(sender, url), access.credentials)
