"""An ASGI app on the loopback address, for clients that want a real connection."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from posedeck.server.listening import listen

_WAIT_S = 30.0


@contextmanager
def on_loopback(app: ASGIApp) -> Iterator[str]:
    """Base URL of the app within its lifespan, for as long as the context lasts."""
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, lifespan="on", access_log=False, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="loopback")
    thread.start()
    try:
        end = time.monotonic() + _WAIT_S
        while not server.started:
            if not thread.is_alive() or time.monotonic() > end:
                raise AssertionError("the app did not start")
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
