"""What our own server has of a kick's job beside the vendor's answers."""

from posedeck.clients.own_jobs import JobsClient
from posedeck.contracts.kick_track import NAME as TRACK_NAME
from posedeck.contracts.own_jobs import MAX_JOBS_LISTED, JobView
from posedeck.net.errors import VendorError

KIND = "remo-soccer"


def kick_job(jobs: JobsClient, uuid: str) -> JobView | None:
    """The job of that name; None when it is over, or the server cannot be asked."""
    try:
        listed = jobs.jobs(limit=MAX_JOBS_LISTED, kind=KIND).jobs
    except VendorError:
        return None
    return next((job for job in listed if job.client_uuid == uuid), None)


def kick_track(jobs: JobsClient, uuid: str) -> bytes | None:
    """The kicker's keypoints (``contracts.kick_track``); None when they cannot be had."""
    job = kick_job(jobs, uuid)
    if job is None or TRACK_NAME not in job.files:
        return None
    try:
        return jobs.file(job, TRACK_NAME)
    except VendorError:
        return None
