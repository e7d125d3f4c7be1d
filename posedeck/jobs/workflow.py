"""What makes a job durable: each of its steps is recorded when it is done, and not done again."""

from collections.abc import Callable
from typing import Any

from dbos import DBOS

from posedeck.jobs.durable import WORKFLOW_NAME
from posedeck.jobs.runner import JobRunner


def register_workflow(runner: JobRunner) -> None:
    """Make the workflow of this process run jobs by ``runner``; to be called once, before DBOS is launched."""

    def step(name: str, function: Callable[[], Any]) -> Any:
        return DBOS.run_step({"name": name}, function)

    # Its own limit on recoveries stays out of the way: the runner counts starts itself, since taking a job over from a
    # dead host sets DBOS's count back.
    @DBOS.workflow(name=WORKFLOW_NAME, max_recovery_attempts=None)
    def job(job_id: str) -> None:
        runner.run(job_id, step)
