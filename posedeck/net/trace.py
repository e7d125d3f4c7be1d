"""What really happened on the wire during one try, told by httpcore's trace extension."""

from collections.abc import Iterable, Iterator, Mapping

from posedeck.net.clock import Clock
from posedeck.net.exchange import Timings


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
        """Durations of the phases that both began and ended."""
        return Timings(
            connect_s=self._between("connect_tcp.started", "connect_tcp.complete"),
            tls_s=self._between("start_tls.started", "start_tls.complete"),
            send_s=self._between("send_request_headers.started", "send_request_body.complete"),
            wait_s=self._between("receive_response_headers.started", "receive_response_headers.complete"),
            receive_s=self._between("receive_response_body.started", "receive_response_body.complete"),
        )

    def _between(self, start: str, end: str) -> float | None:
        if start not in self._moments or end not in self._moments:
            return None
        return self._moments[end] - self._moments[start]
