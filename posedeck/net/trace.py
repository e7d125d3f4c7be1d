"""What really happened on the wire during one try, told by httpcore's trace extension."""

from collections.abc import Iterable, Iterator, Mapping

from posedeck.net.clock import Clock
from posedeck.net.timings import Timings


class Trace:
    """Callback for one try: notes when each phase began and ended, and whether any byte may have left.

    Events are named `<layer>.<phase>.<started|complete|failed>`; see https://www.encode.io/httpcore/extensions/#trace.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._moments: dict[str, float] = {}
        self.body_bytes_sent = 0

    def __call__(self, event: str, _info: Mapping[str, object]) -> None:
        self._moments[event.partition(".")[2]] = self._clock.now()

    @property
    def may_have_sent(self) -> bool:
        """Whether writing the request was begun: from then on the vendor may have got it."""
        return "send_request_headers.started" in self._moments

    def count(self, content: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces, their sizes added up in `body_bytes_sent` as they are taken."""
        for piece in content:
            self.body_bytes_sent += len(piece)
            yield piece

    @property
    def timings(self) -> Timings:
        """Durations of the phases that both began and ended, well or not."""
        return Timings(
            connect_s=self._between("connect_tcp", "connect_tcp"),
            tls_s=self._between("start_tls", "start_tls"),
            send_s=self._between("send_request_headers", "send_request_body"),
            wait_s=self._between("receive_response_headers", "receive_response_headers"),
            receive_s=self._between("receive_response_body", "receive_response_body"),
        )

    def _between(self, first: str, last: str) -> float | None:
        """Seconds from the start of the first phase to the end of the last."""
        start = self._moments.get(f"{first}.started")
        end = self._moments.get(f"{last}.complete", self._moments.get(f"{last}.failed"))
        return None if start is None or end is None else end - start
