"""A scripted wire instead of a network, and a transport on it."""

from collections.abc import Callable

import httpx
import pytest

from posedeck.net.errors import VendorError
from posedeck.net.transport import Call, Exchange, RetryPolicy, Transport
from tests.support.clocks import StillClock

URL = "https://vendor.example/api"
GET = Call("GET", URL)
PAID = Call("POST", URL, content=b"picture", costs=True)
FREE_POST = Call("POST", URL, content=b"picture")

Step = httpx.Response | Exception
OK = {"state": True}


class Wire(httpx.BaseTransport):
    """Plays one step per request, the last one for ever; errors come as if the request had, or had not, begun."""

    def __init__(self, *steps: Step, begun: bool = True) -> None:
        self._steps = steps
        self._begun = begun
        self.requests: list[httpx.Request] = []
        self.bodies: list[bytes] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        step = self._steps[min(len(self.requests), len(self._steps)) - 1]
        if self._begun or isinstance(step, httpx.Response):
            request.extensions["trace"]("http11.send_request_headers.started", {})
            self.bodies.append(b"".join(request.stream))  # type: ignore[arg-type]
        if isinstance(step, Exception):
            raise step
        # A response is consumed by reading it: each request gets its own.
        return httpx.Response(step.status_code, headers=step.headers, stream=httpx.ByteStream(step.content))


def page(status: int, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=named, content=b"<html>")


def answer(status: int, **headers: str) -> httpx.Response:
    return httpx.Response(status, headers={name.replace("_", "-"): value for name, value in headers.items()}, json=OK)


class Line:
    """A transport on a scripted wire and a clock that stands still."""

    def __init__(self, wire: Wire, policy: RetryPolicy | None = None, max_body_bytes: int = 1000) -> None:
        self.wire = wire
        self.clock = StillClock()
        self.transport = Transport(
            "remo", clock=self.clock, policy=policy or RetryPolicy(), inner=wire, max_body_bytes=max_body_bytes
        )

    def send(self, call: Call, deadline_s: float = 60.0) -> Exchange:
        return self.transport.send(call, deadline_s)

    def fail(self, call: Call, deadline_s: float = 60.0) -> VendorError:
        with pytest.raises(VendorError) as caught:
            self.send(call, deadline_s)
        return caught.value


Build = Callable[..., Line]
