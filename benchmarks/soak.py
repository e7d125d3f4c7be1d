"""Kills server, worker and slots at random while jobs are accepted and run, and counts what was lost or done twice.

    python -m benchmarks.soak                                                    # 100 kills, 500 jobs, SQLite
    POSEDECK_DATABASE_URL=postgresql://… python -m benchmarks.soak               # the same on PostgreSQL
    python -m benchmarks.soak --jobs 60 --kills 12

The database named must be empty: the run makes its tables there. Linux only.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from posedeck.storage.database import DATABASE_URL_VARIABLE
from posedeck.storage.paths import DATA_DIR_VARIABLE
from tests.support.soak import Soak


def main() -> None:
    """Run it and print the verdict; the exit code is 1 when a job was lost or ended twice."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--jobs", type=int, default=500)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--chunk-seconds", type=float, default=0.2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ[DATA_DIR_VARIABLE] = name
        soak = Soak(
            Path(name), arguments.jobs, arguments.kills, arguments.seed, arguments.chunk_seconds, limit_s=3600.0
        )
        verdict = soak.run()
    redone = verdict.run - verdict.needed
    print(f"database           {'PostgreSQL' if os.environ.get(DATABASE_URL_VARIABLE) else 'SQLite'}")
    print(f"jobs accepted      {verdict.acknowledged}")
    print(f"kills              {sum(verdict.kills.values())} ({dict(verdict.kills)})")
    print(f"jobs lost          {len(verdict.lost)}")
    for ending in verdict.lost:
        print(f"                   {ending}")
    print(f"results doubled    {len(verdict.doubled)}")
    print(f"chunks run again   {redone} of {verdict.needed} ({100 * redone / verdict.needed:.1f} %)")
    print(f"seconds            {verdict.seconds:.0f}")
    sys.exit(1 if verdict.lost or verdict.doubled else 0)


if __name__ == "__main__":
    main()
