"""How near the estimate of a job's wait is to the wait: kicks and clips of many lengths, alone and behind each other.

    python -m benchmarks.wait_time            # about five minutes; fetches the models once

A worker with one slot a core runs them as it does in earnest. The first jobs of each kind, from which its speed is
learned, are not counted.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import av

from posedeck.jobs.host import WorkerHost
from posedeck.jobs.queue import JobQueue, NewJob
from posedeck.storage.blobs import open_blobs
from posedeck.storage.database import database_url, migrate, open_database

SAMPLE = Path(__file__).resolve().parents[1] / "assets" / "samples" / "soccer_kick.mp4"
#: The sample kick has 63; in less there is no kick, in more it comes again.
FRAMES = (63, 90, 126, 189, 252)
KINDS = {"kakao-video": {"smoothing": True}, "remo-soccer": {"height_cm": 175.0}}
#: Jobs at once before it counts: two that load the models, then alone, then beside each other.
WARM_UP = (2, 1, 2)
BURST = 5
GOAL = 0.30


def main() -> None:
    """Print each job and the median error; the exit code is 1 when that is over the goal."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wait_time", description=__doc__)
    parser.add_argument("--bursts", type=int, default=5, help=f"of 1 to {BURST} jobs submitted at once")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    choice = random.Random(arguments.seed)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clips = {frames: _clip(frames, folder / f"{frames}.mp4") for frames in FRAMES}
        database = open_database(database_url(folder))
        migrate(database, folder)
        queue = JobQueue(database, open_blobs(folder), folder)
        host = WorkerHost(folder)
        host.open()
        try:
            for kind in KINDS:
                for size in WARM_UP:
                    _run(queue, [(kind, 63)] * size, clips)
            errors = []
            for burst in range(arguments.bursts):
                size = 1 + burst % BURST
                errors += _run(queue, [(choice.choice(list(KINDS)), choice.choice(FRAMES)) for _ in range(size)], clips)
        finally:
            host.close()
            queue.close()
            database.dispose()
    median = statistics.median(errors)
    print(f"{len(errors)} jobs on {os.cpu_count()} slots: median error {median:.0%}, worst {max(errors):.0%}")
    sys.exit(0 if median < GOAL else 1)


def _run(queue: JobQueue, jobs: list[tuple[str, int]], clips: dict[int, Path]) -> list[float]:
    """Submit jobs at once, wait for them; the error of each one's estimate as a share of its wait."""
    submitted = []
    for kind, frames in jobs:
        key = queue.blobs.put_file(clips[frames])
        submitted.append(queue.submit(NewJob(kind, "benchmark", KINDS[kind], key, frames=frames)).job)
    errors = []
    for job in submitted:
        while not (now := queue.store.get(job.id)) or not now.state.final:
            time.sleep(0.1)
        if now.ended_at is None:
            raise RuntimeError(f"job {job.id} has no end")
        wait, estimate = now.ended_at - job.created_at, job.wait_s or 0.0
        errors.append(abs(estimate - wait) / wait)
        print(f"{job.kind:12} {job.frames_total:4} frames: estimated {estimate:6.1f} s, took {wait:6.1f} s", flush=True)
    return errors


def _clip(frames: int, path: Path) -> Path:
    """The sample kick, repeated until it has that many frames."""
    with av.open(str(SAMPLE)) as source, av.open(str(path), "w") as target:
        video = source.streams.video[0]
        pictures = [frame.to_image() for frame in source.decode(video)]
        stream = target.add_stream("h264", rate=video.average_rate, options={"crf": "20"})
        stream.width, stream.height, stream.pix_fmt = video.width, video.height, "yuv420p"
        repeated = (picture for _ in range(frames) for picture in pictures)
        for picture in islice(repeated, frames):
            target.mux(stream.encode(av.VideoFrame.from_image(picture)))
        target.mux(stream.encode())
    return path


if __name__ == "__main__":
    main()
