"""``python -m tests.support.job_server PORT SLOTS``: a pose server for jobs of the test kinds, and its worker."""

import logging
import sys
from dataclasses import replace
from typing import NoReturn

import uvicorn

from posedeck.engine.models import ModelsUnavailable
from posedeck.jobs.host import WorkerHost
from posedeck.jobs.kinds import KINDS
from posedeck.server.app import create_server
from posedeck.server.engine_host import ProgressReport
from posedeck.server.settings import ServerSettings
from tests.support.job_kinds import KINDS as TEST_KINDS


def _no_engine(_: ProgressReport) -> NoReturn:
    raise ModelsUnavailable("the test kinds need none")


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    port, slots = sys.argv[1:]
    KINDS.update({name: replace(kind, own=True) for name, kind in TEST_KINDS.items()})
    settings = replace(ServerSettings.from_env(), worker=False)
    worker = WorkerHost(settings.data_dir, ("tests.support.job_worker", slots))
    worker.open()
    server = create_server(settings, _no_engine)
    uvicorn.run(server.app, host="127.0.0.1", port=int(port), access_log=False, log_config=None, log_level="warning")
