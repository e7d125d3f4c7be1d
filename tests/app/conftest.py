"""What all tests of pages share: a real pose server on a free port, and caches that are empty."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from posedeck.clients.own import OwnClient
from posedeck.net.transport import Transport
from posedeck.services.local_server import local_base_url
from posedeck.storage.token import read_token


@pytest.fixture(scope="session")
def server(own_environment: Path) -> Iterator[OwnClient]:
    """Our own pose server with its models loaded, as the pages reach it."""
    url = local_base_url()
    deadline = time.monotonic() + 120
    with Transport("posedeck") as transport:
        while time.monotonic() < deadline:
            client = OwnClient(transport, url, read_token(own_environment))
            if client.health().status == "ok":
                yield client
                return
            time.sleep(0.2)
    pytest.fail("the pose server did not become ready")


@pytest.fixture(scope="session", autouse=True)
def released_resources() -> Iterator[None]:
    """What the pages opened is closed in the end."""
    yield
    st.cache_resource.clear()


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    """No test sees what another one cached."""
    st.cache_data.clear()
