"""What really happened on the wire during one try, told by httpcore's trace extension."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from posedeck.net.clock import Clock
from posedeck.net.record import PhaseName
from posedeck.net.timings import Timings

#: Large pieces are sent in smaller ones, so that it shows how far they have come.
_PIECE_BYTES = 256 * 1024
#: A body that is sent in pieces is kept up to this size.
MAX_KEPT_BYTES = 1_000_000
_PHASES: dict[str, PhaseName] = {
    "connect_tcp": "connect",
    "start_tls": "tls",
    "send_request_headers": "send",
    "receive_response_headers": "wait",
    "receive_response_body": "receive",
}


class Trace:
    """Callback for one try: notes when each phase began and ended, and whether any byte may have left.

    Events are named `<layer>.<phase>.<started|complete|failed>`; see https://www.encode.io/httpcore/extensions/#trace.
    """

    def __init__(self, clock: Clock, on_change: Callable[["Trace"], object]) -> None:
        """``on_change`` is called whenever another phase has begun, or more of the body has gone."""
        self._clock = clock
        self._on_change = on_change
        self._moments: dict[str, float] = {}
        self.body_bytes_sent = 0
        self.phase: PhaseName = "connect"
        #: The body as it was sent, once all of it was; None when it was long.
        self.streamed: bytes | None = None

    def __call__(self, event: str, _info: Mapping[str, object]) -> None:
        name = event.partition(".")[2]
        self._moments[name] = self._clock.now()
        begun, _, state = name.partition(".")
        if state == "started" and begun in _PHASES:
            self.phase = _PHASES[begun]
            self._on_change(self)

    @property
    def may_have_sent(self) -> bool:
        """Whether writing the request was begun: from then on the vendor may have got it."""
        return "send_request_headers.started" in self._moments

    def count(self, content: bytes | Iterable[bytes]) -> Iterator[bytes]:
        """The content in pieces, their sizes added up in `body_bytes_sent` as they are taken."""
        kept = bytearray()
        for piece in [content] if isinstance(content, bytes) else content:
            for start in range(0, len(piece), _PIECE_BYTES):
                part = piece[start : start + _PIECE_BYTES]
                if self.body_bytes_sent == len(kept) <= MAX_KEPT_BYTES:
                    kept += part
                self.body_bytes_sent += len(part)
                self._on_change(self)
                yield part
        if self.body_bytes_sent == len(kept):
            self.streamed = bytes(kept)

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
