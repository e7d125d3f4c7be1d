"""Submit a kick once and watch it until its result is there, whoever analyses it."""

from dataclasses import dataclass
from enum import StrEnum

from posedeck.contracts.remo.soccer import MAX_WAIT_S, MIN_WAIT_S

#: Seconds between two reads after the first.
POLL_S = 5.0
#: Seconds after which a job counts as not ready yet; more when the vendor announced a longer wait.
PATIENCE_S = 300.0
_PATIENCE_WAITS = 3.0


class Turn(StrEnum):
    """What is due for a submitted job."""

    WAIT = "wait"
    ASK = "ask"
    REST = "rest"
    """Not ready for so long that it is only asked again at the user's wish; not failed."""


@dataclass(frozen=True)
class Watch:
    """The clock of one submitted job. Times are seconds of any one clock.

    Attributes:
        submitted_at: When the submit was answered.
        wait_s: The wait that the answer announced.
        asked_at: When its result was last asked for; None before the first time.
    """

    submitted_at: float
    wait_s: float
    asked_at: float | None = None

    @property
    def first_s(self) -> float:
        """Seconds after the submit at which the result is first asked for: the announced wait, within 2 to 60 s."""
        return min(max(self.wait_s, MIN_WAIT_S), MAX_WAIT_S)

    @property
    def patience_s(self) -> float:
        """Seconds after the submit until which it is asked for: five minutes, or three times the announced wait."""
        return max(PATIENCE_S, _PATIENCE_WAITS * self.wait_s)

    def turn(self, now: float) -> Turn:
        """What is due now: the first read when the announced wait is over, then one every five seconds."""
        if now - self.submitted_at > self.patience_s:
            # Whoever comes back late is still told once whether it is there.
            return Turn.ASK if self.asked_at is None else Turn.REST
        return Turn.ASK if now >= self._next_at() else Turn.WAIT

    def next_in_s(self, now: float) -> float:
        """Seconds until the next read, 0 when it is due."""
        return max(0.0, self._next_at() - now)

    def _next_at(self) -> float:
        first = self.submitted_at + self.first_s
        return first if self.asked_at is None else max(first, self.asked_at + POLL_S)
