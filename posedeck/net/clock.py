"""Time as a parameter, so that tests wait for nothing."""

import time
from typing import Protocol


class Clock(Protocol):
    """What the transport needs to know of time."""

    def now(self) -> float:
        """Seconds on a clock that never goes back; only differences mean something."""

    def wall(self) -> float:
        """Seconds since 1970 UTC, for time stamps and HTTP dates."""

    def sleep(self, seconds: float) -> None:
        """Let the given seconds pass."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """Seconds of the monotonic clock."""
        return time.monotonic()

    def wall(self) -> float:
        """Seconds since 1970 UTC."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Block the calling thread."""
        time.sleep(seconds)


system_clock = SystemClock()
