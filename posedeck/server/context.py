"""What the routes of one pose server work with."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from posedeck.jobs.queue import JobQueue
from posedeck.jobs.uploads import Uploads
from posedeck.net.fetch import Fetcher
from posedeck.server.accounts import Accounts
from posedeck.server.engine_host import EngineHost
from posedeck.server.faults import FaultLab
from posedeck.server.inference import InferenceQueue
from posedeck.server.settings import ServerSettings
from posedeck.server.vendor_keys import VendorKeys

P = ParamSpec("P")
Result = TypeVar("Result")

#: Seconds after which a caller should ask again: models load for seconds to minutes, a full queue moves in one or two.
STARTING_RETRY_S = 5
FULL_RETRY_S = 2
#: Pictures fetched at the same time from addresses that callers name.
FETCHES = 8


@dataclass(frozen=True)
class ServerContext:
    """Shared by all handlers.

    Attributes:
        pool: Takes what would hold up the event loop: decoding, drawing, the database.
        fetch_pool: Takes fetches alone, for they wait for strangers; ``fetches`` counts them.
        jobs: The queue of jobs, its store and its blobs; submitting the first job takes some seconds.
    """

    settings: ServerSettings
    accounts: Accounts
    engine_host: EngineHost
    queue: InferenceQueue
    pool: ThreadPoolExecutor
    keys: VendorKeys
    fetcher: Fetcher
    fetches: InferenceQueue
    fetch_pool: ThreadPoolExecutor
    faults: FaultLab
    jobs: JobQueue
    uploads: Uploads

    async def in_pool(self, function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
        """Run a blocking function in the pool."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, lambda: function(*args, **kwargs))

    async def fetch_to(self, path: Path, url: str, max_bytes: int, deadline_s: float) -> None:
        """``fetch`` into a file."""
        with self.fetches.places(1):
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self.fetch_pool, self.fetcher.fetch_to, path, url, max_bytes, deadline_s)

    async def fetch(self, url: str, max_bytes: int, deadline_s: float) -> bytes:
        """What a caller's address gives. Raises FetchError, and QueueFullError when ``FETCHES`` are under way."""
        with self.fetches.places(1):
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.fetch_pool, self.fetcher.fetch, url, max_bytes, deadline_s)
