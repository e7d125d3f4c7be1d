"""Who analyses a kick: client and credentials for a source."""

from dataclasses import dataclass

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


def soccer_access(source: Source | None = None) -> SoccerAccess:
    """Access to the chosen source, or to the one named: a job is read where it was submitted."""
    access = remo_access_for(current_source() if source is None else source)
    client = SoccerClient(transport("remo"), access.base_url)
    return SoccerAccess(access.source, access.base_url, client, access.credentials)
