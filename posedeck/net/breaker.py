"""A circuit breaker: a host that keeps failing is left alone for a while, then asked once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from posedeck.net.clock import Clock
from posedeck.net.errors import CircuitOpen

FAILURES_TO_OPEN = 5
OPEN_S = 30.0


@dataclass
class Admission:
    """One admitted try; whoever makes it says how the host did: True, False, or None for "it tells nothing"."""

    is_probe: bool
    healthy: bool | None = None


class Breaker:
    """Counts failures in a row of one host and refuses calls after `FAILURES_TO_OPEN`, for `OPEN_S` seconds.

    After that a single probe is admitted: its success closes the circuit, its failure opens it again. Thread-safe.
    """

    def __init__(self, vendor: str, clock: Clock) -> None:
        self._vendor = vendor
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._opened_at: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Whether calls are refused, but for a probe."""
        with self._lock:
            return self._opened_at is not None

    @contextmanager
    def admit(self) -> Iterator[Admission]:
        """Let one try through, or raise `CircuitOpen`."""
        admission = self._enter()
        try:
            yield admission
        finally:
            self._leave(admission)

    def _enter(self) -> Admission:
        with self._lock:
            if self._opened_at is None:
                return Admission(is_probe=False)
            left = self._opened_at + OPEN_S - self._clock.now()
            if left > 0 or self._probing:
                raise CircuitOpen(
                    f"not tried: {FAILURES_TO_OPEN} failures in a row",
                    vendor=self._vendor,
                    retry_after_s=max(left, 0.0),
                )
            self._probing = True
            return Admission(is_probe=True)

    def _leave(self, admission: Admission) -> None:
        with self._lock:
            if admission.is_probe:
                self._probing = False
            elif self._opened_at is not None:
                return  # it started before the circuit opened: only the probe decides now
            if admission.healthy is True:
                self._failures = 0
                self._opened_at = None
            elif admission.healthy is False:
                self._failures += 1
                if admission.is_probe or self._failures >= FAILURES_TO_OPEN:
                    self._opened_at = self._clock.now()
