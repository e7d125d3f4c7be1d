"""``python -m tests.support.job_worker SLOTS``: a worker for the test kinds, on the environment's data folder."""

import logging
import sys

from posedeck.jobs.worker import WorkerSettings, work
from posedeck.storage.paths import data_dir
from tests.support.job_kinds import KINDS

if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    work(WorkerSettings(data_dir(), int(sys.argv[1]), KINDS, poll_s=0.05), with_parent=True)
