"""Puts a pose server together."""

import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from posedeck.engine.models import ensure_models
from posedeck.engine.slots import SlotPool
from posedeck.jobs.host import WorkerHost
from posedeck.jobs.queue import JobQueue
from posedeck.jobs.uploads import Uploads
from posedeck.net.fetch import Fetcher
from posedeck.server.accounts import Accounts
from posedeck.server.accounts_file import read_accounts_file
from posedeck.server.context import FETCHES, ServerContext
from posedeck.server.engine_host import EngineHost, EngineStarter, PoseEngine, ProgressReport
from posedeck.server.fault_store import FaultStore
from posedeck.server.faults import FaultLab
from posedeck.server.http import guarded
from posedeck.server.inference import QUEUE_PER_SLOT, InferenceQueue
from posedeck.server.no_route import refuse_route
from posedeck.server.routes import operations
from posedeck.server.settings import ServerSettings
from posedeck.server.vendor_keys import VendorKeys
from posedeck.storage.blobs import open_blobs
from posedeck.storage.database import migrate, open_database
from posedeck.storage.token import ensure_token

#: Threads beside one per slot: while all slots are busy, others can still be told so.
_SPARE_THREADS = 2


class PoseServer:
    """A pose server.

    ``app`` can be mounted in another app or served alone. Served alone it runs ``lifespan`` itself; a host that mounts
    it must run ``lifespan``, because Starlette does not run the lifespan of what is mounted. Until then ``/health``
    says so and the vendors' routes answer 503.
    """

    def __init__(self, settings: ServerSettings, start_engine: EngineStarter, fetcher: Fetcher) -> None:
        self._settings = settings
        self._accounts_file = None if settings.accounts_file is None else read_accounts_file(settings.accounts_file)
        file = self._accounts_file
        self._database = open_database(settings.database)
        jobs = JobQueue(self._database, open_blobs(settings.data_dir), settings.data_dir)
        self._worker = WorkerHost(settings.data_dir) if settings.worker else None
        self.faults = FaultLab(FaultStore(self._database))
        self._context = ServerContext(
            settings=settings,
            accounts=Accounts(self._database),
            engine_host=EngineHost(start_engine),
            queue=InferenceQueue(QUEUE_PER_SLOT * settings.slots),
            pool=ThreadPoolExecutor(settings.slots + _SPARE_THREADS, thread_name_prefix="posedeck-server"),
            keys=VendorKeys() if file is None else VendorKeys(file.kakao, file.nhn),
            fetcher=fetcher,
            fetches=InferenceQueue(FETCHES),
            fetch_pool=ThreadPoolExecutor(FETCHES, thread_name_prefix="posedeck-fetch"),
            faults=self.faults,
            jobs=jobs,
            uploads=Uploads(jobs.store, jobs.blobs),
        )
        self.operations = operations(self._context)
        self.app = Starlette(
            routes=[
                Route(each.path, guarded(each.path, self.faults.around(each), each.style), methods=[each.method])
                for each in self.operations
            ],
            exception_handlers={HTTPException: refuse_route},
            lifespan=lambda _: self.lifespan(),
        )
        # A redirect would make clients send a 40 MB body twice, or drop it.
        self.app.router.redirect_slashes = False

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Open the database, start the engine and the worker in the background; at the end, stop them. Once only.

        Raises:
            OSError, sqlalchemy.exc.SQLAlchemyError: when the data folder or the database cannot be used.
        """
        await self._context.in_pool(self._open)
        self._context.engine_host.open()
        if self._worker is not None:
            self._worker.open()
        try:
            yield
        finally:
            if self._worker is not None:
                await self._context.in_pool(self._worker.close)
            self._context.engine_host.close()
            self._context.pool.shutdown()
            self._context.fetch_pool.shutdown()
            self._context.fetcher.close()
            self._context.jobs.close()
            self._database.dispose()

    def _open(self) -> None:
        migrate(self._database, self._settings.data_dir)
        self._context.accounts.seed(None if self._accounts_file is None else self._accounts_file.account)
        ensure_token(self._settings.data_dir)


def create_server(
    settings: ServerSettings | None = None, start_engine: EngineStarter | None = None, fetcher: Fetcher | None = None
) -> PoseServer:
    """A pose server with settings from the environment, our own engine and the public internet, unless told otherwise.

    Raises:
        ValueError, OSError: when the settings or the accounts file cannot be used.
    """
    # It prints paths, which hold keys and e-mails; our own redacted line replaces it, whoever starts the server.
    logging.getLogger("uvicorn.access").disabled = True
    settings = ServerSettings.from_env() if settings is None else settings
    return PoseServer(settings, start_engine or _engine_starter(settings.slots), fetcher or Fetcher())


def _engine_starter(slots: int) -> EngineStarter:
    def start(report: ProgressReport) -> PoseEngine:
        pool = SlotPool(ensure_models(report), slots)
        try:
            pool.warm_up()
        except Exception:
            pool.close()
            raise
        return pool

    return start
