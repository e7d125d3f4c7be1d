"""Launcher: dashboard and pose server on one port. No page code here."""

from pathlib import Path

import streamlit as st
from streamlit import runtime

if runtime.exists():
    # Run as a plain script (AppTest, hosts without ASGI): only the frame; the pose server starts on its own port.
    from shell.frame import render

    render()
else:
    from collections.abc import AsyncIterator
    from contextlib import asynccontextmanager

    from starlette.concurrency import run_in_threadpool
    from starlette.middleware import Middleware
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    from posedeck.contracts.own import MOUNT_PATH
    from posedeck.server.app import create_server
    from posedeck.services.local_server import AddressMiddleware
    from shell.frontend import FrontendMiddleware
    from shell.warm_up import warm_up

    root = Path(__file__).parent
    server = create_server()

    @asynccontextmanager
    async def lifespan(_: st.App) -> AsyncIterator[None]:
        """Start the pose server; what the pages need is loaded while its engine is."""
        async with server.lifespan():
            await run_in_threadpool(warm_up)
            yield

    app = st.App(
        root / "shell" / "main.py",
        routes=[
            Mount(MOUNT_PATH, app=server.app),
            # Named by theme.fontFaces: Streamlit's own fonts have no Hangul.
            Mount("/fonts", app=StaticFiles(directory=root / "assets" / "fonts")),
        ],
        middleware=[
            Middleware(AddressMiddleware),
            Middleware(FrontendMiddleware, pages=[page.stem for page in (root / "pages").glob("[!_]*.py")]),
        ],
        lifespan=lifespan,
    )
