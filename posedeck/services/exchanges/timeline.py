"""The phases of an exchange in the order in which they passed."""

from dataclasses import dataclass

from posedeck.net.record import ExchangeRecord

#: Names of the phases, as in ``Timings``: connect includes the look-up of the name.
PHASES = ("connect", "tls", "send", "wait", "receive")


@dataclass(frozen=True)
class Phase:
    """One phase: when it began, counted from the start of the exchange, and how long it took, in seconds."""

    name: str
    start_s: float
    duration_s: float


def timeline(record: ExchangeRecord) -> list[Phase]:
    """The phases that passed, one after the other; the tiny gaps between them are left out."""
    phases: list[Phase] = []
    start_s = 0.0
    for name in PHASES:
        duration_s = getattr(record.timings, f"{name}_s")
        if duration_s is not None:
            phases.append(Phase(name, start_s, duration_s))
            start_s += duration_s
    return phases


def total_s(record: ExchangeRecord) -> float:
    """Seconds from the start to the end of what is known."""
    return sum(phase.duration_s for phase in timeline(record))
