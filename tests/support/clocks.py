"""Clocks that let no time pass: one stands still, one runs with the machine but skips what is slept."""

import threading
import time


class StillClock:
    """Moves only when told to, or when somebody sleeps on it; keeps the sleeps in `slept`."""

    def __init__(self, wall: float = 1_700_000_000.0) -> None:
        self._wall = wall
        self._now = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self._now

    def wall(self) -> float:
        return self._wall + self._now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        self._now += seconds


class SkippingClock(threading.local):
    """The machine's clock, on which each thread jumps over its own sleeps."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def now(self) -> float:
        return time.monotonic() + self._skipped

    def wall(self) -> float:
        return time.time() + self._skipped

    def sleep(self, seconds: float) -> None:
        self._skipped += seconds
