"""What the routes of one pose server work with."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from posedeck.server.accounts import Accounts
from posedeck.server.engine_host import EngineHost
from posedeck.server.inference import InferenceQueue
from posedeck.server.settings import ServerSettings

P = ParamSpec("P")
Result = TypeVar("Result")

#: Seconds after which a caller should ask again: models load for seconds to minutes, a full queue moves in one or two.
STARTING_RETRY_S = 5
FULL_RETRY_S = 2


@dataclass(frozen=True)
class ServerContext:
    """Shared by all handlers; ``pool`` takes what would hold up the event loop (decoding, drawing, the database)."""

    settings: ServerSettings
    accounts: Accounts
    engine_host: EngineHost
    queue: InferenceQueue
    pool: ThreadPoolExecutor

    async def in_pool(self, function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
        """Run a blocking function in the pool."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, lambda: function(*args, **kwargs))
