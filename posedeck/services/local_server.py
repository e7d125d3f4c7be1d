"""Where our own pose server is reached from the dashboard."""

import asyncio
import os
import threading
from functools import cache

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from posedeck.contracts.own import MOUNT_PATH
from posedeck.server.app import create_server
from posedeck.server.listening import listen

#: Names a pose server elsewhere, for deployments where dashboard and server scale apart.
URL_VARIABLE = "POSEDECK_SERVER_URL"

_address: tuple[str, int] | None = None


class AddressMiddleware:
    """Notes the address that this process is reached at, so that pages can call the server mounted beside them.

    The configured port is not enough: under ``uvicorn app:app --port N`` Streamlit's own setting stays at its default.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        global _address
        server = scope.get("server")
        if _address is None and server and server[1] is not None:
            _address = (server[0], server[1])
        await self._app(scope, receive, send)


def local_base_url() -> str:
    """Base URL of our pose server: the one configured, the one mounted here, or one started now on a free port."""
    configured = os.environ.get(URL_VARIABLE)
    if configured:
        return configured.rstrip("/")
    if _address is not None:
        host, port = _address
        return f"http://{f'[{host}]' if ':' in host else host}:{port}{MOUNT_PATH}"
    return _own_loopback_server()


def browser_base_url() -> str:
    """Base URL of our pose server for a browser that shows the dashboard: relative where both share an origin."""
    return local_base_url() if os.environ.get(URL_VARIABLE) or _address is None else MOUNT_PATH


@cache
def _own_loopback_server() -> str:
    listener = listen("127.0.0.1", 0)
    server = create_server()

    async def serve() -> None:
        config = uvicorn.Config(server.app, lifespan="off", access_log=False, log_level="warning")
        async with server.lifespan():
            await uvicorn.Server(config).serve(sockets=[listener])

    # A daemon: the host process ends when its script host does, and the slots end with their parent.
    threading.Thread(target=lambda: asyncio.run(serve()), name="posedeck-server", daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"
