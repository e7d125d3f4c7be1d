"""Where the time of a try went."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timings:
    """Seconds spent in each phase of one try; None where the phase did not happen or is not known.

    `connect_s` includes the look-up of the host's name. A call on a connection that was already open has neither
    `connect_s` nor `tls_s`. A phase that failed counts until it did.
    """

    connect_s: float | None = None
    tls_s: float | None = None
    send_s: float | None = None
    wait_s: float | None = None
    receive_s: float | None = None
